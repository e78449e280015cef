"""No body beyond the cap is read."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from dashboard.operations.body_cap import MESSAGE, BodyCapMiddleware


def reached(request: Any) -> Any:
    raise AssertionError("the request went through")


def announcing(length: object, **headers: str) -> Any:
    request = RequestFactory().post("/upload", headers=headers)
    request.META["CONTENT_LENGTH"] = length
    return request


def test_a_page_says_that_it_was_too_much(settings: Settings) -> None:
    response = BodyCapMiddleware(reached)(announcing(settings.UPLOAD_BODY_MAX + 1))
    assert response.status_code == 413
    assert MESSAGE in response.content.decode()


def test_json_says_so_too(settings: Settings) -> None:
    request = announcing(settings.UPLOAD_BODY_MAX + 1, Accept="application/json")
    response = BodyCapMiddleware(reached)(request)
    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/json"
    assert MESSAGE in response.content.decode()


@pytest.mark.parametrize("length", ["", None, "0", "32000000", "many", "-1"])
def test_what_is_not_announced_as_too_much_goes_on(length: object) -> None:
    with pytest.raises(AssertionError, match="went through"):
        BodyCapMiddleware(reached)(announcing(length))


def test_the_cap_stands_before_sign_in_and_before_csrf(settings: Settings) -> None:
    settings.UPLOAD_BODY_MAX = 10
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post("/upload", {"a": "b" * 100}).status_code == 413
