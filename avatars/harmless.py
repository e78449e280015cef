"""What may leave the server: words without signed links and without tokens."""

import re
from typing import Any

from avatars.tokens import PATTERN

_NAME_AND_PASSWORD = re.compile(r"(https?://)[^\s/@\"'<>]*@", re.IGNORECASE)
_QUERY = re.compile(r"(https?://[^\s?#\"'<>]*)[?#][^\s\"'<>]*", re.IGNORECASE)
# Our own addresses that open a door to whoever has them.
_DOOR = re.compile(
    r"(/(?:setup|invitations|consent|withdraw|call|links|password/reset/key)/)[\w:=.-]{16,}",
    re.IGNORECASE,
)
_LONG = re.compile(r"(/\s*)[\w:=.-]{40,}")  # a code works also when the address is mistyped
_TOKEN = re.compile(PATTERN)


def harmless(value: Any) -> Any:
    """The same without what opens doors.

    That is the queries of addresses, which may be signatures, names and passwords in addresses,
    the codes of our own links, and tokens.
    """
    if isinstance(value, str):
        return _without_keys(value)
    if isinstance(value, dict):
        return {name: harmless(item) for name, item in value.items()}
    if isinstance(value, list):
        return [harmless(item) for item in value]
    return value


def _without_keys(text: str) -> str:
    for key, instead in (
        (_TOKEN, "(a token)"),
        (_NAME_AND_PASSWORD, r"\1"),
        (_QUERY, r"\1"),
        (_DOOR, r"\1…"),
        (_LONG, r"\1…"),
    ):
        text = key.sub(instead, text)
    return text
