"""Codes of links: hard to guess, and never in a log."""

import logging

import pytest
from django.test import Client

from avatars import tokens
from dashboard.people.codes import HideCodes, digest, new_code


def test_codes_carry_256_bits_and_never_repeat() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {43}


def test_a_digest_is_the_same_every_time_and_another_for_another_code() -> None:
    assert digest("a") == digest("a") != digest("b")
    assert len(digest("a")) == 64


@pytest.mark.parametrize(
    "path",
    [
        "/setup/",
        "/invitations/",
        "/accounts/password/reset/key/",
        "/consent/",
        "/withdraw/",
        "/call/",
    ],
)
def test_a_refused_request_leaves_no_code_in_the_log(path: str) -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", path + "1-sEcr_et"), None
    )
    assert HideCodes().filter(record)
    assert record.getMessage() == f"Gone: {path}..."


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /v1/avatars/{}",
        "Forbidden: /feeds?token={}&page=2",
        "The header was “Bearer {}”.",
        "Not Found: /invitations/{}",
        "{0} and {0}",
    ],
)
def test_a_line_with_a_token_shows_no_more_of_it_than_its_page(line: str) -> None:
    token = tokens.new_token()
    record = logging.LogRecord("anything", logging.ERROR, "", 0, "%s", (line.format(token),), None)
    assert HideCodes().filter(record)
    assert token[tokens.HINT + 1 : -1] not in record.getMessage()


def test_a_hidden_token_can_still_be_told_from_others() -> None:
    token = tokens.new_token()
    record = logging.LogRecord("anything", logging.ERROR, "", 0, f"/x?t={token}.", (), None)
    HideCodes().filter(record)
    assert record.getMessage() == f"/x?t={token[: tokens.HINT]}...."


def test_a_traceback_shows_no_token_either(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(HideCodes())
    token = tokens.new_token()
    try:
        raise ValueError(f"what is {token}?")
    except ValueError:
        logging.getLogger("anything").exception("It failed.")
    assert f"ValueError: what is {token[: tokens.HINT]}...?" in caplog.text
    assert "Traceback" in caplog.text
    assert token not in caplog.text


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
    for door in ("consent", "withdraw", "call"):
        client.get(f"/{door}/sEcret-code")
    client.get("/consent/sEcret-code/photo")
    client.put("/withdraw/sEcret-code")
    client.get(f"/healthz/{(token := tokens.new_token())}")
    assert [record.getMessage() for record in caplog.records] == [
        "Not Found: /setup/...",
        "Not Found: /invitations/...",
        "Not Found: /consent/...",
        "Not Found: /withdraw/...",
        "Not Found: /call/...",
        "Not Found: /consent/.../photo",
        "Method Not Allowed (PUT): /withdraw/...",
        f"Not Found: /healthz/{token[: tokens.HINT]}...",
    ]
