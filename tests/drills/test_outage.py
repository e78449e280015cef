"""A minute without an Anam while twenty people upload, in a time of its own."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
from django.utils import timezone

from avatars.models import Avatar, State
from avatars.services import line, settling
from avatars.services.create import send_next
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, ScriptAnam
from tests.upstream.answers import described, listed

from .fairness import first_successes, greatest_lead

pytestmark = pytest.mark.django_db

PEOPLE, OUTAGE, SWEEP = 20, 60, 60  # the last two in seconds
Down = Callable[[], httpx.Response]


def refused() -> httpx.Response:
    raise httpx.ConnectError("on purpose")


def in_trouble() -> httpx.Response:
    return httpx.Response(503, json={"message": "Service unavailable"})


class Hours:
    """A clock that the test moves; a millisecond passes with each look at it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began = self.now = timezone.now()
        monkeypatch.setattr(timezone, "now", self._look)

    def _look(self) -> datetime:
        self.tick(0.001)
        return self.now

    @property
    def passed(self) -> float:
        return (self.now - self.began).total_seconds()

    def tick(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Anam:
    """Away until the outage is over: for everything, or for creates alone."""

    def __init__(self, hours: Hours, down: Down) -> None:
        self._hours, self._down = hours, down
        self.made: list[dict[str, object]] = []
        self.creates = self.reads = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        creating = request.method == "POST"
        self.creates, self.reads = self.creates + creating, self.reads + (not creating)
        if self._hours.passed < OUTAGE and (creating or self._down is refused):
            return self._down()
        if not creating:
            return listed(*self.made)
        name = re.search(rb'name="displayName"\r\n\r\n([^\r]+)', request.read())
        assert name
        self.made.append(described(name[1].decode(), createdAt=self._hours.now.isoformat()))
        return httpx.Response(201, json=self.made[-1])


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Hours:
    return Hours(monkeypatch)


@pytest.fixture
def wishes(hours: Hours, anam: ScriptAnam, accepted: MakeAvatar, person: MakePerson) -> int:
    """How many: one, two or three of each person."""
    anam(lambda _: httpx.Response(500))
    people = [person(role=Role.CREATOR) for _ in range(PEOPLE)]
    return len([accepted(owner=p) for n, p in enumerate(people) for _ in range(1 + n % 3)])


def live_through_it(hours: Hours, most: float = 3600.0) -> float:
    """A second after the other, as the worker does; seconds until every avatar is ready."""
    while Avatar.objects.exclude(state=State.READY).exists() and hours.passed < most:
        line.look_out()
        while send_next():
            pass
        if int(hours.passed) % SWEEP == 0:
            settling.settle_unknown()
        hours.tick(1)
    return hours.passed


def served() -> list[str]:
    # A lost one stands in no line until it is settled, so it says nothing about turns.
    rows = Avatar.objects.filter(state=State.READY, attempts=1).order_by("claimed_at")
    return [str(owner) for owner in rows.values_list("owner", flat=True)]


@pytest.mark.parametrize("down", [refused, in_trouble])
def test_an_outage_costs_few_creates_and_loses_nothing(
    hours: Hours, wishes: int, anam: ScriptAnam, down: Down
) -> None:
    lab = Anam(hours, down)
    anam(lab)
    live_through_it(hours)
    assert Avatar.objects.filter(state=State.READY).count() == len(lab.made) == wishes
    assert lab.creates <= 1.1 * wishes
    assert lab.reads <= 40


@pytest.mark.parametrize("down", [refused, in_trouble])
def test_after_an_outage_people_take_turns(
    hours: Hours, wishes: int, anam: ScriptAnam, down: Down
) -> None:
    anam(Anam(hours, down))
    live_through_it(hours)
    assert len(first_successes(served())) >= PEOPLE - 3
    assert greatest_lead(served()) == 1


def test_after_a_refused_connection_all_are_made_within_a_minute_of_the_recovery(
    hours: Hours, wishes: int, anam: ScriptAnam
) -> None:
    anam(Anam(hours, refused))
    assert live_through_it(hours) <= OUTAGE + 60
