"""What the policy means at the photo desk, and on the page of an avatar that waits for people."""

from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Approval, Avatar, Event, Kind, ReviewTime, Standing, State
from avatars.services import consents
from avatars.services.consents import Terms
from avatars.services.limits import first_of_the_next_month
from avatars.tasks import send_due, sweep
from avatars.views.steps import steps_of
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson, ScriptAnam
from tests.photos import pictures
from tests.rules import settle
from tests.upstream.answers import described
from tests.views.test_upload import photo, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia Berg")


@pytest.fixture
def desk(client_of: ClientOf, mia: User) -> Client:
    return client_of(mia)


def page_of(client: Client, path: str = "/upload") -> str:
    return client.get(path).content.decode()


# What it is for ----------------------------------------------------------------------------------
def test_what_it_is_for_is_kept_and_goes_on_the_record(desk: Client) -> None:
    send(desk, photo(), purpose="  For the lobby,\r\nspoken by Ines\u200b.  ")
    avatar = Avatar.objects.get()
    assert avatar.purpose == "For the lobby,\nspoken by Ines."
    assert Event.objects.get(kind=Kind.UPLOADED).note == avatar.purpose


def test_nobody_has_to_say_what_it_is_for(desk: Client) -> None:
    assert send(desk, photo(), purpose="").status_code == 302
    assert Avatar.objects.get().purpose == ""


def test_too_many_words_are_a_finding_and_not_lost(desk: Client) -> None:
    words = "w" * 501
    answer = send(desk, photo(), json=True, purpose=words)
    (finding,) = answer.json()["findings"]
    assert (answer.status_code, finding["field"], finding["code"]) == (
        422,
        "purpose",
        "purpose-length",
    )
    assert words in send(desk, photo(), purpose=words).content.decode()
    assert not Avatar.objects.exists()


# What will happen --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"review": "before"}, "A reviewer looks at it first; nothing is sent to Anam before."),
        ({"review": "after"}, "It goes to Anam at once. A reviewer looks at the avatar before"),
        ({"review": "both"}, "Once the avatar is made, they look again."),
        ({"review": "never"}, "It goes to Anam at once, and counts as approved."),
        ({"consent": True}, "The person shown must agree first; nothing is sent to Anam before."),
    ],
)
def test_the_desk_says_what_will_happen(desk: Client, rules: dict[str, Any], words: str) -> None:
    settle(**rules)
    assert words in page_of(desk)


# How many ----------------------------------------------------------------------------------------
def make(owner: User, made: MakeAvatar, count: int) -> None:
    for _ in range(count):
        made(owner=owner)


def test_the_month_is_told_when_it_is_nearly_full_and_not_before(
    desk: Client, mia: User, avatar: MakeAvatar
) -> None:
    settle(month_limit=10)
    make(mia, avatar, 7)
    assert "this month" not in page_of(desk)
    make(mia, avatar, 1)
    page = page_of(desk)
    assert "You have made 8 of 10 this month" in page
    assert "2 are left" in page
    make(mia, avatar, 1)
    assert "1 is left" in page_of(desk)


def test_in_a_full_month_the_desk_is_closed_and_says_until_when(
    desk: Client, mia: User, avatar: MakeAvatar
) -> None:
    settle(month_limit=2)
    make(mia, avatar, 2)
    response = desk.get("/upload")
    page = response.content.decode()
    assert response.status_code == 200
    assert "This month is full" in page
    assert f"{timezone.localtime(first_of_the_next_month()):%B}" in page
    assert 'id="desk"' not in page


def test_what_is_sent_beyond_the_month_is_refused_in_words_and_kept_nowhere(
    desk: Client, mia: User, avatar: MakeAvatar
) -> None:
    settle(month_limit=3)
    make(mia, avatar, 2)
    answer = send(desk, photo(), photo(), json=True)
    (finding,) = answer.json()["findings"]
    assert (answer.status_code, finding["code"]) == (422, "month-full")
    assert finding["title"] == "Only 1 more this month"
    assert "Send one photo" in finding["how_to_fix"]
    two = (photo(), photo(pictures.noise_png(300)))
    assert "Only 1 more this month" in send(desk, *two).content.decode()
    assert Avatar.objects.count() == 2
    assert send(desk, photo(), json=True).status_code == 202
    late = send(desk, photo(), json=True)
    assert (late.status_code, late.json()["findings"][0]["title"]) == (422, "This month is full")
    closed = send(desk, photo(pictures.noise_png(300)))
    assert (closed.status_code, "This month is full" in closed.content.decode()) == (422, True)


def test_the_same_form_again_needs_no_second_place(desk: Client) -> None:
    settle(month_limit=1)
    first = send(desk, photo(), json=True, wish="one")
    assert send(desk, photo(), json=True, wish="one").json() == first.json()


# Who ---------------------------------------------------------------------------------------------
def test_who_may_not_by_the_policy_is_told_so_at_the_door(desk: Client) -> None:
    settle(creators="reviewers")
    response = desk.get("/upload")
    assert response.status_code == 403
    assert "Making avatars is left to others" in response.content.decode()
    answer = send(desk, photo(), json=True)
    assert (answer.status_code, answer.json()["findings"][0]["code"]) == (403, "not-for-you")
    assert send(desk, photo()).status_code == 403
    assert not Avatar.objects.exists()


