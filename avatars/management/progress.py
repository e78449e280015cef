"""How far a long command has come."""

from typing import Self

from django.core.management.base import OutputWrapper

from .output import plain

_CELLS = 24
_CLEAR = "\r\x1b[2K"  # back to the start of the line, and empty it


class Progress:
    """A bar that stays on the last line of a terminal; elsewhere a line for each step, or none."""

    def __init__(self, err: OutputWrapper, total: int, *, lines: bool) -> None:
        self._err, self._total = err, total
        self._bar = total > 1 and err.isatty()
        self._lines = lines and not self._bar

    def show(self, number: int, what: str) -> None:
        """Say that the `number`-th of all is in hand."""
        if self._bar:
            full = "█" * (_CELLS * (number - 1) // self._total)
            self._write(f"{_CLEAR}{full:░<{_CELLS}} {number}/{self._total} {plain(what)[:40]}")
        elif self._lines:
            self._write(f"{number}/{self._total} {plain(what)}\n")

    def clear(self) -> None:
        """Make room for a line of something else."""
        if self._bar:
            self._write(_CLEAR)

    def _write(self, text: str) -> None:
        self._err.write(text, style_func=str, ending="")
        self._err.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()
