"""Every write while a photo is sent fails once in turn: Anam gets it exactly once."""

from contextlib import suppress

import pytest
from django.db import OperationalError

from avatars.models import Avatar, State
from avatars.services.create import send_next
from avatars.tasks import sweep
from avatars.upstream.client import connect
from tests.conftest import MakeAvatar, time_passes
from tests.faults import failing_at

pytestmark = pytest.mark.django_db(transaction=True)


def sweeps_until_it_is_ready(avatar: Avatar) -> None:
    for _ in range(8):
        sweep()
        send_next()
        avatar.refresh_from_db()
        if avatar.state == State.READY:
            return
        time_passes(400)


def there() -> list[str]:
    """The names of the custom avatars upstream."""
    found = connect(rehearsal=True).list(page=1).avatars
    return [item.display_name for item in found if not item.is_stock]


def test_every_write_of_a_sending_fails_once_in_turn(accepted: MakeAvatar) -> None:
    n, made = 0, []
    while True:
        n += 1
        avatar = accepted(display_name=f"Face {n}")
        with failing_at(n) as writes, suppress(OSError, OperationalError):
            send_next()
        sweeps_until_it_is_ready(avatar)
        made.append(avatar.display_name)
        assert avatar.state == State.READY, (writes.seen, avatar.cause, avatar.said)
        assert sorted(there()) == sorted(made), writes.seen
        if not writes.failed:
            break
    assert n > 8
