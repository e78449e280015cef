"""Writing into the record what is not about one avatar: people, tokens, feeds, the policy."""

from collections.abc import Iterable, Mapping
from typing import Any

from avatars.models import Event, Kind, Notice, Subject, Token

AT_THE_COMMAND_LINE = "Somebody at the command line"
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

    `about`: one of `Subject`, an id, and what that is called at this moment. `actor`: somebody with
    an account, a name in words for whoever has none, or None for Greenroom itself. `tell`: people
    whom it concerns, beside those whom the kind concerns anyway. Belongs into the transaction that
    makes it true.
    """
    subject, identifier, name = about
    event = Event.objects.create(
        kind=Kind(kind),
        **({"visitor": actor} if isinstance(actor, str) else {"actor": actor}),
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


def of_person(person: Any, number: int) -> list[Event]:
    """The latest that somebody did, or that happened to them; the newest first."""
    about = Event.objects.filter(subject=Subject.PERSON, subject_id=str(person.pk))
    # Apart, so that each is found by its index, however long the record is.
    found = [*_latest(about, number), *_latest(Event.objects.filter(actor=person.pk), number)]
    by_id = {event.pk: event for event in found}
    return sorted(by_id.values(), key=lambda event: (event.at, event.pk), reverse=True)[:number]


def _latest(rows: Any, number: int) -> Any:
    return rows.with_people().order_by("-at", "-id")[:number]
