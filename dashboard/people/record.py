"""Writing people's comings and goings down, in the transaction that makes each true.

Where the record is kept is the project's to say (`settings.RECORD`), and nobody here knows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from .models import Invitation, User

AT_THE_COMMAND_LINE = "Somebody at the command line"
SOMEBODY = "Somebody"  # who knocks, and is not let in
_FAILURES_APART = 60  # seconds between two events about wrong passwords for one person


def of_person(kind: str, person: User, *, by: User | str | None, **more: Any) -> None:
    """What happened to somebody.

    `by`: who did it, in words when they are not signed in; None is somebody at the command line.

    `more`: `detail`, `note` and `tell` (people who are to be told), as the record takes them.
    """
    _write(kind, ("person", person.pk, str(person)), by, **more)


def of_invitation(kind: str, invitation: Invitation, *, by: User | None, **more: Any) -> None:
    """The same about an invitation, which goes by its address if it has one."""
    _write(kind, ("invitation", invitation.pk, invitation.email), by, **more)


def change(name: str, before: object, after: object) -> dict[str, dict[str, object]]:
    """One change as an event's detail."""
    return {"before": {name: before}, "after": {name: after}}


def renamed(person: User, before: str, *, by: User | None) -> None:
    """They go by another name now, unless it is the same one."""
    if person.name != before:
        of_person("name-changed", person, by=by, detail=change("name", before, person.name))


def failed_sign_in(person: User, way: str, *, by: User | None = None) -> None:
    """One event a minute for each person and way, or a flood of guesses would be all there is.

    `by`: whoever is signed in as this person, and has to prove it once more.
    """
    key = f"people.failed-sign-in.{way.replace(' ', '-')}.{person.pk}"
    if cache.add(key, True, _FAILURES_APART):
        of_person("sign-in-failed", person, by=by or SOMEBODY, detail={"with": way})


def _write(kind: str, about: tuple[str, object, str], by: User | str | None, **more: Any) -> None:
    import_string(settings.RECORD)(kind, about, actor=by or AT_THE_COMMAND_LINE, **more)
