"""Many write at once while the upstream hangs: nobody is told "database is locked"."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from django.core.management import call_command

from avatars.models import Avatar, Event, Kind, Wish
from avatars.services.accept import accept
from tests.browser.greenroom import Greenroom

from .acts import maker, wanted
from .house import greenroom
from .inventory import is_whole, strays
from .report import Report
from .slow_anam import SlowAnam, slow_anam

SLOTS, WRITERS = 4, 8
WRITES, WRITES_WHEN_SHORT = 200, 20
HANGS, HANGS_WHEN_SHORT = 30.0, 3.0  # seconds
COLUMNS = ("measured", "result", "expected")


def drill(database: str, *, short: bool) -> Iterator[Report]:
    call_command("migrate", verbosity=0)
    more = {"CREATE_SLOTS": str(SLOTS), "CREATE_SECONDS": "60", "SWEEP_SECONDS": "1"}
    with ExitStack() as stack:
        anam = stack.enter_context(slow_anam(HANGS_WHEN_SHORT if short else HANGS))
        house = stack.enter_context(greenroom(**more, **anam.settings))
        _occupy_every_slot(anam)
        writes = WRITES_WHEN_SHORT if short else WRITES
        met = _all_write(writes)
        yield _report(f"writers on {database}", met, writes, house)


def _occupy_every_slot(anam: SlowAnam) -> None:
    person = maker("Mia Berg")
    accept(owner=person, wanted=[wanted(f"Hanging {number}") for number in range(SLOTS)])
    give_up = time.monotonic() + 20
    while anam.now < SLOTS - 1 and time.monotonic() < give_up:
        time.sleep(0.1)


def _all_write(writes: int) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.drills.writer"]
    with ExitStack() as stack:
        writers = []
        for number in range(WRITERS):
            process = subprocess.Popen(
                [*command, str(number), str(writes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            writers.append(process)
        for process in writers:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in writers:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        return [json.loads(process.communicate(timeout=300)[0]) for process in writers]


def _report(title: str, met: list[dict[str, Any]], writes: int, house: Greenroom) -> Report:
    report = Report(title, COLUMNS)
    problems = [problem for writer in met for problem in writer["problems"]]
    log = [line for line in house.log.read_text().splitlines() if "locked" in line.lower()]
    accepted = Avatar.objects.filter(display_name__startswith="Writer")
    decided = Event.objects.filter(kind=Kind.CHANGES).count()
    half = WRITERS * writes // 2
    broken = sum(not is_whole(row) for row in accepted)
    lying = strays()
    unfinished = Wish.objects.filter(done_at=None).count()
    report.rows += [
        ("problems the writers met", len(problems), 0),
        ("'locked' in Greenroom's log", len(log), 0),
        ("photos taken in", accepted.count(), half),
        ("decisions", decided, half),
        ("broken files, strays, open wishes", f"{broken}, {len(lying)}, {unfinished}", "0, 0, 0"),
        ("all took", f"{max(writer['seconds'] for writer in met):.1f} s", ""),
        ("the slowest write", f"{max(writer['slowest'] for writer in met):.2f} s", ""),
    ]
    report.expect(not problems, f"{len(problems)} problems, such as {problems[:3]}")
    report.expect(not log, f"in Greenroom's log: {log[:3]}")
    report.expect((accepted.count(), decided) == (half, half), "not every write is there")
    report.expect((broken, len(lying), unfinished) == (0, 0, 0), f"lying about: {lying[:3]}")
    return report
