"""`manage.py avatars check`: what the checks say of photos; nothing is made."""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from avatars.photos.checklist import Check, checklist
from avatars.photos.finding import Finding
from avatars.photos.inspect import inspect

from .files import read
from .output import Output, plain
from .pictures import find

HELP = "look at photos as a create would, without making anything"
_STATES = {"good": "good", "fixed": "by itself", "advice": "advice", "error": "refused"}


@dataclass(frozen=True)
class Verdict:
    """What was found about one file, and the list of checks; none of a file that can't be read."""

    path: Path
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...] = ()

    @property
    def ok(self) -> bool:
        return all(finding.severity != "error" for finding in self.findings)

    def facts(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "ok": self.ok,
            "findings": [finding.as_dict() for finding in self.findings],
            "checks": [check.as_dict() for check in self.checks],
        }


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a photo, or a folder of photos")
    parser.add_argument("--json", action="store_true", help="print one JSON array")


def run(options: dict[str, Any], output: Output) -> None:
    """Say how each photo stands. Raises `CommandError` when one would be refused."""
    found = find(options["paths"])
    for path in found.left_out:
        output.tell(f"{plain(path)} was left out: by its name it is no picture.")
    refused: list[Path] = []
    verdicts = _judged(found.files, refused)
    if options["json"]:
        output.say_array(verdict.facts() for verdict in verdicts)
    else:
        for verdict in verdicts:
            output.say("\n".join(_lines(verdict)))
    if refused:
        total = len(found.files)
        raise CommandError(f"{len(refused)} of {total} photos would be refused.")


def _judged(files: tuple[Path, ...], refused: list[Path]) -> Iterator[Verdict]:
    """One after the other, so that what is known is printed while the next is looked at."""
    for path in files:
        verdict = _verdict(path)
        if not verdict.ok:
            refused.append(path)
        yield verdict


def _verdict(path: Path) -> Verdict:
    data = read(path)
    if isinstance(data, Finding):
        return Verdict(path, (data,))
    inspection = inspect(data)
    return Verdict(path, inspection.findings, checklist(inspection))


def _lines(verdict: Verdict) -> Iterator[str]:
    yield f"{plain(verdict.path)}: {'good' if verdict.ok else 'would be refused'}."
    if not verdict.checks:
        yield from (_line("refused", finding) for finding in verdict.findings)
    for check in verdict.checks:
        yield _line(_STATES.get(check.state, "unknown"), check)


def _line(state: str, found: Check | Finding) -> str:
    wanted = f" Wanted: {found.wanted}. {found.how_to_fix}" if found.wanted else ""
    return f"  {state:<11}{plain(f'{found.title}: {found.measured}.{wanted}')}"
