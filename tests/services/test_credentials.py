"""Making and revoking tokens, for the page and the command alike."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from avatars import tokens
from avatars.models import Right, Token
from avatars.services import credentials
from avatars.services.credentials import MadeBefore, Refused, TooMuch
from dashboard.people.models import User
from dashboard.people.roles import Role, give
from tests.conftest import MakePerson, at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(name="Mia Berg", role=Role.CREATOR)


def make(owner: User, *rights: Right, name: str = "Build server", **more: Any) -> tuple[Token, str]:
    return credentials.make(owner, name, rights or [Right.READ], **more)


def made_ago(token: Token, **ago: int) -> None:
    earlier = timezone.now() - timedelta(**ago)
    Token.objects.filter(pk=token.pk).update(created_at=earlier)


# Making ------------------------------------------------------------------------------------------
def test_a_new_token_works_and_only_its_digest_is_kept(mia: User) -> None:
    token, text = make(mia, Right.CREATE, Right.READ, by=mia)
    assert tokens.is_whole(text)
    assert Token.objects.by_text(text) == token
    (row,) = Token.objects.values()
    assert text not in str(row)
    assert (row["digest"], row["hint"]) == (tokens.digest(text), text[:8])
    assert (row["owner_id"], row["created_by_id"], row["name"]) == (mia.pk, mia.pk, "Build server")
    assert row["rights"] == ["avatars:read", "avatars:create"]
    assert not token.is_over


def test_it_lives_and_calls_as_the_settings_say(mia: User, settings: Settings) -> None:
    settings.TOKEN_DAYS, settings.TOKEN_RATE = 7, 11
    token, _ = make(mia)
    assert token.expires_at - token.created_at == timedelta(days=7)
    assert (token.rate, token.month_limit, token.created_by) == (11, None, None)


def test_it_lives_and_calls_as_its_maker_says(mia: User) -> None:
    token, _ = make(mia, days=366, rate=1, month_limit=50)
    assert token.expires_at - token.created_at == timedelta(days=366)
    assert (token.rate, token.month_limit) == (1, 50)


@pytest.mark.parametrize("role", Role)
def test_a_role_covers_these_rights(person: MakePerson, role: Role) -> None:
    seeing = {Right.READ, Right.WRITE, Right.DELETE, Right.FEED, Right.SESSIONS}
    covered = {
        Role.VIEWER: seeing,
        Role.CREATOR: seeing | {Right.CREATE},
        Role.REVIEWER: set(Right),
        Role.ADMINISTRATOR: set(Right),
    }
    assert set(credentials.rights_of(person(role=role))) == covered[role]


def test_what_the_role_does_not_cover_is_refused_by_name(person: MakePerson) -> None:
    viewer = person(name="Eve", role=Role.VIEWER)
    with pytest.raises(TooMuch) as refusal:
        make(viewer, Right.REVIEW, Right.READ, Right.CREATE)
    assert refusal.value.rights == [Right.CREATE, Right.REVIEW]
    assert "Eve does not cover avatars:create, review." in str(refusal.value)
    assert not Token.objects.exists()


def test_somebody_without_a_role_gets_no_token(person: MakePerson) -> None:
    with pytest.raises(TooMuch):
        make(person(role=None))


def test_somebody_who_was_deactivated_gets_no_token(mia: User) -> None:
    mia.is_active = False
    with pytest.raises(Refused, match="Mia Berg was deactivated"):
        make(mia)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": 0}, "1 to 366 days, not 0"),
        ({"days": 367}, "1 to 366 days, not 367"),
        ({"days": -1}, "days"),
        ({"rate": 0}, "calls a minute, not 0"),
        ({"rate": 100_001}, "calls a minute"),
        ({"month_limit": 0}, "avatars a month"),
        ({"month_limit": 10**9}, "avatars a month"),
        ({"name": ""}, "a name"),
        ({"name": "x" * 61}, "a name"),
    ],
)
def test_what_no_token_may_have_is_refused_in_words(
    mia: User, wrong: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        make(mia, **wrong)
    assert "No token was made." in str(refusal.value)
    assert not Token.objects.exists()


def test_a_token_needs_a_right(mia: User) -> None:
    with pytest.raises(Refused, match="at least one right"):
        credentials.make(mia, "Nothing", [])


# The same wish -----------------------------------------------------------------------------------
def test_the_same_form_twice_makes_one_token(mia: User) -> None:
    assert make(mia, wish="w") == make(mia, wish="w")
    assert Token.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_many_times_at_once_makes_one_token(mia: User) -> None:
    answers = at_once(lambda: make(mia, wish="w")[1], times=6)
    assert len(set(answers)) == 1
    assert tokens.digest(str(answers[0])) == Token.objects.get().digest


def test_a_form_sent_again_later_tells_no_text(mia: User) -> None:
    token, text = make(mia, wish="w")
    made_ago(token, seconds=61)
    with pytest.raises(MadeBefore) as refusal:
        make(mia, wish="w")
    assert refusal.value.token == token
    assert token.hint in str(refusal.value)
    assert text not in str(refusal.value)
    assert Token.objects.count() == 1


def test_a_form_whose_token_was_revoked_brings_it_not_back(mia: User) -> None:
    token, _ = make(mia, wish="w")
    credentials.revoke(token.pk, mia)
    with pytest.raises(MadeBefore):
        make(mia, wish="w")
    assert not Token.objects.open(timezone.now()).exists()


@pytest.mark.parametrize(
    "other", [{"wish": "v"}, {"name": "Other"}, {"days": 3}, {"rate": 3}, {"month_limit": 3}]
)
def test_whatever_differs_is_another_token(mia: User, other: dict[str, Any]) -> None:
    assert make(mia, wish="w")[1] != make(mia, **{"wish": "w", **other})[1]
    assert Token.objects.count() == 2


def test_nobody_gets_the_token_of_somebody_else_by_their_form(
    mia: User, person: MakePerson
) -> None:
    assert make(mia, wish="w")[1] != make(person(), wish="w")[1]


def test_without_a_wish_every_token_is_new(mia: User) -> None:
    assert len({make(mia)[1] for _ in range(3)}) == 3


def test_a_text_can_not_be_had_without_our_key(mia: User, settings: Settings) -> None:
    _, text = make(mia, wish="w")
    settings.SECRET_KEY = "another one"
    assert make(mia, wish="w")[1] != text


# Revoking ----------------------------------------------------------------------------------------
def test_a_revoked_token_stays_on_record_and_says_by_whom(mia: User, person: MakePerson) -> None:
    token, _ = make(mia)
    office = person(role=Role.ADMINISTRATOR)
    assert credentials.revoke(token.pk, office)
    assert not credentials.revoke(token.pk, mia)
    token.refresh_from_db()
    assert (token.is_over, token.revoked_by) == ("revoked", office)


def test_revoking_one_leaves_the_others(mia: User) -> None:
    (token, _), (other, _) = make(mia), make(mia)
    credentials.revoke(token.pk, mia)
    assert list(Token.objects.open(timezone.now())) == [other]


def test_a_lesser_role_takes_nothing_from_the_row(mia: User) -> None:
    token, _ = make(mia, Right.CREATE)
    give(mia, Role.VIEWER)
    token.refresh_from_db()
    assert token.has(Right.CREATE)
    assert Right.CREATE not in credentials.rights_of(User.objects.get(pk=mia.pk))
