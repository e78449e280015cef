"""Where the avatars are kept: one folder each, safe for several processes at once.

`avatars/<id>/avatar.json` and `source` are complete from the moment the folder has its name;
`hidden` marks a soft delete, apart from avatar.json so that a rename can't undo it.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from .avatar import Avatar
from .drawing import face
from .stock import STOCK


class Shelf:
    def __init__(self, folder: Path) -> None:
        self._avatars = folder / "avatars"
        self._firsts = folder / "firsts"
        for place in (self._avatars, self._firsts):
            place.mkdir(parents=True, exist_ok=True)

    def place(self, avatar: Avatar, source: bytes) -> None:
        """Adds a custom avatar with its photo, all at once."""
        draft = self._avatars / f".new-{avatar.id}"
        draft.mkdir()
        (draft / "source").write_bytes(source)
        (draft / "avatar.json").write_bytes(avatar.dumps())
        draft.rename(self.folder(avatar.id))

    def find(self, avatar_id: str) -> Avatar | None:
        """None when there is none, or it was deleted."""
        if avatar_id in STOCK:
            return STOCK[avatar_id]
        folder = self.folder(avatar_id)
        if (folder / "hidden").exists():
            return None
        try:
            return Avatar.loads((folder / "avatar.json").read_bytes())
        except FileNotFoundError:
            return None

    def all(self) -> list[Avatar]:
        """Stock and custom, newest first."""
        found = [*STOCK.values(), *self._custom()]
        return sorted(found, key=lambda avatar: (-avatar.created_at, avatar.id))

    def count_custom(self) -> int:
        return sum(1 for _ in self._custom())

    def rename(self, avatar: Avatar, name: str, now: float) -> Avatar | None:
        """None when it went away meanwhile. The last of two renames wins."""
        renamed = replace(avatar, name=name, updated_at=now)
        try:
            write(self.folder(avatar.id) / "avatar.json", renamed.dumps())
        except FileNotFoundError:
            return None
        return renamed

    def hide(self, avatar_id: str) -> None:
        try:
            (self.folder(avatar_id) / "hidden").touch()
        except FileNotFoundError:
            return  # purged meanwhile: it is as hidden as can be

    def purge(self, avatar_id: str) -> bool:
        """Removes every file, of a hidden avatar too. False when there was none."""
        for half_gone in self._avatars.glob(".gone-*"):  # by somebody who was killed meanwhile
            shutil.rmtree(half_gone, ignore_errors=True)
        gone = self._avatars / f".gone-{uuid4()}"
        try:
            self.folder(avatar_id).rename(gone)
        except FileNotFoundError:
            return False
        shutil.rmtree(gone, ignore_errors=True)  # another one may be at it too
        return True

    def source(self, avatar_id: str) -> bytes:
        """The photo as it came, or the drawn face of a stock avatar. FileNotFoundError."""
        if avatar_id in STOCK:
            self.folder(avatar_id).mkdir(exist_ok=True)
            return face(STOCK[avatar_id].name)
        return (self.folder(avatar_id) / "source").read_bytes()

    def folder(self, avatar_id: str) -> Path:
        return self._avatars / avatar_id

    def first_time(self, name: str) -> bool:
        """True once for each name, whichever process asks."""
        try:
            (self._firsts / sha256(name.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def _custom(self) -> Iterator[Avatar]:
        for entry in os.scandir(self._avatars):
            if not entry.name.startswith(".") and entry.name not in STOCK:
                avatar = self.find(entry.name)
                if avatar:
                    yield avatar


def write(path: Path, content: bytes) -> None:
    """Readers see the old content or the new, never half. FileNotFoundError without its folder."""
    draft = path.with_name(f".{path.name}-{uuid4()}")
    draft.write_bytes(content)
    draft.replace(path)
