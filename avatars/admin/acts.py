"""Doing the same to several rows, one by one, and knowing what became of each."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import Model

logger = logging.getLogger(__name__)

NOT_YOURS = "Only its maker or an administrator can do that."
_MEANWHILE = "It has moved on meanwhile, so nothing was done."
_FAULT = (
    "The server's disk or database failed at it. It is as it was, or its own page says how far it "
    "came."
)
_FAULTS = (OSError, OperationalError, InterfaceError)
_SKIPPED = "It was not tried any more after that."


class NotNow(Exception):
    """What kept one of them from it, in a sentence; `for_all`: it would keep the others as well."""

    def __init__(self, reason: str, *, for_all: bool = False) -> None:
        super().__init__(reason)
        self.for_all = for_all


@dataclass(frozen=True)
class Act[Row: Model]:
    """Something that operators do to what they have selected, by a service.

    `obstacle` says why somebody can't do it to a row now, or "". `do` answers whether it was done,
    or raises `NotNow`. `wake` is told what was done, to wake whoever goes on with it. `shows` are
    related rows that the question warns of; `most` is how many at once; `is_final` asks for their
    number to be typed, and keeps their names out of the answer.
    """

    name: str
    menu: str
    question: str
    text: str
    done: str
    undone: str
    obstacle: Callable[[Any, Row], str]
    do: Callable[[Row, Any], bool]
    wake: Callable[[Sequence[Row]], object] = lambda _: None
    afterwards: str = ""
    shows: tuple[str, ...] = ()
    most: int = 200
    is_final: bool = False


@dataclass
class Outcome:
    """The names of those to which it was done, and by the reason of those to which it was not."""

    done: list[str] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def carry_out[Row: Model](act: Act[Row], rows: Iterable[Row], user: Any) -> Outcome:
    """Each has its own transaction, so what stops one of them stops no other."""
    outcome, done = Outcome(), list[Row]()
    hopeless = False
    for row in rows:
        name = str(row)
        try:
            reason = _SKIPPED if hopeless else _try(act, row, user)
        except NotNow as trouble:
            reason, hopeless = str(trouble), trouble.for_all
        except _FAULTS:
            logger.exception("%s failed at %s", act.name, row.pk)
            reason = _FAULT
        if reason:
            outcome.left[reason].append(name)
        else:
            outcome.done.append(name)
            done.append(row)
    _wake(act, done)
    return outcome


def _try[Row: Model](act: Act[Row], row: Row, user: Any) -> str:
    """Why it could not be done; "" when it is."""
    reason = act.obstacle(user, row)
    if reason or act.do(row, user):
        return reason
    row.refresh_from_db()
    return act.obstacle(user, row) or _MEANWHILE


def _wake[Row: Model](act: Act[Row], done: Sequence[Row]) -> None:
    try:
        act.wake(done)
    except _FAULTS:
        logger.exception("nobody was woken after %s; the next sweep makes good for it", act.name)
