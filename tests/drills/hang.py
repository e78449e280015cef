"""Twice as many photos as there are slots, and an upstream that hangs on each of them."""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.core.management import call_command

from avatars.models import Avatar, State

from .house import Guest, greenroom, states
from .report import Report
from .slow_anam import SlowAnam, slow_anam

SLOTS = 4
HANGS, HANGS_WHEN_SHORT = 12.0, 2.0  # seconds
_BEARABLE = 0.5  # seconds, for 95 of 100 looks at the gallery
COLUMNS = ("measured", "result", "allowed")


def drill(database: str, *, short: bool) -> Iterator[Report]:
    call_command("migrate", verbosity=0)
    more = {"CREATE_SLOTS": str(SLOTS), "CREATE_SECONDS": "60", "SWEEP_SECONDS": "1"}
    with slow_anam(0.0) as anam:
        more |= anam.settings
        with greenroom(**more) as first, greenroom(**more) as second:
            guests = [Guest(first, "Mia Berg"), Guest(second, "Ole Kant")]
            _prove_the_way(guests[0])  # else they are sent one a second, and nothing is crowded
            anam.seconds = HANGS_WHEN_SHORT if short else HANGS
            looks = _crowd(guests, anam)
            yield _report(f"hang on {database}, two processes", anam, looks, short=short)


def _prove_the_way(guest: Guest) -> None:
    guest.uploads("The first one")
    _wait(20.0, 1)


def _crowd(guests: list[Guest], anam: SlowAnam) -> list[float]:
    """Upload, then look at both galleries until all is made; the seconds of each look."""
    with ThreadPoolExecutor(2) as both:
        list(both.map(_uploads_its_share, guests))
    looks: list[float] = []
    give_up = time.monotonic() + 5 * anam.seconds + 30
    while set(states()) != {State.READY} and time.monotonic() < give_up:
        looks += [guest.looks_at_the_gallery() for guest in guests]
        time.sleep(0.05)
    return looks


def _uploads_its_share(guest: Guest) -> None:
    for number in range(SLOTS):
        guest.uploads(f"{guest.user.name} {number}")


def _wait(seconds: float, ready: int) -> None:
    give_up = time.monotonic() + seconds
    while states().get(State.READY, 0) < ready and time.monotonic() < give_up:
        time.sleep(0.1)


def _report(title: str, anam: SlowAnam, looks: list[float], *, short: bool) -> Report:
    report = Report(title, COLUMNS)
    slow = statistics.quantiles(looks, n=20)[-1]
    wishes = 2 * SLOTS + 1
    report.rows += [
        ("photos at the upstream at once", anam.most, SLOTS),
        ("creates for so many wishes", f"{anam.creates} for {wishes}", wishes),
        ("avatars ready", states().get(State.READY, 0), wishes),
        ("looks at the gallery", len(looks), ""),
        ("half of them within", f"{statistics.median(looks) * 1000:.0f} ms", ""),
        ("95 of 100 within", f"{slow * 1000:.0f} ms", f"{_BEARABLE * 1000:.0f} ms"),
        ("the slowest", f"{max(looks) * 1000:.0f} ms", ""),
    ]
    report.expect(anam.most <= SLOTS, f"{anam.most} photos were at the upstream at once")
    report.expect(anam.most == SLOTS, f"only {anam.most} at once: the drill crowded nothing")
    report.expect(anam.creates == wishes, f"{anam.creates} creates for {wishes} wishes")
    report.expect(states() == {State.READY: wishes}, f"not all are ready: {states()}")
    there = {made["id"] for made in anam.made}
    here = set(Avatar.objects.values_list("upstream_id", flat=True))
    report.expect(here == there, "what is here is not what is there")
    report.expect(short or slow < _BEARABLE, f"the gallery took {slow:.3f} s")
    return report
