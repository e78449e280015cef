"""The two calls that open a conversation: what leaves us, under whose name, and what comes back."""

import json
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from avatars.sandbox import Knobs, Sandbox
from avatars.sandbox.stock import STOCK
from avatars.upstream.client import Upstream
from avatars.upstream.errors import (
    Cause,
    Held,
    Missing,
    NotAllowed,
    NotSent,
    OutcomeUnknown,
    Refused,
    SessionOver,
    Unintelligible,
    UpstreamError,
)
from tests.conftest import KEY, Handler
from tests.upstream.answers import upstream

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ0eXBlIjoiZXBoZW1lcmFsIn0.canary/of+a_session-token"
WISH = {"personaConfig": {"avatarId": "a-1", "voiceId": "v-1"}, "clientLabel": "a test"}
GRANTED = {"sessionToken": TOKEN, "expiresIn": 3600}
ENGINE = {"sessionId": "s-1", "engineHost": "e.anam.test/v1/x", "clientConfig": {"iceServers": []}}
Call = Callable[[Upstream], dict[str, Any]]


def asks(anam: Upstream) -> dict[str, Any]:
    return anam.session_token(WISH)


def opens(anam: Upstream) -> dict[str, Any]:
    return anam.engine_session(TOKEN, {"clientMetadata": {"client": "a test"}})


def answers(status: int, **content: Any) -> Handler:
    return lambda _: httpx.Response(status, **content)


def fails(kind: type[httpx.TransportError]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise kind(f"failed with {request.headers['Authorization']}", request=request)

    return handler


def sent_by(call: Call, answer: dict[str, Any]) -> httpx.Request:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=answer)

    assert call(upstream(handler)) == answer
    (request,) = seen
    return request


def test_a_wish_for_a_session_token_goes_out_whole_with_the_key() -> None:
    request = sent_by(asks, GRANTED)
    assert (request.method, str(request.url)) == (
        "POST",
        "https://anam.test/v1/auth/session-token",
    )
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.content) == WISH


def test_a_session_is_opened_with_the_session_token_and_without_the_key() -> None:
    request = sent_by(opens, ENGINE)
    assert (request.method, request.url.path) == ("POST", "/v1/engine/session")
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert json.loads(request.content) == {"clientMetadata": {"client": "a test"}}
    assert KEY not in f"{request.url} {request.headers.raw!r} {request.content!r}"


def test_the_next_call_has_the_key_again() -> None:
    bearers: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        bearers.append(request.headers["Authorization"])
        return httpx.Response(200, json=ENGINE)

    anam = upstream(handler)
    opens(anam)
    asks(anam)
    assert bearers == [f"Bearer {TOKEN}", f"Bearer {KEY}"]


def test_what_a_program_may_write_arrives_as_it_was() -> None:
    wish = {"personaConfig": {"systemPrompt": "Grüß dich \ud83d, 李"}}
    request = sent_by(lambda anam: anam.session_token(wish), GRANTED)
    assert json.loads(request.content) == wish


@pytest.mark.parametrize("call", [asks, opens])
@pytest.mark.parametrize("body", [b"", b"<html>Hello</html>", b"[]", b'"token"', b"null"])
def test_a_success_that_is_no_object_can_not_be_read(call: Call, body: bytes) -> None:
    with pytest.raises(Unintelligible):
        call(upstream(answers(200, content=body)))


@pytest.mark.parametrize("call", [asks, opens])
@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        (answers(302, headers={"Location": "https://evil.example"}), Held),
        (answers(400, json={"error": "no"}), Refused),
        (answers(402, json={"message": "no plan"}), Refused),
        (answers(403, json={"error": "no permission"}), NotAllowed),
        (answers(404, json={"error": "no avatar"}), Missing),
        (answers(429, json={"error": "Concurrent session limit reached"}), Held),
        (answers(503, json={"error": "busy"}), OutcomeUnknown),
        (fails(httpx.ConnectError), NotSent),
        (fails(httpx.ReadTimeout), OutcomeUnknown),
    ],
)
def test_each_end_has_its_error(call: Call, handler: Handler, kind: type[UpstreamError]) -> None:
    with pytest.raises(kind):
        call(upstream(handler))


def test_a_session_token_that_is_over_says_nothing_about_the_key() -> None:
    unauthorized = answers(401, json={"message": "Token expired"})
    with pytest.raises(SessionOver) as over:
        opens(upstream(unauthorized))
    assert (over.value.cause, over.value.said) == (Cause.INVALID, "Token expired")
    with pytest.raises(Held) as held:
        asks(upstream(unauthorized))
    assert held.value.cause == Cause.KEY


@pytest.mark.parametrize("token", ["", " ", "one two", "a\nHost: evil.example", "tökén", "a\0"])
def test_what_can_be_no_session_token_never_leaves(token: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise AssertionError("it was sent")

    with pytest.raises(SessionOver) as caught:
        upstream(handler).engine_session(token, {})
    assert caught.value.said == ""


ECHO = {"error": f"no session for {TOKEN}", "details": [{"path": TOKEN, "message": KEY}]}
ESCAPED = json.dumps(ECHO).replace("/", r"\/").replace("canary", r"c\u0061nary").encode()


@pytest.mark.parametrize(
    "handler",
    [
        fails(httpx.ConnectError),
        fails(httpx.ReadTimeout),
        fails(httpx.RemoteProtocolError),
        answers(400, json=ECHO),
        answers(401, json=ECHO),
        answers(403, content=ESCAPED),
        answers(404, text=f"nothing at {TOKEN}"),
        answers(429, json=ECHO),
        answers(500, text=f"{TOKEN} {KEY}"),
        answers(200, text=TOKEN),
        answers(302, headers={"Location": f"https://evil.example/?token={TOKEN}"}),
    ],
)
def test_no_error_and_no_log_holds_the_session_token_or_the_key(
    handler: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(UpstreamError) as caught:
        opens(upstream(handler))
    error = caught.value
    told = "".join(traceback.format_exception(error))
    everything = f"{error} {error!r} {vars(error)} {told} {caplog.text}"
    assert "canary" not in everything
    assert KEY not in everything


def test_a_key_that_comes_back_in_a_success_is_hidden() -> None:
    echo = answers(200, json={**GRANTED, "organisation": {"key": KEY}})
    answer = asks(upstream(echo))
    assert answer == {**GRANTED, "organisation": {"key": "[key]"}}


def test_what_the_sandbox_grants_it_also_opens(tmp_path: Path) -> None:
    app = Sandbox(tmp_path, key=KEY, knobs=Knobs(delay=0))
    anam = Upstream("http://sandbox.test", KEY, httpx.WSGITransport(app=app))
    granted = anam.session_token({"personaConfig": {"avatarId": next(iter(STOCK))}})
    assert anam.engine_session(granted["sessionToken"], {})["engineHost"].endswith(".invalid")
    with pytest.raises(SessionOver):
        anam.engine_session("of.somebody.else", {})
