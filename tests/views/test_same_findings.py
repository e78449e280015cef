"""One list for all: of an odd file page, API, form and record say the same."""

import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from avatars.models import Avatar, Draft, Right
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.api.conftest import MakeToken, Program
from tests.api.conftest import make_token as make_token  # fixtures
from tests.conftest import ClientOf, MakePerson
from tests.photos.oddities import ODDITIES

pytestmark = pytest.mark.django_db
_SCRIPT = {"Accept": "application/json"}
SIX = ("code", "severity", "title", "measured", "wanted", "how_to_fix")


@pytest.fixture
def anna(person: MakePerson) -> User:
    return person(role=Role.CREATOR)


def test_there_are_odd_files_enough() -> None:
    assert len(ODDITIES) >= 60


@pytest.mark.parametrize("name", ODDITIES)
def test_page_api_and_record_say_the_same(
    name: str, anna: User, client_of: ClientOf, make_token: MakeToken
) -> None:
    desk = client_of(anna)
    of_the_api = _checked(Program(make_token(Right.CREATE, owner=anna)[1]), name)
    card = desk.post(reverse("desk-put"), {"image_file": _file(name)}, headers=_SCRIPT)
    draft = Draft.objects.get()
    assert draft.advice == of_the_api["findings"]
    assert draft.checks == of_the_api["checks"]
    assert draft.has_photo == of_the_api["ok"]
    shown = html.unescape(card.json()["card"])
    for check in draft.checks:
        assert check["title"] in shown
        assert check["measured"] in shown
        if check["state"] in ("advice", "error"):
            assert f"Wanted: {check['wanted']}." in shown
            assert check["how_to_fix"] in shown
    _made_or_refused(desk, draft, name)


def _made_or_refused(desk: Client, draft: Draft, name: str) -> None:
    """By the button, and by the form of browsers without scripts: the record has the same."""
    desk.post(reverse("upload"), {"draft": draft.pk, f"name-{draft.pk}": "By the button"})
    form = {"display_name": "By the form", "image_file": _file(name)}
    at_once = desk.post(reverse("upload"), form, headers=_SCRIPT)
    if draft.has_photo:
        assert [avatar.advice for avatar in Avatar.objects.all()] == [draft.advice] * 2
        return
    assert not Avatar.objects.exists()
    assert Draft.objects.get().advice == draft.advice
    errors = [finding for finding in draft.advice if finding["severity"] == "error"]
    assert [_six(finding) for finding in at_once.json()["findings"]] == errors


def _checked(program: Program, name: str) -> dict[str, Any]:
    answer = program.http.post("/v1/photos/check", {"imageFile": _file(name)})
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return {**told, "findings": [_six(finding) for finding in told["findings"]]}


def _six(finding: dict[str, str]) -> dict[str, str]:
    return {field: finding[field] for field in SIX}


def _file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("odd.jpg", ODDITIES[name], content_type="image/jpeg")
