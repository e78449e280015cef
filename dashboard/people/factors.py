"""Second factors that come and go, on the record.

They are watched where they are rows: so whatever adds or removes one is written down, pages and
commands alike, and in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.core import context

from . import record

if TYPE_CHECKING:
    from .models import User

CODES = "recovery_codes"
IN_WORDS = {"totp": "authenticator app", "webauthn": "security key", CODES: "recovery code"}


def added(instance: Any, created: bool, raw: bool, **_: Any) -> None:
    """After one of allauth's authenticators is saved. `raw` rows come from a dump."""
    if not created or raw:
        return
    if instance.type == CODES:
        record.of_person("codes-made", instance.user, by=_whoever_asks())
    else:
        detail = {"factor": IN_WORDS[instance.type]}
        record.of_person("factor-added", instance.user, by=_whoever_asks(), detail=detail)


def removed(instance: Any, **_: Any) -> None:
    """Recovery codes go when they are made anew, or with the last factor they stand in for."""
    if instance.type != CODES:
        detail = {"factor": IN_WORDS[instance.type]}
        record.of_person("factor-removed", instance.user, by=_whoever_asks(), detail=detail)


def _whoever_asks() -> User | None:
    """Who has the page open; None at the command line."""
    request = context.request
    return request.user if request and request.user.is_authenticated else None
