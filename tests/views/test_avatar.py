"""One avatar's page, its progress, and the buttons on it."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from avatars.models import Kind, Policy, State
from avatars.photos.rules import METADATA
from avatars.upstream.errors import Cause
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson, ScriptAnam
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db
FACTS = {
    "line",
    "id",
    "display_name",
    "owner",
    "state",
    "state_words",
    "message",
    "cause",
    "retry_at",
    "upstream_id",
    "approval",
    "review_note",
    "model",
    "versions",
    "rehearsal",
    "preview",
    "advice",
    "created_at",
    "url",
    "still_url",
    "video_url",
}
SITUATIONS: dict[str, dict[str, Any]] = {
    "queued": {"state": State.QUEUED},
    "sending": {"state": State.SENDING},
    "held": {"state": State.HELD, "cause": Cause.RATE, "retry_at": timezone.now()},
    "unknown": {"state": State.UNKNOWN, "cause": Cause.NO_ANSWER},
    "to choose": {
        "state": State.UNKNOWN,
        "cause": Cause.SEVERAL_FIT,
        "candidates": [
            {"id": "a-1", "display_name": "Anna", "created_at": "2026-04-22T10:00:00.000Z"},
            {"id": "a-2", "display_name": "Anna", "created_at": None},
        ],
    },
    "refused": {"state": State.REFUSED, "cause": Cause.LIKENESS, "said": "A <b>star</b>"},
    "preview coming": {"state": State.READY, "ready_at": timezone.now()},
    "no preview": {"state": State.READY, "ready_at": timezone.now() - timedelta(hours=1)},
    "ready": {"state": State.READY, "video_url": "https://x.anam.ai/v", "upstream": described()},
    "odd answer": {"state": State.READY, "upstream": {"description": 7, "displayTags": {}}},
    "removed": {"state": State.REMOVED},
    "in review": {"state": State.REVIEW},
}


@pytest.fixture
def office(client_of: ClientOf) -> Client:
    return client_of(Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", SITUATIONS)
def test_the_page_of_every_situation_can_be_shown_to_everybody(
    client_of: ClientOf, avatar: MakeAvatar, name: str, role: Role
) -> None:
    found = avatar(**SITUATIONS[name])
    page = client_of(role).get(found.get_absolute_url())
    text = page.content.decode()
    assert page.status_code == 200
    assert found.state_words in text
    assert "<b>star</b>" not in text
    assert (f'hx-get="/avatars/{found.pk}/progress"' in text) is found.in_progress


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_progress_is_the_part_of_the_page_that_changes(
    office: Client, avatar: MakeAvatar, name: str
) -> None:
    found = avatar(**SITUATIONS[name])
    fragment = office.get(f"/avatars/{found.pk}/progress")
    text = fragment.content.decode()
    assert fragment.status_code == 200
    assert 'id="progress"' in text
    assert "<html" not in text
    assert "no-store" in fragment["Cache-Control"]
    assert (f'hx-get="/avatars/{found.pk}/progress"' in text) is found.in_progress


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_facts_come_as_json(office: Client, avatar: MakeAvatar, name: str) -> None:
    found = avatar(**SITUATIONS[name])
    facts = office.get(found.get_absolute_url(), headers={"Accept": "application/json"}).json()
    assert set(facts) == FACTS
    assert (facts["id"], facts["state"]) == (str(found.pk), found.state)
    assert "x.anam.ai" not in str(facts)  # a signed link never leaves in a page


def test_no_page_holds_a_signed_link(office: Client, ready_avatar: MakeAvatar) -> None:
    found = ready_avatar(video_url="https://x.anam.ai/v?X-Amz-Signature=secret")
    for path in (
        found.get_absolute_url(),
        "/",
        "/review",
        "/status",
        f"/avatars/{found.pk}/progress",
    ):
        assert "X-Amz" not in office.get(path).content.decode()


def test_what_was_put_in_order_is_a_fact_and_no_advice(
    office: Client, ready_avatar: MakeAvatar
) -> None:
    found = [METADATA.found("place, camera").as_dict()]
    avatar = ready_avatar(advice=found, photo="photos/anna.jpg", photo_sha256="a" * 64)
    url = avatar.get_absolute_url()
    page = office.get(url).content.decode()
    assert f"<p>{METADATA.title}: place, camera.</p>" in page
    assert "How the photo could be better" not in page
    assert office.get(url, headers={"accept": "application/json"}).json()["advice"] == found


def test_an_unknown_id_is_not_found(office: Client) -> None:
    path = "/avatars/00000000-0000-4000-8000-000000000000"
    for what in ("", "/progress", "/video", "/still"):
        assert office.get(path + what).status_code == 404
    for what in ("/again", "/review", "/choose"):
        assert office.post(path + what).status_code == 404


def test_once_sent_again_it_is_queued_and_says_so(office: Client, avatar: MakeAvatar) -> None:
    found = avatar(state=State.HELD, cause=Cause.QUOTA, retry_at=timezone.now())
    page = office.post(f"/avatars/{found.pk}/again", follow=True).content.decode()
    assert "in line for Anam again" in page


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.UNKNOWN, State.READY])
def test_a_click_that_comes_too_late_sends_nothing(
    office: Client, avatar: MakeAvatar, state: State
) -> None:
    found = avatar(state=state)
    page = office.post(f"/avatars/{found.pk}/again", follow=True).content.decode()
    assert "moved on meanwhile" in page
    found.refresh_from_db()
    assert found.state == state


def test_approving_needs_no_note(office: Client, ready_avatar: MakeAvatar) -> None:
    found = ready_avatar()
    response = office.post(f"/avatars/{found.pk}/review", {"decision": "approved", "version": 0})
    found.refresh_from_db()
    assert response["Location"] == found.get_absolute_url()
    assert (found.approval, found.version) == ("approved", 1)


def test_the_form_holds_a_reason_and_says_what_keeps_back_a_yes(
    office: Client, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar(needs_consent=True)
    page = office.get(found.get_absolute_url()).content.decode()
    assert 'name="reason"' in page
    assert re.search(r'value="approved"[^>]* disabled', page)
    assert "There is no word of the person who is shown" in page
    answer = office.post(
        f"/avatars/{found.pk}/review", {"decision": "approved", "version": 0}, follow=True
    )
    assert "There is no word of the person who is shown" in answer.content.decode()
    found.refresh_from_db()
    assert found.approval == "waiting"


def test_with_four_eyes_makers_read_why_they_can_not_decide_about_their_own(
    office: Client, client_of: ClientOf, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    Policy.objects.filter(pk=1).update(four_eyes=True)
    maker = person(role=Role.REVIEWER)
    found, browser = ready_avatar(owner=maker), client_of(maker)
    page = browser.get(found.get_absolute_url()).content.decode()
    assert "the policy wants four eyes" in page
    assert 'name="decision"' not in page
    browser.post(f"/avatars/{found.pk}/review", {"decision": "approved", "version": 0})
    found.refresh_from_db()
    assert (found.approval, found.version) == ("waiting", 0)
    assert 'name="decision"' in office.get(found.get_absolute_url()).content.decode()


@pytest.mark.parametrize("decision", ["changes", "rejected"])
def test_a_no_needs_a_reason(office: Client, ready_avatar: MakeAvatar, decision: str) -> None:
    found = ready_avatar()
    address = f"/avatars/{found.pk}/review"
    response = office.post(address, {"decision": decision, "version": 0, "note": "  "})
    assert response.status_code == 422
    assert "Write a sentence" in response.content.decode()
    found.refresh_from_db()
    assert (found.approval, found.version) == ("waiting", 0)
    office.post(address, {"decision": decision, "version": 0, "note": "Too dark & cold"})
    found.refresh_from_db()
    assert (found.approval, found.review_note) == (decision, "Too dark & cold")
    assert "Too dark &amp; cold" in office.get(found.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"decision": "waiting", "version": 0},
        {"decision": "approved"},
        {"decision": "approved", "version": "x"},
        {"decision": "approved", "version": -1},
        {"decision": "approved", "version": 0, "note": "x" * 2001},
    ],
)
def test_half_a_form_decides_nothing(
    office: Client, ready_avatar: MakeAvatar, form: dict[str, Any]
) -> None:
    found = ready_avatar()
    assert office.post(f"/avatars/{found.pk}/review", form).status_code == 422
    found.refresh_from_db()
    assert (found.approval, found.version) == ("waiting", 0)


@pytest.mark.parametrize("version", [1, 10**30])
def test_whoever_comes_second_is_told_and_changes_nothing(
    office: Client, ready_avatar: MakeAvatar, version: int
) -> None:
    found = ready_avatar(approval="approved", version=2)
    form = {"decision": "rejected", "note": "No", "version": version}
    page = office.post(f"/avatars/{found.pk}/review", form, follow=True).content.decode()
    assert "Somebody else was first" in page
    found.refresh_from_db()
    assert (found.approval, found.version) == ("approved", 2)


def test_there_is_nothing_to_decide_about_before_the_avatar_is_there(
    office: Client, avatar: MakeAvatar
) -> None:
    found = avatar(state=State.SENDING)
    form = {"decision": "approved", "version": 0}
    page = office.post(f"/avatars/{found.pk}/review", form, follow=True).content.decode()
    assert "nothing to decide about yet" in page


def choose(office: Client, found: Any, upstream_id: str, shown: str | None = None) -> Any:
    """Press the button on the page that shows these candidates."""
    ids = [candidate["id"] for candidate in found.candidates]
    fields = {"shown": " ".join([*ids, str(found.attempts)]) if shown is None else shown}
    address = f"/avatars/{found.pk}/choose"
    return office.post(address, {"upstream_id": upstream_id, **fields}, follow=True)


def undecided(avatar: MakeAvatar, **fields: Any) -> Any:
    return avatar(rehearsal=False, **{**SITUATIONS["to choose"], **fields})


def test_an_administrator_chooses_among_the_candidates(
    office: Client, avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    anam(lambda _: httpx.Response(200, json=described(id="a-2")))
    found = undecided(avatar)
    page = office.get(found.get_absolute_url()).content.decode()
    assert 'value="a-1"' in page
    assert 'value="a-2"' in page
    choose(office, found, "a-2")
    found.refresh_from_db()
    assert (found.state, found.upstream_id) == (State.READY, "a-2")


def test_an_avatar_that_was_not_offered_can_not_be_chosen(
    office: Client, avatar: MakeAvatar
) -> None:
    found = undecided(avatar)
    assert choose(office, found, "a-9").status_code == 404


def test_choosing_while_anam_is_down_changes_nothing(
    office: Client, avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    anam(lambda _: httpx.Response(503))
    found = undecided(avatar)
    assert "Nothing was changed" in choose(office, found, "a-1").content.decode()
    found.refresh_from_db()
    assert found.state == State.UNKNOWN


def test_none_of_them_sends_it_again_with_a_name_to_it(office: Client, avatar: MakeAvatar) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    found = undecided(avatar, claimed_at=long_ago, lost_at=long_ago)
    choose(office, found, "")
    found.refresh_from_db()
    assert found.state == State.QUEUED
    (event,) = found.events.all()
    assert (event.kind, event.actor is None) == (Kind.ABSENT, False)


def test_none_of_them_has_to_wait_until_anam_can_not_be_making_it_any_more(
    office: Client, avatar: MakeAvatar
) -> None:
    now = timezone.now()
    found = undecided(avatar, claimed_at=now, lost_at=now)
    assert "Anam may still be making it" in choose(office, found, "").content.decode()
    found.refresh_from_db()
    assert found.state == State.UNKNOWN


def test_nothing_chosen_is_not_none_of_them(office: Client, avatar: MakeAvatar) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    found = undecided(avatar, claimed_at=long_ago, lost_at=long_ago)
    address = f"/avatars/{found.pk}/choose"
    page = office.post(address, {"shown": "a-1 a-2 0"}, follow=True).content.decode()
    assert "Choose one of them first" in page
    found.refresh_from_db()
    assert found.state == State.UNKNOWN


@pytest.mark.parametrize("shown", ["", "a-1 0", "a-1 a-2 7"])
def test_a_choice_from_an_older_page_changes_nothing(
    office: Client, avatar: MakeAvatar, shown: str
) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    found = undecided(avatar, claimed_at=long_ago, lost_at=long_ago)
    assert "has changed meanwhile" in choose(office, found, "", shown=shown).content.decode()
    found.refresh_from_db()
    assert found.state == State.UNKNOWN


def test_where_there_is_no_choice_nobody_can_say_none(office: Client, avatar: MakeAvatar) -> None:
    found = avatar(state=State.UNKNOWN, cause=Cause.NO_ANSWER, lost_at=timezone.now())
    choose(office, found, "")
    found.refresh_from_db()
    assert found.state == State.UNKNOWN  # it may have been made: sending again could make two
