"""Tables that a spreadsheet may open: no cell of theirs is ever a formula.

Source of the rule: OWASP, "CSV injection".
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

# Blanks, quotes and what nobody sees: spreadsheets drop some of it before they look for a formula.
_DROPPED = (
    r"[\x00-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\"']*"
)
# The wide and the small signs are those of Asian keyboards.
_FORMULA = rf"{_DROPPED}[=+\-@＝＋－＠﹦﹢﹣﹫]"
_AT_START = re.compile(rf"\A(?=[\t\r\n]|{_FORMULA})")
# Where spreadsheets of other languages split lines, the rest of a text becomes a cell of its own.
_LATER = re.compile(rf"([;|\t\r\n])(?={_FORMULA})")


class _Echo:
    """What a `csv.writer` writes to, to get the line back."""

    def write(self, line: str) -> str:
        return line


def cell(value: Any) -> str:
    """The value as text that is never a formula: what begins like one gets an apostrophe.

    Numbers stay numbers.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _LATER.sub(r"\1'", _AT_START.sub("'", _text(value)))


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Each row as a line of a CSV file, with harmless cells; one at a time, as they come."""
    writer = csv.writer(_Echo())
    return (writer.writerow([cell(value) for value in row]) for row in rows)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
