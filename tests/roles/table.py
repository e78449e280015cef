"""The tables of `docs/roles.md`, read and written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from .doors import METHODS, Door
from .house import Who

DOCUMENT = Path(__file__).parents[2] / "docs" / "roles.md"
_COLUMNS = ("method", "address", "view", *Who)
# Where a door stands in the document: the first pattern that fits the begin of its route.
_GROUPS = {
    "Avatars": r"\Z|upload|desk/|avatars/(?!.*(review|consent))|links/|rehearsal/",
    "Review": "review|avatars/.*review",
    "Consent and photo calls": "consent|withdraw|call|avatars/.*consent",
    "The policy, notices and the record": "policy|notices|record",
    "Feeds": "feeds",
    "Help": "help/",
    "Programs": "tokens|webhooks|docs/",
    "People": r"people/|account\Z|invitations/|setup/",
    "Operation": "status|stocktake|healthz|readyz",
    "The gateway": "v1/",
    "Signing in": "accounts/",
    "Django's admin": "admin/",
    "Other doors": "",
}


@dataclass(frozen=True)
class Row:
    """What happens to all of `methods` at one door, for everybody in the order of `Who`."""

    methods: tuple[str, ...]
    door: Door
    cells: tuple[str, ...]

    def words(self) -> dict[tuple[str, Who], str]:
        """By method and person."""
        told = dict(zip(Who, self.cells, strict=True))
        return {(method, who): word for method in self.methods for who, word in told.items()}


def part(text: str, heading: str) -> str:
    """What stands under a heading of the second level. Raises ValueError where there is none."""
    start, end = _place(text, heading)
    return text[start:end]


def read(text: str, heading: str) -> list[Row]:
    """The rows under a heading. Raises ValueError for one that is no row."""
    lines = [line for line in part(text, heading).splitlines() if line.startswith("|")]
    return [_row(line) for line in lines if not re.match(r"\| (method|-)", line)]


def written(rows: Iterable[Row]) -> str:
    """The rows in groups, sorted."""
    placed = sorted(((_group(row.door), row) for row in rows), key=_order)
    groups = groupby(placed, key=lambda pair: pair[0])
    return "\n\n".join(_section(name, [row for _, row in pairs]) for name, pairs in groups) + "\n"


def replaced(text: str, heading: str, rows: Iterable[Row]) -> str:
    """`text` with these rows under the heading; words that stand before the table are kept."""
    start, end = _place(text, heading)
    words = text[start:end].partition("\n### ")[0].rstrip("\n")
    after = "\n" if text[end:] else ""
    return f"{text[:start]}{words}\n\n{written(rows)}{after}{text[end:]}"


def _place(text: str, heading: str) -> tuple[int, int]:
    found = re.search(rf"^## {re.escape(heading)}$", text, re.MULTILINE)
    if found is None:
        raise ValueError(f"there is no heading “{heading}”")
    following = re.compile("^## ", re.MULTILINE).search(text, found.end())
    return found.end(), following.start() if following else len(text)


def _row(line: str) -> Row:
    fields = [field.strip() for field in line.strip().strip("|").split("|")]
    if len(fields) != len(_COLUMNS):
        raise ValueError(f"not {len(_COLUMNS)} columns: {line}")
    methods, route, name, *cells = fields
    asked = METHODS if methods == "any" else tuple(methods.split())
    return Row(asked, Door(route.strip("`").removeprefix("/"), name), tuple(cells))


def _section(name: str, rows: list[Row]) -> str:
    head = f"| {' | '.join(_COLUMNS)} |\n|{' --- |' * len(_COLUMNS)}"
    return "\n".join([f"### {name}\n", head, *map(_line, rows)])


def _line(row: Row) -> str:
    methods = "any" if row.methods == METHODS else " ".join(row.methods)
    return f"| {methods} | `/{row.door.route}` | {row.door.name} | {' | '.join(row.cells)} |"


def _group(door: Door) -> str:
    return next(name for name, routes in _GROUPS.items() if re.match(routes, door.route))


def _order(pair: tuple[str, Row]) -> tuple[int, str, int]:
    group, row = pair
    return list(_GROUPS).index(group), row.door.route, METHODS.index(row.methods[0])
