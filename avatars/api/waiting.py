"""Waiting for Anam inside a call, without taking the server away from everybody else.

A seat is taken before any work, so that there are never more waiting calls than threads set aside
for them. Whoever waits holds no connection to the database: one thread of this process looks at the
rows of all who wait.
"""

import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore, Event, Lock, Thread
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from avatars.models import Avatar, State, Weather
from avatars.upstream.errors import Cause

from .refusals import Refusal

logger = logging.getLogger(__name__)

_PULSE = 0.25  # seconds between two looks at the rows
_IN_LINE = (State.QUEUED, State.HELD)
# What a short patience may outlast. Everything else that holds a photo needs somebody to act.
_PASSES = (Cause.OUTAGE, Cause.NO_ANSWER)


@contextmanager
def seat() -> Iterator[None]:
    """One of `settings.API_WAITERS`. Raises a Refusal: 503 when all are taken."""
    seats = _seats(settings.API_WAITERS)
    if not seats.acquire(blocking=False):
        words = "Too many calls wait for Anam already. Nothing was taken in: call again."
        raise Refusal(503, "Busy", words, headers={"Retry-After": "5"})
    try:
        yield
    finally:
        seats.release()


@cache
def _seats(count: int) -> BoundedSemaphore:
    return BoundedSemaphore(count)


def is_settled(avatar: Avatar, gate: Weather) -> bool:
    """Whether waiting longer makes no sense: it is made, refused, or needs somebody to act."""
    if avatar.state == State.SENDING:
        return False
    if avatar.state == State.UNKNOWN:
        return avatar.cause == Cause.SEVERAL_FIT
    return avatar.state not in _IN_LINE or obstacle(avatar, gate) is not None


def obstacle(avatar: Avatar, gate: Weather) -> Cause | None:
    """What keeps one in the line for longer than a call should last."""
    now = timezone.now()
    held = avatar.cause if avatar.retry_at and avatar.retry_at > now else ""
    closed = gate.cause if gate.until and gate.until > now else ""
    return next((Cause(cause) for cause in (held, closed) if cause and cause not in _PASSES), None)


class Lookout:
    """Reads the rows of all who wait, in one thread that lives while anybody does."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._awaited: dict[UUID, list[Event]] = {}
        self._thread: Thread | None = None

    @property
    def is_awake(self) -> bool:
        with self._lock:
            return self._thread is not None

    def wait(self, avatar_id: UUID, seconds: float) -> None:
        """Until it is settled, or the time is over."""
        bell = Event()
        if not connection.in_atomic_block:
            connection.close()
        try:
            self._add(avatar_id, bell)
            bell.wait(seconds)
        finally:
            self._remove(avatar_id, bell)

    def _add(self, avatar_id: UUID, bell: Event) -> None:
        with self._lock:
            self._awaited.setdefault(avatar_id, []).append(bell)
            if self._thread is None or not self._thread.is_alive():
                thread = Thread(target=self._look, daemon=True, name="lookout")
                thread.start()
                self._thread = thread

    def _remove(self, avatar_id: UUID, bell: Event) -> None:
        with self._lock:
            bells = self._awaited[avatar_id]
            bells.remove(bell)
            if not bells:
                del self._awaited[avatar_id]

    def _look(self) -> None:
        while self._goes_on():
            self._ring()
            time.sleep(_PULSE)

    def _goes_on(self) -> bool:
        with self._lock:
            if not self._awaited:
                self._thread = None
            return bool(self._awaited)

    def _ring(self) -> None:
        with self._lock:
            awaited = dict(self._awaited)
        try:
            settled = _settled(awaited)
        except Exception:
            # Whatever it was, all who wait would wait in vain without this thread.
            logger.exception("the rows of those who wait could not be read")
            return
        finally:
            connection.close()
        for pk in settled:
            for bell in awaited[pk]:
                bell.set()


def _settled(awaited: Collection[UUID]) -> list[UUID]:
    rows = list(Avatar.objects.filter(pk__in=awaited))
    gates = {upstream: Weather.at(rehearsal=upstream) for upstream in {r.rehearsal for r in rows}}
    return [row.pk for row in rows if is_settled(row, gates[row.rehearsal])]


LOOKOUT = Lookout()
