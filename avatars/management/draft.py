"""A folder that is filled as a whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, TextIO

_PRIVATE = 0o600  # names and faces are for nobody else on this machine


@contextmanager
def drafted(folder: Path, *, last: str) -> Iterator[Path]:
    """A hidden folder in `folder`, whose files move up once the block has ended well.

    The one called `last` comes last, so that it is there only when everything is. Otherwise
    nothing of it stays. Raises `OSError`.
    """
    was_there = folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".export-{token_hex(4)}.part"
    try:
        draft.mkdir(mode=0o700)
        yield draft
        _move_up(draft, folder, last)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        if not was_there:
            _remove_empty(folder)
        raise
    shutil.rmtree(draft, ignore_errors=True)


def new_file(path: Path) -> BinaryIO:
    """A file that is not there yet, for nobody but us."""
    path.touch(mode=_PRIVATE, exist_ok=False)
    return path.open("wb")


def new_text(path: Path, encoding: str) -> TextIO:
    path.touch(mode=_PRIVATE, exist_ok=False)
    # What no encoding can hold is written as an escape, which is also how JSON writes it.
    return path.open("w", encoding=encoding, errors="backslashreplace", newline="")


def _move_up(draft: Path, folder: Path, last: str) -> None:
    files = [path for path in draft.rglob("*") if path.is_file()]
    for path in sorted(files, key=lambda path: path.name == last):
        target = folder / path.relative_to(draft)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        path.replace(target)


def _remove_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()
