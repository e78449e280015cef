"""How many avatars somebody may make in a month, and who may at all."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from avatars.models import Avatar, Creators, Policy
from avatars.services.accept import Wanted, accept
from avatars.services.limits import MayNotCreate, MonthIsFull, month_of
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, at_once, files_in, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR)


def rule(**rules: Any) -> Policy:
    Policy.objects.filter(pk=1).update(**rules)
    return Policy.current()


def send(owner: User, photos: int = 1) -> list[Avatar]:
    wanted = [Wanted(f"Face {number}", "cara-4", prepared()) for number in range(photos)]
    return accept(owner=owner, wanted=wanted)


def test_without_a_limit_there_is_nothing_to_say(mia: User) -> None:
    send(mia)
    assert month_of(mia, Policy.current()) is None


def test_a_person_is_warned_before_the_limit_and_told_at_it(mia: User) -> None:
    policy = rule(month_limit=4, month_warning=3)
    seen = []
    for _ in range(5):
        month = month_of(mia, policy)
        assert month
        seen.append((month.made, month.left, month.warns))
        if month.left:
            send(mia)
    assert seen[:4] == [(0, 4, False), (1, 3, False), (2, 2, False), (3, 1, True)]
    assert seen[4] == (4, 0, True)


@pytest.mark.parametrize(("limit", "warning", "warns_at"), [(10, None, 8), (1, None, 1), (5, 9, 5)])
def test_the_warning_comes_at_four_fifths_unless_set_and_never_after_the_limit(
    limit: int, warning: int | None, warns_at: int
) -> None:
    assert rule(month_limit=limit, month_warning=warning).warns_at == warns_at


def test_beyond_the_limit_nothing_is_kept(mia: User, rooms: Path) -> None:
    rule(month_limit=2)
    send(mia)
    kept = files_in(rooms / "media")
    with pytest.raises(MonthIsFull) as full:
        send(mia, photos=2)
    assert (full.value.of, full.value.limit) == ("person", 2)
    assert Avatar.objects.count() == 1
    assert files_in(rooms / "media") == kept


def test_each_person_has_a_month_of_their_own(mia: User, person: MakePerson) -> None:
    rule(month_limit=1)
    send(mia)
    assert send(person(role=Role.CREATOR))


def test_a_new_month_has_room_again(mia: User, avatar: MakeAvatar) -> None:
    policy = rule(month_limit=1)
    avatar(owner=mia, created_at=timezone.now() - timedelta(days=32))
    month = month_of(mia, policy)
    assert month
    assert month.made == 0
    assert send(mia)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_both_take_the_last_place(mia: User) -> None:
    rule(month_limit=3)
    results = at_once(lambda: send(mia), times=8)
    assert sorted(type(result).__name__ for result in results) == ["MonthIsFull"] * 5 + ["list"] * 3
    assert Avatar.objects.count() == 3


@pytest.mark.parametrize(
    ("creators", "makes"),
    [
        (Creators.CREATORS, {Role.CREATOR, Role.REVIEWER, Role.ADMINISTRATOR}),
        (Creators.REVIEWERS, {Role.REVIEWER, Role.ADMINISTRATOR}),
        (Creators.ADMINISTRATORS, {Role.ADMINISTRATOR}),
    ],
)
def test_the_policy_narrows_who_makes_avatars(
    person: MakePerson, creators: Creators, makes: set[Role]
) -> None:
    policy = rule(creators=creators)
    people = {role: person(role=role) for role in Role}
    assert {role for role, who in people.items() if policy.lets_create(who)} == makes
    for role in {Role.CREATOR, Role.REVIEWER, Role.ADMINISTRATOR} - makes:
        with pytest.raises(MayNotCreate):
            send(people[role])
    for role in makes:
        assert send(people[role])
