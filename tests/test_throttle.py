"""Pages for strangers are generous to people, and closed to whoever hammers at them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from avatars import throttle
from avatars.models import Consent
from avatars.services import consents
from avatars.services.consents import Terms
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson
from tests.views.outside import question, stranger, text_of
from tests.views.test_media import whole

CODE = "x" * 43


@pytest.fixture(autouse=True)
def midday() -> Iterator[None]:
    """Not at the turn of a window."""
    with at(12 * 3600.0):
        yield


@contextmanager
def at(seconds: float) -> Iterator[None]:
    with patch("time.time", return_value=seconds):
        yield


def waits(what: str, times: int, *, code: str = CODE, **where: str) -> list[int]:
    request = RequestFactory().get("/", **where)  # type: ignore[arg-type]
    return [throttle.wait(request, what, code) for _ in range(times)]


@pytest.mark.parametrize(
    ("what", "most"), [("open", 120), ("see", 240), ("save", 60), ("post", 40), ("miss", 60)]
)
def test_one_address_may_so_often_and_no_oftener(what: str, most: int) -> None:
    seen = waits(what, most + 3)
    assert seen[:most] == [0] * most
    assert all(seen[most:])


def test_another_address_has_its_own_count() -> None:
    waits("post", 50, code="a")
    assert waits("post", 1, code="b", REMOTE_ADDR="192.0.2.7") == [0]


@pytest.mark.parametrize(("what", "most"), [("open", 240), ("post", 80)])
def test_one_code_may_be_used_so_often_from_wherever(what: str, most: int) -> None:
    seen = [waits(what, 1, REMOTE_ADDR=f"2001:db8:{number:x}::1")[0] for number in range(most + 2)]
    assert seen[:most] == [0] * most
    assert all(seen[most:])
    assert waits(what, 1, code="other", REMOTE_ADDR="192.0.2.200") == [0]


def test_the_next_minute_begins_anew_and_one_is_told_when() -> None:
    with at(12 * 3600.0 + 15):
        assert waits("post", 41)[-1] == 45
    with at(12 * 3600.0 + 60):
        assert waits("post", 1) == [0]


def test_a_home_is_one_address_however_many_it_has() -> None:
    waits("post", 40, code="a", REMOTE_ADDR="2001:db8:1:2::3")
    assert waits("post", 1, code="b", REMOTE_ADDR="2001:db8:1:2:ffff::9")[0]
    assert waits("post", 1, code="c", REMOTE_ADDR="2001:db8:1:3::3") == [0]
    waits("post", 40, code="d", REMOTE_ADDR="::ffff:192.0.2.1")
    assert waits("post", 1, code="e", REMOTE_ADDR="::ffff:192.0.2.2") == [0]


def test_behind_a_trusted_proxy_it_is_the_visitors_own_address(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 192.0.2.1"}
    assert waits("post", 41, code="a", **forged)[-1]
    # What the visitor says of themselves does not count, what the proxy adds does.
    again = {"HTTP_X_FORWARDED_FOR": "203.0.113.5, 192.0.2.1"}
    assert waits("post", 1, code="b", **again)[0]
    assert waits("post", 1, code="c", HTTP_X_FORWARDED_FOR="192.0.2.2") == [0]


def test_without_a_proxy_nobody_says_who_they_are() -> None:
    waits("post", 40, code="a", HTTP_X_FORWARDED_FOR="192.0.2.1")
    assert waits("post", 1, code="b", HTTP_X_FORWARDED_FOR="192.0.2.2")[0]


# At the doors -------------------------------------------------------------------------------------
@pytest.fixture
def asked(accepted: MakeAvatar, person: MakePerson) -> Consent:
    mia = person(role=Role.CREATOR)
    return consents.ask(accepted(owner=mia), Terms("Anna Berg", "Films"), mia)


@pytest.fixture
def visitor() -> Client:
    return stranger()


def statuses(answers: list[Any]) -> list[int]:
    return [answer.status_code for answer in answers]


@pytest.mark.django_db
def test_too_many_tries_are_answered_in_words_with_the_time_to_wait(
    visitor: Client, asked: Consent
) -> None:
    answers = [visitor.get(question(asked)) for _ in range(121)]
    assert statuses(answers) == [200] * 120 + [429]
    assert "Nothing is lost" in text_of(answers[-1])
    assert "Try again in a minute" in text_of(answers[-1])
    assert "Anna" not in text_of(answers[-1])
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1]["Referrer-Policy"] == "no-referrer"


@pytest.mark.django_db
def test_an_answer_beyond_the_limit_is_not_taken(visitor: Client, asked: Consent) -> None:
    form = {"do": "yes", "who": ""}
    assert statuses([visitor.post(question(asked), form) for _ in range(40)]) == [422] * 40
    assert visitor.post(question(asked), {"do": "no"}).status_code == 429
    assert Consent.objects.get().standing == "asked"


@pytest.mark.django_db
def test_drafts_and_pictures_keep_nobody_from_answering(visitor: Client, asked: Consent) -> None:
    json = {"Accept": "application/json"}
    for _ in range(25):
        assert visitor.post(question(asked), {"who": "A"}, headers=json).status_code == 200
        assert whole(visitor.get(f"{question(asked)}/photo"))
    assert visitor.post(question(asked), {"do": "no"}).status_code == 302


@pytest.mark.django_db
def test_who_tries_codes_is_stopped_and_who_has_one_is_not(visitor: Client, asked: Consent) -> None:
    answers = []
    for number in range(62):
        with at(12 * 3600.0 + 40 * number):
            door = ("consent", "withdraw", "call")[number % 3]
            answers.append(visitor.get(f"/{door}/guess-{number}"))
    assert statuses(answers) == [404] * 60 + [429] * 2
    assert "minutes" in text_of(answers[-1])
    with at(12 * 3600.0 + 40 * 62):
        assert visitor.get(question(asked)).status_code == 200
