"""Turns and slots."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, State, Weather
from avatars.services import line
from avatars.services.create import send_next
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, ScriptAnam, at_once
from tests.upstream.answers import described


@pytest.mark.django_db
def test_people_take_turns(accepted: MakeAvatar, person: MakePerson) -> None:
    anna, bert, cleo = (person(role=Role.CREATOR, name=name) for name in ("Anna", "Bert", "Cleo"))
    for number in range(3):
        accepted(owner=anna, display_name=f"Anna {number}")
    for number in range(2):
        accepted(owner=bert, display_name=f"Bert {number}")
    accepted(owner=cleo, display_name="Cleo 0")
    planned = [Avatar.objects.get(pk=pk).display_name for pk in line.waiting(rehearsal=True)]
    sent = [avatar.display_name for avatar in iter(send_next, None)]
    assert sent == ["Anna 0", "Bert 0", "Cleo 0", "Anna 1", "Bert 1", "Anna 2"]
    assert planned == sent


@pytest.mark.django_db
def test_who_has_just_come_goes_before_who_has_just_been_served(
    accepted: MakeAvatar, person: MakePerson
) -> None:
    anna, bert = person(role=Role.CREATOR), person(role=Role.CREATOR)
    for _ in range(3):
        accepted(owner=anna)
    send_next()
    newcomer = accepted(owner=bert)
    assert send_next() == newcomer


@pytest.mark.django_db
def test_one_that_was_tried_already_lets_the_others_of_its_owner_pass(
    avatar: MakeAvatar, accepted: MakeAvatar
) -> None:
    fresh = accepted()
    tried = accepted(owner=fresh.owner)
    Avatar.objects.filter(pk=fresh.pk).update(attempts=0)
    Avatar.objects.filter(pk=tried.pk).update(
        attempts=2, created_at=timezone.now() - timedelta(hours=1)
    )
    assert [send_next(), send_next()] == [fresh, tried]


@pytest.mark.django_db
def test_no_more_are_sent_than_there_are_slots(
    avatar: MakeAvatar, accepted: MakeAvatar, settings: Settings
) -> None:
    settings.CREATE_SLOTS = 2
    accepted()
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    busy = [avatar(state=State.SENDING, claimed_at=a_minute_ago) for _ in range(2)]
    assert send_next() is None
    Avatar.objects.filter(pk=busy[0].pk).update(state=State.READY)
    assert send_next() is not None


@pytest.mark.django_db(transaction=True)
def test_the_slots_hold_for_many_workers_at_once(
    accepted: MakeAvatar, anam: ScriptAnam, settings: Settings
) -> None:
    settings.CREATE_SLOTS = 3
    at_anam: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        at_anam.append(Avatar.objects.filter(state=State.SENDING).count())
        return httpx.Response(201, json=described())

    anam(handler)
    for _ in range(12):
        accepted()
    while Avatar.objects.filter(state=State.QUEUED).exists():
        at_once(send_next, 8)
    assert len(at_anam) == 12
    assert max(at_anam) <= 3


@pytest.mark.django_db
def test_two_starts_are_a_moment_apart(avatar: MakeAvatar, accepted: MakeAvatar) -> None:
    accepted()
    now = timezone.now()
    ahead = avatar(state=State.SENDING, claimed_at=now)
    assert send_next() is None
    assert line.next_start() == now + line.PACE
    Avatar.objects.filter(pk=ahead.pk).update(claimed_at=timezone.now() - line.PACE)
    assert send_next() is not None


@pytest.mark.django_db
def test_a_closed_way_is_no_matter_of_pace(accepted: MakeAvatar) -> None:
    assert line.next_start() is None
    accepted()
    assert line.next_start() is None  # at once
    later = timezone.now() + timedelta(minutes=1)
    Weather.objects.update(cause="rate", until=later)
    assert line.next_start() is None


@pytest.mark.django_db
def test_full_slots_wait_for_an_end_and_not_for_a_time(
    avatar: MakeAvatar, accepted: MakeAvatar, settings: Settings
) -> None:
    accepted()
    for _ in range(settings.CREATE_SLOTS):
        avatar(state=State.SENDING, claimed_at=timezone.now())
    assert line.next_start() is None


@pytest.mark.django_db
def test_who_is_not_waiting_has_no_place(ready_avatar: MakeAvatar, avatar: MakeAvatar) -> None:
    avatar()
    assert line.place_of(ready_avatar()) is None


@pytest.mark.django_db
def test_a_sandbox_without_its_folder_does_not_stop_what_is_anams(
    accepted: MakeAvatar, anam: ScriptAnam, rooms: Path
) -> None:
    rehearsed = accepted()
    Weather.objects.create(rehearsal=True, cause="outage", until=timezone.now())
    (rooms / "sandbox").write_text("a file where a folder should be")
    anam(lambda _: httpx.Response(201, json=described()))
    live = accepted()
    assert line.look_out() is None
    assert (send_next(), send_next()) == (live, None)
    rehearsed.refresh_from_db()
    assert rehearsed.state == State.QUEUED
