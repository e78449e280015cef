"""Bodies that no client means to send: each ends in words, and none in a fault."""

from uuid import uuid4

import pytest
from pytest_django import Settings

from avatars.models import Approval, Avatar
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db
NUL, HALF = "a\x00b", "\ud800"  # PostgreSQL takes neither, SQLite not the half of a character


@pytest.fixture
def face(program: Program) -> Avatar:
    assert program.create().status_code == 201
    Avatar.objects.update(approval=Approval.APPROVED)
    return Avatar.objects.get()


@pytest.mark.parametrize("path", ["avatars", "auth/session-token", "engine/session"])
def test_more_than_fits_into_memory_is_too_large(
    program: Program, settings: Settings, path: str
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    response = program.post(path, {"displayName": "x" * 1_000})
    assert response.status_code == 413
    assert "1000 bytes" in response.json()["message"]


@pytest.mark.parametrize("text", [NUL, HALF, "x"])
def test_a_conversation_with_an_odd_id_is_refused(program: Program, text: str) -> None:
    for path in ("auth/session-token", "engine/session"):
        response = program.post(path, {"personaConfig": {"avatarId": text}})
        assert response.status_code == 400
        assert response.json()["details"][0]["path"] == "personaConfig.avatarId"


@pytest.mark.parametrize("text", [NUL, HALF])
def test_a_note_that_no_database_takes_is_refused(
    program: Program, face: Avatar, text: str
) -> None:
    verdict = {"decision": "rejected", "note": text, "version": face.version}
    response = program.post(f"avatars/{face.upstream_id}/review", verdict)
    assert response.status_code == 400
    assert response.json()["details"][0]["path"] == "note"


@pytest.mark.parametrize("version", [False, "0", None])
def test_a_version_that_is_no_number_is_refused(
    program: Program, face: Avatar, version: object
) -> None:
    verdict = {"decision": "approved", "version": version}
    response = program.post(f"avatars/{face.upstream_id}/review", verdict)
    assert response.status_code == 400
    assert response.json()["details"][0]["path"] == "version"


def test_nothing_at_all_is_told_as_such(program: Program, face: Avatar) -> None:
    response = program.http.put(f"/v1/avatars/{face.upstream_id}", content_type="application/json")
    assert response.status_code == 400
    assert [found["path"] for found in response.json()["details"]] == ["body"]


def test_a_field_is_named_by_where_it_stands(program: Program) -> None:
    response = program.post("auth/session-token", {"personaConfig": {"avatarId": 5}})
    assert response.json()["details"][0]["path"] == "personaConfig.avatarId"
    assert program.get("avatars?page=0").json()["details"][0]["path"] == "page"


def test_a_creation_that_nobody_knows_is_called_one(program: Program) -> None:
    response = program.get(f"creations/{uuid4()}")
    assert response.status_code == 404
    assert "creation" in response.json()["message"]
