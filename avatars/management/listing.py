"""`manage.py avatars list`: what the gallery shows, newest first."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from avatars.models import Avatar, State

from .output import Output
from .people import person_of
from .table import aligned

HELP = "the avatars, newest first"
_HEADER = ("ID", "NAME", "STATE", "APPROVAL", "OWNER", "MADE")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--state", choices=State.values, help="all but the removed ones if left")
    parser.add_argument("--owner", metavar="EMAIL", help="those of one person")
    parser.add_argument("--search", default="", metavar="TEXT", help="a part of the name")
    parser.add_argument("--stock", action="store_true", help="Anam's own ones instead")
    parser.add_argument("--limit", type=_count, metavar="N", help="no more than these")
    parser.add_argument("--json", action="store_true", help="print one JSON array")


def run(options: dict[str, Any], output: Output) -> None:
    rows = _chosen(options)[: options["limit"]]
    avatars = rows.select_related("owner", "removed_by").iterator()
    if options["json"]:
        output.say_array(avatar.facts() for avatar in avatars)
        return
    empty = True
    for line in aligned(_HEADER, map(_cells, avatars)):
        output.say(line)
        empty = False
    if empty:
        output.tell("No avatar is like that.")


def _chosen(options: dict[str, Any]) -> QuerySet[Avatar]:
    rows = Avatar.objects.filter(stock=options["stock"])
    if options["stock"]:  # the sandbox's would be strange beside Anam's
        rows = rows.filter(rehearsal=settings.REHEARSAL)
    if options["owner"]:
        rows = rows.filter(owner=person_of(options["owner"], active=False))
    if options["search"]:
        rows = rows.filter(display_name__icontains=options["search"])
    if options["state"]:
        return rows.filter(state=options["state"])
    return rows.exclude(state=State.REMOVED)


def _cells(avatar: Avatar) -> tuple[str, ...]:
    approval = "" if avatar.stock else avatar.get_approval_display()
    made = f"{timezone.localtime(avatar.created_at):%Y-%m-%d %H:%M}"
    name, words = avatar.display_name, avatar.state_words
    return str(avatar.pk), name, words, approval, avatar.owner_name, made


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise ArgumentTypeError(f"{text} is no number from 1 on")
    return int(text)
