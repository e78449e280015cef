"""The avatar that a command names."""

from uuid import UUID

from django.core.management.base import CommandError
from django.db.models import Q

from avatars.models import Avatar

from .output import plain


def avatar_of(text: str) -> Avatar:
    """By its id here or at Anam. Raises `CommandError` when there is none."""
    wanted = Q(upstream_id=text)
    if (own := _uuid(text)) is not None:
        wanted |= Q(pk=own)
    rows = list(Avatar.objects.filter(wanted).select_related("owner", "removed_by"))
    if not rows:
        raise CommandError(
            f"There is no avatar with the id {plain(text)}, neither here nor at Anam. "
            "“manage.py avatars list” shows them all."
        )
    return next((row for row in rows if row.pk == own), rows[0])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
