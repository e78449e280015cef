"""`manage.py avatars remove`: out of sight for a while, or erased for good."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from avatars.access import may_erase, may_remove
from avatars.models import Avatar, State
from avatars.names import tidy_name
from avatars.services import changing, erasing
from avatars.tasks import wake_for_errand

from .lookup import avatar_of
from .output import Output, plain
from .people import person_of

HELP = "remove an avatar, or erase it for good"
_UNCHANGED = "Nothing was changed."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="its id here, or at Anam")
    parser.add_argument("--by", required=True, metavar="EMAIL", help="who does it, for the record")
    parser.add_argument("--erase", action="store_true", help="forget the face for good")
    parser.add_argument("--yes", action="store_true", help="don't ask")


def run(options: dict[str, Any], output: Output) -> None:
    person, avatar = person_of(options["by"]), avatar_of(options["id"])
    act = _erase if options["erase"] else _remove
    may = may_erase if options["erase"] else may_remove
    if avatar.stock:
        raise CommandError(f"It is one of Anam's own avatars and stays there. {_UNCHANGED}")
    if not may(person, avatar):
        words = f"{person} may not do that: only its maker or an administrator can. {_UNCHANGED}"
        raise CommandError(words)
    if avatar.state in changing.IN_DOUBT:
        raise CommandError(f"{changing.WAIT} {_UNCHANGED}")
    act(avatar, person, options["yes"], output)


def _remove(avatar: Avatar, person: Any, sure: bool, output: Output) -> None:
    if avatar.state == State.REMOVED:
        output.say("It is removed already.")
        return
    _make_sure(f"Remove “{plain(avatar.display_name)}” ({avatar.pk})?", sure)
    _do(changing.remove, avatar, person)
    until = changing.undo_until(avatar)
    undo = f" Until {timezone.localtime(until):%H:%M:%S} its page can undo that." if until else ""
    output.say(f"It is removed.{undo}")


def _erase(avatar: Avatar, person: Any, sure: bool, output: Output) -> None:
    if avatar.is_erased:
        output.say("It is erased already.")
        return
    name = plain(avatar.display_name)
    _make_sure(f"Erase “{name}” ({avatar.pk}) with its photo and all that shows the face?", sure)
    _do(erasing.erase, avatar, person)
    output.say("It is erased.")


def _do(change: Callable[[Avatar, Any], bool], avatar: Avatar, person: Any) -> None:
    """Change it and wake whoever tells Anam. Raises `CommandError` when it has moved on."""
    if change(avatar, person):
        wake_for_errand(avatar)
        return
    avatar.refresh_from_db()
    raise CommandError(f"It has moved on meanwhile: {plain(avatar.state_words)}. {_UNCHANGED}")


def _make_sure(question: str, sure: bool) -> None:
    if sure:
        return
    if not sys.stdin.isatty():
        raise CommandError(f"{_UNCHANGED} Say --yes where nobody can be asked.")
    try:
        answer = input(f"{question} Type yes: ")
    except (EOFError, KeyboardInterrupt):
        answer = ""
    if tidy_name(answer).lower() not in ("y", "yes"):
        raise CommandError(_UNCHANGED)
