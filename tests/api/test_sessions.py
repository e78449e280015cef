"""Conversations with approved avatars, without Anam's key in sight."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from avatars.models import Approval, Avatar, Conversation, State
from dashboard.people.roles import Role
from tests.api.conftest import MakeToken, Program
from tests.conftest import KEY, MakeAvatar, MakePerson, ScriptAnam

pytestmark = pytest.mark.django_db

SESSION = "header.session-of-anam.signature"


@pytest.fixture
def face(program: Program) -> Avatar:
    """Made in the sandbox, and approved."""
    assert program.create().status_code == 201
    Avatar.objects.update(approval=Approval.APPROVED)
    return Avatar.objects.get()


def wanted(face: Avatar, **persona: Any) -> dict[str, Any]:
    return {"personaConfig": {"avatarId": face.upstream_id, "voiceId": "v", **persona}}


def session_of(program: Program, face: Avatar, **persona: Any) -> str:
    answer = program.post("auth/session-token", wanted(face, **persona))
    assert answer.status_code == 200, answer.content
    token: str = answer.json()["sessionToken"]
    return token


def engine(bearer: str, body: Any = None, **headers: str) -> Any:
    http = Client(headers={"Authorization": f"Bearer {bearer}", **headers})
    return http.post("/v1/engine/session", body or {}, content_type="application/json")


@pytest.fixture
def asked(anam: ScriptAnam, ready_avatar: MakeAvatar) -> list[httpx.Request]:
    """A live Anam that hands out sessions; what it was asked."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        token = request.url.path.endswith("session-token")
        said = {"sessionToken": SESSION} if token else {"sessionId": "s", "brandNew": 1}
        return httpx.Response(200, json=said)

    anam(answer)
    return requests


@pytest.fixture
def live_face(ready_avatar: MakeAvatar) -> Avatar:
    known = "11111111-1111-4111-8111-111111111111"
    return ready_avatar(rehearsal=False, upstream_id=known, approval=Approval.APPROVED)


def test_a_session_token_opens_the_conversation(program: Program, face: Avatar) -> None:
    answer = engine(session_of(program, face))
    assert answer.status_code == 200
    assert set(answer.json()) >= {"sessionId", "engineHost", "clientConfig"}


def test_the_persona_goes_to_anam_and_the_length_is_cut(
    program: Program, live_face: Avatar, asked: list[httpx.Request], settings: Any
) -> None:
    settings.SESSION_SECONDS = 600
    body = wanted(live_face, maxSessionLengthSeconds=9000, somethingNew={"a": 1})
    program.post("auth/session-token", {**body, "clientLabel": "kiosk"})
    sent = json.loads(asked[0].content)
    assert sent == {
        "personaConfig": {
            "avatarId": live_face.upstream_id,
            "voiceId": "v",
            "somethingNew": {"a": 1},
            "maxSessionLengthSeconds": 600,
        },
        "clientLabel": "kiosk",
    }
    assert Conversation.objects.get().seconds == 600


def test_only_the_session_token_goes_to_the_engine(
    program: Program, live_face: Avatar, asked: list[httpx.Request]
) -> None:
    session = session_of(program, live_face)
    body = {"personaConfig": {"avatarId": live_face.upstream_id}, "sessionOptions": {"x": 1}}
    answer = engine(session, body)
    assert answer.json() == {"sessionId": "s", "brandNew": 1}
    assert asked[0].headers["Authorization"] == f"Bearer {KEY}"
    assert asked[1].headers["Authorization"] == f"Bearer {SESSION}"
    assert KEY.encode() not in asked[1].content
    assert asked[1].content == b'{"sessionOptions": {"x": 1}}'


def test_a_token_of_ours_opens_it_in_one_step_as_the_python_sdk_does(
    program: Program, live_face: Avatar, asked: list[httpx.Request]
) -> None:
    text = program.http.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    answer = engine(text, {**wanted(live_face), "clientMetadata": {"client": "python"}})
    assert answer.json() == {"sessionId": "s", "brandNew": 1}
    paths = [request.url.path for request in asked]
    assert paths == ["/v1/auth/session-token", "/v1/engine/session"]
    assert engine(text, {"personaConfig": {"avatarId": 5}}).status_code == 400
    assert engine(text).status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"approval": Approval.WAITING},
        {"approval": Approval.REJECTED},
        {"state": State.REMOVED},
        {"cause": "gone"},
        {"rehearsal": False},
        {"stock": True},
    ],
)
def test_what_is_not_approved_or_not_there_talks_to_nobody(
    program: Program, face: Avatar, fields: dict[str, Any]
) -> None:
    session = session_of(program, face)
    Avatar.objects.update(**fields)
    assert program.post("auth/session-token", wanted(face)).status_code == 403
    assert "stock" in fields or engine(session).status_code == 401


