"""Codes of links: hard to guess, and never in a log."""

import logging

import pytest
from django.test import Client

from dashboard.people.codes import HideCodes, digest, new_code


def test_codes_carry_256_bits_and_never_repeat() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {43}


def test_a_digest_is_the_same_every_time_and_another_for_another_code() -> None:
    assert digest("a") == digest("a") != digest("b")
    assert len(digest("a")) == 64


@pytest.mark.parametrize("path", ["/setup/", "/invitations/", "/accounts/password/reset/key/"])
def test_a_refused_request_leaves_no_code_in_the_log(path: str) -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", path + "1-sEcr_et"), None
    )
    assert HideCodes().filter(record)
    assert record.getMessage() == f"Gone: {path}..."


def test_other_lines_stay_as_they_are() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", "/people/7"), None
    )
    assert HideCodes().filter(record)
    assert (record.msg, record.args) == ("%s: %s", ("Not Found", "/people/7"))


@pytest.mark.django_db
def test_what_django_really_logs_is_covered(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(HideCodes())
    client.get("/setup/sEcret-code")
    client.get("/invitations/sEcret-code")
    assert [record.getMessage() for record in caplog.records] == [
        "Not Found: /setup/...",
        "Not Found: /invitations/...",
    ]
