"""The costliest photos that are taken: eight of them at once, and people in the gallery."""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from operator import attrgetter

from django.core.management import call_command

from tests.photos.bombs import ALLOWED, PHONES, REFUSED, Made
from tests.photos.cost import Cost, cost_of

from .house import Guest, greenroom
from .report import Report
from .slow_anam import slow_anam

AT_ONCE = (
    "JPEG, progressive in full colours",
    "JPEG, progressive CMYK",
    "PNG",
    "PNG with alpha",
    "PNG, palette",
    "WebP",
    "WebP to be kept",
    "WebP, lossless, to be kept",
)
WHEN_SHORT = ("JPEG of eighty scans", "PNG to be kept")
_SECONDS, _MEGABYTES = 3.0, 300.0  # that one may take: processor time, and memory beyond the rest
_CROWD = 800.0  # megabytes of all together: two are in hand at a time, others wait as files
_BEARABLE = 1.0  # seconds, for 95 of 100 looks at the gallery


def drill(database: str, *, short: bool) -> Iterator[Report]:
    call_command("migrate", verbosity=0)
    every = {**ALLOWED, **REFUSED, **PHONES}
    names = WHEN_SHORT if short else AT_ONCE
    yield _costs({name: every[name] for name in names} if short else every, short=short)
    with slow_anam(0.1) as anam, greenroom(**anam.settings) as house:
        guest = Guest(house, "Mia Berg")
        makers = [Guest(house, f"Maker {number}") for number in range(len(names))]
        photos = [ALLOWED[name]() for name in names]
        before = house.peak
        with ThreadPoolExecutor(len(names)) as pool:
            sent = list(map(pool.submit, map(attrgetter("sends"), makers), names, photos))
            looks = list(_looks(guest, sent))
        statuses = [upload.result() for upload in sent]
        grown = house.peak - before
    yield _crowd(f"bombs on {database}", statuses, looks, grown, short=short)


def _costs(files: dict[str, Made], *, short: bool) -> Report:
    report = Report("what a photo costs, alone", ("file", "seconds", "MB", "refused as"))
    for name, made in files.items():
        cost = cost_of(made())
        report.rows.append((name, cost.seconds, cost.megabytes, ", ".join(cost.errors)))
        report.expect(_is_bearable(cost, short=short), f"{name} took {cost}")
    return report


def _is_bearable(cost: Cost, *, short: bool) -> bool:
    return cost.megabytes < _MEGABYTES and (short or cost.seconds < _SECONDS)


def _looks(guest: Guest, sent: list[Future[int]]) -> Iterator[float]:
    """The seconds of each look, for as long as any upload goes on."""
    while not all(upload.done() for upload in sent):
        yield guest.looks_at_the_gallery()
        time.sleep(0.05)


def _crowd(
    title: str, statuses: list[int], looks: list[float], grown: float, *, short: bool
) -> Report:
    report = Report(title, ("measured", "result", "allowed"))
    slow = statistics.quantiles(looks, n=20)[-1]
    report.rows += [
        ("photos at once", len(statuses), ""),
        ("answers", sorted(statuses), "202"),
        ("looks at the gallery", len(looks), ""),
        ("half of them within", f"{statistics.median(looks) * 1000:.0f} ms", ""),
        ("95 of 100 within", f"{slow * 1000:.0f} ms", f"{_BEARABLE * 1000:.0f} ms"),
        ("the slowest", f"{max(looks) * 1000:.0f} ms", ""),
        ("memory of them all", f"{grown:.0f} MB", f"{_CROWD:.0f} MB"),
    ]
    report.expect(set(statuses) == {202}, f"the answers were {statuses}")
    report.expect(grown < _CROWD, f"together they took {grown:.0f} MB")
    report.expect(short or len(looks) > 10, f"only {len(looks)} looks")
    report.expect(short or slow < _BEARABLE, f"the gallery took {slow:.3f} s")
    return report