def test_a_stored_persona_is_no_way_around_the_approval(program: Program, face: Avatar) -> None:
    answer = program.post("auth/session-token", wanted(face, personaId="p"))
    assert answer.status_code == 400
    session = session_of(program, face)
    for persona in ({"personaId": "p"}, {"avatarId": "other"}):
        assert engine(session, {"personaConfig": persona}).status_code == 403


@pytest.mark.parametrize(
    "persona",
    [
        None,
        5,
        {},
        {"avatarId": 5},
        {"avatarId": "x", "maxSessionLengthSeconds": 0},
        {"avatarId": "x", "maxSessionLengthSeconds": "30.0"},
    ],
)
def test_a_persona_that_is_none_is_a_bad_request(program: Program, persona: Any) -> None:
    answer = program.post("auth/session-token", {"personaConfig": persona})
    assert answer.status_code == 400


def test_a_session_token_of_somebody_else_opens_nothing(face: Avatar) -> None:
    assert engine("a.foreign.token").status_code == 401
    assert Client().post("/v1/engine/session").status_code == 401


def test_a_session_token_ends_with_its_hour_and_with_its_token(
    program: Program, face: Avatar
) -> None:
    session = session_of(program, face)
    assert program.token
    type(program.token).objects.update(revoked_at=timezone.now())
    assert engine(session).status_code == 401
    type(program.token).objects.update(revoked_at=None)
    assert engine(session).status_code == 200
    Conversation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert engine(session).status_code == 401


def test_a_session_token_ends_with_the_right_and_the_role(program: Program, face: Avatar) -> None:
    session = session_of(program, face)
    assert program.token
    type(program.token).objects.update(rights=["avatars:read"])
    assert engine(session).status_code == 401
    type(program.token).objects.update(rights=["sessions:create"])
    assert engine(session).status_code == 200
    program.person.groups.clear()
    assert engine(session).status_code == 401


def test_of_a_session_token_only_a_digest_is_kept(program: Program, face: Avatar) -> None:
    session = session_of(program, face)
    kept = Conversation.objects.get()
    assert session not in str(Conversation.objects.values_list())
    assert (kept.avatar, kept.person, kept.token) == (face, program.person, program.token)
    assert len(kept.digest) == 64


def test_pages_from_anywhere_may_open_a_conversation_and_nothing_else(
    program: Program, face: Avatar
) -> None:
    before = Client().options("/v1/engine/session", headers={"Origin": "https://shop.example"})
    assert (before.status_code, before["Access-Control-Allow-Origin"]) == (204, "*")
    assert "Authorization" in before["Access-Control-Allow-Headers"]
    answer = engine(session_of(program, face), Origin="https://shop.example")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert engine("foreign")["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in program.get("avatars")
    assert "Access-Control-Allow-Origin" not in program.post("auth/session-token", {})


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (400, 400),
        (401, 502),
        (402, 402),
        (403, 502),
        (404, 502),
        (429, 429),
        (500, 504),
        (503, 503),
    ],
)
def test_whose_business_a_refusal_is_stays_clear(
    program: Program, live_face: Avatar, anam: ScriptAnam, theirs: int, ours: int
) -> None:
    anam(lambda _: httpx.Response(theirs, json={"message": "Because."}))
    answer = program.post("auth/session-token", wanted(live_face))
    assert answer.status_code == ours
    assert not Conversation.objects.exists()


def test_a_viewer_may_talk_with_a_token_that_may(
    make_token: MakeToken, person: MakePerson, face: Avatar
) -> None:
    viewer = Program(make_token(owner=person(role=Role.VIEWER))[1])
    assert viewer.post("auth/session-token", wanted(face)).status_code == 200


def test_what_sdks_compare_word_for_word_is_passed_on_word_for_word(
    program: Program, live_face: Avatar, anam: ScriptAnam
) -> None:
    said = {"error": "Concurrent session limit reached", "message": "Two are open."}
    anam(lambda _: httpx.Response(429, json=said))
    assert program.post("auth/session-token", wanted(live_face)).json() == said


def test_a_session_token_that_anam_takes_no_more_is_a_401(
    program: Program, live_face: Avatar, asked: list[httpx.Request], anam: ScriptAnam
) -> None:
    session = session_of(program, live_face)
    anam(lambda _: httpx.Response(401, json={"message": "expired"}))
    assert engine(session).status_code == 401
