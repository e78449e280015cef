"""Telling Anam what was changed here, whatever it answers."""

from itertools import pairwise
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Errand, Kind, State, Weather
from avatars.services import changing, erasing
from avatars.services.errands import run_next
from avatars.tasks import run_errands
from avatars.upstream.errors import Cause
from tests.conftest import MakeAvatar, ScriptAnam, time_passes
from tests.services.test_tasks import planned
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db


class Anam:
    """Answers what the test says, and remembers what it was asked."""

    def __init__(self, status: int, **content: Any) -> None:
        self.calls: list[str] = []
        self.names: list[bytes] = []
        self.answer = httpx.Response(status, **content)
        self.death = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert connection.savepoint_ids == []  # within the one that the test itself is
        self.calls.append(f"{request.method} {request.url.raw_path.decode()}")
        self.names.append(request.content)
        if self.death:
            raise KeyboardInterrupt  # the process is gone before it can write anything down
        return self.answer


def answering(anam: ScriptAnam, status: int, **content: Any) -> Anam:
    vendor = Anam(status, **content)
    anam(vendor)
    return vendor


@pytest.fixture
def anna(ready_avatar: MakeAvatar) -> Avatar:
    return ready_avatar(
        rehearsal=False,
        display_name="Anna",
        upstream_id="a-1",
        upstream=described("Anna", id="a-1"),
    )


@pytest.fixture(autouse=True)
def no_time_to_undo(settings: Settings) -> None:
    settings.UNDO_SECONDS = 0


def kinds(avatar: Avatar) -> list[str]:
    return [event.kind for event in avatar.events.all()]


def wait_of(avatar: Avatar) -> float:
    avatar.refresh_from_db()
    assert avatar.errand_at is not None
    return (avatar.errand_at - timezone.now()).total_seconds()


def ask(avatar: Avatar, errand: str) -> None:
    if errand == Errand.RENAME:
        assert changing.rename(avatar, "Bea", avatar.owner)
    elif errand == Errand.REMOVE:
        assert changing.remove(avatar, avatar.owner)
    else:
        assert erasing.erase(avatar, avatar.owner)


def test_a_new_name_reaches_anam_once(anna: Avatar, anam: ScriptAnam) -> None:
    vendor = answering(anam, 200, json=described("Bea", id="a-1", videoUrl="https://x.anam.ai/2"))
    ask(anna, Errand.RENAME)
    assert run_next() == anna
    assert run_next() is None
    assert vendor.calls == ["PUT /v1/avatars/a-1"]
    assert vendor.names == [b'{"displayName":"Bea"}']
    anna.refresh_from_db()
    assert (anna.errand, anna.errand_at, anna.errand_tries) == ("", None, 0)
    assert anna.upstream["displayName"] == "Bea"
    assert kinds(anna) == [Kind.RENAMED, Kind.RENAME_TOLD]


def test_a_short_answer_to_a_rename_forgets_nothing(anna: Avatar, anam: ScriptAnam) -> None:
    answering(anam, 200, json={"id": "a-1"})
    ask(anna, Errand.RENAME)
    run_next()
    anna.refresh_from_db()
    assert (anna.upstream["displayName"], anna.versions) == ("Bea", ["cara-4"])


@pytest.mark.parametrize(
    ("errand", "call", "told"),
    [
        (Errand.REMOVE, "DELETE /v1/avatars/a-1", Kind.REMOVAL_TOLD),
        (Errand.ERASE, "DELETE /v1/avatars/a-1?hard=true", Kind.ERASURE_TOLD),
    ],
)
def test_anam_is_told_to_delete(
    anna: Avatar, anam: ScriptAnam, errand: str, call: str, told: Kind
) -> None:
    vendor = answering(anam, 200, json={"message": "deleted"})
    ask(anna, errand)
    assert run_next() == anna
    assert run_next() is None
    assert vendor.calls == [call]
    anna.refresh_from_db()
    assert (anna.state, anna.errand) == (State.REMOVED, "")
    assert kinds(anna)[-1] == told


@pytest.mark.parametrize("errand", [Errand.REMOVE, Errand.ERASE])
def test_what_is_not_there_any_more_counts_as_deleted(
    anna: Avatar, anam: ScriptAnam, errand: str
) -> None:
    answering(anam, 404, json={"error": "Avatar not found"})
    ask(anna, errand)
    run_next()
    anna.refresh_from_db()
    assert anna.errand == ""


