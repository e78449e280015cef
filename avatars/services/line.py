"""Who is sent next: a place in the line, and whether anybody may be sent at all."""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from avatars.models import READABLE, Avatar, Event, Kind, Weather

from . import presence, weather

logger = logging.getLogger(__name__)

# Between two starts. Most outages answer at once, and then one photo has met them instead of as
# many as there are slots. Next to the half minute that creating takes, nobody notices.
PACE = timedelta(seconds=0.5)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """`number` counts from 1; `weather` says what keeps the whole line waiting, if anything."""

    number: int
    of: int
    weather: Weather


@contextmanager
def turn(only: Avatar | None = None) -> Iterator[Avatar | None]:
    """Claim whoever's turn it is, for as long as the block sends it; `only` that one, if named.

    None when nobody waits, all slots are taken or the way is closed. The slots and turns are
    counted in rows, so they hold for all processes together.
    """
    upstreams = [only.rehearsal] if only else _upstreams_with_work()
    claims = (_claim(rehearsal, only.pk if only else None) for rehearsal in upstreams)
    avatar = next(filter(None, claims), None)
    try:
        yield avatar
    finally:
        if avatar is not None:
            presence.put_down(avatar.pk)


def look_out() -> datetime | None:
    """Where people wait and a cheap read can tell whether the way is open again, read.

    Answers when to look again; None when nobody has to, or somebody else does.
    """
    looks = [_look_out(rehearsal) for rehearsal in _upstreams_with_work()]
    return min(filter(None, looks), default=None)


def _look_out(rehearsal: bool) -> datetime | None:
    try:
        return weather.look_out(rehearsal=rehearsal)
    except Exception:
        # A fault of one upstream, such as a sandbox without its folder, must not stop the other.
        logger.exception("the way of rehearsal=%s can't be looked at", rehearsal)
        return None


def next_start() -> datetime | None:
    """When somebody who waits can be sent, if only the pace keeps them.

    A closed way is for the one who closed it to come back to: everybody's wake-ups would pile up.
    """
    now = timezone.now()
    gates = [Weather.at(rehearsal=rehearsal) for rehearsal in _upstreams_with_work()]
    moments = [_opening(gate) for gate in gates if not gate.is_closed]
    return min((moment for moment in moments if moment and moment > now), default=None)


def place_of(avatar: Avatar) -> Place | None:
    """Where in the line it stands; None when it doesn't wait in it."""
    line = waiting(rehearsal=avatar.rehearsal)
    if avatar.pk not in line:
        return None
    number = line.index(avatar.pk) + 1
    return Place(number, len(line), Weather.at(rehearsal=avatar.rehearsal))


def waiting(*, rehearsal: bool) -> list[UUID]:
    """Everybody in the line, in the order in which they will be sent if nobody joins."""
    rows = Avatar.objects.in_line(rehearsal=rehearsal).by_turn().values_list("pk", "owner")
    theirs: dict[UUID | None, deque[UUID]] = {}
    for pk, owner in rows:
        theirs.setdefault(owner, deque()).append(pk)
    order: list[UUID] = []
    while theirs:
        order += [queue.popleft() for queue in theirs.values()]
        theirs = {owner: queue for owner, queue in theirs.items() if queue}
    return order


def _upstreams_with_work() -> Iterator[bool]:
    for rehearsal in (False, True):
        if Avatar.objects.due(timezone.now()).filter(rehearsal=rehearsal).exists():
            yield rehearsal


def _claim(rehearsal: bool, only: UUID | None) -> Avatar | None:
    Weather.at(rehearsal=rehearsal)
    avatar = None
    try:
        with transaction.atomic():
            avatar = _claimed(rehearsal, only)
        if avatar is not None:
            avatar.refresh_from_db()
    except BaseException:
        if avatar is not None:
            presence.put_down(avatar.pk)
        raise
    return avatar


def _claimed(rehearsal: bool, only: UUID | None) -> Avatar | None:
    # The lock lets one process at a time count the slots. SQLite has just one writer anyway.
    gate = Weather.objects.select_for_update().get(rehearsal=rehearsal)
    now = timezone.now()
    opening = _opening(gate)
    if opening is None or opening > now:
        return None
    avatar = Avatar.objects.due(now).filter(rehearsal=rehearsal).by_turn().first()
    token = presence.our_token()
    if avatar is None or only not in (None, avatar.pk):
        return None
    if not Avatar.objects.claim(avatar.pk, now, claimed_by=token):
        return None
    Event.objects.create(avatar=avatar, kind=Kind.SENDING)
    # Before the commit: a sweep in this process must not take the claim for an orphan.
    presence.take_in_hand(avatar.pk)
    return avatar


def _opening(gate: Weather) -> datetime | None:
    """When the next one may be sent; None when something else has to happen first."""
    sending = Avatar.objects.sending(rehearsal=gate.rehearsal)
    claims = [claim for claim in sending.values_list("claimed_at", flat=True) if claim]
    if len(claims) >= settings.CREATE_SLOTS:
        return None
    if gate.is_closed and gate.until is not None:
        probing = any(claim >= gate.until for claim in claims)
        return None if probing or gate.cause in READABLE else gate.until
    return max(claims, default=_LONG_AGO) + PACE
