"""The upstream makes the avatar, and its answer is lost on the way: in eight ways."""

import time
from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings

from avatars.models import Avatar, Event, Kind, State
from tests.browser.greenroom import StandaloneSandbox

from .house import Guest, greenroom, states
from .inventory import asked, upstream_ids
from .report import Report

WAYS = ("hang", "reset", "half", "empty", "html", "502", "json", "drip")
TIMES = 10
_SWIFT = {"CREATE_SECONDS": "2", "SETTLING_SECONDS": "1", "SWEEP_SECONDS": "1"}
_PER_AVATAR = 45.0  # seconds at most: three losses in a row close the way for half a minute
COLUMNS = ("way", "wishes", "rows", "ready", "adopted", "upstream", "sent", "verdict")


def drill(database: str, *, short: bool) -> Iterator[Report]:
    call_command("migrate", verbosity=0)
    times = 1 if short else TIMES
    knobs = ("--delay", "0.05", "--preview-after", "0")
    with (
        StandaloneSandbox(settings.DATA_DIR / "anam", *knobs) as anam,
        override_settings(**anam.settings),
        greenroom(**anam.settings, **_SWIFT) as house,
    ):
        began = time.monotonic()
        guest = Guest(house, "Mia Berg")
        for number in range(1, times + 1):
            for way in WAYS:
                guest.uploads(_name(way, number))
        _wait(_PER_AVATAR * times * len(WAYS))
        yield _report(f"lost on {database}, {time.monotonic() - began:.0f} s", times)


def _name(way: str, number: int) -> str:
    return f"Lost {way} {number} !lost-{way}"


def _wait(seconds: float) -> None:
    give_up = time.monotonic() + seconds
    while set(states()) != {State.READY} and time.monotonic() < give_up:
        time.sleep(0.5)


def _report(title: str, times: int) -> Report:
    report = Report(title, COLUMNS)
    for way in WAYS:
        _write_down(report, way, times)
    posts = sum(request["method"] == "POST" for request in asked("/_sandbox/requests"))
    wishes = times * len(WAYS)
    there = len(asked("/v1/avatars?page=1&perPage=100&onlyOneShot=true")["data"])
    report.rows.append(
        ("all", wishes, Avatar.objects.filter(stock=False).count(), "", "", there, posts, "")
    )
    report.expect(posts == wishes, f"{posts} creates reached the upstream for {wishes} wishes")
    report.expect(there == wishes, f"{there} avatars at the upstream for {wishes} wishes")
    return report


def _write_down(report: Report, way: str, times: int) -> None:
    names = [_name(way, number) for number in range(1, times + 1)]
    rows = Avatar.objects.filter(display_name__in=names)
    there = [upstream_ids(name) for name in names]
    ready = rows.filter(state=State.READY).count()
    adopted = Event.objects.filter(avatar__in=rows, kind=Kind.ADOPTED).count()
    sent = Event.objects.filter(avatar__in=rows, kind=Kind.SENDING).count()
    upstream = sum(map(len, there))
    good = (rows.count(), ready, upstream, sent) == (times,) * 4
    good = good and {row.upstream_id for row in rows} == set().union(*there)
    verdict = "good" if good else "BAD"
    report.rows.append((way, times, rows.count(), ready, adopted, upstream, sent, verdict))
    report.expect(good, f"{way}: {[(row.state, row.cause, row.attempts) for row in rows]}")
