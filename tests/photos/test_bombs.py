"""No file of up to 10 MB takes more than 300 MB of memory, and no phone's photo is refused for it.

Seconds are for the drill: `python -m tests.drills bombs`.
"""

import pytest

from avatars.photos.limits import FILE_BYTES_MAX
from tests.photos.bombs import ALLOWED, PHONES, REFUSED
from tests.photos.cost import HAS_STATUS, cost_of

MEGABYTES_MAX = 300
pytestmark = pytest.mark.skipif(not HAS_STATUS, reason="memory is measured as Linux tells it")


@pytest.mark.parametrize("name", ALLOWED)
def test_a_file_as_large_as_its_kind_may_be_is_taken_within_bounds(name: str) -> None:
    data = ALLOWED[name]()
    assert len(data) <= FILE_BYTES_MAX
    cost = cost_of(data)
    assert cost.errors == []
    assert cost.megabytes < MEGABYTES_MAX


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_asks_for_more_is_refused_before_it_costs_anything(name: str) -> None:
    data = REFUSED[name]()
    assert len(data) <= FILE_BYTES_MAX
    cost = cost_of(data)
    assert cost.errors in (["too-many-pixels"], ["damaged"])
    assert cost.megabytes < MEGABYTES_MAX / 3


@pytest.mark.parametrize("name", PHONES)
def test_a_phones_photo_is_taken_and_made_to_fit(name: str) -> None:
    cost = cost_of(PHONES[name]())
    assert cost.errors == []
    assert cost.megabytes < MEGABYTES_MAX
    assert cost.sides is not None
    assert cost.sides[0] * cost.sides[1] > 12_000_000 * 0.9
