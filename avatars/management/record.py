"""Everything that is known of an avatar, fit to leave the server."""

import re
from typing import Any

from avatars.models import Avatar
from avatars.tokens import PATTERN

_QUERY = re.compile(r"(https?://[^\s?#\"'<>]*)[?#][^\s\"'<>]*", re.IGNORECASE)
_TOKEN = re.compile(PATTERN)


def record_of(avatar: Avatar) -> dict[str, Any]:
    """Its facts and its history, with neither signed links nor tokens.

    For `avatar.events.all()` to be no query each, the caller prefetches actors and tokens.
    """
    facts = {**avatar.facts(), "stock": avatar.stock, "events": _history(avatar)}
    return {name: _harmless(value) for name, value in facts.items()}


def _history(avatar: Avatar) -> list[dict[str, Any]]:
    erased = avatar.is_erased
    return [
        {
            "at": event.at,
            "actor": event.actor_name,
            "kind": event.kind,
            "sentence": event.sentence,
            # What was said and what it was called is to be forgotten, and may still be here.
            "note": "" if erased else event.note,
            "detail": {} if erased else event.detail,
        }
        for event in avatar.events.all()
    ]


def _harmless(value: Any) -> Any:
    """The same without the queries of addresses, which may be signatures, and without tokens."""
    if isinstance(value, str):
        return _TOKEN.sub("(a token)", _QUERY.sub(r"\1", value))
    if isinstance(value, dict):
        return {name: _harmless(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_harmless(item) for item in value]
    return value
