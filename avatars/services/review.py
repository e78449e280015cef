"""The team's word on an avatar."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from avatars.models import Approval, Avatar, Event, Kind

from . import weather

_KINDS = {
    Approval.APPROVED: Kind.APPROVED,
    Approval.CHANGES: Kind.CHANGES,
    Approval.REJECTED: Kind.REJECTED,
}


def decide(avatar_id: Any, *, version: int, approval: Approval, note: str, reviewer: Any) -> bool:
    """Record a decision; False when somebody decided after the reviewer had loaded the page."""
    with transaction.atomic():
        decided = Avatar.objects.decide(
            avatar_id, version, timezone.now(), approval=approval, note=note
        )
        if decided:
            Event.objects.create(
                avatar_id=avatar_id, actor=reviewer, kind=_KINDS[approval], note=note
            )
    return decided


def ask_again(avatar: Avatar, actor: Any) -> bool:
    """Send a held or refused avatar once more; False when it is neither (any more)."""
    with transaction.atomic():
        moved = Avatar.objects.requeue_on_request(avatar.pk, timezone.now())
        if moved:
            Event.objects.create(avatar=avatar, actor=actor, kind=Kind.AGAIN)
    if moved:
        weather.hurry(rehearsal=avatar.rehearsal)
    return moved
