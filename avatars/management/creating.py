"""`manage.py avatars create`: photos from files and folders, as on the page."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError

from avatars.access import may_create
from avatars.forms import (
    LONG_PURPOSE,
    MODEL_MAX,
    NO_MODEL,
    PURPOSE_MAX,
    judge_name,
    numbered,
)
from avatars.models import Avatar, Policy, Pulse, State
from avatars.names import tidy_name, tidy_text
from avatars.photos.finding import Finding

from .intake import Intake, Outcome
from .output import Output, plain
from .people import person_of
from .pictures import find, name_from
from .progress import Progress
from .waiting import NO_WORKER, end_of, wait_for

HELP = "make avatars from photos and from folders of photos"
_INTERRUPTED = 130  # what shells report of a program that was stopped by Ctrl-C


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a photo, or a folder of photos")
    parser.add_argument("--owner", required=True, metavar="EMAIL", help="whose avatars they are")
    parser.add_argument("--name", default="", help="from the file's name if left; numbered")
    parser.add_argument("--model", default="", help=f"{settings.ANAM_MODELS[0]} if left")
    parser.add_argument("--purpose", default="", help="what they are for; reviewers read it")
    parser.add_argument("--wait", action="store_true", help="until each is ready or settled")
    parser.add_argument("--json", action="store_true", help="print one JSON array")


def run(options: dict[str, Any], output: Output) -> None:
    """Take in all that can be. Raises `CommandError` unless all could."""
    purpose = _purpose(options["purpose"])
    intake = Intake(_maker(options["owner"]), _model(options["model"]), purpose)
    found = find(options["paths"])
    for path in found.left_out:
        output.tell(f"{plain(path)} was left out: by its name it is no picture.")
    names = _names(options["name"], found.files)
    outcomes = _taken_in(intake, list(zip(found.files, names, strict=True)), options, output)
    _conclude(outcomes, options, output)


def _maker(email: str) -> Any:
    person = person_of(email)
    if not person.has_perm("avatars.add_avatar"):
        raise CommandError(f"{person} may not make avatars. Nothing was taken in.")
    if not may_create(person, Policy.current()):
        words = f"The policy leaves making avatars to others than {person}. Nothing was taken in."
        raise CommandError(words)
    return person


def _model(typed: str) -> str:
    model = tidy_name(typed) or settings.ANAM_MODELS[0]
    if len(model) > MODEL_MAX:
        raise CommandError(f"{_in_words(NO_MODEL)} Nothing was taken in.")
    return str(model)


def _purpose(typed: str) -> str:
    purpose = tidy_text(typed)
    if len(purpose) > PURPOSE_MAX:
        raise CommandError(f"{_in_words(LONG_PURPOSE)} Nothing was taken in.")
    return purpose


def _names(typed: str, files: Sequence[Path]) -> list[str]:
    if not typed:
        return [name_from(path) for path in files]
    name = tidy_name(typed)
    if finding := judge_name(name) or judge_name(numbered(name, len(files))):
        raise CommandError(f"{_in_words(finding)} Nothing was taken in.")
    return [numbered(name, number) for number in range(1, len(files) + 1)]


def _taken_in(
    intake: Intake, wanted: Sequence[tuple[Path, str]], options: dict[str, Any], output: Output
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    with Progress(output.err, len(wanted), lines=options["json"]) as progress:
        try:
            for number, (path, name) in enumerate(wanted, start=1):
                progress.show(number, path.name)
                outcomes.append(intake.take(path, name))
                progress.clear()
                if not options["json"]:
                    output.say("\n".join(_lines(outcomes[-1])))
        except (KeyboardInterrupt, DatabaseError) as end:
            progress.clear()
            _print_json(outcomes, options, output)
            if isinstance(end, DatabaseError):
                raise
            words = _stopped(outcomes, len(wanted))
            raise CommandError(words, returncode=_INTERRUPTED) from None
    return outcomes


def _conclude(outcomes: list[Outcome], options: dict[str, Any], output: Output) -> None:
    taken = [outcome.avatar for outcome in outcomes if outcome.avatar]
    if options["wait"]:
        outcomes = _awaited(outcomes, options, output)
    elif not Pulse.worker_runs() and any(avatar.state == State.QUEUED for avatar in taken):
        output.tell(NO_WORKER)
    _print_json(outcomes, options, output)
    refused = len(outcomes) - len(taken)
    unmade = [o.avatar for o in outcomes if o.avatar and o.avatar.state != State.READY]
    if refused:
        raise CommandError(f"{_count(refused, len(outcomes))} not taken in; all others are safe.")
    if options["wait"] and unmade:
        raise CommandError(_unready(unmade, len(outcomes)))


def _awaited(outcomes: list[Outcome], options: dict[str, Any], output: Output) -> list[Outcome]:
    try:
        ends = wait_for((outcome.avatar for outcome in outcomes if outcome.avatar), output)
    except KeyboardInterrupt:
        _print_json(outcomes, options, output)
        words = (
            "Stopped waiting. Nothing is lost: all that was taken in is safe here and is sent by "
            "the worker. “manage.py avatars list” tells how it stands."
        )
        raise CommandError(words, returncode=_INTERRUPTED) from None
    if not options["json"]:
        for avatar in ends.values():
            output.say(end_of(avatar))
    return [outcome.with_avatar(ends) for outcome in outcomes]


def _print_json(outcomes: list[Outcome], options: dict[str, Any], output: Output) -> None:
    if options["json"]:
        output.say_array(outcome.facts() for outcome in outcomes)


def _lines(outcome: Outcome) -> Iterator[str]:
    avatar, file = outcome.avatar, plain(outcome.path)
    if avatar is None:
        yield f"{file}: not taken in."
    elif outcome.earlier:
        name, state = plain(avatar.display_name), plain(avatar.state_words)
        yield f"{file}: taken in earlier as “{name}” ({avatar.pk}). Nothing new. State: {state}."
    else:
        waits = f" {avatar.message}" if avatar.state == State.REVIEW else ""
        yield f"{file}: taken in as “{plain(avatar.display_name)}” ({avatar.pk}).{plain(waits)}"
    for finding in outcome.findings:
        yield f"  {plain(_in_words(finding))}"


def _in_words(finding: Finding) -> str:
    """What is put in order already is told in short."""
    found = f"{finding.title}: {finding.measured}."
    if finding.severity == "fixed":
        return f"Fixed: {found}"
    advice = "Advice: " if finding.severity == "advice" else ""
    return f"{advice}{found} Wanted: {finding.wanted}. {finding.how_to_fix}"


def _count(some: int, of: int) -> str:
    return f"{some} of {of} photos {'was' if some == 1 else 'were'}"


def _unready(unmade: Sequence[Avatar], total: int) -> str:
    waiting = sum(avatar.state == State.REVIEW for avatar in unmade)
    words = f"{len(unmade)} of {total} avatars did not become ready."
    if not waiting:
        return words
    those = "One of them waits" if waiting == 1 else f"{waiting} of them wait"
    return f"{words} {those} for somebody's yes; nothing is lost, and nobody has to run this again."


def _stopped(outcomes: list[Outcome], total: int) -> str:
    safe = sum(outcome.avatar is not None for outcome in outcomes)
    return (
        f"Stopped. {_count(safe, total)} taken in and safe; the one in hand is here as a whole or "
        "not at all. Run the same command again to go on: what is here is not made twice."
    )
