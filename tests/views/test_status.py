"""How it goes, for whoever runs this dashboard."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from avatars.models import Pulse, State
from avatars.services.create import send_next
from avatars.tasks import sweep
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, ScriptAnam

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client_of: ClientOf) -> Client:
    return client_of(Role.ADMINISTRATOR)


def fact(office: Client, title: str) -> Any:
    (found,) = [fact for fact in office.get("/status").context["facts"] if fact["title"] == title]
    return found


def test_a_fresh_installation_has_nothing_to_complain_about_but_the_worker(
    office: Client,
) -> None:
    facts = office.get("/status").context["facts"]
    assert [fact["title"] for fact in facts if fact["tone"] == "bad"] == ["Worker"]


def test_the_mode_says_where_avatars_are_made(office: Client, anam: ScriptAnam) -> None:
    assert fact(office, "Mode")["value"] == "Rehearsal"
    anam(lambda _: pytest.fail("the page asks Anam nothing"))
    assert fact(office, "Mode")["value"] == "Live"


def test_a_worker_shows_by_its_sweeps(office: Client) -> None:
    sweep()
    assert fact(office, "Worker")["value"] == "Running"
    Pulse.objects.update(at=timezone.now() - timedelta(hours=1))
    assert fact(office, "Worker")["tone"] == "bad"


def test_what_waits_is_counted_and_listed(office: Client, avatar: MakeAvatar) -> None:
    avatar()
    held = avatar(state=State.HELD, cause="quota", display_name="Anna Berg")
    lost = avatar(state=State.UNKNOWN, cause="no-answer")
    page = office.get("/status")
    assert fact(office, "Queue")["value"] == "1"
    assert fact(office, "Held up")["value"] == "2"
    assert list(page.context["held"]) == [held, lost]
    assert "No free avatar slot" in page.content.decode()


def test_the_last_success_is_told(office: Client, accepted: MakeAvatar) -> None:
    assert fact(office, "Last avatar made")["value"] == "None yet"
    accepted()
    send_next()
    assert fact(office, "Last avatar made")["tone"] == "good"


def test_a_folder_that_is_none_is_told(office: Client, rooms: Path) -> None:
    (rooms / "media").write_text("a file where a folder should be")
    assert fact(office, "Photos")["tone"] == "bad"