@pytest.mark.parametrize(
    ("creators", "role", "may"),
    [
        ("creators", Role.VIEWER, False),
        ("creators", Role.CREATOR, True),
        ("reviewers", Role.CREATOR, False),
        ("reviewers", Role.REVIEWER, True),
        ("administrators", Role.REVIEWER, False),
        ("administrators", Role.ADMINISTRATOR, True),
    ],
)
def test_nobody_is_offered_what_they_may_not(
    client_of: ClientOf, creators: str, role: Role, may: bool
) -> None:
    settle(creators=creators)
    response = client_of(role).get("/")
    assert bool(response.context["may_create"]) == may
    assert ("Make the first avatar" in response.content.decode()) == may
    assert client_of(role).get("/upload").status_code == (200 if may else 403)


# Waiting for people ------------------------------------------------------------------------------
def shown(avatar: Avatar) -> dict[str, str]:
    return {step["key"]: step["state"] for step in steps_of(avatar)}


AHEAD = {"sent": "todo", "created": "todo", "preview": "todo", "ready": "todo"}


def test_review_beforehand_is_a_step_of_its_own(avatar: MakeAvatar) -> None:
    found = avatar(state=State.REVIEW, review=ReviewTime.BEFORE)
    assert shown(found) == {"checked": "done", "approved": "now", **AHEAD}
    for approval in (Approval.CHANGES, Approval.REJECTED):
        found.approval = approval
        assert shown(found)["approved"] == "stuck"
    found.approval, found.state = Approval.APPROVED, State.SENDING
    done = {"checked": "done", "approved": "done", "sent": "done"}
    assert shown(found) == {**done, "created": "now", "preview": "todo", "ready": "todo"}


def test_consent_is_a_step_where_it_is_waited_for(avatar: MakeAvatar) -> None:
    found = avatar(state=State.REVIEW, review=ReviewTime.BOTH, needs_consent=True)
    assert list(shown(found))[:3] == ["checked", "consent", "approved"]
    assert shown(found) == {"checked": "done", "consent": "now", "approved": "todo", **AHEAD}
    found.consent = Standing.GIVEN
    assert shown(found)["approved"] == "now"
    for no in (Standing.DENIED, Standing.WITHDRAWN, Standing.EXPIRED):
        found.consent = no
        assert shown(found)["consent"] == "stuck"


def test_without_either_the_way_is_as_it_was(avatar: MakeAvatar) -> None:
    assert shown(avatar()) == {"checked": "done", **AHEAD, "sent": "now"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "A reviewer looks at it first, and nothing is sent to Anam before they say yes."),
        ({"needs_consent": True}, "The person shown must agree first"),
        ({"approval": Approval.CHANGES}, "A reviewer asks for changes before anything is sent"),
        ({"approval": Approval.REJECTED}, "A reviewer said no. Nothing was sent to Anam"),
        ({"consent": Standing.DENIED}, "Consent refused. Nothing is sent to Anam without"),
        ({"review": ReviewTime.AFTER, "needs_consent": True}, "It goes on by itself after that"),
    ],
)
def test_the_page_says_who_has_to_act(
    client_of: ClientOf, avatar: MakeAvatar, fields: dict[str, Any], words: str
) -> None:
    found = avatar(**{"state": State.REVIEW, "review": ReviewTime.BEFORE, **fields})
    assert words in page_of(client_of(Role.VIEWER), found.get_absolute_url())


def test_what_waits_on_a_badge_stands_there_once(client_of: ClientOf, avatar: MakeAvatar) -> None:
    found = avatar(
        state=State.REVIEW, review=ReviewTime.BEFORE, approval=Approval.REJECTED, review_note="No"
    )
    viewer = client_of(Role.VIEWER)
    for path in ("/", found.get_absolute_url()):
        assert page_of(viewer, path).count('<span class="badge" data-tone="bad">Rejected') == 1


def test_from_the_desk_over_the_review_to_anam_without_another_click(
    desk: Client, client_of: ClientOf, anam: ScriptAnam
) -> None:
    sent: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        return httpx.Response(201, json=described())

    anam(handler)
    settle(review="before")
    address = send(desk, photo())["Location"]
    send_due.call()
    assert (sent, "Waiting for review" in page_of(desk, address)) == ([], True)
    client_of(Role.REVIEWER).post(f"{address}/review", {"decision": "approved", "version": "0"})
    send_due.call()
    assert Avatar.objects.get().state == State.READY
    assert sent == ["POST"]


def test_from_the_desk_over_consent_to_the_sandbox(desk: Client, settings: Settings) -> None:
    settle(consent=True, review="never")
    address = send(desk, photo())["Location"]
    sweep()
    send_due.call()
    assert "Waiting for consent" in page_of(desk, address)
    avatar = Avatar.objects.get()
    consents.state_own(avatar, Terms("Mia Berg"), avatar.owner)
    send_due.call()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.approval) == (State.READY, Approval.APPROVED)
