"""Which files are meant, and what the avatars made from them are called."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import filterfalse
from pathlib import Path

from django.core.management.base import CommandError

from avatars.forms import NAME_MAX
from avatars.names import tidy_name

# By their names, in a folder. Those that can't be used are refused in words like any other photo.
_PICTURES = frozenset(
    {".avif", ".bmp", ".gif", ".heic", ".heif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
)
_BETWEEN_WORDS = re.compile(r"[_\-.+]+|%20")


@dataclass(frozen=True)
class Found:
    """`left_out` lie in a folder beside the pictures and are none, by their names."""

    files: tuple[Path, ...]
    left_out: tuple[Path, ...]


def find(paths: Sequence[str]) -> Found:
    """The files named, and those in the folders named: one level deep, sorted, each once.

    Raises `CommandError` when something is not there, or nothing is left.
    """
    files: dict[Path, Path] = {}
    left_out: list[Path] = []
    for path in map(Path, paths):
        try:
            inside, others = _inside(path)
        except OSError as error:
            words = f"{path} can't be read: {error.strerror}. Nothing was taken in."
            raise CommandError(words) from error
        files.update((file.resolve(), file) for file in inside)
        left_out += others
    if not files:
        raise CommandError(f"There is no photo in {', '.join(paths)}. Nothing was taken in.")
    return Found(tuple(files.values()), tuple(left_out))


def name_from(path: Path) -> str:
    """A name to be read, from that of a file: `mia_berg-2.jpg` is "Mia Berg 2"."""
    words = tidy_name(_BETWEEN_WORDS.sub(" ", path.stem)).split()
    return " ".join(word[:1].upper() + word[1:] for word in words)[:NAME_MAX].strip()


def _inside(path: Path) -> tuple[list[Path], list[Path]]:
    """The pictures at one place, and the other files there."""
    if path.is_file():
        return [path], []
    if not path.is_dir():
        raise CommandError(f"There is no file or folder {path}. Nothing was taken in.")
    shown = [file for file in sorted(path.iterdir()) if not file.name.startswith(".")]
    files = [file for file in shown if file.is_file()]
    pictures, others = filter(_is_picture, files), filterfalse(_is_picture, files)
    return list(pictures), list(others)


def _is_picture(file: Path) -> bool:
    return file.suffix.lower() in _PICTURES
