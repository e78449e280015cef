"""Writing into the record what is not about one avatar: people, tokens, feeds, the policy."""

from collections.abc import Iterable, Mapping
from typing import Any

from avatars.models import Event, Kind, Notice, Subject, Token

_NAME_MAX = 200  # characters of a subject's name


def write(
    kind: str,
    about: tuple[str, object, str],
    *,
    actor: Any = None,
    detail: Mapping[str, Any] | None = None,
    note: str = "",
    token: Token | None = None,
    tell: Iterable[Any] = (),
) -> Event:
    """One event. `kind` is one of `Kind`.

    `about`: one of `Subject`, an id, and what that is called at this moment. `tell`: people whom it
    concerns, beside those whom the kind concerns anyway. Belongs into the transaction that makes it
    true.
    """
    subject, identifier, name = about
    event = Event.objects.create(
        kind=Kind(kind),
        actor=actor,
        subject=Subject(subject),
        subject_id=str(identifier),
        subject_name=name[:_NAME_MAX],
        detail=dict(detail or {}),
        note=note,
        token=token,
    )
    Notice.objects.tell(event, tell)
    return event


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """`before` and `after` for an event's detail, with nothing that stayed as it was."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {
        "before": {name: before.get(name) for name in changed},
        "after": {name: after[name] for name in changed},
    }
