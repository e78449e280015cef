"""The table as the running code has it."""

from collections.abc import Iterator

from .doors import METHODS, Door
from .house import House, Who
from .table import Row
from .visits import NO_SUCH_METHOD, REFUSALS, cell


def rows_of(house: House, door: Door) -> Iterator[Row]:
    """Methods with the same answers stand together; those of the rest have no row."""
    together: dict[tuple[str, ...], list[str]] = {}
    for method in METHODS:
        cells = tuple(cell(house, door, method, who) for who in Who)
        if not is_rest(cells):
            together.setdefault(cells, []).append(method)
    for cells, methods in together.items():
        yield Row(tuple(methods), door, cells)


def is_rest(cells: tuple[str, ...]) -> bool:
    """Whether nobody gets further than a 405, and administrators as far."""
    return cells[-1] == NO_SUCH_METHOD and set(cells) <= {NO_SUCH_METHOD, *REFUSALS}
