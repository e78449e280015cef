"""Sending a photo to Anam, once, whatever comes back."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.core.files.storage import InMemoryStorage, default_storage
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Kind, State, Weather, Wording
from avatars.services import consents
from avatars.services.consents import Terms
from avatars.services.create import give_up_orphans, send_next
from avatars.services.presence import our_token
from avatars.upstream.errors import Cause
from tests.conftest import MakeAvatar, ScriptAnam, at_once, prepared, time_passes
from tests.services.processes import token_of_the_dead
from tests.upstream.answers import described

Kinds = list[str]


def kinds(avatar: Avatar) -> Kinds:
    return [event.kind for event in avatar.events.all()]


def answers(status: int, **content: Any) -> Any:
    return lambda _: httpx.Response(status, **content)


def counting(calls: list[httpx.Request]) -> Any:
    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(500)

    return handler


def fails(kind: type[httpx.TransportError]) -> Any:
    def handler(request: httpx.Request) -> httpx.Response:
        raise kind("on purpose")

    return handler


@pytest.mark.django_db(transaction=True)
def test_the_row_says_sending_before_anam_is_called_and_no_transaction_is_open(
    accepted: MakeAvatar, anam: ScriptAnam
) -> None:
    seen: list[object] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(connection.in_atomic_block)
        seen.extend(at_once(lambda: Avatar.objects.get().state, 1))  # another connection's view
        return httpx.Response(201, json=described(id="a-1"))

    anam(handler)
    avatar = accepted()
    send_next()
    avatar.refresh_from_db()
    assert seen == [False, State.SENDING]
    assert (avatar.state, avatar.upstream_id, avatar.attempts) == (State.READY, "a-1", 1)
    assert kinds(avatar) == [Kind.UPLOADED, Kind.SENDING, Kind.CREATED]


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_a_photo_once(accepted: MakeAvatar, anam: ScriptAnam) -> None:
    calls: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(201, json=described())

    anam(handler)
    avatar = accepted()
    results = at_once(send_next, 6)
    assert sorted(result is None for result in results) == [False] + [True] * 5
    assert len(calls) == 1
    avatar.refresh_from_db()
    assert (avatar.state, avatar.attempts) == (State.READY, 1)


@pytest.mark.django_db
def test_the_longest_waiting_is_sent_first(accepted: MakeAvatar) -> None:
    first, second = accepted(), accepted()
    sent = [send_next(), send_next(), send_next()]
    assert sent == [first, second, None]


@pytest.mark.django_db
def test_the_sandbox_makes_an_avatar_with_its_preview(accepted: MakeAvatar) -> None:
    avatar = accepted()
    send_next()
    avatar.refresh_from_db()
    assert avatar.state == State.READY
    assert avatar.has_video
    assert kinds(avatar)[-2:] == [Kind.CREATED, Kind.PREVIEW]


@pytest.mark.django_db
def test_an_avatar_made_in_rehearsal_never_reaches_anam(
    accepted: MakeAvatar, anam: ScriptAnam
) -> None:
    avatar = accepted()
    calls: list[httpx.Request] = []
    anam(counting(calls))
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, calls) == (State.READY, [])


@pytest.mark.django_db
def test_who_takes_it_back_before_the_first_byte_is_not_sent_and_it_counts_as_never_tried(
    accepted: MakeAvatar, anam: ScriptAnam, wording: Wording
) -> None:
    calls: list[httpx.Request] = []
    anam(counting(calls))
    avatar = accepted()
    given = consents.state_own(avatar, Terms("Anna Berg", "Intranet"), avatar.owner)

    def withdraw(_: Avatar) -> None:
        assert consents.withdraw(given)

    assert send_next(withdraw) == avatar
    avatar.refresh_from_db()
    assert calls == []
    assert (avatar.state, avatar.attempts, avatar.claimed_at) == (State.REVIEW, 0, None)
    assert kinds(avatar)[-2:] == [Kind.CONSENT_WITHDRAWN, Kind.RECALLED]
    other = accepted(prepared=replace(prepared(), sha256="ab" * 32))
    assert send_next() == other  # the slot and the turn are free at once
    assert len(calls) == 1


@pytest.mark.django_db
def test_what_was_given_up_before_the_first_byte_is_left_to_whoever_did_that(
    accepted: MakeAvatar, anam: ScriptAnam
) -> None:
    calls: list[httpx.Request] = []
    anam(counting(calls))
    avatar = accepted()

    def give_up(_: Avatar) -> None:
        Avatar.objects.update(state=State.UNKNOWN)

    send_next(give_up)
    avatar.refresh_from_db()
    assert (avatar.state, avatar.attempts, calls) == (State.UNKNOWN, 1, [])


HELD = [
    (401, {"json": {"error": "Invalid API key"}}, Cause.KEY, 48),
    (403, {"json": {"error": "maximum number of one-shot avatars"}}, Cause.QUOTA, 300),
    (403, {"json": {"error": "not available on your plan"}}, Cause.PLAN, 3600),
    (403, {"json": {"error": "lacks the permission"}}, Cause.PERMISSION, 900),
    (404, {"json": {"error": "Not found"}}, Cause.ADDRESS, 48),
    (302, {"headers": {"Location": "/"}}, Cause.ADDRESS, 48),
    (429, {}, Cause.RATE, 60),
    (429, {"headers": {"Retry-After": "7"}}, Cause.RATE, 7),
    (429, {"headers": {"Retry-After": "0"}}, Cause.RATE, 1),
    (429, {"headers": {"Retry-After": "1000000000"}}, Cause.RATE, 3600),
    (429, {"headers": {"Retry-After": "soon"}}, Cause.RATE, 60),
    (429, {"headers": {"Retry-After": f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT"}}, Cause.RATE, 60),
]
REFUSED = [
    (400, {"json": {"error": "displayName: too short"}}, Cause.INVALID),
    (400, {"json": {"error": "avatarModel: Invalid input"}}, Cause.MODEL),
    (403, {"json": {"error": "This model is not enabled"}}, Cause.MODEL),
    (413, {"text": "<html>too large</html>"}, Cause.TOO_LARGE),
    (422, {"json": {"message": "no face was found"}}, Cause.UNPROCESSABLE),
    (422, {"json": {"message": "resembles a public figure"}}, Cause.LIKENESS),
    (422, {"json": {"message": "the age can't be verified"}}, Cause.AGE),
    (422, {"json": {"message": "inappropriate content"}}, Cause.INDECENT),
]
LOST = [
    (500, {}),
    (502, {"text": "<html>Bad Gateway</html>"}),
    (503, {"headers": {"Retry-After": "7"}}),
    (504, {}),
    (408, {}),
    (201, {"content": b""}),
    (201, {"text": "<html>Checking your browser</html>"}),
    (200, {"json": {"ok": True}}),
]


def seconds_from(now: datetime, moment: datetime | None) -> float:
    assert moment is not None
    return (moment - now).total_seconds()


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "content", "cause", "seconds"), HELD)
def test_what_may_work_later_is_held_and_has_a_time(
    accepted: MakeAvatar,
    anam: ScriptAnam,
    status: int,
    content: dict[str, Any],
    cause: Cause,
    seconds: float,
) -> None:
    anam(answers(status, **content))
    avatar, began = accepted(), timezone.now()
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.cause) == (State.HELD, cause)
    assert seconds <= seconds_from(began, avatar.retry_at) < seconds + 30
    assert kinds(avatar) == [Kind.UPLOADED, Kind.SENDING, Kind.HELD]
    assert "Next try at" in avatar.message
    assert send_next() is None  # it is not due yet


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "content", "cause"), REFUSED)
def test_a_clear_no_is_final_and_explained(
    accepted: MakeAvatar,
    anam: ScriptAnam,
    status: int,
    content: dict[str, Any],
    cause: Cause,
) -> None:
    anam(answers(status, **content))
    avatar = accepted()
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.cause, avatar.retry_at) == (State.REFUSED, cause, None)
    assert kinds(avatar)[-1] == Kind.REFUSED
    assert avatar.message
    assert "<" not in avatar.message
    assert send_next() is None


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "content"), LOST)
def test_whatever_leaves_a_doubt_is_never_sent_again_by_itself(
    accepted: MakeAvatar, anam: ScriptAnam, status: int, content: dict[str, Any]
) -> None:
    calls: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(status, **content)

    anam(handler)
    avatar = accepted()
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.cause) == (State.UNKNOWN, Cause.NO_ANSWER)
    assert avatar.lost_at is not None
    assert send_next() is None
    assert len(calls) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind", [httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError]
)
def test_a_broken_connection_leaves_a_doubt(
    accepted: MakeAvatar, anam: ScriptAnam, kind: type[httpx.TransportError]
) -> None:
    anam(fails(kind))
    avatar = accepted()
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, kinds(avatar)[-1]) == (State.UNKNOWN, Kind.LOST)


@pytest.mark.django_db
def test_a_held_avatar_goes_out_when_its_time_has_come(
    accepted: MakeAvatar, anam: ScriptAnam
) -> None:
    anam(answers(429, headers={"Retry-After": "1"}))
    avatar = accepted()
    send_next()
    time_passes(1)
    anam(answers(201, json=described()))
    assert send_next() == avatar
    avatar.refresh_from_db()
    assert (avatar.state, avatar.cause, avatar.retry_at, avatar.message) == (
        State.READY,
        "",
        None,
        "",
    )


@pytest.mark.django_db
def test_a_missing_photo_is_held_and_nothing_is_sent(
    accepted: MakeAvatar, anam: ScriptAnam, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[httpx.Request] = []
    anam(counting(calls))
    avatar = accepted()
    default_storage.delete(str(avatar.photo))
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.cause) == (State.HELD, Cause.PHOTO_MISSING)
    assert calls == []
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 1


@pytest.mark.django_db
def test_a_real_avatar_waits_while_there_is_no_key(
    accepted: MakeAvatar, anam: ScriptAnam, settings: Settings
) -> None:
    anam(answers(201, json=described()))
    avatar = accepted()
    settings.ANAM_API_KEY, settings.REHEARSAL = "", True
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.cause) == (State.HELD, Cause.KEY)


@pytest.mark.django_db
def test_a_sender_that_takes_too_long_leaves_a_doubt(
    avatar: MakeAvatar, settings: Settings
) -> None:
    now = timezone.now()
    late = now - timedelta(seconds=settings.CREATE_SECONDS + 31)
    dead = avatar(state=State.SENDING, claimed_at=late, claimed_by="of-another-machine")
    alive = avatar(state=State.SENDING, claimed_at=now, claimed_by="of-another-machine")
    assert give_up_orphans() == 1
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.state, alive.state) == (State.UNKNOWN, State.SENDING)
    assert kinds(dead) == [Kind.LOST]


@pytest.mark.django_db
def test_a_sender_whose_process_died_leaves_a_doubt_at_once(avatar: MakeAvatar) -> None:
    dead = avatar(state=State.SENDING, claimed_at=timezone.now(), claimed_by=token_of_the_dead())
    assert give_up_orphans() == 1
    dead.refresh_from_db()
    assert dead.state == State.UNKNOWN


@pytest.mark.django_db
def test_a_sender_at_work_is_left_alone(accepted: MakeAvatar, anam: ScriptAnam) -> None:
    given_up: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        given_up.append(give_up_orphans())
        return httpx.Response(201, json=described())

    anam(handler)
    accepted()
    send_next()
    assert given_up == [0]


@pytest.mark.django_db
def test_a_claim_that_this_process_forgot_leaves_a_doubt(avatar: MakeAvatar) -> None:
    orphan = avatar(state=State.SENDING, claimed_at=timezone.now(), claimed_by=our_token())
    assert give_up_orphans() == 1
    orphan.refresh_from_db()
    assert orphan.state == State.UNKNOWN


@pytest.mark.django_db
def test_an_answer_that_comes_after_all_settles_the_doubt(
    accepted: MakeAvatar, anam: ScriptAnam
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        Avatar.objects.update(state=State.UNKNOWN, lost_at=timezone.now())
        return httpx.Response(201, json=described(id="a-1"))

    anam(handler)
    avatar = accepted()
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.upstream_id, avatar.cause) == (State.READY, "a-1", "")


@pytest.mark.django_db
def test_what_reached_anam_is_what_was_kept(accepted: MakeAvatar, anam: ScriptAnam) -> None:
    bodies: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        bodies.append(request.read())
        return httpx.Response(201, json=described())

    anam(handler)
    accepted()
    send_next()
    assert prepared().data in bodies[0]
    assert b'filename="portrait.jpg"' in bodies[0]
    assert b"Content-Type: image/jpeg" in bodies[0]


@pytest.mark.django_db
def test_one_whose_permission_is_denied_while_others_get_through_is_refused(
    accepted: MakeAvatar, anam: ScriptAnam
) -> None:
    anam(answers(403, json={"error": "Forbidden"}))
    poison = accepted()
    send_next()
    anam(answers(201, json=described()))
    time_passes(901)
    accepted(owner=poison.owner)
    send_next()  # lets the untried one go first
    anam(answers(403, json={"error": "Forbidden"}))
    send_next()
    poison.refresh_from_db()
    assert (poison.state, poison.cause, poison.attempts) == (State.REFUSED, Cause.PERMISSION, 2)
    assert not Weather.at(rehearsal=False).is_closed


@pytest.mark.django_db
def test_an_answer_that_is_somebody_elses_avatar_is_told_and_not_sent_again(
    accepted: MakeAvatar, ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    ready_avatar(rehearsal=False, upstream_id="a-1")
    anam(answers(201, json=described(id="a-1")))
    avatar = accepted()
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.cause) == (State.REFUSED, Cause.SAME)


@pytest.mark.django_db
def test_an_answer_counts_even_when_the_row_waits_for_another_sending(
    accepted: MakeAvatar, anam: ScriptAnam
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        Avatar.objects.update(state=State.QUEUED)
        return httpx.Response(201, json=described(id="a-1"))

    anam(handler)
    avatar = accepted()
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.upstream_id) == (State.READY, "a-1")


@pytest.mark.django_db
def test_a_sender_that_slept_leaves_a_newer_sending_alone(
    accepted: MakeAvatar, anam: ScriptAnam
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        Avatar.objects.update(attempts=2)  # another machine took it for dead and sends it anew
        return httpx.Response(429)

    anam(handler)
    avatar = accepted()
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.attempts) == (State.SENDING, 2)


@pytest.mark.django_db
def test_a_clock_that_jumps_does_not_bury_a_living_sender(
    accepted: MakeAvatar, anam: ScriptAnam, settings: Settings
) -> None:
    given_up: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        time_passes(settings.CREATE_SECONDS + 31)
        given_up.append(give_up_orphans())
        return httpx.Response(201, json=described())

    anam(handler)
    accepted()
    send_next()
    assert given_up == [0]


@pytest.mark.django_db
def test_a_disk_that_takes_its_time_does_not_send_what_was_given_up_meanwhile(
    accepted: MakeAvatar, anam: ScriptAnam, settings: Settings
) -> None:
    calls: list[httpx.Request] = []
    anam(counting(calls))
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.SlowStorage"}}
    avatar = accepted()
    send_next()
    avatar.refresh_from_db()
    assert (avatar.state, calls) == (State.UNKNOWN, [])


class SlowStorage(InMemoryStorage):
    """By the time a photo is read, another machine has given its sending up."""

    def open(self, name: str, mode: str = "rb") -> Any:
        Avatar.objects.filter(state=State.SENDING).update(state=State.UNKNOWN)
        return super().open(name, mode)
