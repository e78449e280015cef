"""Everybody comes to every door by every method, and the table in docs/roles.md is right."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from .doors import METHODS, Door, doors
from .house import House, Who, open_house
from .observed import is_rest
from .policies import COMPLETE, POLICIES
from .table import DOCUMENT, part, read
from .visits import asks_for_the_password, cell

pytestmark = pytest.mark.django_db

TEXT = DOCUMENT.read_text()
ROWS = {heading: read(TEXT, heading) for heading in POLICIES}
OURS = [door for door in doors() if not door.is_borrowed]
BORROWED = [door for door in doors() if door.is_borrowed]
# Named alone, so that pytest keeps the tests of one house together.
as_installed = pytest.mark.parametrize("policy", [COMPLETE], indirect=True)


def named(value: object) -> str:
    return f"/{value.route}" if isinstance(value, Door) else str(value)


@pytest.fixture(scope="module", params=POLICIES)
def policy(request: pytest.FixtureRequest) -> str:
    heading: str = request.param
    return heading


@pytest.fixture(scope="module")
def house(
    policy: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    """One for all: whatever happens in it is undone after each visit."""
    with django_db_blocker.unblock(), open_house(POLICIES[policy]) as house:
        yield house


@pytest.fixture(autouse=True)
def rooms(house: House) -> Path:
    """The house's, in place of fresh ones for each test."""
    return house.folder


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of refusals would be written down, each with the way it took."""
    caplog.set_level(logging.CRITICAL)


def told(door: Door, heading: str) -> dict[tuple[str, Who], str]:
    """What the document says. A table of a policy has only what differs."""
    found: dict[tuple[str, Who], str] = {}
    for name in dict.fromkeys((COMPLETE, heading)):
        for row in ROWS[name]:
            found |= row.words() if row.door == door else {}
    return found


def differences(
    table: dict[tuple[str, Who], str], method: str, cells: tuple[str, ...]
) -> Iterator[str]:
    if (method, Who.STRANGER) in table:
        for who, word in zip(Who, cells, strict=True):
            if word != table[method, who]:
                yield f"{method}, {who}: {word}, and the table says {table[method, who]}"
    elif not is_rest(cells):
        yield f"{method} has no row, and is | {' | '.join(cells)} |"


def wrong_at(house: House, policy: str, door: Door) -> list[str]:
    table = told(door, policy)
    seen = {method: tuple(cell(house, door, method, who) for who in Who) for method in METHODS}
    return [line for method, cells in seen.items() for line in differences(table, method, cells)]


@pytest.mark.parametrize("door", OURS, ids=named)
def test_what_happens_at_a_door_is_what_the_table_says(
    house: House, policy: str, door: Door
) -> None:
    wrong = wrong_at(house, policy, door)
    assert not wrong, "\n".join(wrong)


@as_installed
@pytest.mark.parametrize("door", BORROWED, ids=named)
def test_what_happens_at_a_door_of_allauth_or_of_django_is_what_the_table_says(
    house: House, policy: str, door: Door
) -> None:
    wrong = wrong_at(house, policy, door)
    assert not wrong, "\n".join(wrong)


@as_installed
@pytest.mark.parametrize("door", doors(), ids=named)
def test_the_document_names_the_doors_that_ask_for_the_password_again(
    house: House, door: Door
) -> None:
    listed = f"\n- `/{door.route}`\n" in f"{part(TEXT, 'The password once more')}\n"
    assert asks_for_the_password(house, door) is listed
