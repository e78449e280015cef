"""Codes of links: hard to guess, and never in a log."""

import logging
import re

import pytest
from django.test import Client

from avatars import tokens
from avatars.harmless import harmless
from avatars.services.passes import pass_for
from dashboard.people.codes import HideCodes, digest, new_code
from tests.conftest import MakeAvatar
from tests.views.doors import addresses


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
        "/links/",
        "/Consent/",
    ],
)
def test_a_refused_request_leaves_no_code_in_the_log(path: str) -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", path + "1-sEcr_et"), None
    )
    assert HideCodes().filter(record)
    assert record.getMessage() == f"Gone: {path}..."


NEAR = ["/consent//{}", "/consent/ {}", "/consents/{}", "/Call/“{}”", "/de/withdraw/{}/", "/{}"]


@pytest.mark.parametrize("mistyped", NEAR)
def test_a_code_in_a_mistyped_address_is_not_logged_either(mistyped: str) -> None:
    code = new_code()
    line = f"Not Found: {mistyped.format(code)}"
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, line, (), None)
    HideCodes().filter(record)
    assert record.getMessage() == f"Not Found: {mistyped.format('...')}"


DOORS = [path for route, path in addresses().items() if "code>" in route or "text>" in route]


def test_there_are_as_many_doors_for_codes_as_one_thinks() -> None:
    assert len(DOORS) >= 8
    assert {"/consent/code", "/links/a", "/setup/code"} <= set(DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_every_door_that_takes_a_code_is_known_to_the_logs_and_to_the_record(door: str) -> None:
    """Also codes that are shorter than the long ones that are hidden anywhere."""
    code = "sEcret:1vLxYz:co-de.of="
    path = door.replace("/code", f"/{code}").replace("/links/a", f"/links/{code}")
    assert code in path
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, path, (), None)
    HideCodes().filter(record)
    assert not {"sEcret", "1vLxYz", "co-de"} & set(re.findall(r"[\w-]+", record.getMessage()))
    assert not {"sEcret", "1vLxYz", "co-de"} & set(re.findall(r"[\w-]+", harmless(path)))


@pytest.mark.django_db
def test_a_pass_that_works_leaves_no_trace_in_the_log_when_anam_has_no_link(
    client: Client, ready_avatar: MakeAvatar, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(HideCodes())
    text = pass_for(ready_avatar(), "videoUrl")
    assert client.get(f"/links/{text}").status_code == 503
    assert [record.getMessage() for record in caplog.records] == ["Service Unavailable: /links/..."]


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
