"""The secret of a folder: what links and session tokens are signed with."""

import os
import secrets
from pathlib import Path


def secret_of(folder: Path) -> bytes:
    """Made once, by whichever process comes first; a link is all or nothing, so none reads half."""
    path = folder / "secret"
    draft = path.with_name(f".secret-{secrets.token_hex(8)}")
    if not path.exists():
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first, and its secret is as good
        finally:
            draft.unlink()
    return path.read_bytes()
