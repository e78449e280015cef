"""The team's word on an avatar."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from avatars.models import Approval, Avatar, Event, Kind, Look, Token

from . import weather
from .release import release

_KINDS = {
    Approval.APPROVED: Kind.APPROVED,
    Approval.CHANGES: Kind.CHANGES,
    Approval.REJECTED: Kind.REJECTED,
}


@dataclass(frozen=True)
class Verdict:
    """A decision on the `version` that the reviewer saw. `reason` is one of `models.Reason`."""

    approval: Approval
    version: int
    note: str = ""
    reason: str = ""


def decide(avatar_id: Any, verdict: Verdict, reviewer: Any, token: Token | None = None) -> bool:
    """Record a decision; False when somebody decided after the reviewer had loaded the page.

    Also False to a yes for an avatar that lacks consent. What was reviewed before anything is sent
    goes on its way with a yes: whoever calls this wakes a worker.
    """
    words = {"review_reason": verdict.reason, "review_note": verdict.note}
    with transaction.atomic():
        # Of the version that is decided about: the UPDATE makes sure of it.
        before = Avatar.objects.filter(pk=avatar_id).values_list("approval", flat=True).first()
        decided = Avatar.objects.decide(
            avatar_id, verdict.version, timezone.now(), approval=verdict.approval, **words
        )
        if decided:
            change = {"before": before, "after": verdict.approval}
            reason = {"reason": verdict.reason} if verdict.reason else {}
            Event.objects.create(
                avatar_id=avatar_id,
                actor=reviewer,
                token=token,
                kind=_KINDS[verdict.approval],
                note=verdict.note,
                detail={**change, **reason},
            )
            Look.objects.leave(avatar_id, reviewer)
            if verdict.approval == Approval.APPROVED:
                release(Avatar.objects.get(pk=avatar_id), reviewer)
    return decided


def approve_seen(versions: dict[Any, int], reviewer: Any) -> tuple[list[Any], list[Any]]:
    """Approve several at once, of which the reviewer has opened each in this very version.

    `versions` by avatar id. Answers the ids that are approved, and those that are not.
    """
    looks = Look.objects.filter(reviewer=reviewer, avatar_id__in=versions)
    seen = {look.avatar_id for look in looks if look.version == versions[look.avatar_id]}
    done: list[Any] = []
    left: list[Any] = []
    for avatar_id, version in versions.items():
        yes = Verdict(Approval.APPROVED, version)
        approved = avatar_id in seen and decide(avatar_id, yes, reviewer)
        (done if approved else left).append(avatar_id)
    return done, left


def resubmit(avatar: Avatar, actor: Any, note: str = "") -> bool:
    """Back into the reviewers' queue; False when nobody asks for changes (any more)."""
    with transaction.atomic():
        moved = Avatar.objects.resubmit(avatar.pk, avatar.version, timezone.now())
        if moved:
            Event.objects.create(avatar=avatar, actor=actor, kind=Kind.RESUBMITTED, note=note)
    return moved


def ask_again(avatar: Avatar, actor: Any) -> bool:
    """Send a held or refused avatar once more; False when it is neither (any more)."""
    with transaction.atomic():
        moved = Avatar.objects.requeue_on_request(avatar.pk, timezone.now())
        if moved:
            Event.objects.create(avatar=avatar, actor=actor, kind=Kind.AGAIN)
    if moved:
        weather.hurry(rehearsal=avatar.rehearsal)
    return moved
