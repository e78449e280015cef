"""Passes: what lets somebody without a sign-in see one picture or video of one avatar for a while.

Anam's signed links die within the hour, and no call renews a whole page of them. So where a link is
dead, or leads to the sandbox behind our sign-in, the gateway gives a pass. It works for an hour for
whoever has it, as Anam's own links do.
"""

from uuid import UUID

from django.core import signing

from avatars.models import Avatar

_LIFE = 3600  # seconds
_SALT = "avatars.services.passes"


def pass_for(avatar: Avatar, field: str) -> str:
    """The text of a pass to what Anam's `field`, such as `videoUrl`, leads to."""
    return signing.dumps([str(avatar.pk), field], salt=_SALT)


def read(text: str) -> tuple[UUID, str] | None:
    """The avatar's id and the field; None for a pass that is over or none at all."""
    try:
        avatar_id, field = signing.loads(text, salt=_SALT, max_age=_LIFE)
    except signing.BadSignature:
        return None
    return UUID(avatar_id), field
