"""Set-up: how the first administrator of an installation comes in.

The door is open while nobody has an account and its one code is unused. It never opens again, not
even when everybody is deleted later: an empty table must not hand the house to a stranger.
"""

from django.db import transaction
from django.utils import timezone

from . import record
from .codes import digest, new_code
from .models import SetUp, User
from .roles import Role, give


class Closed(Exception):
    """The code is wrong or used, or somebody already has an account."""


def new_set_up_code() -> str | None:
    """A fresh code in place of an unused earlier one; None when the door is closed for good."""
    if User.objects.exists():
        close()  # whoever made them, and however
        return None
    code, now = new_code(), timezone.now()
    if SetUp.objects.unused().update(digest=digest(code), made_at=now):
        return code
    _, made = SetUp.objects.get_or_create(pk=1, defaults={"digest": digest(code), "made_at": now})
    return code if made else None


def is_open(code: str) -> bool:
    waiting = SetUp.objects.unused().filter(digest=digest(code)).exists()
    return waiting and not User.objects.exists()


@transaction.atomic
def make_administrator(code: str, person: User) -> User:
    """Use the code and save `person` (new, password set) as administrator. Raises Closed.

    The UPDATE comes first and holds the row: of two posts with the same code the second one waits,
    then finds the code used.
    """
    if not SetUp.objects.use(code, timezone.now()) or User.objects.exists():
        raise Closed
    person.save()
    give(person, Role.ADMINISTRATOR)
    record.of_person("set-up", person, by=person)
    return person


def close() -> None:
    """Somebody came in by another door. Call it in the transaction that makes them."""
    now = timezone.now()
    if not SetUp.objects.unused().update(used_at=now):
        SetUp.objects.get_or_create(pk=1, defaults={"made_at": now, "used_at": now})
