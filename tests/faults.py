"""Writes that fail: the n-th one of a piece of work, or all from there on.

Only what Python and Django offer is hooked, never our own functions. What counts as a write: a file
opened for writing, each `write` to it, sync, rename, new folder and deletion, and each statement of
the database that changes something, BEGIN and COMMIT included.
"""

import errno
import io
import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

_FILE_CALLS = ("fsync", "rename", "replace", "mkdir", "unlink", "remove", "rmdir")
_QUESTIONS = ("SELECT", "PRAGMA", "EXPLAIN")


@dataclass
class Writes:
    """Counts writes. `failing_at` is the number of the one that fails, 0 for none."""

    failing_at: int = 0
    for_good: bool = False  # all later ones fail too
    after: bool = False  # a commit is done, and only its answer is lost
    deadly: bool = False  # the process is killed at that write instead
    number: int = errno.ENOSPC
    words: str = "database or disk is full"
    seen: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return 0 < self.failing_at <= len(self.seen)

    def file(self, what: str) -> None:
        if self._is_next_to_fail(what):
            raise OSError(self.number, os.strerror(self.number))

    def statement(self, what: str) -> None:
        if self._is_next_to_fail(what):
            raise OperationalError(self.words)

    def _is_next_to_fail(self, what: str) -> bool:
        self.seen.append(what)
        here = len(self.seen)
        if self.deadly and self.failed:
            os._exit(9)
        return here == self.failing_at or (self.failed and self.for_good)


class _Stream(io.BufferedWriter):
    """A full disk takes what still fits: half of it is written before the failure."""

    writes: Writes

    def write(self, data: Any) -> int:
        try:
            self.writes.file("write")
        except OSError:
            super().write(bytes(data)[: len(data) // 2])
            raise
        return super().write(data)


def count_writes(work: Callable[[], object]) -> int:
    with counted(Writes()) as writes:
        work()
    return len(writes.seen)


@contextmanager
def failing_at(n: int, **how: Any) -> Iterator[Writes]:
    """Let the n-th write fail. `Writes.failed` tells whether there was an n-th one."""
    with counted(Writes(failing_at=n, **how)) as writes:
        yield writes


def killed(work: Callable[[], object]) -> Iterator[int]:
    """Kill a process that does it at its first write, at its second one, and so on to the end."""
    n = 0
    while _is_killed_at(n := n + 1, work):
        yield n
    assert n > 5, "it has hardly written anything"


def _is_killed_at(n: int, work: Callable[[], object]) -> bool:
    def live_and_die() -> None:
        with counted(Writes(failing_at=n, deadly=True)):
            work()

    connection.close()  # no two processes may share one
    process = multiprocessing.get_context("fork").Process(target=live_and_die)
    process.start()
    process.join()
    assert process.exitcode in (0, 9)
    return process.exitcode == 9


@contextmanager
def counted(writes: Writes) -> Iterator[Writes]:
    with ExitStack() as stack:
        for name in _FILE_CALLS:
            stack.enter_context(patch.object(os, name, _counting(writes, getattr(os, name), name)))
        stack.enter_context(patch.object(os, "open", _opening(writes, os.open)))
        stack.enter_context(patch.object(io, "open", _streaming(writes, io.open)))
        stack.enter_context(patch.object(BaseDatabaseWrapper, "_commit", _committing(writes)))
        stack.enter_context(connection.execute_wrapper(_stating(writes)))
        yield writes


def _counting(writes: Writes, call: Callable[..., Any], name: str) -> Callable[..., Any]:
    def counting(*args: Any, **kwargs: Any) -> Any:
        writes.file(name)
        return call(*args, **kwargs)

    return counting


def _opening(writes: Writes, call: Callable[..., int]) -> Callable[..., int]:
    def opening(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            writes.file("open")
        return call(path, flags, *args, **kwargs)

    return opening


def _streaming(writes: Writes, call: Callable[..., Any]) -> Callable[..., Any]:
    def streaming(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if not set(mode) & set("wxa+"):
            return call(file, mode, *args, **kwargs)
        writes.file("open")
        if mode not in ("wb", "xb") or not isinstance(file, str | Path):
            return call(file, mode, *args, **kwargs)
        stream = _Stream(io.FileIO(file, mode[0]))
        stream.writes = writes
        return stream

    return streaming


def _committing(writes: Writes) -> Callable[[Any], Any]:
    commit: Callable[[Any], Any] = vars(BaseDatabaseWrapper)["_commit"]

    def committing(wrapper: Any) -> Any:
        if writes.after:
            commit(wrapper)
        writes.statement("COMMIT")
        return None if writes.after else commit(wrapper)

    return committing


def _stating(writes: Writes) -> Callable[..., Any]:
    def stating(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith(_QUESTIONS):
            writes.statement(sql.partition("(")[0][:60])
        return execute(sql, params, many, context)

    return stating
