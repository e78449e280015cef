"""The signing key of this installation: given, or made once and kept in the data folder."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def secret_key(data_dir: Path) -> str:
    """The key in `data_dir/secret-key`, made on the first call with owner-only rights.

    Two processes may start at once: the file appears whole under its name or not at all, and the
    second process reads what the first one made.
    """
    file = data_dir / "secret-key"
    if not file.exists():
        _make(file)
    return file.read_text().strip()


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(get_random_secret_key())
    try:
        os.link(draft, file)  # unlike a rename, it never replaces a key that is already in use
    except FileExistsError:
        pass
    finally:
        draft.unlink()
