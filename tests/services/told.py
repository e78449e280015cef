"""What happened to an avatar, as tests look at it."""

from pathlib import Path

import httpx

from avatars.models import Avatar, State
from avatars.services import create
from tests.conftest import Handler, files_in


def kinds(avatar: Avatar) -> list[str]:
    return [event.kind for event in avatar.events.all()]


def send(avatar: Avatar) -> None:
    create.send_next()
    avatar.refresh_from_db()
    assert avatar.state == State.READY


def holding(data: bytes, folder: Path) -> list[Path]:
    """Files with a piece out of the middle of `data`, whatever they are called."""
    piece = data[len(data) // 2 :][:200]
    return [path for path in files_in(folder) if piece in path.read_bytes()]


def counting(calls: list[httpx.Request], status: int) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(status)

    return handler
