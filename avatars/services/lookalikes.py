"""Other avatars whose photo is the same, or looks alike."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from avatars.models import Avatar, Draft, State
from avatars.models.portrait import Portrait
from avatars.photos.likeness import looks, nearest
from avatars.photos.prepare import likeness_of

logger = logging.getLogger(__name__)

SHOWN = 6
_BESIDE = 3  # beside a draft
_BATCH = 500  # photos that are looked at in one go

Pairs = list[tuple[Avatar, bool]]
_Near = dict[UUID, int]  # in how many bits each one differs; -1 for the same photo


@dataclass(frozen=True)
class Lookalikes:
    """The nearest first, as (avatar, whether it is the very same photo); `more` are not shown."""

    pairs: Pairs
    more: int


def lookalikes_of(avatar: Avatar) -> Lookalikes:
    """Among all that are here; nobody is reminded of what was removed or erased."""
    near = _near([avatar], _here(Avatar.objects.exclude(pk=avatar.pk)))
    pairs = _pairs(near, SHOWN).get(avatar.pk, [])
    return Lookalikes(pairs, len(near.get(avatar.pk, ())) - len(pairs))


def seen_before(drafts: Iterable[Draft], visible: QuerySet[Avatar]) -> dict[UUID, Pairs]:
    """For each draft the avatars of its photo or one like it, the nearest first, a few at most.

    One walk over all likenesses, however many drafts there are.
    """
    return _pairs(_near(list(drafts), _here(visible)), _BESIDE)


def fill_missing() -> int:
    """Look at photos that came in before likenesses were kept; how many got theirs.

    Those that can't be read cost a glance each time, and keep no others from their turn.
    """
    done = 0
    here = _here(Avatar.objects.all())
    for avatar in here.filter(photo_likeness="").exclude(photo="").iterator():
        if done == _BATCH:
            break
        if found := _likeness(avatar):
            rows = here.filter(pk=avatar.pk, photo_sha256=avatar.photo_sha256)
            done += rows.update(photo_likeness=found)
    return done


def _near(portraits: Sequence[Portrait], rows: QuerySet[Avatar]) -> dict[UUID, _Near]:
    """By portrait; only those that have any."""
    near: dict[UUID, _Near] = {}
    asking = [
        (
            portrait.pk,
            portrait.photo_sha256,
            looks(portrait.photo_likeness, portrait.whole_likeness),
        )
        for portrait in portraits
        if portrait.photo_sha256
    ]
    # Ids as text: of a hundred thousand, making UUIDs takes longer than all the rest.
    facts = ("key", "photo_sha256", "photo_likeness", "whole_likeness")
    told = rows.annotate(key=Cast("pk", CharField())).values_list(*facts)
    for key, sha256, *marks in told.iterator() if asking else ():
        theirs = looks(*marks)
        for pk, own_sha256, own in asking:
            bits = -1 if sha256 == own_sha256 else nearest(own, theirs)
            if bits is not None:
                near.setdefault(pk, {})[UUID(key)] = bits
    return near


def _pairs(near: Mapping[UUID, _Near], most: int) -> dict[UUID, Pairs]:
    """The nearest of each, looked up together."""
    first = {
        pk: sorted(found, key=lambda other: (found[other], str(other)))[:most]
        for pk, found in near.items()
    }
    rows = Avatar.objects.select_related("owner").in_bulk(
        {pk for pks in first.values() for pk in pks}
    )
    return {
        pk: [(rows[other], near[pk][other] < 0) for other in others if other in rows]
        for pk, others in first.items()
    }


def _here(rows: QuerySet[Avatar]) -> QuerySet[Avatar]:
    rows = rows.exclude(state=State.REMOVED).exclude(errand="erase")
    return rows.filter(erased_at=None).exclude(photo_sha256="").order_by()


def _likeness(avatar: Avatar) -> str:
    try:
        with default_storage.open(str(avatar.photo)) as stream:
            return likeness_of(stream.read())
    except (OSError, SyntaxError) as error:  # the latter is Pillow's for a damaged PNG
        logger.info("the photo of avatar %s can't be compared: %s", avatar.pk, error)
        return ""
