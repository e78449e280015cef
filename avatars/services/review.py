"""The team's word on an avatar."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from avatars.models import Approval, Avatar, Event, Kind, Token

from . import weather

_KINDS = {
    Approval.APPROVED: Kind.APPROVED,
    Approval.CHANGES: Kind.CHANGES,
    Approval.REJECTED: Kind.REJECTED,
}


def decide(
    avatar_id: Any,
    *,
    version: int,
    approval: Approval,
    note: str,
    reviewer: Any,
    token: Token | None = None,
) -> bool:
    """Record a decision; False when somebody decided after the reviewer had loaded the page."""
    with transaction.atomic():
        # Of the version that is decided about: the UPDATE makes sure of it.
        before = Avatar.objects.filter(pk=avatar_id).values_list("approval", flat=True).first()
        decided = Avatar.objects.decide(
            avatar_id, version, timezone.now(), approval=approval, note=note
        )
        if decided:
            Event.objects.create(
                avatar_id=avatar_id,
                actor=reviewer,
                token=token,
                kind=_KINDS[approval],
                note=note,
                detail={"before": before, "after": approval},
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
