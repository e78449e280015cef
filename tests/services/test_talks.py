"""A minute with an avatar: counted for each person, cut to length, and kept as a digest alone."""

import json
import logging
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Approval, Avatar, Conversation, Right, State
from avatars.services import conversations, credentials, talks
from avatars.services.talks import NoneLeft, NotOffered
from avatars.upstream.errors import NotAllowed, NotSent, UpstreamError
from dashboard.people.models import User
from tests.conftest import Handler, MakeAvatar, MakePerson, ScriptAnam, at_once

pytestmark = pytest.mark.django_db

SESSION = "header.canary-of-a-session.signature"


@pytest.fixture
def sent(anam: ScriptAnam) -> list[httpx.Request]:
    """A live Anam that hands out session tokens; what it was asked."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"sessionToken": SESSION})

    anam(answer)
    return requests


@pytest.fixture
def face(ready_avatar: MakeAvatar) -> Avatar:
    return ready_avatar(display_name="Anna", rehearsal=False, approval=Approval.APPROVED)


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person()


def persona(request: httpx.Request) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.content)["personaConfig"]
    return found


def test_a_talk_has_the_avatar_the_voice_and_the_length_of_the_settings(
    face: Avatar, mia: User, sent: list[httpx.Request], settings: Settings
) -> None:
    settings.TALK_SECONDS = 45
    settings.ANAM_TALK_VOICE = "a-voice"
    assert talks.start(face, mia) == SESSION
    (request,) = sent
    assert json.loads(request.content)["clientLabel"] == "greenroom-talk"
    assert persona(request) == {
        "name": "Anna",
        "avatarId": face.upstream_id,
        "avatarModel": "cara-4",
        "voiceId": "a-voice",
        "llmId": settings.ANAM_TALK_LLM,
        "systemPrompt": settings.ANAM_TALK_PROMPT,
        "maxSessionLengthSeconds": 45,
    }


def test_what_is_not_set_is_left_to_anam(
    face: Avatar, mia: User, sent: list[httpx.Request], settings: Settings
) -> None:
    settings.ANAM_TALK_VOICE = settings.ANAM_TALK_LLM = settings.ANAM_TALK_PROMPT = ""
    talks.start(face, mia)
    assert not {"voiceId", "llmId", "systemPrompt"} & set(persona(sent[0]))


def test_a_digest_is_all_that_is_kept(
    face: Avatar, mia: User, sent: list[httpx.Request], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    talks.start(face, mia)
    row = Conversation.objects.get()
    assert row.digest == sha256(SESSION.encode()).hexdigest()
    assert (row.person, row.avatar, row.seconds, row.token) == (mia, face, 60, None)
    assert timedelta(minutes=59) < row.expires_at - timezone.now() <= timedelta(hours=1)
    rows = [str(list(m._default_manager.values_list())) for m in apps.get_models()]
    assert "canary" not in "".join(rows) + caplog.text
    assert conversations.for_session(SESSION, timezone.now()) == row
    assert conversations.for_session(SESSION, row.expires_at) is None
    assert conversations.for_session("", timezone.now()) is None


def test_after_the_last_try_of_the_day_anam_is_not_asked(
    face: Avatar, mia: User, sent: list[httpx.Request], settings: Settings, person: MakePerson
) -> None:
    settings.TALKS_PER_DAY = 2
    for rest in (1, 0):
        talks.start(face, mia)
        assert talks.left(mia) == rest
    with pytest.raises(NoneLeft) as none:
        talks.start(face, mia)
    assert 0 < none.value.wait <= 25 * 3600
    assert len(sent) == Conversation.objects.count() == 2
    assert talks.start(face, person()) == SESSION


def test_tomorrow_there_are_new_tries_where_the_team_lives(
    face: Avatar, mia: User, sent: list[httpx.Request], settings: Settings
) -> None:
    settings.TALKS_PER_DAY = 1
    with timezone.override("Asia/Tokyo"):
        talks.start(face, mia)
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        Conversation.objects.update(created_at=midnight)
        assert talks.left(mia) == 0
        Conversation.objects.update(created_at=midnight - timedelta(seconds=1))
        assert talks.left(mia) == 1


def test_what_a_persons_programs_begin_is_not_counted(
    face: Avatar, mia: User, sent: list[httpx.Request], settings: Settings
) -> None:
    token, _ = credentials.make(mia, "Kiosk", [Right.SESSIONS])
    conversations.begin(face, mia, wanted={}, seconds_max=60, token=token)
    assert talks.left(mia) == settings.TALKS_PER_DAY


def refuses(request: httpx.Request) -> httpx.Response:
    return httpx.Response(403, json={"error": "missing permission"})


def fails(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


def says_nothing(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"sessionToken": ""})


@pytest.mark.parametrize(
    ("handler", "kind"),
    [(refuses, NotAllowed), (fails, NotSent), (says_nothing, UpstreamError)],
)
def test_a_try_in_vain_is_given_back(
    face: Avatar,
    mia: User,
    anam: ScriptAnam,
    settings: Settings,
    handler: Handler,
    kind: type[UpstreamError],
) -> None:
    anam(handler)
    with pytest.raises(kind):
        talks.start(face, mia)
    assert talks.left(mia) == settings.TALKS_PER_DAY
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"approval": Approval.WAITING}, {"state": State.REMOVED}, {"cause": "gone"}],
)
def test_only_what_may_be_used_talks(
    face: Avatar, mia: User, sent: list[httpx.Request], fields: dict[str, str]
) -> None:
    assert talks.offered(face)
    for name, value in fields.items():
        setattr(face, name, value)
    with pytest.raises(NotOffered):
        talks.start(face, mia)
    assert not sent


@pytest.mark.parametrize("name", ["TALKS_PER_DAY", "TALK_SECONDS"])
def test_a_zero_takes_the_talks_away(
    face: Avatar, sent: list[httpx.Request], settings: Settings, name: str
) -> None:
    setattr(settings, name, 0)
    assert not talks.offered(face)


def test_in_rehearsal_nobody_would_answer(ready_avatar: MakeAvatar) -> None:
    assert not talks.offered(ready_avatar(approval=Approval.APPROVED))


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_never_exceed_the_limit(
    face: Avatar, mia: User, anam: ScriptAnam, settings: Settings
) -> None:
    settings.TALKS_PER_DAY = 3
    in_a_transaction: list[bool] = []

    def answer(request: httpx.Request) -> httpx.Response:
        in_a_transaction.append(connection.in_atomic_block)
        return httpx.Response(200, json={"sessionToken": SESSION})

    anam(answer)
    results = at_once(lambda: talks.start(face, mia), times=8)
    assert results.count(SESSION) == 3
    assert sum(isinstance(result, NoneLeft) for result in results) == 5
    assert in_a_transaction == [False] * 3
    assert Conversation.objects.exclude(digest="").count() == 3
