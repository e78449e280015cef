"""A token's monthly limit holds, also when its last place is asked for twice at once."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from avatars.models import Avatar, Event, Kind, Right, Token, Wish
from avatars.services import credentials
from avatars.services.accept import Wanted, Way, accept
from avatars.services.limits import MonthIsFull
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakePerson, at_once, files_in, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR)


def token_for(owner: User, month_limit: int | None) -> Token:
    return credentials.make(owner, "CI", [Right.CREATE], month_limit=month_limit)[0]


def ask(token: Token, photos: int = 1, key: str | None = None) -> list[Avatar]:
    wanted = [Wanted(f"Face {number}", "cara-4", prepared()) for number in range(photos)]
    return accept(owner=token.owner, wanted=wanted, key=key, way=Way(token))


def test_beyond_the_limit_nothing_is_kept(mia: User, rooms: Path) -> None:
    token = token_for(mia, 1)
    (avatar,) = ask(token)
    kept = files_in(rooms / "media")
    with pytest.raises(MonthIsFull):
        ask(token)
    assert list(Avatar.objects.all()) == [avatar]
    assert Event.objects.filter(kind=Kind.UPLOADED).count() == 1
    assert files_in(rooms / "media") == kept


def test_photos_of_one_call_are_all_in_or_all_out(mia: User) -> None:
    token = token_for(mia, 2)
    with pytest.raises(MonthIsFull):
        ask(token, photos=3)
    assert not Avatar.objects.exists()
    assert len(ask(token, photos=2)) == 2


def test_a_call_repeated_with_its_key_needs_no_second_place(mia: User) -> None:
    token = token_for(mia, 1)
    assert ask(token, key="k") == ask(token, key="k")
    with pytest.raises(MonthIsFull):
        ask(token, key="another")
    assert Wish.objects.exclude(done_at=None).count() == 1


def test_a_new_month_has_room_again(mia: User) -> None:
    token = token_for(mia, 1)
    ask(token)
    Avatar.objects.update(created_at=timezone.now() - timedelta(days=32))
    assert ask(token)


def test_without_a_limit_there_is_none(mia: User) -> None:
    token = token_for(mia, None)
    assert [len(ask(token)) for _ in range(3)] == [1, 1, 1]


def test_the_limit_of_one_token_is_not_another_ones(mia: User) -> None:
    full, free = token_for(mia, 1), token_for(mia, 1)
    ask(full)
    assert ask(free)


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once(mia: User, rooms: Path) -> None:
    token = token_for(mia, 2)
    ask(token)
    one = len(files_in(rooms / "media"))
    answers = at_once(lambda: ask(token), times=2)
    assert sorted(type(answer).__name__ for answer in answers) == ["MonthIsFull", "list"]
    assert token.made_this_month(timezone.now()) == 2
    assert len(files_in(rooms / "media")) == 2 * one
