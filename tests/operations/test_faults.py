"""Full disk, read-only folder, missing file, locked database: a clear message, and then service."""

import errno
import os
import shutil
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client
from pytest_django import Settings

from avatars.models import Avatar
from dashboard.operations import faults
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson
from tests.faults import failing_at
from tests.views.test_upload import photo, send

pytestmark = pytest.mark.django_db(transaction=True)
LOCKED = OperationalError("database is locked")
GONE = OperationalError("server closed the connection unexpectedly, says secret-host.internal")


@pytest.fixture
def desk(client_of: ClientOf) -> Client:
    client = client_of(Role.CREATOR)
    client.raise_request_exception = False  # what comes out of middleware has to be a page too
    return client


@contextmanager
def database_says(error: Exception, to: str = "") -> Any:
    """Every statement that begins with `to` fails."""

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(to):
            raise error
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def disk_says(number: int) -> Any:
    def refuse(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    with patch.object(os, "fsync", refuse):
        yield


def assert_told(response: Any, *words: str) -> None:
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response["Cache-Control"] == "no-store"
    page = response.content.decode()
    for word in (*words, "Nothing is half-saved", "Try again in a moment"):
        assert word.replace("'", "&#x27;") in page or word in page
    assert "secret-host" not in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LOCKED, "The database was busy for too long"),
        (GONE, "The database does not answer as it should"),
        (OperationalError("database or disk is full"), "disk is full"),
        (OperationalError("could not extend file: No space left on device"), "disk is full"),
        (OperationalError("attempt to write a readonly database"), "may not write"),
        (OperationalError("disk I/O error"), "disk reports an error"),
        (InterfaceError("connection already closed"), "does not answer as it should"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_whatever_the_database_says_is_told_in_words(
    desk: Client, error: Exception, words: str
) -> None:
    """Already the session can't be read here, long before any view."""
    with database_says(error):
        assert_told(desk.get("/"), words, "administrator")
    assert desk.get("/").status_code == 200


def test_the_page_is_not_made_with_the_database(desk: Client) -> None:
    desk.get("/")
    with database_says(LOCKED, to="SELECT"):
        assert_told(desk.get("/status"))


def test_as_json_it_says_the_same(desk: Client) -> None:
    with database_says(LOCKED):
        response = desk.get("/", headers={"Accept": "application/json"})
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "busy for too long" in response.json()["message"]
    assert "Nothing is half-saved" in response.json()["message"]


def test_a_locked_database_at_the_desk_makes_nothing_and_later_all(desk: Client) -> None:
    key = str(uuid4())
    with database_says(LOCKED, to="INSERT"):
        assert_told(send(desk, photo(), wish=key), "busy for too long")
    assert not Avatar.objects.exists()
    assert send(desk, photo(), wish=key).status_code == 302
    assert Avatar.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="one writer at a time is SQLite's")
def test_a_database_that_somebody_really_locks_is_waited_for_and_then_told(
    desk: Client, settings: Settings
) -> None:
    key = str(uuid4())
    connection.cursor().execute("PRAGMA busy_timeout = 200")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert_told(send(desk, photo(), wish=key), "busy for too long")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert send(desk, photo(), wish=key).status_code == 302
    assert Avatar.objects.count() == 1


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES]
)
def test_a_disk_that_takes_no_photo_is_told_at_the_desk_and_later_takes_it(
    desk: Client, number: int
) -> None:
    key = str(uuid4())
    with disk_says(number):
        response = send(desk, photo(), wish=key)
    assert response.status_code == 503
    assert "The photo could not be stored" in response.content.decode()
    assert f'value="{key}"' in response.content.decode()
    assert not Avatar.objects.exists()
    assert send(desk, photo(), wish=key).status_code == 302


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The server's disk is full"),
        (errno.EDQUOT, "The server's disk is full"),
        (errno.EROFS, "may not write into its own data folder"),
        (errno.EACCES, "may not write into its own data folder"),
        (errno.EIO, "disk reports an error"),
    ],
)
def test_every_other_page_tells_of_the_disk_too(
    desk: Client, accepted: MakeAvatar, rooms: Path, number: int, words: str
) -> None:
    """A missing thumbnail is made anew, and that is a write."""
    avatar = accepted()
    shutil.rmtree(rooms / "media" / "thumbnails")
    with disk_says(number):
        assert_told(desk.get(avatar.thumbnail_url_96), words)
    assert desk.get(avatar.thumbnail_url_96).status_code == 200


def test_a_missing_photo_is_not_found_and_everything_else_goes_on(
    desk: Client, accepted: MakeAvatar
) -> None:
    avatar = accepted()
    Path(avatar.photo.path).unlink()
    assert desk.get(f"/avatars/{avatar.pk}/still").status_code == 404
    assert desk.get(avatar.get_absolute_url()).status_code == 200


def test_whoever_signs_in_while_nothing_can_be_written_is_told_why(
    client: Client, person: MakePerson
) -> None:
    """Django takes a session that can't be saved for one that was deleted, and says 400."""
    somebody = person(role=Role.VIEWER)
    somebody.set_password("a long walk to the moon")
    somebody.save()
    client.raise_request_exception = False
    form = {"login": somebody.email, "password": "a long walk to the moon"}
    for statement in ("INSERT", "UPDATE", "BEGIN", "DELETE"):
        with database_says(LOCKED, to=statement):
            response = client.post("/accounts/login/", form)
        if response.status_code != 302:
            assert_told(response, "busy for too long")
    assert Session.objects.count() <= 4
    client.post("/accounts/login/", form)
    assert client.get("/").status_code == 200


def test_every_write_of_a_sign_in_fails_once_in_turn_and_each_is_told(
    person: MakePerson,
) -> None:
    somebody = person(role=Role.VIEWER)
    somebody.set_password("a long walk to the moon")
    somebody.save()
    form = {"login": somebody.email, "password": "a long walk to the moon"}
    n, told = 0, 0
    while True:
        client, n = Client(raise_request_exception=False), n + 1
        with failing_at(n) as writes:
            response = client.post("/accounts/login/", form)
        if not writes.failed:
            break
        assert response.status_code in (302, 503), writes.seen
        told += response.status_code == 503
    assert told


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a bug"),
        ProgrammingError("a bug"),
        FileNotFoundError(2, "nothing there"),
        OSError(),
    ],
)
def test_a_bug_is_no_storage_fault(error: Exception) -> None:
    assert faults.fault_in(error) is None


def test_a_bug_still_gets_the_page_for_bugs(desk: Client) -> None:
    with database_says(ProgrammingError("a bug")):
        response = desk.get("/")
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


def test_the_log_has_the_exception(desk: Client, caplog: pytest.LogCaptureFixture) -> None:
    with database_says(GONE, to="SELECT"):
        desk.get("/status")
    assert any(record.exc_info for record in caplog.records)
    assert "secret-host.internal" in caplog.text


def test_readyz_goes_on_naming_the_part(client: Client) -> None:
    with database_says(LOCKED):
        assert client.get("/readyz").json() == {"database": "failing", "storage": "ok"}
    with disk_says(errno.ENOSPC):
        assert client.get("/readyz").json() == {"database": "ok", "storage": "failing"}
