"""How the sandbox behaves, and the panel on which that can be changed while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from .faults import Fault
from .schedule import Schedule

A_WEEK = 604_800  # seconds: the longest life an S3 link can have


@dataclass(frozen=True)
class Knobs:
    """ValueError when a value is of another type, negative, over a week, or not a known fault."""

    delay: float = 1.5  # seconds a create takes
    preview_after: float = 4.0  # seconds from creation to videoUrl, description and displayTags
    link_life: int = 3600  # seconds a signed link lives (X-Amz-Expires)
    quota: int = 0  # custom avatars allowed at a time, 0: no limit
    faults: str = ""  # "create=429x2,list=html", see schedule.py

    def __post_init__(self) -> None:
        for field in fields(self):
            _check(field.name, type(field.default), getattr(self, field.name))
        Schedule(self.faults)

    def turned(self, changes: Mapping[str, object]) -> "Knobs":
        """A copy with some fields changed. ValueError for an unknown field too."""
        unknown = changes.keys() - {field.name for field in fields(self)}
        if unknown:
            raise ValueError(f"no such knob: {', '.join(sorted(unknown))}")
        return replace(self, **changes)  # type: ignore[arg-type]  # __post_init__ checks them


class Panel:
    """The knobs of a running sandbox, and how many of the faults asked for are still to come."""

    def __init__(self, knobs: Knobs) -> None:
        self.knobs = knobs
        self._schedule = Schedule(knobs.faults)

    def set(self, changes: Mapping[str, object]) -> Knobs:
        self.knobs = self.knobs.turned(changes)
        if "faults" in changes:  # any other knob leaves the counting alone
            self._schedule = Schedule(self.knobs.faults)
        return self.knobs

    def next_fault(self, kind: str) -> Fault | None:
        return self._schedule.next(kind)


def _check(name: str, wanted: type, value: object) -> None:
    if wanted is str:
        if not isinstance(value, str):
            raise ValueError(f"{name} must be text")
        return
    number = int if wanted is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, number) or not 0 <= value <= A_WEEK:
        kind = "a whole number" if wanted is int else "a number"
        raise ValueError(f"{name} must be {kind} from 0 to {A_WEEK}")
