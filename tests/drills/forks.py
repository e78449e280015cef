"""A piece of work in a process of its own that is warm already, and may die of it."""

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connections

PATIENCE = 60.0  # seconds

Tell = Callable[..., None]


def forked(work: Callable[[Tell], None]) -> dict[str, Any]:
    """Run `work` in a fork; everything it told until its end, and how it ended: 0, 9 or 3."""
    connections.close_all()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _be_the_child(work, writing)
    os.close(writing)
    try:
        told = _read_all(reading)
    except TimeoutError:
        os.kill(pid, signal.SIGKILL)
        told = {"problem": f"it did not end within {PATIENCE:.0f} s"}
    finally:
        os.close(reading)
    _, status = os.waitpid(pid, 0)
    return {"ended": os.waitstatus_to_exitcode(status), **told}


def _be_the_child(work: Callable[[Tell], None], writing: int) -> None:
    def tell(**facts: Any) -> None:
        os.write(writing, json.dumps(facts).encode() + b"\n")

    try:
        work(tell)
    except BaseException as problem:
        traceback.print_exc()
        sys.stderr.flush()
        tell(problem=repr(problem))
        os._exit(3)
    os._exit(0)


def _read_all(reading: int) -> dict[str, Any]:
    ends_at, text = time.monotonic() + PATIENCE, b""
    while select.select([reading], [], [], max(0.0, ends_at - time.monotonic()))[0]:
        chunk = os.read(reading, 65536)
        if not chunk:
            told: dict[str, Any] = {}
            for line in text.splitlines():
                told.update(json.loads(line))
            return told
        text += chunk
    raise TimeoutError
