"""Which calls are to fail: the `faults` knob, read and counted down."""

import re
from threading import Lock

from .faults import Fault

KINDS = ("create", "list", "get", "rename", "delete", "media", "session", "engine")


class Schedule:
    """The faults of a knob: "create=429x2,create=500x1,list=html", used up from the left.

    `x2` means the next two calls of that kind; without a count it lasts until the knob is turned.
    ValueError when it can't be read. Counts are kept in memory, so each process has its own.
    """

    ENTRY = re.compile(r"(?P<kind>[a-z]+)=(?P<fault>[a-z0-9-]+?)(?:x(?P<count>\d+))?$")

    def __init__(self, line: str) -> None:
        self._lock = Lock()
        self._entries = [self._entry(part.strip()) for part in line.split(",") if part.strip()]

    def next(self, kind: str) -> Fault | None:
        with self._lock:
            for index, (entry_kind, fault, count) in enumerate(self._entries):
                if entry_kind == kind and count != 0:
                    left = None if count is None else count - 1
                    self._entries[index] = (entry_kind, fault, left)
                    return fault
        return None

    def _entry(self, part: str) -> tuple[str, Fault, int | None]:
        match = self.ENTRY.match(part)
        if not match or match["kind"] not in KINDS:
            raise ValueError(f"{part!r} is not one of {', '.join(KINDS)}, then =fault or =faultx2")
        count = int(match["count"]) if match["count"] else None
        return match["kind"], Fault.named(match["fault"]), count
