"""A token's text, its minute, its month, and its end."""

import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from avatars import tokens
from avatars.models import Right, Token
from dashboard.people.models import User
from tests.conftest import MakeAvatar, MakePerson, at_once

ALPHABET = string.digits + string.ascii_letters
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)

MakeToken = Callable[..., Token]


@pytest.fixture
def make_token(person: MakePerson) -> MakeToken:
    def make(**fields: object) -> Token:
        text = tokens.new_token()
        defaults = {
            "name": "A program",
            "rate": 3,
            "rights": [Right.READ],
            "expires_at": NOON + timedelta(days=90),
            "digest": tokens.digest(text),
            "hint": text[: tokens.HINT],
        }
        owner: User = fields.pop("owner", None) or person()  # type: ignore[assignment]
        return Token.objects.create(owner=owner, **{**defaults, **fields})

    return make


def calls(token: Token, now: datetime, times: int = 1) -> list[bool]:
    return [Token.objects.count_call(token, now) for _ in range(times)]


# Its text ----------------------------------------------------------------------------------------
def test_a_token_is_one_that_a_scanner_of_secrets_finds() -> None:
    made = {tokens.new_token() for _ in range(1000)}
    assert len(made) == 1000
    for text in made:
        assert tokens.is_whole(text)
        assert set(text.removeprefix("grn_")) <= set(ALPHABET)
        assert len(text) == 40


@given(place=st.integers(0, 39), character=st.sampled_from(ALPHABET))
def test_any_changed_character_is_noticed(place: int, character: str) -> None:
    text = tokens.new_token()
    changed = text[:place] + character + text[place + 1 :]
    assert tokens.is_whole(changed) is (changed == text)


@pytest.mark.parametrize(
    "spoil", [str.upper, "{}x".format, " {}".format, "{}\n".format, "grn_{}".format]
)
def test_what_is_no_token_is_not_looked_up(spoil: Callable[[str], str]) -> None:
    text = tokens.new_token()
    assert not tokens.is_whole(spoil(text))
    assert not tokens.is_whole(text[:-1])
    assert not tokens.is_whole("")


def test_one_wish_has_one_token_and_another_another() -> None:
    assert tokens.token_for("a") == tokens.token_for("a") != tokens.token_for("b")
    assert all(tokens.is_whole(tokens.token_for(str(number))) for number in range(500))


# Its minute --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_minute_takes_as_many_calls_as_the_rate_says(make_token: MakeToken) -> None:
    token = make_token(rate=3)
    assert calls(token, NOON, times=5) == [True, True, True, False, False]


@pytest.mark.django_db
def test_a_new_minute_begins_when_the_first_call_is_a_minute_old(make_token: MakeToken) -> None:
    token = make_token(rate=2)
    calls(token, NOON, times=2)
    assert calls(token, NOON + timedelta(seconds=59)) == [False]
    assert calls(token, NOON + timedelta(seconds=60), times=3) == [True, True, False]


@pytest.mark.django_db
def test_each_token_has_a_minute_of_its_own(make_token: MakeToken) -> None:
    busy, idle = make_token(rate=1), make_token(rate=1)
    assert calls(busy, NOON, times=2) == [True, False]
    assert calls(idle, NOON) == [True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("began", [None, NOON - timedelta(hours=1), NOON])
def test_the_rate_is_exact_for_calls_at_once(make_token: MakeToken, began: datetime | None) -> None:
    token = make_token(rate=5, window_began=began)
    counted = at_once(lambda: Token.objects.count_call(token, NOON), times=12)
    assert sorted(counted, key=str) == [False] * 7 + [True] * 5
    token.refresh_from_db()
    assert (token.window_began, token.window_count) == (NOON, 5)


@pytest.mark.django_db
def test_a_call_that_counts_is_the_last_use(make_token: MakeToken) -> None:
    token = make_token(rate=1)
    calls(token, NOON)
    calls(token, NOON + timedelta(seconds=5))
    token.refresh_from_db()
    assert token.last_used_at == NOON


@pytest.mark.django_db
@pytest.mark.parametrize("over", [{"revoked_at": NOON}, {"expires_at": NOON}])
def test_a_token_that_is_over_counts_no_call(
    make_token: MakeToken, over: dict[str, datetime]
) -> None:
    token = make_token(**over)
    assert calls(token, NOON) == [False]
    token.refresh_from_db()
    assert (token.last_used_at, token.window_count) == (None, 0)


@pytest.mark.django_db
def test_the_next_minute_is_told_in_seconds(make_token: MakeToken) -> None:
    now = timezone.now()
    assert 40 <= make_token(window_began=now - timedelta(seconds=18)).seconds_to_next_window() <= 42
    assert make_token(window_began=now - timedelta(seconds=90)).seconds_to_next_window() == 1
    assert make_token().seconds_to_next_window() == 1


# Its month ---------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_only_its_own_avatars_of_this_month_count(
    make_token: MakeToken, avatar: MakeAvatar
) -> None:
    token = make_token()
    first = datetime(2026, 5, 1, tzinfo=UTC)
    for made, with_token in [
        (first, token),
        (NOON, token),
        (first - timedelta(seconds=1), token),
        (NOON, make_token()),
        (NOON, None),
    ]:
        avatar(created_at=made, token=with_token)
    assert token.made_this_month(NOON) == 2


@pytest.mark.django_db
def test_the_month_begins_where_the_team_lives(make_token: MakeToken, avatar: MakeAvatar) -> None:
    token = make_token()
    avatar(created_at=datetime(2026, 4, 30, 23, tzinfo=UTC), token=token)  # in Berlin, 1 May
    assert token.made_this_month(NOON) == 0
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert token.made_this_month(NOON) == 1


# Its end -----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_token_says_why_it_is_over(make_token: MakeToken, person: MakePerson) -> None:
    now = timezone.now()
    gone = person()
    gone.is_active = False
    assert make_token(expires_at=now + timedelta(minutes=1)).is_over == ""
    assert make_token(expires_at=now).is_over == "expired"
    assert make_token(revoked_at=now, expires_at=now).is_over == "revoked"
    assert "deactivated" in make_token(owner=gone, expires_at=now + timedelta(days=1)).is_over


@pytest.mark.django_db
def test_a_token_is_revoked_once(make_token: MakeToken, person: MakePerson) -> None:
    token, ada, bob = make_token(), person(), person()
    assert Token.objects.revoke(token.pk, NOON, by=ada)
    assert not Token.objects.revoke(token.pk, NOON + timedelta(days=1), by=bob)
    token.refresh_from_db()
    assert (token.revoked_at, token.revoked_by) == (NOON, ada)


@pytest.mark.django_db
def test_every_token_is_either_open_or_past(make_token: MakeToken) -> None:
    works = make_token()
    over = {make_token(revoked_at=NOON), make_token(expires_at=NOON)}
    assert set(Token.objects.open(NOON)) == {works}
    assert set(Token.objects.past(NOON)) == over


@pytest.mark.django_db
def test_a_token_is_found_by_its_text_alone(make_token: MakeToken) -> None:
    text = tokens.new_token()
    token = make_token(digest=tokens.digest(text))
    assert Token.objects.by_text(text) == token
    assert Token.objects.by_text(tokens.new_token()) is None
    assert Token.objects.by_text(token.digest) is None
