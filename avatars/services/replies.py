"""The replies that reviewers pick from, on the record: added, retired, never changed."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from avatars.models import Kind, Policy, Reply, Subject

from . import record


@dataclass(frozen=True)
class Draft:
    """A reply to be. `decision` is changes or rejected, `reason` one of `models.Reason`."""

    name: str
    decision: str
    reason: str
    text: str


class Retired(Exception):
    """Somebody has retired the reply, or put another one in its place, a moment ago."""


class Offered(Exception):
    """There is a reply of this name for this decision already."""


def add(draft: Draft, by: Any, *, instead_of: int | None = None) -> Reply:
    """One more, or one in the place of another. Raises `Retired` and `Offered`."""
    with transaction.atomic():
        _take_turns()
        old = _retired(instead_of) if instead_of is not None else None
        same = Reply.objects.offered().filter(name=draft.name, decision=draft.decision)
        if same.exists():
            raise Offered
        facts = vars(draft)
        reply = Reply.objects.create(**facts, made_by=by)
        before = {name: getattr(old, name) for name in facts} if old else {}
        note = f"In the place of “{old.name}”." if old else "It is offered from now on."
        _write(reply, by, record.changes(before, facts), note)
    return reply


def retire(reply: Reply, by: Any) -> bool:
    """Offer it no longer; False when that was done before."""
    with transaction.atomic():
        retired = Reply.objects.retire(reply.pk, timezone.now())
        if retired:
            _write(reply, by, {}, "It is offered no longer.")
    return retired


def _take_turns() -> None:
    """So that of two forms at once the later one sees what the earlier one added."""
    Policy.objects.select_for_update().filter(pk=1).first()


def _retired(reply_id: int) -> Reply:
    if not Reply.objects.retire(reply_id, timezone.now()):
        raise Retired
    return Reply.objects.get(pk=reply_id)


def _write(reply: Reply, by: Any, detail: dict[str, Any], note: str) -> None:
    about = (Subject.REPLY, reply.pk, reply.name)
    record.write(Kind.REPLY_CHANGED, about, actor=by, detail=detail, note=note)
