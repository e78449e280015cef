"""A new photo for an avatar that there is: the desk begins with what was chosen for it."""

from typing import Any

from django.conf import settings

from avatars.upstream.errors import Cause

from .resubmitting import replaced_by


def instead_of(user: Any, text: str) -> dict[str, str] | None:
    """{"display_name", "avatar_model", "purpose", "replaces"}, for `/upload?instead=<id>`.

    None for what is no avatar of theirs, whatever stands in the address. "avatar_model" is "" when
    the old one can't be chosen, or is what Anam said no to.
    """
    avatar = replaced_by(user, text)
    if avatar is None:
        return None
    usable = avatar.model in settings.ANAM_MODELS and avatar.cause != Cause.MODEL
    return {
        "display_name": avatar.display_name,
        "avatar_model": avatar.model if usable else "",
        "purpose": avatar.purpose,
        "replaces": str(avatar.pk),
    }
