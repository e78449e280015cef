"""Whether photos may be sent now. What one avatar meets, nobody else has to meet again."""

import logging
import random
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from avatars.models import FOR_ALL, READABLE, Avatar, State, Weather
from avatars.upstream.client import connect
from avatars.upstream.errors import (
    Cause,
    Held,
    NotSent,
    OutcomeUnknown,
    Trouble,
    UpstreamError,
)

logger = logging.getLogger(__name__)

# Seconds until the next look where Anam names no time. The first group is looked at by a read,
# which costs nothing; the others only a create can tell about.
_PATIENCE = {
    Cause.KEY: 60,
    Cause.ADDRESS: 60,
    Cause.OUTAGE: 5,
    Cause.NO_ANSWER: 30,
    Cause.RATE: 60,
    Cause.QUOTA: 300,
    Cause.PERMISSION: 900,
    Cause.PLAN: 3600,
}
_DOUBLING = READABLE | {Cause.NO_ANSWER}
_DOUBTFUL = frozenset({Cause.OUTAGE, Cause.NO_ANSWER})  # over as soon as anything went well
_LONGEST_OUTAGE = 600.0  # seconds between two looks
_LONGEST_WAIT = 3600.0  # seconds; a vendor's "come back in a year" is not believed
_UNLUCKY = 3  # lost answers in a row that are no coincidence
_PROBE_LEASE = timedelta(seconds=30)  # longer than the deadline of a read
_HISTORY = 200  # avatars of ours that say how long creating takes


@dataclass(frozen=True)
class Usual:
    """How long Anam took lately, in seconds."""

    median: float
    slow: float  # the 95th percentile


def note_failure(avatar: Avatar, error: UpstreamError) -> datetime:
    """Keep everybody from sending for a while, and answer until when."""
    now = timezone.now()
    weather = Weather.at(rehearsal=avatar.rehearsal)
    if weather.until and _is_echo(avatar, weather) and error.cause != Cause.RATE:
        return weather.until
    seconds = _wait_for(error, weather.failures)
    until = now + timedelta(seconds=seconds)
    Weather.objects.close(
        rehearsal=avatar.rehearsal, cause=error.cause, said=error.said, now=now, until=until
    )
    until = Weather.at(rehearsal=avatar.rehearsal).until or until
    Avatar.objects.postpone_held(FOR_ALL, now, rehearsal=avatar.rehearsal, until=until)
    logger.warning("nothing is sent until %s: %s", until.isoformat(timespec="seconds"), error.cause)
    return until


def note_lost(avatar: Avatar, error: UpstreamError) -> None:
    """An answer was lost: one may be bad luck, a 5xx or several in a row are weather."""
    weather = Weather.at(rehearsal=avatar.rehearsal)
    if isinstance(error, Trouble) or weather.is_closed or weather.failures + 1 >= _UNLUCKY:
        note_failure(avatar, error)
    else:
        Weather.objects.count_failure(rehearsal=avatar.rehearsal)


def note_success(avatar: Avatar) -> None:
    """An avatar was made; that opens the way again if it was sent to find that out."""
    weather = Weather.at(rehearsal=avatar.rehearsal)
    Weather.objects.succeed(rehearsal=avatar.rehearsal, now=timezone.now())
    doubtful = weather.cause in _DOUBTFUL
    if weather.is_closed and (doubtful or not _is_echo(avatar, weather)):
        open_again(rehearsal=avatar.rehearsal)


def open_again(*, rehearsal: bool, causes: Collection[str] = FOR_ALL) -> None:
    """Everybody who was held for all may go on at once, if one of `causes` was the reason."""
    now = timezone.now()
    if Weather.objects.open(causes, rehearsal=rehearsal):
        Avatar.objects.postpone_held(FOR_ALL, now, rehearsal=rehearsal, until=now)
        Avatar.objects.hurry_errands(now, rehearsal=rehearsal)
        logger.info("photos are sent again")


def open_slot(*, rehearsal: bool) -> None:
    """An avatar was removed at Anam: whoever waits for a free slot may try."""
    open_again(rehearsal=rehearsal, causes=(Cause.QUOTA,))


