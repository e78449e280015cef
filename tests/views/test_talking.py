"""The panel on which somebody talks to an avatar, and the door behind its button."""

import logging

import httpx
import pytest
from django.test import Client
from pytest_django import Settings

from avatars.models import Approval, Avatar, Conversation
from dashboard.people.roles import Role
from tests.conftest import KEY, ClientOf, Handler, MakeAvatar, ScriptAnam

pytestmark = pytest.mark.django_db

SESSION = "header.canary-of-a-session.signature"
PANEL = "Talk for 60 seconds"


def grants(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"sessionToken": SESSION, "more": 1})


@pytest.fixture
def face(anam: ScriptAnam, ready_avatar: MakeAvatar) -> Avatar:
    anam(grants)
    return ready_avatar(display_name="Anna", rehearsal=False, approval=Approval.APPROVED)


@pytest.fixture
def viewer(client_of: ClientOf, face: Avatar) -> Client:
    return client_of(Role.VIEWER)


def door(avatar: Avatar) -> str:
    return f"{avatar.get_absolute_url()}/talk"


def test_the_page_says_what_it_costs_and_how_often_it_goes(viewer: Client, face: Avatar) -> None:
    viewer.post(door(face))
    page = viewer.get(face.get_absolute_url()).content.decode()
    assert PANEL in page
    assert "<b>9</b> of 10 left today" in page
    assert "spends minutes of the organisation's Anam plan" in page
    assert "asks for the microphone first" in page
    assert "Talking needs scripts" in page


def test_the_button_gets_a_session_token_and_nothing_else(viewer: Client, face: Avatar) -> None:
    response = viewer.post(door(face))
    assert response.json() == {"sessionToken": SESSION, "seconds": 60, "left": 9}
    assert "no-store" in response["Cache-Control"]


def test_the_token_opens_the_conversation_without_a_sign_in(viewer: Client, face: Avatar) -> None:
    session = viewer.post(door(face)).json()["sessionToken"]
    browser = Client(headers={"Authorization": f"Bearer {session}"})
    assert browser.post("/v1/engine/session", {}, "application/json").status_code == 200


def test_only_this_page_may_reach_anams_engines_and_only_while_talking_is_offered(
    viewer: Client, face: Avatar, ready_avatar: MakeAvatar
) -> None:
    waiting = ready_avatar(rehearsal=False)
    policy = viewer.get(face.get_absolute_url())["Content-Security-Policy"]
    assert "connect-src 'self' https://*.anam.ai wss://*.anam.ai" in policy
    usual = viewer.get("/")["Content-Security-Policy"]
    assert set(usual.split("; ")) < set(policy.split("; "))
    for path in ("/", waiting.get_absolute_url(), f"{face.get_absolute_url()}/progress"):
        assert "connect-src" not in viewer.get(path)["Content-Security-Policy"]


def test_in_rehearsal_nothing_is_offered(client_of: ClientOf, ready_avatar: MakeAvatar) -> None:
    rehearsed = ready_avatar(approval=Approval.APPROVED)
    viewer = client_of(Role.VIEWER)
    response = viewer.get(rehearsed.get_absolute_url())
    assert "Talk to it" not in response.content.decode()
    assert "talk.js" not in response.content.decode()
    assert "connect-src" not in response["Content-Security-Policy"]
    assert viewer.post(door(rehearsed)).status_code == 404


def test_an_avatar_that_is_not_approved_does_not_talk(viewer: Client, face: Avatar) -> None:
    Avatar.objects.update(approval=Approval.WAITING)
    assert PANEL not in viewer.get(face.get_absolute_url()).content.decode()
    response = viewer.post(door(face))
    assert response.status_code == 403
    assert "Nobody can talk to this avatar" in response.json()["message"]


def test_after_the_last_try_the_button_rests_and_the_door_says_when(
    viewer: Client, face: Avatar, settings: Settings
) -> None:
    settings.TALKS_PER_DAY = 1
    viewer.post(door(face))
    response = viewer.post(door(face))
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 25 * 3600
    assert response.json()["message"] == (
        "You have talked once today, as often as one may. Tomorrow you can again."
    )
    page = viewer.get(face.get_absolute_url()).content.decode()
    assert '<button class="button primary" disabled>' in page


def refusal(status: int, said: str) -> Handler:
    return lambda _: httpx.Response(status, json={"error": said}, headers={"Retry-After": "7"})


def fails(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (refusal(401, f"bad key {KEY}"), "does not accept this installation's key"),
        (refusal(403, "missing permission"), "may not begin conversations"),
        (refusal(403, "Upgrade your plan"), "plan does not include"),
        (refusal(429, "slow down"), "Try again in a minute"),
        (refusal(404, "no avatar"), "does not know this avatar"),
        (refusal(400, "voiceId is wrong"), "refused the conversation: voiceId is wrong. None"),
        (refusal(500, "oh"), "no clear answer"),
        (fails, "can't be reached"),
    ],
)
def test_trouble_at_anam_is_told_in_words_and_costs_no_try(
    viewer: Client, face: Avatar, anam: ScriptAnam, handler: Handler, words: str
) -> None:
    anam(handler)
    response = viewer.post(door(face))
    message = response.json()["message"]
    assert response.status_code == 502
    assert words in message
    assert "None of your tries was used." in message
    assert KEY not in message
    assert not Conversation.objects.exists()


def test_the_session_token_is_in_no_log_and_on_no_page(
    viewer: Client, face: Avatar, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    viewer.post(door(face))
    page = viewer.get(face.get_absolute_url()).content.decode()
    assert "canary" not in caplog.text + page


def test_strangers_and_other_sites_do_not_talk(face: Avatar, viewer: Client) -> None:
    assert Client().post(door(face)).status_code == 302
    assert viewer.get(door(face)).status_code == 405
    viewer.handler.enforce_csrf_checks = True
    assert viewer.post(door(face)).status_code == 403
    assert not Conversation.objects.exists()


def test_who_may_not_see_avatars_does_not_talk_to_them(client_of: ClientOf, face: Avatar) -> None:
    assert client_of(None).post(door(face)).status_code == 403
