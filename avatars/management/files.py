"""The bytes of one file, or why there are none."""

from pathlib import Path

from avatars.photos.finding import Finding
from avatars.photos.limits import FILE_BYTES_MAX
from avatars.photos.measures import megabytes
from avatars.photos.rules import TOO_MANY_BYTES

_READ_MAX = 10 * FILE_BYTES_MAX  # a larger file is refused without filling the memory with it


def read(path: Path) -> bytes | Finding:
    """All of it. Never raises because of what the file is, or of who may read it."""
    try:
        size = path.stat().st_size
        return TOO_MANY_BYTES.found(megabytes(size)) if size > _READ_MAX else path.read_bytes()
    except OSError as error:
        return _unreadable(error)


def _unreadable(error: OSError) -> Finding:
    return Finding(
        code="not-readable",
        severity="error",
        title="The file can't be read",
        measured=error.strerror or "it failed",
        wanted="a file that whoever runs this command may read",
        how_to_fix="Check that it is there and who may read it, then run the command again.",
    )
