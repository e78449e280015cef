"""Alive, and ready to work."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from tests.conftest import files_in


def broken(*_: Any) -> Any:
    raise OperationalError("the database is down, says secret-host.internal")


def test_healthz_answers_whatever_else_is_broken(client: Client) -> None:
    """There is not even a database in this test."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_ready_and_leaves_nothing_behind(client: Client, rooms: Path) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "storage": "ok"}
    assert files_in(rooms / "media") == []


@pytest.mark.django_db
def test_a_failing_database_is_named_and_nothing_more(client: Client) -> None:
    with connection.execute_wrapper(broken):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "failing", "storage": "ok"}


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'avatars'")
    assert client.get("/readyz").json() == {"database": "failing", "storage": "ok"}


@pytest.mark.django_db
def test_a_failing_storage_is_named_and_nothing_more(client: Client, rooms: Path) -> None:
    (rooms / "media").write_text("a file where a folder should be")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "storage": "failing"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_machine_asks_over_plain_http_even_behind_tls(
    client: Client, settings: Settings, path: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path).status_code == 200
    assert client.get("/accounts/login/").status_code == 301


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_they_only_answer_questions(client: Client, path: str, method: str) -> None:
    ask: Callable[[str], Any] = getattr(client, method)
    assert ask(path).status_code == 405
