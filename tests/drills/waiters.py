"""Programs that wait for Anam inside their calls, some that hang up, and people in the gallery."""

import statistics
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import httpx
from django.core.management import call_command
from django.utils import timezone

from avatars import tokens
from avatars.models import Right, State, Token
from tests.browser.greenroom import Greenroom

from .acts import photo
from .house import Guest, greenroom, states
from .report import Report
from .slow_anam import SlowAnam, slow_anam

CALLS, CALLS_WHEN_SHORT = 64, 16
WAITS, WAITS_WHEN_SHORT = 30.0, 3.0  # seconds that each photo takes, while the gallery is looked at
SEATS_MORE = 2  # calls beyond the seats
HANG_UP = 8  # of the calls, before there is an answer
_BEARABLE = 0.5  # seconds, for 95 of 100 looks at the gallery
COLUMNS = ("measured", "result", "allowed")

Answers = list[Future[int]]


def drill(database: str, *, short: bool) -> Iterator[Report]:
    call_command("migrate", verbosity=0)
    calls = CALLS_WHEN_SHORT if short else CALLS
    more = {"API_WAITERS": str(calls), "SWEEP_SECONDS": "1"}
    seconds = WAITS_WHEN_SHORT if short else WAITS
    with slow_anam(seconds) as anam, greenroom(**more | anam.settings) as house:
        guest = Guest(house, "Mia Berg")
        bearer = {"Authorization": f"Bearer {_token(guest)}"}
        with ThreadPoolExecutor(calls) as pool:
            answers = [
                pool.submit(
                    _create, house, bearer, number, seconds / 2 if number < HANG_UP else 280
                )
                for number in range(calls)
            ]
            _wait_until_all_wait(calls)
            beyond = [_create(house, bearer, calls + n, 5) for n in range(SEATS_MORE)]
            looks = list(_looks(guest, seconds))
            anam.seconds = 0.1  # what is measured is over
        _wait_until_all_are_made(calls)
        told = Counter(answer.result() for answer in answers)
        yield _report(f"waiters on {database}", calls, told, beyond, looks, anam)


def _token(guest: Guest) -> str:
    text = tokens.new_token()
    Token.objects.create(
        owner=guest.user,
        name="Drill",
        digest=tokens.digest(text),
        hint=text[: tokens.HINT],
        rights=[Right.CREATE],
        rate=10_000,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return text


def _create(house: Greenroom, bearer: dict[str, str], number: int, patience: float) -> int:
    """The status of the answer; 0 for somebody who did not wait for it."""
    try:
        answer = httpx.post(
            f"{house.address}/v1/avatars",
            data={"displayName": f"Face {number}"},
            files={"imageFile": ("portrait.jpg", photo(), "image/jpeg")},
            headers=bearer,
            timeout=httpx.Timeout(patience, connect=10),
            trust_env=False,
        )
    except httpx.ReadTimeout:
        return 0
    return answer.status_code


def _wait_until_all_wait(calls: int) -> None:
    give_up = time.monotonic() + 30
    while sum(states().values()) < calls and time.monotonic() < give_up:
        time.sleep(0.05)


def _wait_until_all_are_made(calls: int) -> None:
    give_up = time.monotonic() + 30 + calls
    while states().get(State.READY, 0) < calls and time.monotonic() < give_up:
        time.sleep(0.1)


def _looks(guest: Guest, seconds: float) -> Iterator[float]:
    ends_at = time.monotonic() + seconds * 0.8
    while time.monotonic() < ends_at:
        yield guest.looks_at_the_gallery()
        time.sleep(0.05)


def _report(
    title: str,
    calls: int,
    told: Counter[int],
    beyond: list[int],
    looks: list[float],
    anam: SlowAnam,
) -> Report:
    report = Report(title, COLUMNS)
    slow = statistics.quantiles(looks, n=20)[-1]
    report.rows += [
        ("calls that waited", told[201], calls - HANG_UP),
        ("callers who hung up", told[0], HANG_UP),
        ("answers to calls beyond the seats", beyond, "503"),
        ("creates at the upstream", anam.creates, calls),
        ("avatars ready", states().get(State.READY, 0), calls),
        ("looks at the gallery", len(looks), ""),
        ("half of them within", f"{statistics.median(looks) * 1000:.0f} ms", ""),
        ("95 of 100 within", f"{slow * 1000:.0f} ms", f"{_BEARABLE * 1000:.0f} ms"),
        ("the slowest", f"{max(looks) * 1000:.0f} ms", ""),
    ]
    report.expect(told == {201: calls - HANG_UP, 0: HANG_UP}, f"the answers were {told}")
    report.expect(beyond == [503] * SEATS_MORE, f"beyond the seats: {beyond}")
    report.expect(anam.creates == calls, f"{anam.creates} creates for {calls} calls")
    report.expect(states() == {State.READY: calls}, f"not all are ready: {states()}")
    report.expect(len(looks) > 10, f"only {len(looks)} looks")
    report.expect(calls < CALLS or slow < _BEARABLE, f"the gallery took {slow:.3f} s")
    return report
