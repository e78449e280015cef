"""Neither the key nor a token is in an answer, a log, an error page, a row, an export, a file."""

import logging
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from avatars.models import Approval, Avatar, Webhook
from avatars.services.signatures import secret_of
from avatars.tasks import run_errands, send_due
from dashboard.people.roles import Role
from tests.api.conftest import MakeToken, Program
from tests.conftest import ClientOf, ScriptAnam, files_in
from tests.upstream.answers import described
from tests.views.doors import addresses
from tests.views.test_key_canary import CANARY, dump

pytestmark = pytest.mark.django_db

SESSION = "canary.session-2b91.token"


class Failure:
    """The last middleware: every view fails instead of answering."""

    def __init__(self, get_response: Callable[[HttpRequest], object]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> object:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        raise RuntimeError("the view failed")


def echoing(request: httpx.Request) -> httpx.Response:
    """An Anam that says everything it was told, and hands out sessions."""
    told = request.headers["Authorization"]
    if request.url.path.endswith("session-token"):
        return httpx.Response(200, json={"sessionToken": SESSION, "echo": told})
    if request.url.path.endswith("session"):
        return httpx.Response(500, json={"error": f"failed for {told}"})
    if request.method == "POST" and b"Refused" in request.content:
        return httpx.Response(422, json={"message": f"no face for {told}"})
    if request.method == "GET":
        return httpx.Response(404, text=f"nothing for {told}")
    return httpx.Response(201, json=described(echo=told))


def every_call(program: Program, face: str) -> list[bytes]:
    """Each call of the gateway, well and badly."""
    wanted = {"personaConfig": {"avatarId": face}}
    answers = [
        program.create("Refused face"),
        program.create("A"),
        program.get("avatars"),
        program.get(f"avatars/{face}"),
        program.get("avatars/nonsense"),
        program.get("feed/nothing"),
        program.get(f"avatars/{face}/review"),
        program.post("auth/session-token", wanted),
        program.post("auth/session-token", {}),
        program.put(f"avatars/{face}", {"displayName": "Berta"}),
        program.delete(f"avatars/{face}"),
        program.http.get("/v1/nothing"),
        Client(headers={"Authorization": f"Bearer {SESSION}"}).post("/v1/engine/session"),
    ]
    return [str(answer.items()).encode() + answer.content for answer in answers]


def test_what_is_secret_shows_up_nowhere(
    make_token: MakeToken,
    client_of: ClientOf,
    anam: ScriptAnam,
    settings: Settings,
    rooms: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    anam(echoing)
    settings.ANAM_API_KEY = CANARY
    token, text = make_token()
    hook = Webhook.objects.create(url="https://example.com/hook", topics=["avatar.ready"])
    program = Program(text, token)
    face = program.create().json()["id"]
    Avatar.objects.update(approval=Approval.APPROVED)
    bodies = every_call(program, face)
    send_due.call()
    run_errands.call()
    office = client_of(Role.ADMINISTRATOR)
    office.raise_request_exception = False
    for path in sorted(set(addresses().values()) - {"/accounts/logout/"}):
        answer = office.get(path)
        streamed = b"".join(answer) if answer.streaming else answer.content
        bodies.append(str(answer.items()).encode() + streamed)
    call_command("avatars", "export", str(tmp_path / "export"), "--photos")
    secrets = [CANARY, text, secret_of(hook)]
    for secret in secrets:
        assert [body for body in bodies if secret.encode() in body] == []
    for secret in (*secrets, SESSION):
        assert secret not in caplog.text
        assert secret not in dump()
        assert [path for path in files_in(rooms) if secret.encode() in path.read_bytes()] == []
    assert sum(SESSION.encode() in body for body in bodies) == 1  # to whom it belongs


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_view_that_fails_tells_no_secret(
    make_token: MakeToken,
    client_of: ClientOf,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    method: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    settings.ANAM_API_KEY = CANARY
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Failure"]
    _, text = make_token()
    office = client_of(Role.ADMINISTRATOR)
    office.raise_request_exception = False
    headers = {"Authorization": f"Bearer {text}"}
    failed = 0
    for path in sorted(set(addresses().values())):
        answer = office.generic(method, path, headers=headers)
        body = str(answer.items()).encode() + answer.content
        assert CANARY.encode() not in body
        assert text.encode() not in body
        assert b"Traceback" not in body
        failed += answer.status_code == 500
    assert failed > 80
    assert "the view failed" in caplog.text
    assert CANARY not in caplog.text
    assert text not in caplog.text
