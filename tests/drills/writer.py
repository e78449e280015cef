"""One of many that write at the same time: `python -m tests.drills.writer NUMBER WRITES`.

It says "ready", begins when it is told to, and ends with what it met as JSON.
"""

import json
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.db import DatabaseError  # noqa: E402
from django.utils import timezone  # noqa: E402

from avatars.models import Approval, Avatar, State  # noqa: E402
from avatars.services import review  # noqa: E402
from avatars.services.accept import accept  # noqa: E402

from .acts import maker, wanted  # noqa: E402


class Writer:
    """Takes photos in and decides about one avatar, in turns."""

    def __init__(self, number: int) -> None:
        self._person = maker(f"Writer {number}")
        now = timezone.now()
        self._judged = Avatar.objects.create(
            owner=self._person,
            display_name=f"Judged {number}",
            rehearsal=False,
            state=State.READY,
            upstream_id=f"judged-{number}",
            ready_at=now,
            refreshed_at=now,
            video_url="https://videos.example/clip.webm",
        )
        self._decisions = 0
        wanted("Warm up")

    def writes(self, count: int) -> dict[str, object]:
        problems: list[str] = []
        seconds = []
        began = time.monotonic()
        for number in range(count):
            begun = time.monotonic()
            try:
                self._write(number)
            except (DatabaseError, AssertionError) as problem:
                problems.append(repr(problem))
            seconds.append(time.monotonic() - begun)
        return {
            "problems": problems,
            "slowest": max(seconds),
            "seconds": time.monotonic() - began,
        }

    def _write(self, number: int) -> None:
        acts: tuple[Callable[[int], None], ...] = (self._accepts, self._decides)
        acts[number % 2](number)

    def _accepts(self, number: int) -> None:
        accept(owner=self._person, wanted=[wanted(f"{self._person.name} {number}")])

    def _decides(self, number: int) -> None:
        decided = review.decide(
            self._judged.pk,
            review.Verdict(Approval.CHANGES, self._decisions, f"decision {number}"),
            self._person,
        )
        assert decided, "somebody else decided"
        self._decisions += 1


if __name__ == "__main__":
    writer = Writer(int(sys.argv[1]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(json.dumps(writer.writes(int(sys.argv[2]))))
