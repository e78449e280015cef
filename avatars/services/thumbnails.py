"""Thumbnails from the stored photo: of one that came in without, or lost them in a backup."""

import errno

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from avatars.models import Avatar
from avatars.photos.prepare import thumbnails


def make_missing(avatar: Avatar) -> dict[int, bytes]:
    """All of them by width, and stored where they were missing; none without a readable photo.

    Raises `OSError` for a disk in trouble.
    """
    if not avatar.has_photo:
        return {}
    try:
        with default_storage.open(str(avatar.photo)) as stream:
            pictures = thumbnails(stream.read())
    except OSError as error:
        if error.errno not in (None, errno.ENOENT):  # a disk in trouble, not a photo
            raise
        return {}
    names = {avatar.thumbnail_name(width): picture for width, picture in pictures.items()}
    return {} if _stored_in_vain(avatar, names) else pictures


def _stored_in_vain(avatar: Avatar, pictures: dict[str, bytes]) -> bool:
    """Whether it was erased while they were being made, maybe after its folder was emptied."""
    new = [name for name in pictures if not default_storage.exists(name)]
    for name in new:
        default_storage.save(name, ContentFile(pictures[name]))
    erased = Avatar.objects.get(pk=avatar.pk).is_erased
    if erased:
        for name in new:
            default_storage.delete(name)
    return erased
