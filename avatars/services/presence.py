"""Which of our processes are alive, told by locks that the kernel frees the moment one dies."""

import fcntl
import os
from pathlib import Path
from secrets import token_hex
from threading import Lock
from uuid import UUID

from django.conf import settings

_DRAFT = ".new"
_in_hand: set[UUID] = set()
_ours: dict[tuple[int, Path], tuple[str, int]] = {}  # (process, folder) to its token and handle
_enrolling = Lock()


def our_token() -> str:
    """This process's name on what it claims; "" when the disk doesn't take its lock.

    A claim without a name is given up by its age alone.
    """
    try:
        return _enrol(os.getpid(), _folder())
    except OSError:
        return ""


def is_gone(token: str) -> bool:
    """Whether the process with that token surely died.

    False when it can't be told: another machine's process has no lock here.
    """
    if not token:
        return False
    lock = _folder() / token
    try:
        with lock.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # not here, or held: BlockingIOError
        return False
    return True


def take_in_hand(avatar_id: UUID) -> None:
    """This process sends that avatar now."""
    _in_hand.add(avatar_id)


def put_down(avatar_id: UUID) -> None:
    _in_hand.discard(avatar_id)


def is_orphaned(token: str, avatar_id: UUID) -> bool:
    """Whether nobody sends that avatar any more: its process died, or failed without a word."""
    if token and token == our_token():
        return avatar_id not in _in_hand
    return is_gone(token)


def is_alive(token: str) -> bool:
    """Whether that process surely lives, as its lock on this disk tells."""
    if token and token == our_token():
        return True
    return bool(token) and (_folder() / token).exists() and not is_gone(token)


def forget_the_gone(tokens_in_use: set[str]) -> None:
    """Remove the locks of dead processes that no claim names any more."""
    for lock in _folder().glob("*"):
        nameless = lock.name.endswith(_DRAFT)
        if not nameless and lock.name not in tokens_in_use and is_gone(lock.name):
            lock.unlink(missing_ok=True)


def _enrol(process: int, folder: Path) -> str:
    """The lock lives as long as its handle, which nobody closes but a process that moves on."""
    with _enrolling:
        if (process, folder) not in _ours:
            folder.mkdir(parents=True, exist_ok=True)
            token = token_hex(12)
            # Locked before it has its name: a sweep must not take it for a dead one's.
            draft = folder / f"{token}{_DRAFT}"
            handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX)
            draft.rename(folder / token)
            for _, older in _ours.values():
                os.close(older)
            _ours.clear()
            _ours[process, folder] = (token, handle)
        return _ours[process, folder][0]


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "processes"
    return folder
