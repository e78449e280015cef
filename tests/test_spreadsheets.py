"""Whatever stands in a table, a spreadsheet opens it as text."""

import csv
import re
from datetime import UTC, datetime
from io import StringIO
from itertools import batched

import pytest

from avatars.spreadsheets import cell, csv_lines
from tests.hostile import FAMILIES, TEXTS

# What programs drop before they look at a cell, and where those of other languages begin a new one.
NOTHING = "".join(map(chr, (*range(0x21), 0x22, 0x27, *range(0x7F, 0xA1), 0xAD)))
UNSEEN = "\u061c\u1680\u180e\u2028\u2029\u202f\u205f\u2800\u3000\u3164\ufeff\uffa0"
UNSEEN += "".join(
    map(chr, (*range(0x2000, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
)
SIGNS = tuple("=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b")
GUARD = "'"


def read_back(*rows: list[str]) -> list[list[str]]:
    return list(csv.reader(StringIO("".join(csv_lines(rows)), newline="")))


def without_guards(text: str) -> str:
    """The inverse of `cell`: an apostrophe that keeps a formula from being one is taken away."""
    dropped = f"[{re.escape((NOTHING + UNSEEN).translate(dict.fromkeys(map(ord, '\t\n\r'))))}]*"
    formula = f"{dropped}[{re.escape(''.join(SIGNS))}]"
    text = re.sub(rf"\A{GUARD}(?=[\t\r\n]|{formula})", "", text)
    return re.sub(rf"([;|\t\r\n]){GUARD}(?={formula})", r"\1", text)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_cell_begins_with_what_makes_a_formula(family: str) -> None:
    for text in FAMILIES[family]:
        written = cell(text)
        assert not written.startswith(("\t", "\r", "\n")), ascii(text)
        for part in re.split("[;|\t\r\n]", written):
            seen = part.lstrip((NOTHING + UNSEEN).replace(GUARD, ""))
            assert not seen.startswith(SIGNS), ascii(text)


def test_reading_a_table_back_gives_every_text() -> None:
    rows = [list(some) for some in batched(TEXTS, 5)]
    read = read_back(*rows)
    assert read == [[cell(text) for text in row] for row in rows]
    assert [[without_guards(text) for text in row] for row in read] == rows


def test_the_formulas_of_the_table_are_all_guarded() -> None:
    alive = [text for text in FAMILIES["formulas"] if cell(text) == text]
    assert alive == []


@pytest.mark.parametrize(
    "text", ["", "Mia", "O'Neil", "2 + 2 = 4", "a@example.com", "10:00; really - yes", "a, b\n\nc"]
)
def test_an_everyday_text_stays_as_it_is(text: str) -> None:
    assert cell(text) == text
    assert read_back([text, "end"]) == [[text, "end"]]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-5, "-5"),
        (0.5, "0.5"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00+00:00"),
        ({"a": "=1"}, "{'a': '=1'}"),
    ],
)
def test_other_values_are_written_as_people_read_them(value: object, written: str) -> None:
    assert cell(value) == written


def test_lines_come_one_at_a_time() -> None:
    asked = []

    def rows() -> object:
        for number in range(3):
            asked.append(number)
            yield [number, "=1"]

    lines = csv_lines(rows())  # type: ignore[arg-type]
    assert (next(lines), asked) == ("0,'=1\r\n", [0])
