"""Values as cells of a CSV file that a spreadsheet may open."""

import re
from datetime import datetime
from typing import Any

# What makes a spreadsheet take a cell for a formula (OWASP, "CSV injection"), the wide forms of
# Asian keyboards among them.
_FORMULA = r"[ \"]*[=+\-@＝＋－＠]"
_AT_START = re.compile(rf"^(?=[\t\r]|{_FORMULA})")
# Where spreadsheets of other languages split lines, the rest of a name becomes a cell of its own.
_LATER = re.compile(rf"([;|\t\r\n])(?={_FORMULA})")


def cell(value: Any) -> str:
    """The value as text that is never a formula: what begins like one gets an apostrophe."""
    return _LATER.sub(r"\1'", _AT_START.sub("'", _text(value)))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
