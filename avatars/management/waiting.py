"""Waiting until avatars are made, or until only people can bring them further."""

import time
from collections.abc import Iterable
from uuid import UUID

from avatars.models import FOR_ADMINISTRATORS, Avatar, Pulse, State, Weather
from avatars.upstream.errors import Cause

from .output import Output, plain

NO_WORKER = (
    "No worker seems to run. The photos are safe, and nothing is sent until one does: start "
    "“manage.py up” or “manage.py worker”."
)
_PULSE = 0.5  # seconds between two looks
_FOR_PEOPLE = FOR_ADMINISTRATORS | {Cause.QUOTA}


def wait_for(avatars: Iterable[Avatar], output: Output) -> dict[UUID, Avatar]:
    """All of them as they are in the end; each change on the way is told."""
    seen = {avatar.pk: avatar for avatar in avatars}
    open_ones, worker = set(seen), True
    while True:
        gates = {gate.rehearsal: gate for gate in Weather.objects.all()}
        rows = Avatar.objects.select_related("owner", "removed_by").in_bulk(open_ones)
        for pk, avatar in rows.items():
            if avatar.state_words != seen[pk].state_words:
                output.tell(f"{plain(avatar.display_name)}: {plain(avatar.state_words)}")
            seen[pk] = avatar
        still = (pk for pk, row in rows.items() if not is_settled(row, gates.get(row.rehearsal)))
        open_ones = set(still)
        if not open_ones:
            return seen
        worker = _told_of_worker(output, worker)
        time.sleep(_PULSE)


def is_settled(avatar: Avatar, gate: Weather | None) -> bool:
    """Whether nothing will change by itself any more: made, refused, or for people to decide."""
    if avatar.state == State.SENDING:
        return False
    if avatar.state == State.UNKNOWN:
        return avatar.cause == Cause.SEVERAL_FIT
    if avatar.state in (State.QUEUED, State.HELD):
        return not _FOR_PEOPLE.isdisjoint({avatar.cause, gate.cause if gate else ""})
    return True


def end_of(avatar: Avatar) -> str:
    """Where it stands, in a line or two."""
    words = f"{plain(avatar.state_words)}. {plain(avatar.message)}".strip()
    if avatar.state == State.QUEUED:
        gate = Weather.at(rehearsal=avatar.rehearsal)
        why = gate.words
        words = f"{words} {why.happened} {why.next}" if why else words
    return f"{plain(avatar.display_name)} ({avatar.pk}): {words}"


def _told_of_worker(output: Output, was_there: bool) -> bool:
    is_there = Pulse.worker_runs()
    if was_there and not is_there:
        output.tell(NO_WORKER)
    return is_there
