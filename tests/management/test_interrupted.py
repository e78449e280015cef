"""Ctrl-C at any moment: what is in is whole, and the same command again makes the rest."""

import json
import signal
from pathlib import Path

import pytest
from django.db import connection

from avatars.models import Avatar, Event
from avatars.services.wishes import clean_up_after_the_dead
from dashboard.people.models import User
from tests.conftest import files_in, wipe
from tests.faults import Writes, count_writes, counted
from tests.management.conftest import Fill, Printed, avatars

pytestmark = pytest.mark.django_db(transaction=True)
STEP = 4  # every fourth write, so that this takes seconds


class CtrlC(Writes):
    """The n-th write goes through, and with it comes the signal."""

    def _is_next_to_fail(self, what: str) -> bool:
        self.seen.append(what)
        if len(self.seen) == self.failing_at:
            signal.raise_signal(signal.SIGINT)
        return False


def stopped_at(n: int, *arguments: object) -> Printed:
    with counted(CtrlC(failing_at=n)):
        printed = avatars(*arguments)
    connection.close()  # as the end of the process does
    return printed


def test_whenever_it_is_stopped_each_photo_is_in_once_in_the_end(
    mia: User, folder: Fill, rooms: Path
) -> None:
    given = folder(**{"ada.jpg": 256, "berta.jpg": 257})
    command = ("create", given, "--owner", mia.email)
    writes = count_writes(lambda: avatars(*command))
    stopped = 0
    for n in range(1, writes + 1, STEP):
        _forget_everything(rooms)
        printed = stopped_at(n, *command)
        stopped += printed.status == 130
        assert _whole(rooms) >= printed.out.count(": taken in as “")
        again = avatars(*command)
        assert (again.status, Avatar.objects.count()) == (0, 2), (n, again)
        assert _whole(rooms) == 2
    assert (writes > 40, stopped * STEP > 40) == (True, True), (writes, stopped)


def test_it_says_what_is_safe_and_what_to_do(mia: User, folder: Fill, rooms: Path) -> None:
    given = folder(**{"ada.jpg": 256, "berta.jpg": 257, "carl.jpg": 258})
    command = ("create", given, "--owner", mia.email, "--json")
    one = count_writes(lambda: avatars("create", given / "ada.jpg", "--owner", mia.email))
    _forget_everything(rooms)
    printed = stopped_at(one + 4, *command)
    assert "1 of 3 photos was taken in and safe" in printed.error
    assert "Run the same command again" in printed.error
    assert printed.status == 130
    (ada,) = json.loads(printed.out)
    assert ada["path"].endswith("ada.jpg")


def _whole(rooms: Path) -> int:
    """How many avatars are here, each with its photo and nothing besides."""
    clean_up_after_the_dead()
    rows = Avatar.objects.all()
    names = [path.name for path in files_in(rooms / "media") if path.parent.name == "photos"]
    assert sorted(names) == sorted(Path(str(row.photo)).name for row in rows)
    assert Event.objects.count() == len(rows)
    return len(rows)


def _forget_everything(rooms: Path) -> None:
    wipe(Avatar.objects.all())
    User.objects.get().wishes.all().delete()
    for path in files_in(rooms / "media"):
        path.unlink()
