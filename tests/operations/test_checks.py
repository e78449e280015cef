"""What `manage.py check` says about settings that would leak the key or break what goes by them."""

from typing import Any

import pytest
from environ import Env
from pytest_django import Settings

from avatars.checks import anam_settings, policy_settings, public_address
from dashboard.policy import pinned

Codes = list[str | None]


def codes() -> Codes:
    return [message.id for message in anam_settings()]


@pytest.mark.parametrize(
    "address",
    [
        "https://api.anam.ai",
        "https://proxy.example:8443/anam",
        "http://127.0.0.1:9000",
        "http://localhost:9000",
        "http://[::1]:9000",
    ],
)
def test_a_good_address_is_no_fault(settings: Settings, address: str) -> None:
    settings.ANAM_API_URL = address
    assert codes() == []


@pytest.mark.parametrize("address", ["", "api.anam.ai", "https://", "ftp://api.anam.ai", "/v1"])
def test_what_is_no_address_is_e001(settings: Settings, address: str) -> None:
    settings.ANAM_API_URL = address
    assert codes() == ["avatars.E001"]


@pytest.mark.parametrize("address", ["http://api.anam.ai", "http://10.0.0.1", "http://localhost.x"])
def test_a_key_without_tls_is_e002(settings: Settings, address: str) -> None:
    settings.ANAM_API_URL = address
    assert codes() == ["avatars.E002"]


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "ключ", "“quoted”", "tab\tbed"])
def test_a_key_that_is_none_is_e003_and_not_repeated(settings: Settings, key: str) -> None:
    settings.ANAM_API_KEY = key
    assert codes() == ["avatars.E003"]
    assert key not in str(anam_settings())


@pytest.mark.parametrize(
    ("public_url", "host", "told"),
    [
        ("", "0.0.0.0", ["avatars.W001"]),
        ("", "127.0.0.1", []),
        ("", "localhost", []),
        ("https://greenroom.example", "0.0.0.0", []),
    ],
)
def test_beyond_this_machine_tls_is_advised(
    settings: Settings, public_url: str, host: str, told: Codes
) -> None:
    settings.PUBLIC_URL, settings.HOST = public_url, host
    assert [message.id for message in public_address()] == told


@pytest.mark.parametrize(
    ("variables", "pins"),
    [
        ({}, {}),
        ({"POLICY_REVIEW": "before"}, {"review": "before"}),
        ({"POLICY_FOUR_EYES": "On", "POLICY_PRIVATE": "no"}, {"four_eyes": True, "private": False}),
        ({"POLICY_CREATORS": "administrators"}, {"creators": "administrators"}),
        (
            {"POLICY_MONTH_LIMIT": "5", "POLICY_MONTH_WARNING": "5"},
            {"month_limit": 5, "month_warning": 5},
        ),
    ],
)
def test_a_good_policy_is_no_fault(
    settings: Settings, variables: dict[str, str], pins: dict[str, Any]
) -> None:
    env = Env()
    env.ENVIRON = variables
    settings.POLICY = pinned(env)
    assert pins == settings.POLICY
    assert policy_settings() == []


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"POLICY_REVIEW": "sometimes"}, "avatars.E004"),
        ({"POLICY_CREATORS": "everybody"}, "avatars.E005"),
        ({"POLICY_FOUR_EYES": "yess"}, "avatars.E006"),
        ({"POLICY_CONSENT": "maybe"}, "avatars.E006"),
        ({"POLICY_PRIVATE": "2"}, "avatars.E006"),
        ({"POLICY_MONTH_LIMIT": "0"}, "avatars.E007"),
        ({"POLICY_MONTH_LIMIT": "-1"}, "avatars.E007"),
        ({"POLICY_MONTH_LIMIT": "many"}, "avatars.E007"),
        ({"POLICY_MONTH_WARNING": "1.5"}, "avatars.E007"),
        ({"POLICY_MONTH_LIMIT": "5", "POLICY_MONTH_WARNING": "6"}, "avatars.E008"),
    ],
)
def test_a_policy_that_is_none_is_refused_in_words(
    settings: Settings, variables: dict[str, str], code: str
) -> None:
    env = Env()
    env.ENVIRON = variables
    settings.POLICY = pinned(env)
    (error,) = policy_settings()
    assert error.id == code
    assert set(variables) <= {word.strip(".,") for word in error.msg.split()}
    assert error.hint
