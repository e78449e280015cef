"""`manage.py avatars export`: all avatars and what happened to them, as files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from .draft import drafted
from .export import FACTS, PHOTOS, TABLE, Export
from .output import Output, plain

HELP = "write all avatars and what happened to them into a folder"
_GIVEN_UP = f"The export was given up. If there is an {FACTS}, it is an earlier one."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="made if it is not there")
    parser.add_argument("--photos", action="store_true", help=f"the photos too, in {PHOTOS}/")
    parser.add_argument("--json-only", action="store_true", help=f"leave {TABLE} out")
    parser.add_argument("--force", action="store_true", help="write over an earlier export")


def run(options: dict[str, Any], output: Output) -> None:
    """Raises `CommandError` when the folder is not empty, or something can't be read or written."""
    folder = Path(options["folder"])
    export = _attempted(folder, options)
    if isinstance(export, CommandError):
        raise export
    output.say(f"{export.count} avatar{'s' * (export.count != 1)} exported to {plain(folder)}.")
    if export.missing:
        names = ", ".join(export.missing)
        raise CommandError(f"All is there but the photos of these, which can't be read: {names}.")


def _attempted(folder: Path, options: dict[str, Any]) -> Export | CommandError:
    """Returned rather than raised, so that no traceback keeps the rows' cursor open."""
    try:
        _make_sure(folder, forced=options["force"])
        return _exported(folder, options)
    except OSError as error:
        return CommandError(f"{plain(error.filename or folder)}: {error.strerror}. {_GIVEN_UP}")
    except KeyboardInterrupt:
        return CommandError(f"Stopped. {_GIVEN_UP}", returncode=130)


def _make_sure(folder: Path, *, forced: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{plain(folder)} is a file, not a folder. Nothing was exported.")
    if folder.is_dir() and any(folder.iterdir()) and not forced:
        raise CommandError(
            f"{plain(folder)} is not empty. Nothing was exported. Name another folder, or say "
            "--force to write over an earlier export there."
        )


def _exported(folder: Path, options: dict[str, Any]) -> Export:
    table = not options["json_only"]
    with drafted(folder, last=FACTS) as draft:
        export = Export(draft, table=table, photos=options["photos"])
        export.write()
        if not table:
            (folder / TABLE).unlink(missing_ok=True)  # of an earlier export, and not true any more
        _forget(folder / PHOTOS, export.erased)
    return export


def _forget(photos: Path, erased: set[UUID]) -> None:
    """Faces that were erased since an earlier export are to be found in none of ours."""
    names = {str(pk) for pk in erased}
    for path in photos.iterdir() if photos.is_dir() else ():
        if path.stem in names:
            path.unlink()
