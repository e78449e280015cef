"""Killed with SIGKILL at every point of the create path, then started again: once, and whole."""

import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings
from django_tasks_db.models import DBTaskResult

from avatars.models import Avatar, Weather, Wish
from tests.browser.greenroom import StandaloneSandbox

from . import inventory
from .acts import maker, session_of
from .forks import Tell, forked
from .points import Points
from .report import Report
from .scenarios import CREATING, SETTLING, Person, Scenario, wish_of

STEP_WHEN_SHORT = 3
_COUNTED = ("rows", "ready", "upstream", "broken", "strays", "wishes")
COLUMNS = ("point", "killed", "answer", "again", *_COUNTED, "seconds", "verdict")


def drill(database: str, *, short: bool) -> Iterator[Report]:
    call_command("migrate", verbosity=0)
    person = Person(session_of(maker("Mia Berg")))
    with override_settings(REHEARSAL=True, SANDBOX_DELAY=0.0, SANDBOX_PREVIEW_AFTER=0.0):
        person.upload_and_send("Warm up", lambda **_: None)
    knobs = ("--delay", str(CREATING), "--preview-after", "0")
    with (
        StandaloneSandbox(settings.DATA_DIR / "anam", *knobs) as anam,
        override_settings(**anam.settings, REHEARSAL=False, SETTLING_SECONDS=SETTLING),
    ):
        for number, scenario in enumerate(person.scenarios()):
            trial = Trial(person, scenario, number)
            yield trial.report(f"kill on {database}: {scenario.title}", short=short)


class Trial:
    """One scenario, killed at one point after the other."""

    def __init__(self, person: Person, scenario: Scenario, number: int) -> None:
        self._person, self._scenario, self._number = person, scenario, number

    def report(self, title: str, *, short: bool) -> Report:
        report = Report(title, COLUMNS)
        points = self._count_points()
        report.expect(points, "the dry run found no points")
        for point in range(1, points + 1, STEP_WHEN_SHORT if short else 1):
            self._kill_at(point, report)
        report.expect(len(report.rows) * 2 > points or short, "half the points were never reached")
        doubled = forked(lambda tell: tell(rest=_unpaired()))
        report.expect(doubled.get("rest") == [], f"upstream, of nobody here: {doubled}")
        return report

    def _name(self, of: str) -> str:
        return f"{of} {self._number}{self._scenario.mark}"

    def _count_points(self) -> int:
        name = self._name("Dry")

        def counted(tell: Tell) -> None:
            points = Points(tell)
            points.watch()
            self._scenario.act(name, tell)
            tell(points=len(points.labels))

        self._begin(name)
        told = forked(counted)
        self._recover(name, told)
        return int(told.get("points", 0))

    def _kill_at(self, point: int, report: Report) -> None:
        name = self._name(f"Kill {point:03}")

        def doomed(tell: Tell) -> None:
            Points(tell, point).watch()
            self._scenario.act(name, tell)

        began = time.monotonic()
        told = self._begin(name) | forked(doomed)
        if told["ended"] == 0:
            return  # fewer points than in the dry run: it was over before
        after = self._recover(name, told)
        _write_down(report, (point, told, after, time.monotonic() - began), name)

    def _begin(self, name: str) -> dict[str, Any]:
        prelude = self._scenario.prelude
        return forked(lambda tell: prelude(name, tell)) if prelude else {}

    def _recover(self, name: str, told: dict[str, Any]) -> dict[str, Any]:
        comes_back = self._scenario.comes_back and "answer" not in told

        def recovered(tell: Tell) -> None:
            fulfilled = Wish.objects.filter(key=wish_of(name)).exclude(done_at=None)
            tell(expected=int(comes_back or fulfilled.exists()))
            self._person.recover(name, tell, comes_back=comes_back)
            _forget_what_went_before()
            tell(found=vars(inventory.take(name)), lying_about=inventory.strays())

        return forked(recovered)


def _write_down(
    report: Report, trial: tuple[int, dict[str, Any], dict[str, Any], float], name: str
) -> None:
    point, told, after, seconds = trial
    found = inventory.Found(**after["found"]) if "found" in after else None
    good = (
        told["ended"] == -9
        and found is not None
        and found.is_clean(after["expected"])
        and after.get("again", 202) == 202
    )
    counted = [getattr(found, column, "?") for column in _COUNTED]
    answers = (told.get("answer", "none"), after.get("again", ""))
    verdict = "good" if good else "BAD"
    label = told.get("point", "?")
    report.rows.append((point, label, *answers, *counted, f"{seconds:.1f}", verdict))
    report.expect(good, f"point {point} ({label}), {name!r}: {told}, then {after}")


def _forget_what_went_before() -> None:
    """Or an old wake-up settles a later name too soon, and three losses in a row are weather."""
    DBTaskResult.objects.all().delete()
    Weather.objects.update(cause="", until=None, failures=0)


def _unpaired() -> list[str]:
    """Avatars at the upstream that no row here names."""
    found, page = [], 1
    while page:
        answer = inventory.asked(f"/v1/avatars?page={page}&perPage=100&onlyOneShot=true")
        found += [item["id"] for item in answer["data"]]
        page = answer["meta"]["next"]
    known = set(Avatar.objects.filter(rehearsal=False).values_list("upstream_id", flat=True))
    return [upstream_id for upstream_id in found if upstream_id not in known]
