"""The wake-ups: what they plan, and what a worker does with them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from avatars.models import Pulse, State, Weather
from avatars.services import line
from avatars.tasks import send_due, sweep
from tests.conftest import MakeAvatar, ScriptAnam, time_passes
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db


def planned(name: str) -> Any:
    return DBTaskResult.objects.filter(task_path=f"avatars.tasks.{name}")


def test_a_wake_up_sends_one_avatar_and_wakes_the_next(accepted: MakeAvatar) -> None:
    first, second = accepted(), accepted()
    send_due.call()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.READY, State.QUEUED)
    assert planned("send_due").count() == 2  # one beside it, one after it
    send_due.call()
    second.refresh_from_db()
    assert second.state == State.READY
    assert planned("send_due").count() == 2


def test_a_held_avatar_plans_its_own_next_try(accepted: MakeAvatar, anam: ScriptAnam) -> None:
    anam(lambda _: httpx.Response(429, headers={"Retry-After": "70"}))
    avatar = accepted()
    send_due.call()
    avatar.refresh_from_db()
    (task,) = planned("send_due")
    assert task.run_after == avatar.retry_at


def test_the_next_starts_a_moment_later(accepted: MakeAvatar) -> None:
    accepted()
    accepted()
    began = timezone.now()
    send_due.call()
    beside, _ = planned("send_due").order_by("enqueued_at")
    assert beside.run_after >= began + line.PACE


def test_who_comes_too_early_comes_again(accepted: MakeAvatar, avatar: MakeAvatar) -> None:
    accepted()
    now = timezone.now()
    avatar(state=State.SENDING, claimed_at=now)
    send_due.call()
    (again,) = planned("send_due")
    assert again.run_after == now + line.PACE


def test_an_outage_plans_its_own_next_look(accepted: MakeAvatar, anam: ScriptAnam) -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("on purpose")

    anam(down)
    accepted()
    send_due.call()
    time_passes(7)
    send_due.call()
    times = planned("send_due").order_by("enqueued_at").values_list("run_after", flat=True)
    assert times.last() == Weather.at(rehearsal=False).until


def test_a_lost_answer_is_looked_for_soon(accepted: MakeAvatar, anam: ScriptAnam) -> None:
    anam(lambda _: httpx.Response(201, content=b""))
    accepted()
    send_due.call()
    assert planned("settle_lost").count() == 1


def test_a_fault_in_one_step_keeps_no_other_from_its_work(
    accepted: MakeAvatar, avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    def babbling(request: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError("a bug of ours")

    anam(babbling)
    avatar(rehearsal=False, state=State.UNKNOWN, lost_at=timezone.now())
    accepted()
    sweep()
    assert planned("send_due").exists()


def test_an_avatar_without_a_preview_plans_a_look(accepted: MakeAvatar, anam: ScriptAnam) -> None:
    anam(lambda _: httpx.Response(201, json=described()))
    avatar = accepted()
    send_due.call()
    (task,) = planned("look_for_preview")
    assert task.args_kwargs["args"] == [str(avatar.pk)]


def test_a_sweep_wakes_every_slot_when_something_is_due(
    accepted: MakeAvatar, settings: Settings
) -> None:
    sweep()
    assert not planned("send_due").exists()
    accepted()
    sweep()
    assert planned("send_due").count() == settings.CREATE_SLOTS


def test_a_sweep_leaves_a_sign_of_life() -> None:
    began = timezone.now()
    sweep()
    last = Pulse.last("sweep")
    assert last is not None
    assert began <= last < began + timedelta(minutes=1)


def test_while_the_way_is_closed_wake_ups_do_not_pile_up(
    accepted: MakeAvatar, anam: ScriptAnam
) -> None:
    anam(lambda _: httpx.Response(429, headers={"Retry-After": "3600"}))
    for _ in range(3):
        accepted()
    send_due.call()
    before = planned("send_due").count()
    for _ in range(5):
        send_due.call()
    assert planned("send_due").count() == before


def test_after_trouble_somebody_comes_back_when_the_way_may_open(
    accepted: MakeAvatar, anam: ScriptAnam
) -> None:
    anam(lambda _: httpx.Response(503))
    accepted()
    send_due.call()
    times = planned("send_due").values_list("run_after", flat=True)
    assert Weather.at(rehearsal=False).until in times
