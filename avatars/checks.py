"""What `manage.py check` says about settings that would leak the key or break every call."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Advice

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@register(Tags.security)
def anam_settings(**_: Any) -> list[CheckMessage]:
    """The key must be fit for a header, and travel over TLS unless it stays on this machine."""
    messages = [*_address_faults(), *_key_faults()]
    return [Error(text, hint=hint, id=f"avatars.{code}") for code, text, hint in messages]


def _address_faults() -> list[tuple[str, str, str]]:
    url = urlsplit(settings.ANAM_API_URL)
    if url.scheme not in ("http", "https") or not url.hostname:
        return [("E001", "ANAM_API_URL is not an address.", "Leave it empty for Anam itself.")]
    if url.scheme == "http" and url.hostname not in _LOOPBACK:
        return [("E002", "ANAM_API_URL would send the key without TLS.", "Use https://.")]
    return []


def _key_faults() -> list[tuple[str, str, str]]:
    key = settings.ANAM_API_KEY
    if key.isascii() and key.isprintable() and " " not in key:
        return []
    return [("E003", "ANAM_API_KEY holds characters that no key has.", "Copy it once more.")]


@register(Tags.security, deploy=True)
def public_address(**_: Any) -> list[CheckMessage]:
    """Beyond this machine, Greenroom belongs behind TLS."""
    if settings.PUBLIC_URL or settings.HOST in _LOOPBACK:
        return []
    return [
        Advice(
            "PUBLIC_URL is not set, so cookies and pages travel without TLS.",
            hint="Set PUBLIC_URL=https://… and put a TLS proxy in front; see docs/operate.md.",
            id="avatars.W001",
        )
    ]
