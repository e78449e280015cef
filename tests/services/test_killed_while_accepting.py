"""A process is killed at each of its writes in turn: there is never half an avatar."""

from pathlib import Path

import pytest

from avatars.models import Avatar, Wish
from avatars.services.accept import Wanted, accept
from avatars.services.wishes import clean_up_after_the_dead
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakePerson, files_in, prepared, wipe
from tests.faults import killed

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ["Anna", "Berta"]


def wish_for_two(owner: User) -> list[Avatar]:
    wanted = [Wanted(name, "cara-4", prepared()) for name in NAMES]
    return accept(owner=owner, wanted=wanted, key="k")


def test_whenever_it_is_killed_all_or_none_is_there(person: MakePerson, rooms: Path) -> None:
    owner, n, unfinished = person(role=Role.CREATOR), 0, 0
    prepared()
    for n in killed(lambda: wish_for_two(owner)):
        assert Avatar.objects.count() == 0
        if n % 2:
            # At once, not after five minutes: its lock says that it is dead.
            unfinished += clean_up_after_the_dead()
            assert files_in(rooms / "media") == []
        assert [avatar.display_name for avatar in wish_for_two(owner)] == NAMES
        assert len(files_in(rooms / "media")) == 8
        wipe(Avatar.objects.all())
        Wish.objects.all().delete()
        for path in files_in(rooms / "media"):
            path.unlink()
    assert (n > 50, unfinished > 25) == (True, True), (n, unfinished)
    assert [avatar.display_name for avatar in Avatar.objects.order_by("created_at")] == NAMES
