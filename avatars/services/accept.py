"""From prepared photos to rows that can't be lost."""

import json
from collections.abc import Sequence
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

from avatars.models import Avatar, Event, Kind, Token, Wish
from avatars.photos.prepare import Prepared

from . import wishes
from .strays import PHOTOS, discard


@dataclass(frozen=True)
class Wanted:
    """One avatar to be made, and what its maker was advised about the photo."""

    display_name: str
    model: str
    prepared: Prepared = field(repr=False)
    advice: Sequence[dict[str, Any]] = ()


class MonthIsFull(Exception):
    """The token has made as many avatars as it may in a calendar month."""


def accept(
    *, owner: Any, wanted: Sequence[Wanted], key: str | None = None, token: Token | None = None
) -> list[Avatar]:
    """Put the photos on disk, then commit their queued rows: all of them, or none.

    Whoever calls this wakes a worker. The same `key` again is answered with the same avatars.
    Raises `wishes.StillRunning`, `wishes.OtherContent` and `wishes.BadKey` about the key,
    `MonthIsFull` about the `token`, and `OSError` or `DatabaseError` when something can't be
    stored; then nothing is.
    """
    with wishes.claim(owner, key, fingerprint(wanted), len(wanted)) as wish:
        if wish.done_at:
            return wishes.avatars_of(wish)
        pairs = zip(wish.avatar_ids, wanted, strict=True)
        avatars = [_drafted(wish, avatar_id, item) for avatar_id, item in pairs]
        contents = _contents(avatars, wanted)
        _write(wish, contents)
        _commit(wish, avatars, contents, token)
    return avatars


def fingerprint(wanted: Sequence[Wanted]) -> str:
    """The same for equal wishes: names, models and photos, in 64 hexadecimal characters."""
    content = [[item.display_name, item.model, item.prepared.sha256] for item in wanted]
    return sha256(json.dumps(content).encode()).hexdigest()


def _drafted(wish: Wish, avatar_id: str, item: Wanted) -> Avatar:
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
        advice=list(item.advice),
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


def _commit(
    wish: Wish, avatars: list[Avatar], contents: dict[str, bytes], token: Token | None
) -> None:
    try:
        with transaction.atomic():
            if not Wish.objects.finish(wish, timezone.now()):
                raise wishes.StillRunning
            _write_rows(avatars, token)
    except wishes.StillRunning:  # with whoever took us for dead, under ids of their own
        _discard(contents)
        raise
    except BaseException:
        # A commit whose answer was lost may have happened. Only a wish that could still be
        # dropped proves that it has not; else a clean-up decides later.
        if wishes.drop(wish):
            _discard(contents)
        raise


def _write_rows(avatars: list[Avatar], token: Token | None) -> None:
    if token is not None:
        _make_sure_of_room(token, len(avatars))
    for avatar in avatars:
        avatar.token = token
    Avatar.objects.bulk_create(avatars)
    Event.objects.bulk_create(
        Event(avatar=avatar, actor=avatar.owner, token=token, kind=Kind.UPLOADED)
        for avatar in avatars
    )


def _make_sure_of_room(token: Token, wanted: int) -> None:
    """Under a lock on the token, so that two calls at once don't both take the last place."""
    locked = Token.objects.locked(token).get()
    if locked.month_limit is None:
        return
    if locked.made_this_month(timezone.now()) + wanted > locked.month_limit:
        raise MonthIsFull


def _discard(contents: dict[str, bytes]) -> None:
    folders = {str(PurePosixPath(name).parent) for name in contents} - {PHOTOS}
    discard([*contents, *folders])
