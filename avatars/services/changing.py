"""A new name, a removal and its undoing. Here they count at once; Anam is told by errands."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from avatars.models import Avatar, Errand, Event, Kind, State, Token
from avatars.upstream.errors import Cause

IN_DOUBT = (State.SENDING, State.UNKNOWN)
WAIT = (
    "While Anam makes it, it can't be renamed or removed: Greenroom may have to look for it there "
    "by its name. As soon as that is settled, it can."
)
_NAMINGS = (Kind.RENAMED, Kind.RENAME_TOLD, Kind.RENAME_REFUSED)


def rename(avatar: Avatar, name: str, actor: Any, token: Token | None = None) -> bool:
    """Give it another name; False while Anam makes it, because it is looked for by its name."""
    if name == avatar.display_name:
        return True
    now = timezone.now()
    with transaction.atomic():
        renamed = Avatar.objects.rename_ready(avatar.pk, name, now)
        renamed = renamed or Avatar.objects.rename_unsent(avatar.pk, name, now)
        if renamed:
            names = {"from": avatar.display_name, "to": name}
            Event.objects.create(
                avatar=avatar, actor=actor, token=token, kind=Kind.RENAMED, detail=names
            )
    return renamed


def remove(avatar: Avatar, actor: Any, token: Token | None = None) -> bool:
    """Take it out of sight, to be undone for a while; False while Anam makes it."""
    now = timezone.now()
    tell_at = now + timedelta(seconds=settings.UNDO_SECONDS)
    with transaction.atomic():
        removed = Avatar.objects.remove(
            avatar.pk, avatar.upstream_id, now, by=actor, tell_at=tell_at
        )
        if removed:
            before = {"before": Cause.GONE} if avatar.is_gone else {}
            Event.objects.create(
                avatar=avatar, actor=actor, token=token, kind=Kind.REMOVED, detail=before
            )
    return removed


def restore(avatar: Avatar, actor: Any) -> bool:
    """Undo a removal; False once Anam may have been told, or when the time for it is over."""
    now = timezone.now()
    with transaction.atomic():
        restored = Avatar.objects.restore(
            avatar.pk, now, _undo_began(now), renamed=_waits_with_a_name(avatar)
        )
        if restored:
            now_again = Avatar.objects.get(pk=avatar.pk)
            after = {"after": Cause.GONE if now_again.is_gone else now_again.state}
            Event.objects.create(avatar=avatar, actor=actor, kind=Kind.RESTORED, detail=after)
    return restored


def may_be_restored(avatar: Avatar) -> bool:
    now = timezone.now()
    return Avatar.objects.restorable(now, _undo_began(now)).filter(pk=avatar.pk).exists()


def undo_until(avatar: Avatar) -> datetime | None:
    """The end of the time in which a removal can be undone."""
    if avatar.errand == Errand.REMOVE:
        return avatar.errand_at
    if avatar.removed_at is None:
        return None
    return avatar.removed_at + timedelta(seconds=settings.UNDO_SECONDS)


def remove_now(avatar: Avatar) -> bool:
    """Give up the rest of the time for undoing, so that Anam's slot is free sooner."""
    return Avatar.objects.hurry_removal(avatar.pk, timezone.now())


def _undo_began(now: datetime) -> datetime:
    return now - timedelta(seconds=settings.UNDO_SECONDS)


def _waits_with_a_name(avatar: Avatar) -> bool:
    """Whether the removal came between a new name and telling Anam about it."""
    if avatar.upstream_id is None or avatar.upstream.get("displayName") == avatar.display_name:
        return False
    namings = avatar.events.filter(kind__in=_NAMINGS).order_by("-at", "-id")
    return namings.values_list("kind", flat=True).first() == Kind.RENAMED
