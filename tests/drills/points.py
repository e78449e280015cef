"""Every point at which a process can be killed: before and after each thing it does to the world.

The hooks sit on the standard library and on Django, none in our own code. They are put up in a
process that is about to die, so nobody takes them down.
"""

import fcntl
import io
import os
import re
import signal
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

SENT, RECEIVED = 8192, 300  # bytes at most in one go, so that there are points in between
_RECEIVED_SLOWLY = 6  # times for each connection; a long list would have hundreds of points
_STATEMENT = re.compile(
    r"\s*(INSERT INTO|UPDATE|DELETE FROM|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b"
    r'(?: \w+)?(?: ?"(?P<table>\w+)")?',
    re.IGNORECASE,
)
_NAMELESS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{8,24}\b")


class Points:
    """Counts them, and dies at the `deadly` one, told by its number from 1 or by its label."""

    def __init__(self, tell: Callable[..., None], deadly: int | str = 0) -> None:
        self.labels: list[str] = []
        self._tell, self._deadly = tell, deadly

    def at(self, label: str) -> None:
        self.labels.append(label)
        if self._deadly in (len(self.labels), label):
            self._tell(point=label)
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, label: str, work: Callable[..., Any], *args: Any, **more: Any) -> Any:
        self.at(f"before {label}")
        result = work(*args, **more)
        self.at(f"after {label}")
        return result

    def watch(self) -> None:
        self._watch_statements()
        self._watch_files()
        self._watch_sockets()

    def _watch_statements(self) -> None:
        def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            match = _STATEMENT.match(sql)
            if match is None:
                return execute(sql, params, many, context)
            label = " ".join(filter(None, [match[1].upper(), match["table"]]))
            return self.around(label, execute, sql, params, many, context)

        django: Any = connection
        commit = django._commit
        django.execute_wrappers.append(statement)
        django._commit = lambda: self.around("COMMIT", commit)

    def _watch_files(self) -> None:
        for module, name in (
            (os, "mkdir"),
            (os, "replace"),
            (os, "unlink"),
            (os, "remove"),
            (os, "rmdir"),
            (os, "open"),
            (os, "fsync"),
            (fcntl, "flock"),
        ):
            setattr(module, name, self._counted(name, getattr(module, name)))
        really = io.open
        io.open = partial(self._opened, really)

    def _counted(self, name: str, really: Callable[..., Any]) -> Callable[..., Any]:
        def counted(subject: Any, *args: Any, **more: Any) -> Any:
            place = _place(subject)
            reads = name == "open" and not (args and args[0] & (os.O_WRONLY | os.O_RDWR))
            if not place or reads:
                return really(subject, *args, **more)
            return self.around(f"{name} {place}", really, subject, *args, **more)

        return counted

    def _opened(self, really: Any, file: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
        place = _place(file)
        if not place or not set(mode) & set("xwa+"):
            return really(file, mode, *args, **more)
        stream = self.around(f"open {place}", really, file, mode, *args, **more)
        return _Slow(stream, place, self)

    def _watch_sockets(self) -> None:
        send, recv, connect = socket.socket.send, socket.socket.recv, socket.create_connection
        counts = {"send": 0, "recv": 0}

        def sends(self_: socket.socket, data: Any, *flags: int) -> Any:
            counts["send"] += 1
            sent = send(self_, data[:SENT], *flags)
            self.at(f"after send {counts['send']}")
            return sent

        def receives(self_: socket.socket, most: int, *flags: int) -> Any:
            counts["recv"] += 1
            if counts["recv"] > _RECEIVED_SLOWLY:
                return recv(self_, most, *flags)
            # One byte first, the most telling place of all: the answer begins, and nobody knows.
            some = 1 if counts["recv"] == 1 else min(most, RECEIVED)
            received = recv(self_, some, *flags)
            self.at(f"after recv {counts['recv']}")
            return received

        def connects(*args: Any, **more: Any) -> Any:
            counts.update(send=0, recv=0)
            return self.around("connect", connect, *args, **more)

        setattr(socket.socket, "send", sends)  # noqa: B010  mypy: methods are not assigned
        setattr(socket.socket, "recv", receives)  # noqa: B010
        socket.create_connection = connects


class _Slow:
    """A file that is written in two halves, with a point after each."""

    def __init__(self, stream: Any, place: str, points: Points) -> None:
        self._stream, self._place, self._points = stream, place, points

    def write(self, data: bytes) -> int:
        half = len(data) // 2
        self._stream.write(data[:half])
        self._stream.flush()
        self._points.at(f"half of {self._place}")
        self._stream.write(data[half:])
        self._stream.flush()
        self._points.at(f"all of {self._place}")
        return len(data)

    def __enter__(self) -> "_Slow":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _place(subject: Any) -> str:
    """Where in the data folder, without what differs each time; "" for anywhere else."""
    if isinstance(subject, int) or hasattr(subject, "fileno"):
        number = subject if isinstance(subject, int) else subject.fileno()
        subject = Path(f"/proc/self/fd/{number}").readlink()
    path = Path(os.fsdecode(subject))
    if not path.is_relative_to(settings.DATA_DIR):
        return ""
    return _NAMELESS.sub("…", str(path.relative_to(settings.DATA_DIR))) or "."
