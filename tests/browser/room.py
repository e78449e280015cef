"""A page worth looking at."""

from collections.abc import Callable
from dataclasses import dataclass

from .visitor import Visitor


@dataclass(frozen=True)
class Room:
    """A page: its name in words, where it is, and what a visitor does there to see it."""

    name: str
    path: str
    do: Callable[[Visitor], None] | None = None
    signed_in: bool = True
