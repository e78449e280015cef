"""The team's page of photo calls."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Event, Kind, PhotoCall, Policy
from avatars.services import photo_calls
from dashboard.people.models import User
from dashboard.people.roles import Role, give
from tests.conftest import ClientOf, MakePerson
from tests.views.outside import text_of

pytestmark = pytest.mark.django_db
CALL = {
    "title": "New faces",
    "purpose": "Intranet",
    "places": "12",
    "days": "30",
    "model": "cara-4",
    "wish": "w-1",
}


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia Maker")


@pytest.fixture
def room(client_of: ClientOf, mia: User) -> Client:
    return client_of(mia)


def opened(by: User, title: str = "New faces") -> PhotoCall:
    return photo_calls.open_call(
        by, title=title, purpose="Intranet", model="cara-4", places=3, days=3
    )


def close(call: PhotoCall) -> str:
    return f"/calls/{call.pk}/close"


def test_without_any_call_the_page_says_what_they_are_for(room: Client) -> None:
    text = text_of(room.get("/calls"))
    assert "No call is open" in text
    assert "Open a call" in text


def test_an_open_call_shows_its_link_as_often_as_one_looks(room: Client) -> None:
    text = text_of(room.post("/calls/open", CALL, follow=True))
    call = PhotoCall.objects.get()
    assert "Pass its link on" in text
    for shown in (text, text_of(room.get("/calls"))):
        assert f"http://testserver/call/{call.code}" in shown
        assert "0 of 12 photos came in" in shown
    room.post("/calls/open", CALL)
    assert PhotoCall.objects.count() == 1  # a double click


BAD = [
    {"title": ""},
    {"title": "x" * 101},
    {"purpose": " \u200b\n"},
    {"places": "0"},
    {"places": "201"},
    {"days": "0"},
    {"days": "91"},
    {"model": "cara-99"},
]


@pytest.mark.parametrize("fields", BAD)
def test_a_call_that_will_not_do_is_explained(room: Client, fields: dict[str, Any]) -> None:
    response = room.post("/calls/open", {**CALL, **fields})
    assert (response.status_code, "errorlist" in text_of(response)) == (422, True)
    assert not PhotoCall.objects.exists()


def test_everybody_sees_their_own_and_administrators_all(
    client_of: ClientOf, mia: User, person: MakePerson
) -> None:
    mine, theirs = opened(mia, "Mine"), opened(person(role=Role.REVIEWER), "Theirs")
    text = text_of(client_of(mia).get("/calls"))
    assert mine.code in text
    assert "Theirs" not in text
    assert theirs.code not in text
    text = text_of(client_of(Role.ADMINISTRATOR).get("/calls"))
    assert {"Mine", "Theirs"} <= set(text.replace("<", " ").replace(">", " ").split())


def test_its_maker_and_an_administrator_close_a_call(
    client_of: ClientOf, room: Client, mia: User
) -> None:
    first, second = opened(mia), opened(mia)
    assert client_of(Role.REVIEWER).post(close(first)).status_code == 404
    text = text_of(room.post(close(first), follow=True))
    assert "is closed" in text
    assert first.code not in text
    assert "over already" in text_of(room.post(close(first), follow=True))
    assert client_of(Role.ADMINISTRATOR).post(close(second)).status_code == 302
    assert Event.objects.filter(kind=Kind.CALL_CLOSED).count() == 2


def test_what_is_over_is_listed_with_its_reason_and_without_its_link(
    room: Client, mia: User
) -> None:
    call = opened(mia)
    PhotoCall.objects.update(taken=3)
    text = text_of(room.get("/calls"))
    assert "3 of 3" in text
    assert "full" in text
    assert call.code not in text
    PhotoCall.objects.update(taken=1, until=timezone.now())
    assert "Calls that are over" in text_of(room.get("/calls"))


def test_where_the_policy_leaves_making_to_others_nobody_opens_a_call(
    room: Client, client_of: ClientOf, mia: User
) -> None:
    call = opened(mia)
    Policy.objects.update(creators="reviewers")
    assert "leaves making avatars to others" in text_of(room.get("/calls"))
    assert room.post("/calls/open", CALL).status_code == 403
    assert room.post(close(call)).status_code == 302
    assert client_of(Role.REVIEWER).post("/calls/open", CALL).status_code == 302


def test_viewers_have_no_calls(client_of: ClientOf) -> None:
    assert client_of(Role.VIEWER).get("/calls").status_code == 403
    assert client_of(Role.VIEWER).post("/calls/open", CALL).status_code == 403


def test_who_asks_has_a_name_or_the_page_says_how_to_set_it(
    room: Client, settings: Settings
) -> None:
    assert "ORGANISATION" in text_of(room.get("/calls"))
    settings.ORGANISATION = "Museum of Light"
    assert "ORGANISATION" not in text_of(room.get("/calls"))


def test_the_page_asks_as_much_for_many_calls_as_for_one(
    client_of: ClientOf, person: MakePerson
) -> None:
    """Of the open ones and of the past ones, also of those whose maker makes none any more."""
    office = client_of(Role.ADMINISTRATOR)

    def one_of_each() -> None:
        opened(person(role=Role.CREATOR))
        opened(left := person(role=Role.CREATOR))
        give(left, Role.VIEWER)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert office.get("/calls").status_code == 200
        return len(caught)

    one_of_each()
    few = queries()
    for _ in range(10):
        one_of_each()
    assert queries() == few
    text = text_of(office.get("/calls"))
    assert text.count("Link to pass on") == 11
    assert text.count("of somebody who makes no avatars any more") == 11


def test_of_the_past_ones_only_those_that_are_shown_are_read(room: Client, mia: User) -> None:
    for number in range(25):
        opened(mia, f"Call {number}")
    PhotoCall.objects.update(closed_at=timezone.now())
    with CaptureQueriesContext(connection) as caught:
        text = text_of(room.get("/calls"))
    assert "Call 24" in text
    assert "Call 4<" not in text
    reads = [query["sql"] for query in caught if "avatars_photocall" in query["sql"]]
    assert [sql.endswith("LIMIT 20") for sql in reads].count(True) == 1
    assert len(reads) == 2
