"""From a prepared photo to a row that can't be lost."""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from avatars.models import Avatar, Event, Kind
from avatars.photos.prepare import Prepared


def accept(
    *,
    owner: Any,
    display_name: str,
    model: str,
    prepared: Prepared,
    advice: list[dict[str, Any]],
) -> Avatar:
    """Put the photo on disk, then commit one queued row. Whoever calls this wakes a worker.

    Raises `OSError` when the disk doesn't take the photo; then there is no row either.
    """
    avatar = Avatar(
        owner=owner,
        display_name=display_name,
        model=model,
        rehearsal=settings.REHEARSAL,
        photo_sha256=prepared.sha256,
        photo_type=prepared.content_type,
        photo_width=prepared.width,
        photo_height=prepared.height,
        photo_bytes=len(prepared.data),
        advice=advice,
    )
    _keep(avatar, prepared)
    return avatar


def _keep(avatar: Avatar, prepared: Prepared) -> None:
    saved: list[str] = []
    try:
        # A name of its own for each avatar, although equal photos repeat: erasing one is then
        # simply deleting its files.
        avatar.photo.name = _save(
            f"photos/{uuid.uuid4()}{prepared.extension}", prepared.data, saved
        )
        for width, picture in prepared.thumbnails.items():
            _save(avatar.thumbnail_name(width), picture, saved)
        with transaction.atomic():
            avatar.save(force_insert=True)
            Event.objects.create(avatar=avatar, actor=avatar.owner, kind=Kind.UPLOADED)
    except BaseException:
        for name in saved:
            default_storage.delete(name)
        raise


def _save(name: str, data: bytes, saved: list[str]) -> str:
    name = default_storage.save(name, ContentFile(data))
    saved.append(name)
    return name
