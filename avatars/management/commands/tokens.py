"""`manage.py tokens`: tokens for programs, made by scripts and by whoever runs the server."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from avatars import tokens
from avatars.management.output import Output, plain
from avatars.management.people import person_of
from avatars.management.table import aligned
from avatars.models import Right, Token
from avatars.names import tidy_name
from avatars.services import credentials

_HEADER = ("ID", "HINT", "NAME", "PERSON", "RIGHTS", "ENDS", "LAST USED", "STATE")
_NAME = "From the command line"


class Command(BaseCommand):
    help = "Make, list and revoke the tokens that programs bring."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        create = actions.add_parser("create", help="make one; the last line is the token alone")
        create.add_argument("email", metavar="EMAIL", help="in whose name it acts")
        create.add_argument("--rights", required=True, help=", ".join(Right.values))
        create.add_argument("--days", type=int, metavar="N", help="TOKEN_DAYS if left")
        create.add_argument("--name", default=_NAME, help="what it is for")
        create.add_argument("--rate", type=int, metavar="N", help="calls a minute")
        create.add_argument("--month-limit", type=int, metavar="N", help="new avatars a month")
        listing = actions.add_parser("list", help="all of them, the newest first")
        listing.add_argument("--json", action="store_true", help="print one JSON array")
        revoke = actions.add_parser("revoke", help="from now on it opens nothing")
        revoke.add_argument("token", metavar="ID_OR_HINT", help="the token itself will do, too")

    def handle(self, *args: Any, **options: Any) -> None:
        actions: dict[str, Callable[[dict[str, Any], Output], None]] = {
            "create": _create,
            "list": _list,
            "revoke": _revoke,
        }
        actions[options["action"]](options, Output(self.stdout, self.stderr))


def _create(options: dict[str, Any], output: Output) -> None:
    person = person_of(options["email"])
    limits = {name: options[name] for name in ("days", "rate", "month_limit")}
    rights, name = _rights(options["rights"]), tidy_name(options["name"])
    try:
        token, text = credentials.make(person, name, rights, **limits)
    except credentials.Refused as refusal:
        raise CommandError(plain(refusal)) from refusal
    until = f"{timezone.localtime(token.expires_at):%Y-%m-%d %H:%M %Z}"
    output.tell(f"It acts as {plain(person)} until {until}. It can't be printed again.")
    output.say(text)


def _rights(text: str) -> set[Right]:
    named = {word.strip() for word in text.split(",") if word.strip()}
    if unknown := sorted(named - set(Right.values)):
        raise CommandError(
            f"There is no right {plain(', '.join(unknown))}. No token was made. "
            f"The rights are {', '.join(Right.values)}."
        )
    return {Right(word) for word in named}


def _list(options: dict[str, Any], output: Output) -> None:
    rows = Token.objects.select_related("owner", "revoked_by")
    if options["json"]:
        output.say_array(map(_facts, rows.iterator()))
        return
    if not rows:
        output.tell("There is no token yet.")
        return
    for line in aligned(_HEADER, map(_cells, rows)):
        output.say(line)


def _facts(token: Token) -> dict[str, Any]:
    return {
        "id": token.pk,
        "hint": token.hint,
        "name": token.name,
        "person": token.owner.get_username(),
        "rights": token.rights,
        "rate": token.rate,
        "month_limit": token.month_limit,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
        "revoked_by": token.revoked_by and token.revoked_by.get_username(),
        "state": _state(token),
    }


def _cells(token: Token) -> tuple[str, ...]:
    used = f"{timezone.localtime(token.last_used_at):%Y-%m-%d}" if token.last_used_at else "never"
    return (
        str(token.pk),
        token.hint,
        token.name,
        token.owner.get_username(),
        ",".join(token.rights),
        f"{timezone.localtime(token.expires_at):%Y-%m-%d}",
        used,
        _state(token),
    )


def _state(token: Token) -> str:
    return token.is_over or "works"


def _revoke(options: dict[str, Any], output: Output) -> None:
    token = _token_of(options["token"])
    if credentials.revoke(token.pk, None):
        output.say(f"{plain(token)} of {plain(token.owner)} is revoked.")
    else:
        output.say(f"{plain(token)} of {plain(token.owner)} was revoked already.")


def _token_of(text: str) -> Token:
    """By its id, by its hint, or by itself: then it was found where it should not be."""
    if whole := Token.objects.by_text(text):
        return whole
    rows = Token.objects.select_related("owner")
    hint = text.removesuffix("…")
    numbered = text.isascii() and text.isdecimal() and len(text) < 18
    found = list(rows.filter(pk=int(text)) if numbered else rows.filter(hint=hint))
    if not found:
        shown = plain(text)[: tokens.HINT]
        raise CommandError(f"There is no token {shown}. “manage.py tokens list” shows them all.")
    if len(found) > 1:
        numbers = ", ".join(str(token.pk) for token in found)
        raise CommandError(f"Several begin so. Nothing was revoked. Name one by its id: {numbers}.")
    return found[0]
