"""The tables of the document: one for each policy under which doors answer otherwise.

A heading of the document, and what is set in the house for it. The first table is complete; a
later one has the rows that differ from it and no others. No policy reaches the doors of allauth and
of Django's admin, which take half of the time.
"""

from collections.abc import Callable

from avatars.models import Approval, Avatar, Policy

from .doors import Door, doors
from .house import House


def _as_installed(_: House) -> None:
    """Nothing is set."""


def _private(house: House) -> None:
    Policy.objects.update(private=True)
    Avatar.objects.filter(pk=house.avatar.pk).update(approval=Approval.WAITING)


COMPLETE = "The table"
POLICIES: dict[str, Callable[[House], None]] = {
    COMPLETE: _as_installed,
    "Private until approved": _private,
}


def doors_under(policy: str) -> list[Door]:
    return [door for door in doors() if policy == COMPLETE or not door.is_borrowed]
