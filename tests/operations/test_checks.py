"""What `manage.py check` says about settings that would leak the key or break every call."""

import pytest
from pytest_django import Settings

from avatars.checks import anam_settings, public_address

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
