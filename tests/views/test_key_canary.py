"""The key is in no page, no log, no row and no file, whatever Anam answers."""

import logging
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, State
from avatars.tasks import send_due, sweep
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, ScriptAnam, files_in
from tests.upstream.answers import described
from tests.views.doors import addresses

CANARY = "canary-7f3a91c2-key"

ANSWERS: dict[str, Callable[[], httpx.Response]] = {
    "an error": lambda: httpx.Response(500, json={"error": f"failed for {CANARY}"}),
    "a refused key": lambda: httpx.Response(401, json={"error": f"Invalid API key {CANARY}"}),
    "a refusal": lambda: httpx.Response(422, json={"message": f"no face for {CANARY}"}),
    "a web page": lambda: httpx.Response(200, text=f"<html>{CANARY}</html>"),
    "a success": lambda: httpx.Response(201, json=described(echo=CANARY)),
    "an error page": lambda: httpx.Response(502, text=f"<html>{CANARY}</html>"),
}


def pages(avatar: Avatar) -> list[str]:
    """Every address that can be read, with this avatar in it."""
    own = [
        path.replace("00000000-0000-4000-8000-000000000000", str(avatar.pk))
        for path in addresses().values()
    ]
    return [*own, f"/admin/avatars/avatar/{avatar.pk}/change/", "/?q=canary"]


def dump() -> str:
    rows: list[object] = []
    for model in apps.get_models(include_auto_created=True):
        rows += model._default_manager.values_list()
    return str(rows)


def body_of(office: Client, path: str) -> bytes:
    response = office.get(path)
    head = str(response.items()).encode()
    return head + (b"".join(response) if response.streaming else response.content)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ANSWERS)
def test_the_key_shows_up_nowhere(
    accepted: MakeAvatar,
    client_of: ClientOf,
    anam: ScriptAnam,
    settings: Settings,
    rooms: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return ANSWERS[name]()

    anam(handler)
    settings.ANAM_API_KEY = CANARY
    avatar = accepted()
    send_due.call()
    sweep()
    office = client_of(Role.ADMINISTRATOR)
    bodies = [body_of(office, path) for path in pages(avatar) if path != "/accounts/logout/"]
    assert seen
    assert set(seen) == {f"Bearer {CANARY}"}  # the canary was really out
    assert len(bodies) > 60
    assert [body for body in bodies if CANARY.encode() in body] == []
    assert CANARY not in caplog.text
    assert CANARY not in dump()
    assert [path for path in files_in(rooms) if CANARY.encode() in path.read_bytes()] == []


@pytest.mark.django_db
def test_the_search_for_the_key_would_find_it(avatar: MakeAvatar) -> None:
    avatar(state=State.HELD, said=CANARY, retry_at=timezone.now())
    assert CANARY in dump()
