"""Everything that is known of an avatar, fit to leave the server."""

from typing import Any

from avatars.harmless import harmless
from avatars.models import Avatar


def record_of(avatar: Avatar) -> dict[str, Any]:
    """Its facts and its history, with neither signed links nor tokens.

    For `avatar.events.all()` to be no query each, the caller prefetches actors and tokens.
    """
    facts = {**avatar.facts(), "stock": avatar.stock, "events": _history(avatar)}
    return {name: harmless(value) for name, value in facts.items()}


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
