"""A photo that is turned on the desk takes no more memory than one that comes onto it."""

from pathlib import Path

import pytest

from avatars.photos.framing import Frame
from avatars.services import drafts
from dashboard.people.roles import Role
from tests.conftest import MakePerson
from tests.photos.bombs import ALLOWED
from tests.photos.test_bombs import MEGABYTES_MAX

_PROCESS = Path("/proc/self")
_RESET = _PROCESS / "clear_refs"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not _RESET.exists(), reason="memory is measured as Linux tells it"),
]


def megabytes(name: str) -> float:
    line = (_PROCESS / "status").read_text().partition(f"{name}:")[2]
    return int(line.split()[0]) * 1024 / 1e6


def test_a_turn_keeps_one_picture_at_a_time(person: MakePerson) -> None:
    draft = drafts.put(person(role=Role.CREATOR), "k", "a.png", ALLOWED["PNG"]())
    before = megabytes("VmRSS")
    _RESET.write_text("5")  # forgets the highest there was
    assert drafts.reframe(draft, Frame(turns=1))
    assert megabytes("VmHWM") - before < MEGABYTES_MAX
