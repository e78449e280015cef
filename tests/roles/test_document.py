"""docs/roles.md as a document: every door once, no other, and no word that it doesn't explain."""

import re
from collections import Counter

import pytest

from .doors import doors
from .policies import COMPLETE, POLICIES
from .table import DOCUMENT, Row, part, read, replaced
from .visits import LED_ON, TOLD, YES

TEXT = DOCUMENT.read_text()
ROWS = read(TEXT, COMPLETE)
OURS = [row for row in ROWS if not row.door.is_borrowed]
# They open for nobody in a house with people in it and without an internet, or lead on to where
# something is.
SHUT = {"setup/<slug:code>", "v1/", "desk/fetch"}
LEADING = {
    "review/next",
    "notices/<int:notice_id>",
    "avatars/<uuid:avatar_id>/crops/<slug:shape>",
}
# They tell something and change nothing: that is all they are for.
TELLING = {"v1/photos/check"}
_BUTTONS = re.compile(r"desk/(put|fetch|keep|<uuid:draft_id>/(both|frame|off|use/))")


def words_of(row: Row) -> set[str]:
    return {word for cell in row.cells for word in cell.split(" / ")}


def opening(row: Row) -> str:
    """What somebody gets at a door that does what it is there for."""
    route = row.door.route
    if route in TELLING:
        return TOLD
    # Who comes by an address to where the desk's buttons lead is led to the desk.
    is_a_buttons = bool(_BUTTONS.match(route)) and "GET" in row.methods
    return LED_ON if route in LEADING or is_a_buttons else YES


def test_every_door_of_the_code_is_in_the_table_and_no_other() -> None:
    assert {row.door for row in ROWS} == set(doors())


@pytest.mark.parametrize("heading", POLICIES)
def test_no_method_of_a_door_stands_there_twice(heading: str) -> None:
    rows = read(TEXT, heading)
    times = Counter((method, row.door.route) for row in rows for method in row.methods)
    assert [place for place, count in times.items() if count > 1] == []


@pytest.mark.parametrize("row", OURS, ids=lambda row: f"{' '.join(row.methods)} {row.door.route}")
def test_each_of_our_own_doors_opens_for_somebody(row: Row) -> None:
    """A row in which nobody gets anything done says nothing about who may not."""
    assert opening(row) in words_of(row) or row.door.route in SHUT


@pytest.mark.parametrize("route", SHUT)
def test_what_opens_for_nobody_here_does_so_by_no_method(route: str) -> None:
    assert not any(YES in words_of(row) for row in OURS if row.door.route == route)


def test_the_words_of_the_table_are_those_that_the_document_explains() -> None:
    explained = set(re.findall(r"^\| `([^`]+)` \|", part(TEXT, "The words"), re.MULTILINE))
    assert {word for row in ROWS for word in words_of(row)} == explained


def test_nothing_is_lost_where_the_table_is_written_anew() -> None:
    again = replaced(TEXT, COMPLETE, ROWS)
    assert sorted(again.splitlines()) == sorted(TEXT.splitlines())
    assert set(read(again, COMPLETE)) == set(ROWS)
