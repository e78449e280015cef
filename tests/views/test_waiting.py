"""Waiting in line, as the avatar's page tells it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from avatars.models import Avatar, State, Weather
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Anna")


def waiting(client_of: ClientOf, avatar: Avatar, who: User) -> Any:
    return client_of(who).get(avatar.get_absolute_url()).context["waiting"]


def test_the_place_in_the_line_is_told(
    client_of: ClientOf, avatar: MakeAvatar, maker: User
) -> None:
    avatar(owner=maker)
    second = avatar(owner=maker)
    place = waiting(client_of, second, maker)
    assert (place["number"], place["of"], place["words"]) == (2, 2, None)
    browser = client_of(maker)
    page = browser.get(second.get_absolute_url()).content.decode()
    assert "Number 2 of 2 in line" in page
    facts = browser.get(second.get_absolute_url(), headers={"accept": "application/json"}).json()
    assert facts["line"] == {"number": 2, "of": 2}


def test_who_does_not_wait_reads_of_no_line(
    client_of: ClientOf, ready_avatar: MakeAvatar, maker: User
) -> None:
    assert waiting(client_of, ready_avatar(), maker) is None


def test_what_keeps_the_line_is_told_to_those_who_have_not_met_it(
    client_of: ClientOf, avatar: MakeAvatar, maker: User
) -> None:
    later = timezone.now() + timedelta(minutes=3)
    Weather.objects.create(rehearsal=True, cause="key", until=later)
    mine = avatar(owner=maker)
    page = client_of(maker).get(mine.get_absolute_url()).content.decode()
    assert "refused this installation" in page
    assert f"{later:%H:%M:%S}" in page


def test_without_a_free_slot_those_are_offered_that_may_go(
    client_of: ClientOf,
    avatar: MakeAvatar,
    ready_avatar: MakeAvatar,
    maker: User,
    person: MakePerson,
) -> None:
    Weather.objects.create(rehearsal=True, cause="quota", until=timezone.now())
    own, other = ready_avatar(owner=maker), ready_avatar()
    mine = avatar(owner=maker, state=State.HELD, cause="quota")
    assert waiting(client_of, mine, maker)["slots"] == [own]
    office = person(role=Role.ADMINISTRATOR)
    assert waiting(client_of, mine, office)["slots"] == [own, other]


def test_the_usual_time_is_told(
    client_of: ClientOf, avatar: MakeAvatar, ready_avatar: MakeAvatar, maker: User
) -> None:
    mine = avatar(owner=maker, state=State.SENDING, claimed_at=timezone.now())
    address = mine.get_absolute_url()
    assert "half a minute to two minutes" in client_of(maker).get(address).content.decode()
    ready_avatar(creating_seconds=62)
    assert "usually about 60 s" in client_of(maker).get(address).content.decode()
