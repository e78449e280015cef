"""Calls that wait for Anam: how many, how long, and what becomes of those who don't."""

import threading
import time
from typing import Any

import httpx
import pytest
from django.db import connections
from pytest_django import Settings

from avatars.api.waiting import LOOKOUT, Lookout, seat
from avatars.models import Avatar, State
from avatars.tasks import send_due
from tests.api.conftest import MakeToken, Program
from tests.conftest import MakeAvatar, ScriptAnam
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db(transaction=True)


def beside(work: Any) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_beyond_the_seats_a_call_is_told_to_come_back_and_nothing_is_taken_in(
    program: Program, settings: Settings
) -> None:
    settings.API_WAITERS = 1
    with seat():
        response = program.create()
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert not Avatar.objects.exists()
    assert program.create().status_code == 201


def test_whoever_may_call_out_needs_a_seat(program: Program, settings: Settings) -> None:
    made = program.create().json()["id"]
    Avatar.objects.update(approval="approved")
    settings.API_WAITERS = 1
    wanted = {"personaConfig": {"avatarId": made}}
    with seat():
        assert program.create(headers={"Prefer": "respond-async"}).status_code == 503
        assert program.post("auth/session-token", wanted).status_code == 503
        assert program.get("avatars").status_code == 200
    assert program.post("auth/session-token", wanted).status_code == 200


def test_the_lookout_outlives_whatever_goes_wrong(accepted: MakeAvatar) -> None:
    lookout, avatar = Lookout(), accepted()
    Avatar.objects.filter(pk=avatar.pk).update(state=State.REFUSED, cause="age")
    odd: Any = "no id at all"  # the query fails as long as this one waits
    waits = beside(lambda: lookout.wait(odd, 0.7))
    time.sleep(0.1)
    begun = time.monotonic()
    beside(lambda: lookout.wait(avatar.pk, 30)).join()
    waits.join()
    assert 0.3 < time.monotonic() - begun < 10


def test_who_comes_after_the_one_in_hand_waits_for_the_worker(
    program: Program, make_token: MakeToken, anam: ScriptAnam, settings: Settings
) -> None:
    settings.CREATE_SLOTS = 1
    hold, reached = threading.Event(), threading.Event()

    def slow(request: httpx.Request) -> httpx.Response:
        reached.set()
        hold.wait(10)
        return httpx.Response(201, json=described(videoUrl="https://api.anam.ai/v.webm"))

    anam(slow)
    answers: list[int] = []
    first = beside(lambda: answers.append(program.create("First face").status_code))
    assert reached.wait(10)
    another = Program(make_token()[1])
    second = beside(lambda: answers.append(another.create("Second face").status_code))
    while Avatar.objects.count() < 2:
        time.sleep(0.02)
    hold.set()
    first.join()
    send_due.call()
    second.join()
    assert answers == [201, 201]


def test_a_call_ends_when_somebody_else_has_settled_it(accepted: MakeAvatar) -> None:
    avatar = accepted()
    Avatar.objects.filter(pk=avatar.pk).update(state=State.SENDING)
    begun = time.monotonic()
    waiter = beside(lambda: LOOKOUT.wait(avatar.pk, 30))
    Avatar.objects.filter(pk=avatar.pk).update(state=State.REFUSED, cause="age")
    waiter.join(10)
    assert not waiter.is_alive()
    assert time.monotonic() - begun < 10


def test_the_lookout_rests_when_nobody_waits_and_works_again_later(accepted: MakeAvatar) -> None:
    lookout, avatar = Lookout(), accepted()
    for _ in range(2):
        beside(lambda: lookout.wait(avatar.pk, 0.3)).join()
        give_up = time.monotonic() + 5
        while lookout.is_awake and time.monotonic() < give_up:
            time.sleep(0.02)
        assert not lookout.is_awake


def test_a_short_patience_ends_in_a_202_for_who_is_content_with_it(
    program: Program, settings: Settings
) -> None:
    response = program.create(headers={"Prefer": "respond-async, wait=1"})
    assert response.status_code == 202
    settings.API_SECONDS = 290
    send_due.call()
    assert Avatar.objects.get().state == State.READY


def test_a_short_patience_alone_ends_in_a_504_that_says_where_to_ask(program: Program) -> None:
    response = program.create(headers={"Prefer": "wait=1"})
    body = response.json()
    assert response.status_code == 504
    assert body["creation"]["state"] == "queued"
    assert program.get(body["creation"]["url"].partition("/v1/")[2]).status_code == 200