def test_a_name_for_an_avatar_that_is_gone_is_not_told_for_ever(
    anna: Avatar, anam: ScriptAnam
) -> None:
    answering(anam, 404)
    ask(anna, Errand.RENAME)
    run_next()
    anna.refresh_from_db()
    assert (anna.errand, anna.display_name, anna.state) == ("", "Bea", State.READY)
    assert kinds(anna) == [Kind.RENAMED]


def test_a_name_that_anam_refuses_is_taken_back_with_its_words(
    anna: Avatar, anam: ScriptAnam
) -> None:
    answering(anam, 400, json={"error": "displayName: not a nice one"})
    ask(anna, Errand.RENAME)
    run_next()
    anna.refresh_from_db()
    assert (anna.display_name, anna.errand, anna.version) == ("Anna", "", 2)
    (event,) = anna.events.filter(kind=Kind.RENAME_REFUSED)
    assert event.note == "displayName: not a nice one"
    assert event.detail["name"] == "Bea"


def test_a_refused_name_does_not_take_back_a_newer_one(anna: Avatar, anam: ScriptAnam) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if b"Bea" in request.content:
            assert changing.rename(Avatar.objects.get(pk=anna.pk), "Carla", anna.owner)
            return httpx.Response(400)
        return httpx.Response(200, json=described("Carla", id="a-1"))

    anam(handler)
    ask(anna, Errand.RENAME)
    run_next()
    anna.refresh_from_db()
    assert (anna.display_name, anna.errand) == ("Carla", Errand.RENAME)
    time_passes(61)
    run_next()
    anna.refresh_from_db()
    assert (anna.upstream["displayName"], anna.errand) == ("Carla", "")


TROUBLE: list[tuple[dict[str, Any], Cause, float, float]] = [
    ({"status": 401}, Cause.KEY, 7, 13),
    ({"status": 403, "json": {"error": "lacks the permission"}}, Cause.PERMISSION, 7, 13),
    ({"status": 429}, Cause.RATE, 7, 13),
    ({"status": 429, "headers": {"Retry-After": "70"}}, Cause.RATE, 69, 70),
    ({"status": 429, "headers": {"Retry-After": "0"}}, Cause.RATE, 0, 1),
    ({"status": 429, "headers": {"Retry-After": "1000000"}}, Cause.RATE, 3599, 3600),
    ({"status": 302, "headers": {"Location": "/"}}, Cause.ADDRESS, 7, 13),
    ({"status": 500}, Cause.NO_ANSWER, 7, 13),
    ({"status": 503}, Cause.NO_ANSWER, 7, 13),
    ({"status": 408}, Cause.NO_ANSWER, 7, 13),
]


@pytest.mark.parametrize("errand", Errand)
@pytest.mark.parametrize(("answer", "cause", "least", "most"), TROUBLE)
def test_trouble_is_waited_out(
    anna: Avatar,
    anam: ScriptAnam,
    errand: str,
    answer: dict[str, Any],
    cause: Cause,
    least: float,
    most: float,
) -> None:
    answering(anam, **answer)
    ask(anna, errand)
    run_next()
    assert least < wait_of(anna) <= most
    assert (anna.errand, anna.errand_tries, anna.errand_cause) == (errand, 1, cause)
    answering(anam, 200, json=described("Bea", id="a-1"))
    assert run_next() is None
    time_passes(most)
    assert run_next() == anna
    anna.refresh_from_db()
    assert (anna.errand, anna.errand_cause) == ("", "")


