"""From prepared photos to rows that can't be lost."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from avatars import trace
from avatars.models import (
    BEFOREHAND,
    Approval,
    Avatar,
    Event,
    Kind,
    PhotoCall,
    Policy,
    ReviewTime,
    State,
    Token,
    Wish,
)
from avatars.photos.prepare import Prepared

from . import consents, limits, wishes
from .consent_sums import take_over
from .strays import PHOTOS, discard


@dataclass(frozen=True)
class Wanted:
    """One avatar to be made, what its maker wants it for, and what was found about its photo."""

    display_name: str
    model: str
    prepared: Prepared = field(repr=False)
    advice: Sequence[dict[str, Any]] = ()
    purpose: str = ""
    replaces: Avatar | None = None
    whole_likeness: str = ""  # of what the photo was cut out of


@dataclass(frozen=True)
class Way:
    """How photos come in: with a program's `token`, by a page, or by a `call` for photos.

    `terms` is what whoever answers a call agrees to.
    """

    token: Token | None = None
    call: PhotoCall | None = None
    terms: consents.Terms | None = None


PAGE = Way()
_UNSEEN = "By the policy of that moment nobody had to look at it."


class CallIsOver(Exception):
    """The photo call takes no photo any more."""


def accept(
    *, owner: Any, wanted: Sequence[Wanted], key: str | None = None, way: Way = PAGE
) -> list[Avatar]:
    """Put the photos on disk, then commit their rows: all of them, or none.

    By the policy of the commit they are queued, or wait for a reviewer or for consent.

    Whoever calls this wakes a worker. The same `key` again is answered with the same avatars.
    Raises `wishes.StillRunning`, `wishes.OtherContent` and `wishes.BadKey` about the key,
    `limits.MonthIsFull` about the person or the token, `limits.MayNotCreate` about the person,
    `CallIsOver`, and `OSError` or `DatabaseError` when something can't be stored; then nothing is.
    """
    with wishes.claim(owner, key, fingerprint(wanted), len(wanted)) as wish:
        if wish.done_at:
            return wishes.avatars_of(wish)
        pairs = zip(wish.avatar_ids, wanted, strict=True)
        avatars = [_drafted(wish, avatar_id, item, way) for avatar_id, item in pairs]
        contents = _contents(avatars, wanted)
        _write(wish, contents)
        _commit(wish, avatars, contents, way)
    return avatars


def fingerprint(wanted: Sequence[Wanted]) -> str:
    """The same for equal wishes: names, models and photos, in 64 hexadecimal characters."""
    content = [[item.display_name, item.model, item.prepared.sha256] for item in wanted]
    return sha256(json.dumps(content).encode()).hexdigest()


def _drafted(wish: Wish, avatar_id: str, item: Wanted, way: Way) -> Avatar:
    prepared = item.prepared
    return Avatar(
        id=UUID(avatar_id),
        owner=wish.owner,
        display_name=item.display_name,
        model=item.model,
        rehearsal=settings.REHEARSAL,
        # A name of its own for each avatar, although equal photos repeat: erasing one is then
        # simply deleting its files.
        photo=f"{PHOTOS}/{avatar_id}{prepared.extension}",
        photo_sha256=prepared.sha256,
        photo_type=prepared.content_type,
        photo_width=prepared.width,
        photo_height=prepared.height,
        photo_bytes=len(prepared.data),
        photo_likeness=prepared.likeness,
        whole_likeness=item.whole_likeness,
        advice=list(item.advice),
        purpose=item.purpose,
        replaces=item.replaces,
        token=way.token,
        call=way.call,
        trace=trace.current(),
    )


def _contents(avatars: list[Avatar], wanted: Sequence[Wanted]) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for avatar, item in zip(avatars, wanted, strict=True):
        contents[str(avatar.photo)] = item.prepared.data
        for width, picture in item.prepared.thumbnails.items():
            contents[avatar.thumbnail_name(width)] = picture
    return contents


def _write(wish: Wish, contents: dict[str, bytes]) -> None:
    try:
        for name, data in contents.items():
            default_storage.save(name, ContentFile(data))
    except BaseException:
        # The files first: they are what fills the disk, and no row can name them yet.
        _discard(contents)
        wishes.drop(wish)
        raise


def _commit(wish: Wish, avatars: list[Avatar], contents: dict[str, bytes], way: Way) -> None:
    try:
        with transaction.atomic():
            if not Wish.objects.finish(wish, timezone.now()):
                raise wishes.StillRunning
            policy = Policy.current()  # not before the files: they may have taken their time
            _take_places(wish.owner, len(avatars), policy, way)
            _rule(avatars, policy, way)
            _place(avatars)
            _write_rows(avatars, way)
    except wishes.StillRunning:  # with whoever took us for dead, under ids of their own
        _discard(contents)
        raise
    except BaseException:
        # A commit whose answer was lost may have happened. Only a wish that could still be
        # dropped proves that it has not; else a clean-up decides later.
        if wishes.drop(wish):
            _discard(contents)
        raise


def _take_places(owner: Any, count: int, policy: Policy, way: Way) -> None:
    """In the month, and in the photo call: in the transaction that makes the rows."""
    if way.call is None:
        limits.make_sure_of_room(owner, way.token, count, policy)
    elif not PhotoCall.objects.take_place(way.call, timezone.now(), policy):
        raise CallIsOver


def _rule(avatars: list[Avatar], policy: Policy, way: Way) -> None:
    """The rules that they keep."""
    for avatar in avatars:
        avatar.review = _review_of(policy, way)
        avatar.needs_consent = policy.consent
        unseen = avatar.review == ReviewTime.NEVER
        avatar.approval = Approval.APPROVED if unseen else Approval.WAITING


def _review_of(policy: Policy, way: Way) -> ReviewTime:
    """What strangers send in costs nothing before somebody of the team has seen it."""
    planned = ReviewTime(policy.review)
    if way.call is None or planned in BEFOREHAND:
        return planned
    return ReviewTime.BEFORE


def _place(avatars: list[Avatar]) -> None:
    """In the line, or before it: by what is known of consent in this very transaction."""
    # In one order for all, so that two forms with the same photos don't wait for each other.
    for avatar in sorted(avatars, key=lambda each: each.photo_sha256):
        take_over(avatar)
        if avatar.review in BEFOREHAND or avatar.lacks_consent:
            avatar.state = State.REVIEW


def _write_rows(avatars: list[Avatar], way: Way) -> None:
    Avatar.objects.bulk_create(avatars)
    Event.objects.bulk_create(event for avatar in avatars for event in _told(avatar, way))
    if way.terms:
        for avatar in avatars:
            consents.take_with_photo(avatar, way.terms)


def _told(avatar: Avatar, way: Way) -> Iterator[Event]:
    yield Event(
        avatar=avatar,
        actor=None if way.call else avatar.owner,
        visitor=way.terms.who if way.terms else "",
        token=way.token,
        kind=Kind.UPLOADED,
        note=avatar.purpose,
    )
    if avatar.approval == Approval.APPROVED:
        change = {"before": Approval.WAITING, "after": Approval.APPROVED, "by": "policy"}
        yield Event(avatar=avatar, kind=Kind.APPROVED, note=_UNSEEN, detail=change)


def _discard(contents: dict[str, bytes]) -> None:
    folders = {str(PurePosixPath(name).parent) for name in contents} - {PHOTOS}
    discard([*contents, *folders])
