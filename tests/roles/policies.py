"""The tables of the document: one for each policy under which doors answer otherwise.

A heading of the document, and what is set in the house for it. The first table is complete; a
later one has the rows that differ from it and no others. No policy reaches the doors of allauth and
of Django's admin, which take half of the time.
"""

from collections.abc import Callable

from .doors import Door, doors
from .house import House


def _as_installed(_: House) -> None:
    """Nothing is set."""


POLICIES: dict[str, Callable[[House], None]] = {"The table": _as_installed}
COMPLETE = "The table"


def doors_under(policy: str) -> list[Door]:
    return [door for door in doors() if policy == COMPLETE or not door.is_borrowed]
