"""A command as somebody types it, and the folders it is pointed at."""

import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from avatars.models import Pulse
from avatars.tasks import send_due
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakePerson
from tests.photos import pictures

Fill = Callable[..., Path]


class Printed(NamedTuple):
    """`error` is what the command ended with, and `status` what the shell sees of it."""

    out: str
    err: str
    error: str
    status: int


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def avatars(*arguments: object, err: StringIO | None = None) -> Printed:
    """What `manage.py avatars` prints."""
    out, err = StringIO(), err or StringIO()
    error, status = "", 0
    try:
        call_command("avatars", *map(str, arguments), stdout=out, stderr=err, no_color=True)
    except CommandError as raised:
        error, status = str(raised), raised.returncode
    return Printed(out.getvalue(), err.getvalue(), error, status)


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(name="Mia Berg", role=Role.CREATOR)


@pytest.fixture
def office(person: MakePerson) -> User:
    return person(name="Ada Office", role=Role.ADMINISTRATOR)


@pytest.fixture
def folder(tmp_path: Path) -> Fill:
    """A folder with these files: each its name, and bytes or the side of a portrait in pixels."""

    def fill(place: str = "photos", **files: Any) -> Path:
        made = tmp_path / "given" / place
        made.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            data = content if isinstance(content, bytes) else pictures.portrait_jpeg(*[content] * 2)
            (made / name).write_bytes(data)
        return made

    return fill


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Somebody who does what `manage.py worker` does."""
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.05):
            Pulse.beat("sweep")
            send_due.call()
        connections.close_all()

    Pulse.beat("sweep")
    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()