@pytest.mark.parametrize("errand", Errand)
@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.ReadError])
def test_a_broken_line_is_waited_out(
    anna: Avatar, anam: ScriptAnam, errand: str, error: type[httpx.TransportError]
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error("on purpose")

    anam(handler)
    ask(anna, errand)
    run_next()
    assert 7 < wait_of(anna) < 13
    assert anna.errand == errand


def test_the_wait_doubles_up_to_an_hour(anna: Avatar, anam: ScriptAnam) -> None:
    answering(anam, 500)
    ask(anna, Errand.REMOVE)
    waits = []
    for _ in range(12):
        run_next()
        waits.append(wait_of(anna))
        time_passes(3601)
    assert all(3.1 > later / sooner > 1.3 for sooner, later in pairwise(waits[:7]))
    assert all(2800 < wait <= 3600 for wait in waits[10:])


def test_a_removal_that_anam_refuses_is_asked_for_again_within_the_hour(
    anna: Avatar, anam: ScriptAnam
) -> None:
    answering(anam, 400, json={"error": "id: Invalid uuid"})
    ask(anna, Errand.REMOVE)
    run_next()
    assert 3590 < wait_of(anna) <= 3600
    assert (anna.state, anna.errand) == (State.REMOVED, Errand.REMOVE)


def test_without_a_key_an_errand_waits(anna: Avatar, settings: Settings) -> None:
    settings.ANAM_API_KEY = ""
    ask(anna, Errand.REMOVE)
    run_next()
    anna.refresh_from_db()
    assert (anna.errand, anna.errand_cause) == (Errand.REMOVE, Cause.KEY)


def test_what_nobody_foresaw_is_tried_again_too(anna: Avatar, anam: ScriptAnam) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise RuntimeError("on purpose")

    anam(handler)
    ask(anna, Errand.REMOVE)
    run_next()
    assert 7 < wait_of(anna) < 13
    assert anna.errand == Errand.REMOVE


@pytest.mark.parametrize("errand", Errand)
def test_a_process_that_dies_after_the_call_leaves_an_errand_that_is_simply_run_again(
    anna: Avatar, anam: ScriptAnam, errand: str
) -> None:
    vendor = answering(anam, 200, json=described("Bea", id="a-1"))
    vendor.death = True
    ask(anna, errand)
    with pytest.raises(KeyboardInterrupt):
        run_next()
    anna.refresh_from_db()
    assert anna.errand == errand
    assert run_next() is None  # nobody else while it could still be alive
    vendor.death = False
    if errand != Errand.RENAME:
        vendor.answer = httpx.Response(404)
    time_passes(61)
    assert run_next() == anna
    assert len(vendor.calls) == 2
    anna.refresh_from_db()
    assert anna.errand == ""
    told = {Kind.RENAME_TOLD, Kind.REMOVAL_TOLD, Kind.ERASURE_TOLD}
    assert len(told & set(kinds(anna))) == 1


def test_a_removal_takes_the_place_of_a_new_name_that_is_on_its_way(
    anna: Avatar, anam: ScriptAnam
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            assert changing.remove(Avatar.objects.get(pk=anna.pk), anna.owner)
        return httpx.Response(200, json=described("Bea", id="a-1"))

    anam(handler)
    ask(anna, Errand.RENAME)
    run_next()
    anna.refresh_from_db()
    assert anna.errand == Errand.REMOVE
    run_next()
    assert kinds(anna) == [Kind.RENAMED, Kind.REMOVED, Kind.REMOVAL_TOLD]


def test_one_errand_that_fails_keeps_no_other_one(
    anna: Avatar, ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    other = ready_avatar(rehearsal=False)

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500 if "a-1" in request.url.path else 200)

    anam(handler)
    ask(anna, Errand.REMOVE)
    ask(other, Errand.REMOVE)
    assert [run_next(), run_next(), run_next()] == [anna, other, None]
    other.refresh_from_db()
    assert other.errand == ""


def test_a_removal_opens_the_way_for_who_waits_for_a_slot(anna: Avatar, anam: ScriptAnam) -> None:
    answering(anam, 200)
    now = timezone.now()
    Weather.at(rehearsal=False)
    Weather.objects.close(rehearsal=False, cause=Cause.QUOTA, said="", now=now, until=now)
    ask(anna, Errand.REMOVE)
    run_next()
    assert not Weather.at(rehearsal=False).is_closed


def test_a_wake_up_runs_one_errand_and_wakes_the_next(
    anna: Avatar, ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    answering(anam, 200)
    ask(anna, Errand.REMOVE)
    ask(ready_avatar(rehearsal=False), Errand.REMOVE)
    run_errands.call()
    assert planned("run_errands").count() == 1
    run_errands.call()
    run_errands.call()
    assert planned("run_errands").count() == 1


def test_a_failed_errand_plans_its_own_next_try(anna: Avatar, anam: ScriptAnam) -> None:
    answering(anam, 500)
    ask(anna, Errand.REMOVE)
    run_errands.call()
    anna.refresh_from_db()
    (task,) = planned("run_errands")
    assert task.run_after == anna.errand_at
