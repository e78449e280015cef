"""The OpenAPI document is what the code says, and the reference shows all of it."""

import json
import re
from html import unescape
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from avatars.api.gateway import document, schema
from dashboard.people.roles import Role
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db


def test_the_document_that_is_kept_is_what_the_code_says() -> None:
    call_command("openapi", "--check")


def test_a_document_that_differs_is_told_so(settings: Settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"manage\.py openapi"):
        call_command("openapi", "--check")


def test_tools_get_the_document_without_signing_in() -> None:
    response = Client().get("/v1/openapi.json")
    assert response.status_code == 200
    assert response.content.decode() == document()
    assert json.loads(response.content)["openapi"].startswith("3.1")


def test_tools_that_have_the_document_are_told_so() -> None:
    etag = Client().get("/v1/openapi.json")["ETag"]
    again = Client().get("/v1/openapi.json", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_every_answer_has_a_meaning_of_its_own_words() -> None:
    for methods in schema()["paths"].values():
        for details in methods.values():
            for status, answer in details["responses"].items():
                assert answer["description"] != HTTPStatus(int(status)).phrase


def test_every_group_of_calls_is_described() -> None:
    named = {tag["name"] for tag in schema()["tags"] if tag["description"]}
    calls = [details for methods in schema()["paths"].values() for details in methods.values()]
    assert named == {tag for details in calls for tag in details["tags"]}


def test_the_reference_shows_every_call_and_every_shape(client_of: ClientOf) -> None:
    page = client_of(Role.VIEWER).get("/docs/api").content.decode()
    for path, methods in schema()["paths"].items():
        for details in methods.values():
            assert f'id="{details["operationId"]}"' in page
            assert path in page
            assert all(right in page for right in details.get("x-rights", ()))
    for name in schema()["components"]["schemas"]:
        assert f'id="shape-{name}"' in page
    assert set(re.findall(r'href="#([\w-]+)"', page)) <= set(re.findall(r'id="([\w-]+)"', page))


def test_the_calls_to_copy_have_the_address_of_this_server(client_of: ClientOf) -> None:
    page = unescape(client_of(Role.VIEWER).get("/docs/api").content.decode())
    assert "curl -X PUT 'http://testserver/v1/avatars/AVATAR_ID' \\\n" in page
    assert """-d '{"displayName": "Mia Vale"}'</pre>""" in page
    assert "-F 'imageFile=@portrait.jpg'</pre>" in page


def test_the_reference_tells_the_headers_of_answers(client_of: ClientOf) -> None:
    page = client_of(Role.VIEWER).get("/docs/api").content.decode()
    assert "Headers: Location, Greenroom-Id, Retry-After." in page


def test_the_reference_is_for_the_team(client: Client) -> None:
    assert client.get("/docs/api").status_code == 302
