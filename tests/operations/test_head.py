"""A HEAD on a kept connection: not one byte may come before the next answer."""

from typing import Any

import pytest
from django.test import RequestFactory

from dashboard.wsgi import application

pytestmark = pytest.mark.django_db


def answer(method: str, path: str) -> tuple[str, dict[str, str], bytes]:
    """From the bare application, since Django's test client drops the body itself."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        told.extend((status, dict(headers)))

    environ = RequestFactory().generic(method, path, SERVER_NAME="localhost").environ
    body = b"".join(application(environ, start_response))
    return told[0], told[1], body


@pytest.mark.parametrize("path", ["/healthz", "/", "/nowhere"])
def test_a_head_is_told_as_a_get_without_its_body(path: str) -> None:
    (status, headers, body), (same, short, nothing) = answer("GET", path), answer("HEAD", path)
    assert (same, nothing) == (status, b"")
    assert short["Content-Length"] == headers["Content-Length"] == str(len(body))
