"""Other avatars whose photo is the same, or looks alike."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from avatars.models import Avatar, Draft, State
from avatars.photos.likeness import are_alike, distance
from avatars.photos.prepare import likeness_of

logger = logging.getLogger(__name__)

SHOWN = 6
_BESIDE = 3  # beside a draft
_BATCH = 500  # photos that are looked at in one go


@dataclass(frozen=True)
class Lookalikes:
    """The nearest first, as (avatar, whether it is the very same photo); `more` are not shown."""

    pairs: list[tuple[Avatar, bool]]
    more: int


def lookalikes_of(avatar: Avatar) -> Lookalikes:
    """Among all that are here; nobody is reminded of what was removed or erased."""
    if not avatar.photo_sha256:
        return Lookalikes([], 0)
    near = _distances(avatar)
    nearest = sorted(near, key=lambda pk: (near[pk], str(pk)))[:SHOWN]
    found = Avatar.objects.select_related("owner").in_bulk(nearest)
    pairs = [
        (found[pk], found[pk].photo_sha256 == avatar.photo_sha256) for pk in nearest if pk in found
    ]
    return Lookalikes(pairs, len(near) - len(nearest))


def seen_before(
    drafts: Iterable[Draft], visible: QuerySet[Avatar]
) -> dict[UUID, list[tuple[Avatar, bool]]]:
    """For each draft the avatars of its photo or one like it, the nearest first, a few at most.

    One walk over all likenesses, however many drafts there are.
    """
    asking = [draft for draft in drafts if draft.photo_sha256]
    near: dict[UUID, dict[UUID, int]] = {draft.pk: {} for draft in asking}
    for key, sha256, looks in _told(visible) if asking else ():
        for draft in asking:
            how_far = _how_far(draft, sha256, looks)
            if how_far is not None:
                near[draft.pk][UUID(key)] = how_far
    return {pk: _nearest(found) for pk, found in near.items() if found}


def fill_missing() -> int:
    """Look at photos that came in before likenesses were kept; how many got theirs.

    Those that can't be read cost a glance each time, and keep no others from their turn.
    """
    done = 0
    for avatar in _here().filter(photo_likeness="").exclude(photo="").iterator():
        if done == _BATCH:
            break
        if found := _likeness(avatar):
            rows = _here().filter(pk=avatar.pk, photo_sha256=avatar.photo_sha256)
            done += rows.update(photo_likeness=found)
    return done


def _told(visible: QuerySet[Avatar]) -> Iterator[tuple[str, str, str]]:
    """Id, sha256 and likeness of all that are here."""
    rows = _of_those_here(visible)
    # Ids as text: of a hundred thousand, making UUIDs takes longer than all the rest.
    told = rows.annotate(key=Cast("pk", CharField()))
    return told.values_list("key", "photo_sha256", "photo_likeness").iterator()


def _how_far(draft: Draft, sha256: str, looks: str) -> int | None:
    if sha256 == draft.photo_sha256:
        return -1
    if are_alike(looks, draft.photo_likeness):
        return distance(looks, draft.photo_likeness)
    return None


def _nearest(near: dict[UUID, int]) -> list[tuple[Avatar, bool]]:
    nearest = sorted(near, key=lambda pk: (near[pk], str(pk)))[:_BESIDE]
    found = Avatar.objects.select_related("owner").in_bulk(nearest)
    return [(found[pk], near[pk] < 0) for pk in nearest if pk in found]


def _distances(avatar: Avatar) -> dict[UUID, int]:
    """In how many bits each one differs; -1 for the same photo."""
    same = _here().filter(photo_sha256=avatar.photo_sha256).exclude(pk=avatar.pk)
    near: dict[UUID, int] = dict.fromkeys(same.values_list("pk", flat=True), -1)
    others = _here().exclude(photo_sha256=avatar.photo_sha256)
    # Ids as text: of a hundred thousand, making UUIDs takes longer than all the rest.
    told = others.annotate(key=Cast("pk", CharField())).values_list("key", "photo_likeness")
    for key, likeness in told.iterator():
        if are_alike(likeness, avatar.photo_likeness):
            near[UUID(key)] = distance(likeness, avatar.photo_likeness)
    return near


def _here() -> Any:
    return _of_those_here(Avatar.objects.all())


def _of_those_here(rows: QuerySet[Avatar]) -> QuerySet[Avatar]:
    rows = rows.exclude(state=State.REMOVED).exclude(errand="erase")
    return rows.filter(erased_at=None).exclude(photo_sha256="").order_by()


def _likeness(avatar: Avatar) -> str:
    try:
        with default_storage.open(str(avatar.photo)) as stream:
            return likeness_of(stream.read())
    except (OSError, SyntaxError) as error:  # the latter is Pillow's for a damaged PNG
        logger.info("the photo of avatar %s can't be compared: %s", avatar.pk, error)
        return ""
