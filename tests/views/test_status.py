"""How it goes, for whoever runs this dashboard."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from avatars.models import Avatar, Pulse, State, Weather
from avatars.services.create import send_next
from avatars.tasks import sweep
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, ScriptAnam
from tests.upstream.answers import listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client_of: ClientOf) -> Client:
    return client_of(Role.ADMINISTRATOR)


def fact(office: Client, title: str) -> Any:
    (found,) = [fact for fact in office.get("/status").context["gauges"] if fact.title == title]
    return found


def test_a_fresh_installation_has_nothing_to_complain_about_but_the_worker(
    office: Client,
) -> None:
    facts = office.get("/status").context["gauges"]
    assert [fact.title for fact in facts if fact.tone == "bad"] == ["Worker"]


def test_the_mode_says_where_avatars_are_made(office: Client, anam: ScriptAnam) -> None:
    assert fact(office, "Mode").value == "Rehearsal"
    anam(lambda _: pytest.fail("the page asks Anam nothing"))
    assert fact(office, "Mode").value == "Live"


def test_a_worker_shows_by_its_sweeps(office: Client) -> None:
    sweep()
    assert fact(office, "Worker").value == "Running"
    Pulse.objects.update(at=timezone.now() - timedelta(hours=1))
    assert fact(office, "Worker").tone == "bad"


def test_what_waits_is_counted_and_listed(office: Client, avatar: MakeAvatar) -> None:
    avatar()
    held = avatar(state=State.HELD, cause="quota", display_name="Anna Berg")
    lost = avatar(state=State.UNKNOWN, cause="no-answer")
    page = office.get("/status")
    assert fact(office, "In line").value == "2"
    assert fact(office, "Held up").value == "2"
    assert list(page.context["held"]) == [held, lost]
    assert "No free avatar slot" in page.content.decode()


def test_the_last_success_is_told(office: Client, accepted: MakeAvatar) -> None:
    assert fact(office, "Last avatar made").value == "None yet"
    accepted()
    send_next()
    assert fact(office, "Last avatar made").tone == "good"


def test_a_folder_that_is_none_is_told(office: Client, rooms: Path) -> None:
    (rooms / "media").write_text("a file where a folder should be")
    assert fact(office, "Photos").tone == "bad"


@pytest.mark.parametrize(
    ("answer", "tone", "value"),
    [
        (listed(), "good", "Works"),
        (httpx.Response(401), "bad", "Anam does not accept the key"),
    ],
)
def test_the_key_is_looked_at_by_a_cheap_read(
    office: Client, anam: ScriptAnam, answer: httpx.Response, tone: str, value: str
) -> None:
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer

    anam(handler)
    assert fact(office, "Key").tone == "plain"
    office.post("/status/look")
    assert (fact(office, "Key").tone, fact(office, "Key").value) == (tone, value)
    assert [(r.method, r.url.params["perPage"]) for r in asked] == [("GET", "1")]


def test_a_bad_key_is_told_on_every_page_of_an_administrator_and_to_nobody_else(
    office: Client, client_of: ClientOf, anam: ScriptAnam
) -> None:
    anam(lambda _: httpx.Response(401))
    office.post("/status/look")
    assert "Sending is paused" in office.get("/").content.decode()
    assert "Sending is paused" not in client_of(Role.REVIEWER).get("/").content.decode()
    assert fact(office, "Sending").tone == "bad"
    anam(lambda _: listed())
    office.post("/status/look")
    assert "Sending is paused" not in office.get("/").content.decode()


def test_looking_lets_the_waiting_try_at_once_unless_anam_named_the_time(
    office: Client, avatar: MakeAvatar
) -> None:
    later = timezone.now() + timedelta(hours=1)
    held = avatar(state=State.HELD, cause="quota", retry_at=later)
    Weather.objects.create(rehearsal=True, cause="quota", until=later)
    office.post("/status/look")
    held.refresh_from_db()
    assert held.retry_at is not None
    assert held.retry_at < later
    Avatar.objects.update(retry_at=later)
    Weather.objects.update(cause="rate", until=later)
    office.post("/status/look")
    held.refresh_from_db()
    assert held.retry_at == later


def test_creating_takes_as_long_as_it_took(office: Client, ready_avatar: MakeAvatar) -> None:
    assert fact(office, "Creating takes").value == "Not known yet"
    for seconds in (38, 41, 200):
        ready_avatar(creating_seconds=seconds)
    assert fact(office, "Creating takes").value == "about 40 s"
    assert "about 3 min" in fact(office, "Creating takes").text


def test_what_anam_could_not_be_told_is_listed_and_tried_at_once_when_it_answers(
    office: Client, ready_avatar: MakeAvatar
) -> None:
    later = timezone.now() + timedelta(minutes=30)
    row = ready_avatar(errand="rename", errand_at=later, errand_cause="outage")
    page = office.get("/status")
    assert [avatar for avatar, _ in page.context["untold"]] == [row]
    assert "Anam could not be told yet" in page.content.decode()
    office.post("/status/look")
    row.refresh_from_db()
    assert row.errand_at is not None
    assert row.errand_at < later


def test_while_anam_has_named_the_time_looking_says_so(office: Client) -> None:
    later = timezone.now() + timedelta(minutes=5)
    Weather.objects.create(rehearsal=True, cause="rate", until=later)
    page = office.post("/status/look", follow=True).content.decode()
    assert f"asked to wait until {later:%H:%M:%S}" in page