def look_out(*, rehearsal: bool) -> datetime | None:
    """Where a cheap read can tell that it is over, read; one caller at a time, when it is time.

    Answers when to look again, if this one looked in vain.
    """
    now = timezone.now()
    if not Weather.objects.take_probe(rehearsal=rehearsal, now=now, until=now + _PROBE_LEASE):
        return None
    error = check_key(rehearsal=rehearsal)
    if error is None or _shows_life(error):
        open_again(rehearsal=rehearsal, causes=READABLE)
        return None
    weather = Weather.at(rehearsal=rehearsal)
    # Who answers with a 5xx can be reached, so only a create can tell now. No answer at all is no
    # reason to try one.
    reached = not isinstance(error, OutcomeUnknown) or isinstance(error, Trouble)
    cause = error.cause if reached else weather.cause
    now = timezone.now()
    # A bad key is looked at every minute; what is doubled for it is a key that fails at creates.
    failures = weather.failures if cause in _DOUBTFUL else 0
    until = now + timedelta(seconds=_wait_for(error, failures))
    if Weather.objects.stay_closed(rehearsal=rehearsal, cause=cause, said=error.said, until=until):
        Avatar.objects.postpone_held(FOR_ALL, now, rehearsal=rehearsal, until=until)
    return Weather.at(rehearsal=rehearsal).until


def look_now(*, rehearsal: bool) -> UpstreamError | None:
    """Somebody asks: open the way if a read can tell, else let one avatar try it at once."""
    error = watch(rehearsal=rehearsal)
    if error is None:
        hurry(rehearsal=rehearsal)
        Avatar.objects.hurry_errands(timezone.now(), rehearsal=rehearsal)
    return error


def watch(*, rehearsal: bool) -> UpstreamError | None:
    """Learn about a bad key before somebody's photo does, and about its end."""
    error = check_key(rehearsal=rehearsal)
    if error is None or _shows_life(error):
        open_again(rehearsal=rehearsal, causes=READABLE)
    elif error.cause == Cause.KEY and Weather.at(rehearsal=rehearsal).cause not in READABLE:
        _close_for_the_key(error, rehearsal=rehearsal)
    return error


def doubt_far_times() -> None:
    """A time further off than anybody is made to wait comes from a clock that was wrong."""
    now = timezone.now()
    far = now + timedelta(seconds=2 * _LONGEST_WAIT)
    Weather.objects.filter(until__gt=far).update(until=now)
    Avatar.objects.filter(state=State.HELD, retry_at__gt=far).update(retry_at=now)


def hurry(*, rehearsal: bool) -> None:
    """Wait no longer, unless Anam itself has named the time."""
    now = timezone.now()
    if Weather.objects.hurry(rehearsal=rehearsal, now=now):
        Avatar.objects.postpone_held(FOR_ALL, now, rehearsal=rehearsal, until=now)


def check_key(*, rehearsal: bool) -> UpstreamError | None:
    """Ask for the shortest list there is; the error if Anam doesn't answer it well."""
    now = timezone.now()
    Weather.at(rehearsal=rehearsal)
    try:
        connect(rehearsal=rehearsal).ping()
    except UpstreamError as error:
        Weather.objects.key_checked(rehearsal=rehearsal, now=now, cause=error.cause)
        return error
    Weather.objects.key_checked(rehearsal=rehearsal, now=now, cause="")
    return None


def usual_time(*, rehearsal: bool) -> Usual | None:
    """From our own history; None before there is one."""
    known = Avatar.objects.filter(rehearsal=rehearsal, creating_seconds__isnull=False)
    latest = known.order_by("-ready_at").values_list("creating_seconds", flat=True)[:_HISTORY]
    seconds = sorted(filter(None, latest))
    if not seconds:
        return None
    return Usual(statistics.median(seconds), _percentile(seconds, 95))


def _close_for_the_key(error: UpstreamError, *, rehearsal: bool) -> None:
    now = timezone.now()
    until = now + timedelta(seconds=_PATIENCE[Cause.KEY])
    Weather.objects.close(
        rehearsal=rehearsal, cause=Cause.KEY, said=error.said, now=now, until=until
    )


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """By nearest rank."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _is_echo(avatar: Avatar, weather: Weather) -> bool:
    """Whether the photo was already under way when the way was closed: no news then."""
    return bool(weather.until and avatar.claimed_at and avatar.claimed_at < weather.until)


def _shows_life(error: UpstreamError) -> bool:
    """Whether somebody who knows our key has answered, although not with the list."""
    return not isinstance(error, NotSent | OutcomeUnknown | Held)


def _wait_for(error: UpstreamError, failures: int) -> float:
    asked = error.retry_after
    if error.cause == Cause.RATE and asked is not None:
        return min(max(asked, 1.0), _LONGEST_WAIT)
    wait = float(_PATIENCE[error.cause])
    if error.cause in _DOUBLING:
        # Jitter, so that several installations don't all knock at the same second.
        wait = min(wait * 2 ** min(failures, 8), _LONGEST_OUTAGE) * random.uniform(0.8, 1.2)  # noqa: S311
    return min(max(asked or 0.0, wait), _LONGEST_WAIT)
