"""Letting photos go on to Anam once nothing keeps them back any more, and keeping them back."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from avatars.models import Avatar, Event, Kind


def release(avatar: Avatar, actor: Any = None) -> bool:
    """Send it on its way; False while a reviewer's or the depicted person's word is missing.

    Whoever calls this wakes a worker.
    """
    with transaction.atomic():
        released = Avatar.objects.release(avatar.pk, timezone.now())
        if released:
            Event.objects.create(avatar=avatar, actor=actor, kind=Kind.RELEASED)
    return released


def recall(avatar: Avatar) -> bool:
    """Out of the line for want of consent; False when it is not in it, or lacks none."""
    with transaction.atomic():
        recalled = Avatar.objects.recall(avatar.pk, timezone.now())
        if recalled:
            Event.objects.create(avatar=avatar, kind=Kind.RECALLED)
    return recalled


def recall_due() -> int:
    """Those who came back into the line without the consent they need; how many there were.

    What was removed, lost or refused may do so after somebody took their consent back.
    """
    return sum(recall(avatar) for avatar in Avatar.objects.recallable(timezone.now()))


def release_due() -> int:
    """Those whom nobody let go although nothing keeps them; how many there were."""
    return sum(release(avatar) for avatar in Avatar.objects.releasable(timezone.now()))
