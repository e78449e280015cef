"""Sixty seconds without an Anam while twenty people upload: few calls, nothing lost, fair turns."""

import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings

from avatars.models import Avatar, State, Weather
from tests.browser.greenroom import StandaloneSandbox

from .fairness import first_successes, greatest_lead
from .house import Guest, greenroom, sendings
from .inventory import asked
from .report import Report

PEOPLE, WISHES = 20, 40  # one wish, two or three in turns
SECONDS = 60.0
_PATIENCE = 300.0  # seconds after the recovery
_MOST_CALLS = 1.1  # creates for each wish
COLUMNS = ("measured", "result", "allowed")


class Outage:
    """An upstream that can be taken away and given back, at one address."""

    def __init__(self, stack: ExitStack, *, refuses: bool) -> None:
        self._stack, self._refuses = stack, refuses
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = str(free.getsockname()[1])
        self._earlier = Counter[str]()
        self._sandbox = self._start()
        self.settings = self._sandbox.settings

    def begin(self) -> None:
        if self._refuses:
            self._sandbox.stop()
        else:
            self._earlier = self._methods()
            asked("/_sandbox/knobs", faults="create=503")

    def end(self) -> None:
        if self._refuses:
            self._sandbox = self._start()
        else:
            asked("/_sandbox/knobs", faults="")

    def calls(self, method: str) -> int:
        """How many have reached it since it began."""
        return self._methods()[method] - self._earlier[method]

    @staticmethod
    def _methods() -> Counter[str]:
        return Counter(request["method"] for request in asked("/_sandbox/requests"))

    def _start(self) -> StandaloneSandbox:
        knobs = ("--port", self._port, "--delay", "1", "--preview-after", "0")
        folder = Path(settings.DATA_DIR) / "anam"
        sandbox = StandaloneSandbox(folder, *knobs)
        self._stack.callback(sandbox.stop)
        return sandbox


def drill(database: str, *, short: bool) -> Iterator[Report]:
    """`database` says which outage too: "SQLite, refused" or "SQLite, trouble"."""
    call_command("migrate", verbosity=0)
    with ExitStack() as stack:
        outage = Outage(stack, refuses="refused" in database)
        stack.enter_context(override_settings(**outage.settings))
        more = {"SWEEP_SECONDS": "60", "SETTLING_SECONDS": "5", **outage.settings}
        house = stack.enter_context(greenroom(**more))
        guests = [Guest(house, f"Person {number:02}") for number in range(PEOPLE)]
        guests[0].uploads("Before the outage")
        _wait(30.0, 1)
        yield _drilled(f"outage on {database}", outage, guests)


def _drilled(title: str, outage: Outage, guests: list[Guest]) -> Report:
    sent_before = sendings()
    began = time.monotonic()
    outage.begin()
    with ThreadPoolExecutor(4) as doors:
        list(doors.map(_uploads_all, enumerate(guests)))
    uploaded = time.monotonic() - began
    failures = _watch_until(began + SECONDS)
    tried = sendings() - sent_before
    outage.end()
    recovered = time.monotonic()
    _wait(_PATIENCE, WISHES + 1)
    report = Report(title, COLUMNS)
    _measured(report, time.monotonic() - recovered, sendings() - sent_before)
    report.rows += [
        ("all had uploaded after", f"{uploaded:.0f} s", ""),
        ("creates tried during the outage", tried, ""),
        ("failures in a row that were noticed", failures, ""),
        ("creates that reached the upstream", outage.calls("POST"), ""),
        ("reads that reached it", outage.calls("GET"), ""),
    ]
    return report


def _uploads_all(numbered: tuple[int, Guest]) -> None:
    number, guest = numbered
    for wish in range(1 + number % 3):
        guest.uploads(f"{guest.user.name} wish {wish}")
    if number == PEOPLE - 1:
        guest.uploads(f"{guest.user.name} one more")


def _measured(report: Report, seconds: float, sent: int) -> None:
    ours = Avatar.objects.filter(stock=False).exclude(display_name="Before the outage")
    served = [str(pk) for pk in ours.order_by("claimed_at").values_list("owner__name", flat=True)]
    ready = ours.filter(state=State.READY).count()
    upstream = asked("/v1/avatars?page=1&perPage=100&onlyOneShot=true")["meta"]["total"] - 1
    lead = greatest_lead(served)
    most = int(WISHES * _MOST_CALLS)
    report.rows += [
        ("avatars ready", ready, len(served)),
        ("avatars at the upstream", upstream, len(served)),
        ("creates tried in all", sent, most),
        ("from the recovery to the last avatar", f"{seconds:.0f} s", ""),
        ("the greatest lead of anybody", lead, 2),
        ("first successes", " ".join(name[-2:] for name in first_successes(served)), ""),
    ]
    report.expect(len(served) == WISHES, f"{len(served)} rows for {WISHES} wishes")
    report.expect(ready == upstream == WISHES, f"{ready} ready, {upstream} upstream")
    report.expect(sent <= most, f"{sent} creates for {WISHES} wishes")
    report.expect(lead <= 2, f"somebody was {lead} ahead of somebody who waited")


def _watch_until(moment: float) -> int:
    most = 0
    while time.monotonic() < moment:
        most = max(most, Weather.at(rehearsal=False).failures)
        time.sleep(0.2)
    return most


def _wait(seconds: float, ready: int) -> None:
    give_up = time.monotonic() + seconds
    ours = Avatar.objects.filter(state=State.READY, stock=False)
    while ours.count() < ready and time.monotonic() < give_up:
        time.sleep(0.2)
