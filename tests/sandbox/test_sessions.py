"""Session tokens and the engine's session: what a program gets before sound and picture begin."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from avatars.sandbox import Sandbox
from avatars.sandbox.session_token import LIFE
from avatars.sandbox.stock import STOCK

from .conftest import KEY, Client, Clock, connected

ADA = next(iter(STOCK))
NOBODY = "0b7e8c3a-0000-4000-8000-000000000000"


def asked(client: Client, persona: object = None) -> httpx.Response:
    body = {"personaConfig": {"avatarId": ADA} if persona is None else persona}
    return client.http.post("/v1/auth/session-token", json=body)


def token_of(client: Client, **persona: Any) -> str:
    token: str = asked(client, {"avatarId": ADA, **persona}).json()["sessionToken"]
    return token


def opened(client: Client, bearer: str, body: object = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {bearer}"}
    sent = {"clientMetadata": {"client": "a test"}} if body is None else body
    return client.http.post("/v1/engine/session", headers=headers, json=sent)


def claims_in(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def test_a_persona_with_an_avatar_gets_a_session_token_and_nothing_else(client: Client) -> None:
    answer = asked(client)
    assert (answer.status_code, list(answer.json())) == (200, ["sessionToken"])


def test_a_session_token_has_the_form_that_the_javascript_sdk_reads(client: Client) -> None:
    token = token_of(client)
    assert token.count(".") == 2
    assert (claims_in(token)["type"], type(claims_in(token)["accountId"])) == ("ephemeral", str)
    stored = asked(client, {"personaId": "a stored persona"}).json()["sessionToken"]
    assert claims_in(stored)["type"] == "stateful"


def test_no_two_session_tokens_are_alike(client: Client) -> None:
    assert token_of(client) != token_of(client)


@pytest.mark.parametrize("extra", [{}, {"maxSessionLengthSeconds": 60}, {"voiceId": "any"}])
def test_a_session_token_opens_a_session_that_leads_to_nobody(
    client: Client, extra: dict[str, object]
) -> None:
    answer = opened(client, token_of(client, **extra))
    assert answer.status_code == 200
    session = answer.json()
    assert session["engineHost"].endswith(".invalid")
    assert (session["engineProtocol"], session["signallingEndpoint"]) == ("https", "/ws")
    assert isinstance(session["clientConfig"]["iceServers"], list)
    assert {"heartbeatIntervalSeconds", "maxWsReconnectionAttempts"} <= set(session["clientConfig"])
    assert session["sessionId"] != opened(client, token_of(client)).json()["sessionId"]


def test_a_stored_persona_opens_a_session_too(client: Client) -> None:
    token = asked(client, {"personaId": "a stored persona"}).json()["sessionToken"]
    assert opened(client, token).status_code == 200


def test_a_session_token_needs_no_more_than_itself(client: Client) -> None:
    headers = {"Authorization": f"Bearer {token_of(client)}"}
    assert client.http.post("/v1/engine/session", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("persona", "field"),
    [
        ("Ada", ""),
        ({}, ".avatarId"),
        ({"avatarId": 7}, ".avatarId"),
        ({"avatarId": "Ada"}, ".avatarId"),
        ({"personaId": ""}, ".personaId"),
        ({"avatarId": ADA, "maxSessionLengthSeconds": 0}, ".maxSessionLengthSeconds"),
        (
            {"avatarId": ADA, "maxSessionLengthSeconds": 1.5},
            ".maxSessionLengthSeconds",
        ),
        (
            {"avatarId": ADA, "maxSessionLengthSeconds": True},
            ".maxSessionLengthSeconds",
        ),
        (
            {"avatarId": ADA, "maxSessionLengthSeconds": "9"},
            ".maxSessionLengthSeconds",
        ),
    ],
)
def test_what_is_wrong_with_a_persona_is_named(client: Client, persona: object, field: str) -> None:
    answer = asked(client, persona)
    assert answer.status_code == 400
    assert [problem["path"] for problem in answer.json()["details"]] == [f"personaConfig{field}"]


def test_two_mistakes_are_told_at_once(client: Client) -> None:
    answer = asked(client, {"maxSessionLengthSeconds": -1})
    assert len(answer.json()["details"]) == 2


def test_an_avatar_that_is_not_here_is_not_found(client: Client) -> None:
    assert asked(client, {"avatarId": NOBODY}).status_code == 404
    assert asked(client, {"avatarId": ADA.upper()}).status_code == 200


def test_an_avatar_that_is_gone_since_can_not_be_talked_to(client: Client) -> None:
    avatar_id = client.create().json()["id"]
    token = token_of(client, avatarId=avatar_id)
    assert opened(client, token).status_code == 200
    client.http.delete(f"/v1/avatars/{avatar_id}")
    assert opened(client, token).status_code == 404


def test_a_session_token_costs_the_key(client: Client) -> None:
    for bearer in ("", "Bearer other", f"Basic {KEY}", f"Bearer {token_of(client)}"):
        body = {"personaConfig": {"avatarId": ADA}}
        answer = client.http.post(
            "/v1/auth/session-token", headers={"Authorization": bearer}, json=body
        )
        assert answer.status_code == 401


def test_a_session_token_opens_nothing_but_its_session(client: Client) -> None:
    headers = {"Authorization": f"Bearer {token_of(client)}"}
    for path in ("/v1/avatars", "/v1/auth/session-token", "/_sandbox/requests"):
        assert client.http.get(path, headers=headers).status_code == 401


def test_an_hour_later_a_session_token_is_over(client: Client, clock: Clock) -> None:
    token = token_of(client)
    clock.move(LIFE - 1)
    assert opened(client, token).status_code == 200
    clock.move(1)
    assert opened(client, token).status_code == 401


def test_a_session_token_that_was_changed_is_none(client: Client, clock: Clock) -> None:
    head, payload, signature = token_of(client).split(".")
    clock.move(60)
    another = token_of(client).split(".")[1]
    forged = [
        f"{head}.{another}.{signature}",
        f"{head}.{payload}.",
        f"{head}.{payload}",
        f"{head}.{payload}.{signature}x",
        "..",
        "no token",
    ]
    assert {opened(client, token).status_code for token in forged} == {401}


def test_every_process_over_the_folder_knows_its_session_tokens(
    client: Client, another: Callable[[], Sandbox]
) -> None:
    assert opened(connected(another()), token_of(client)).status_code == 200


def test_the_key_opens_a_session_when_it_brings_a_persona(client: Client) -> None:
    assert opened(client, KEY, {"personaConfig": {"avatarId": ADA}}).status_code == 200
    assert opened(client, KEY, {"personaConfig": {"avatarId": NOBODY}}).status_code == 404
    assert opened(client, KEY).status_code == 400


@pytest.mark.parametrize("path", ["/v1/auth/session-token", "/v1/engine/session"])
def test_a_browser_that_asks_first_is_let_in(client: Client, path: str) -> None:
    answer = client.http.options(path, headers={"Authorization": ""})
    assert (answer.status_code, answer.content) == (204, b"")
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert {"authorization", "content-type"} <= {name.strip() for name in allowed.split(",")}
    assert "POST" in answer.headers["access-control-allow-methods"]


def test_pages_from_anywhere_may_read_answers_and_refusals_of_sessions_alone(
    client: Client,
) -> None:
    origin = "access-control-allow-origin"
    assert asked(client).headers[origin] == asked(client, {}).headers[origin] == "*"
    assert opened(client, "no token").headers[origin] == "*"
    assert origin not in client.list().headers
    assert client.http.options("/v1/avatars", headers={"Authorization": ""}).status_code == 401


def test_both_calls_fail_on_demand(client: Client, sandbox: Sandbox) -> None:
    sandbox.set(faults="session=402x1,session=lost-emptyx1,engine=429-sessionsx1,engine=503x1")
    assert asked(client).status_code == 402
    assert asked(client).content == b""
    token = token_of(client)
    crowded = opened(client, token)
    assert (crowded.status_code, crowded.json()["error"]) == (
        429,
        "Concurrent session limit reached",
    )
    assert [opened(client, token).status_code for _ in range(2)] == [503, 200]


def test_what_was_asked_is_remembered_without_the_token(client: Client, sandbox: Sandbox) -> None:
    token = token_of(client)
    opened(client, token)
    asked_for = [(call["path"], call["status"]) for call in sandbox.requests]
    assert asked_for == [("/v1/auth/session-token", 200), ("/v1/engine/session", 200)]
    assert token not in json.dumps(sandbox.requests)
