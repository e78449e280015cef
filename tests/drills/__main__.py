"""`python -m tests.drills all`, or the names of some, each in a room of its own.

`--short` is the version for the test suite. Ends with 1 when a drill fails.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import batched
from pathlib import Path
from typing import IO

from .rooms import POSTGRESQL, SQLITE, databases, room

# Where a database makes a difference; the others are about the way to Anam.
DRILLS = {
    "kill": (SQLITE, POSTGRESQL),
    "lost": (SQLITE,),
    "outage": (f"{SQLITE}, refused", f"{SQLITE}, trouble"),
    "hang": (SQLITE, POSTGRESQL),
    "waiters": (SQLITE, POSTGRESQL),
    "writers": (SQLITE, POSTGRESQL),
    "bombs": (SQLITE,),
}
ALONE = (
    "hang",
    "waiters",
    "writers",
    "bombs",
)  # what is measured there needs the machine for itself

Drill = subprocess.Popen[bytes]


def main() -> int:
    options = _options()
    names = list(DRILLS) if "all" in options.names else options.names
    return max(_run(name, short=options.short) for name in names)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("names", nargs="+", choices=[*DRILLS, "all"])
    parser.add_argument("--short", action="store_true")
    return parser.parse_args()


def _run(name: str, *, short: bool) -> int:
    lanes = [lane for lane in DRILLS[name] if _database(lane) in databases()]
    at_once = 1 if name in ALONE else 2
    return max(_side_by_side(name, some, short=short) for some in batched(lanes, at_once))


def _side_by_side(name: str, lanes: Sequence[str], *, short: bool) -> int:
    with ExitStack() as stack:
        drills = [_begun(stack, name, lane, short=short) for lane in lanes]
        return max([_ended(drill, words) for drill, words in drills])


def _begun(stack: ExitStack, name: str, lane: str, *, short: bool) -> tuple[Drill, IO[str]]:
    command = [sys.executable, "-m", "tests.drills.one", name, lane]
    settings = stack.enter_context(room(_database(lane)))
    words = stack.enter_context(Path(settings["DATA_DIR"], "words.txt").open("w+"))  # noqa: SIM115
    drill = subprocess.Popen(
        [*command, *(["--short"] if short else [])], env=os.environ | settings, stderr=words
    )
    stack.callback(drill.wait)
    stack.callback(drill.terminate)
    return drill, words


def _ended(drill: Drill, words: IO[str]) -> int:
    if drill.wait() == 0:
        return 0
    words.seek(0)
    sys.stdout.write(f"The last it said:\n{words.read()[-6000:]}\n")
    return 1


def _database(lane: str) -> str:
    return lane.split(",", maxsplit=1)[0]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
