"""Rows under each other, as wide as what is in them."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

from .output import plain

_BATCH = 500  # rows whose widths are known before the first one is printed


def aligned(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a table of any length. Later rows may make it wider, never narrower."""
    widths = [_width(cell) for cell in header]
    head = True
    for batch in batched(rows, _BATCH):
        cells = [[plain(cell) for cell in row] for row in batch]
        widths = [max(column) for column in zip(widths, *_widths(cells), strict=True)]
        if head:
            yield _line(header, widths)
        head = False
        yield from (_line(row, widths) for row in cells)


def _widths(rows: Iterable[Sequence[str]]) -> Iterator[list[int]]:
    return ([_width(cell) for cell in row] for row in rows)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    pairs = zip(cells, widths, strict=True)
    return "  ".join(cell + " " * (width - _width(cell)) for cell, width in pairs).rstrip()


def _width(text: str) -> int:
    """In cells of a terminal: Chinese takes two of them, an accent put on a letter none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    flat = sum(unicodedata.category(character) in ("Mn", "Me", "Cf") for character in text)
    return len(text) + wide - flat
