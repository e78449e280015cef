"""The list of checks: what was looked at, line by line, made from an inspection alone."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from avatars.photos.finding import Finding
from avatars.photos.inspection import Inspection
from avatars.photos.kinds import KIND_WORDS
from avatars.photos.measures import sides, size
from avatars.photos.rules import CHECKS, RULES

State = Literal["good", "fixed", "advice", "error", "unknown"]

_NOT_LOOKED_AT = "not looked at, because of what is wrong before"


@dataclass(frozen=True)
class Check:
    """One line. What was found speaks with its own title, its rule's code and the way out.

    In a good line the last three are empty. Unknown is what could not be looked at, because
    something else was wrong first.
    """

    key: str
    title: str
    state: State
    measured: str
    wanted: str = ""
    how_to_fix: str = ""
    code: str = ""

    def as_dict(self) -> dict[str, str]:
        """The seven fields under their own names, ready for JSON."""
        return asdict(self)


def checklist(inspection: Inspection) -> tuple[Check, ...]:
    """In the order of `CHECKS`. Where several things were found of one check, each has its line,
    the worst first. Framing is only there when faces were looked for.
    """
    return tuple(line for key in CHECKS for line in _lines(key, inspection))


def _lines(key: str, inspection: Inspection) -> Iterator[Check]:
    found = [finding for finding in inspection.findings if RULES[finding.code].check == key]
    if found:
        yield from (_line(key, finding) for finding in found)
    elif key == "face" and inspection.faces is None:
        return
    elif measured := _good(key, inspection):
        yield Check(key, CHECKS[key], "good", measured)
    else:
        yield Check(key, CHECKS[key], "unknown", _NOT_LOOKED_AT)


def _line(key: str, finding: Finding) -> Check:
    return Check(
        key=key,
        title=finding.title,
        state=finding.severity,
        measured=finding.measured,
        wanted=finding.wanted,
        how_to_fix=finding.how_to_fix,
        code=finding.code,
    )


def _good(key: str, inspection: Inspection) -> str:
    """What was measured where nothing was found, "" where nothing could be measured."""
    facts = inspection.facts
    if key == "kind":
        return facts.kind and KIND_WORDS[facts.kind]
    if key == "bytes":
        return size(facts.bytes) if facts.bytes else ""
    return _good_of_the_picture(inspection)[key] if facts.decoded else ""


def _good_of_the_picture(inspection: Inspection) -> dict[str, str]:
    return {
        "whole": "read to its last pixel",
        "pixels": sides(*inspection.sides),
        "shape": "square",
        "upright": "upright",
        "colours": "in colour",
        "metadata": "nothing but the picture",
        "weight": "light enough as it is",
        "face": "a face, well in the picture",
    }
