"""Tokens for people's programs: made, with a text that is told once, and revoked."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from avatars import tokens
from avatars.models import NEEDS, Kind, Right, Subject, Token

from . import record

NAME_MAX = 60  # characters
DAYS_MAX = 366
RATE_MAX = 100_000  # calls a minute
MONTH_MAX = 1_000_000  # avatars a calendar month
_ONE_CLICK = timedelta(minutes=1)  # how far apart a double click, or a try after a lost answer, is


class Limits(TypedDict, total=False):
    """What is left out, or None, is `TOKEN_DAYS`, `TOKEN_RATE`, and no monthly limit."""

    days: int | None
    rate: int | None
    month_limit: int | None


class Refused(Exception):
    """Says in words why no token was made."""


class TooMuch(Refused):
    """`rights` are more than the role of the token's person covers."""

    def __init__(self, owner: Any, rights: list[Right]) -> None:
        self.rights = rights
        super().__init__(
            f"The role of {owner} does not cover {', '.join(rights)}. No token was made. "
            "Leave that out, or let an administrator give them another role."
        )


class MadeBefore(Refused):
    """This very form made `token` a while ago, and its text can't be told twice."""

    def __init__(self, token: Token) -> None:
        self.token = token
        super().__init__(
            f"This form has made the token {token} before, and its text is told only once. "
            "Nothing was made now. If you don't have the text, revoke that token and make another."
        )


def rights_of(person: Any) -> list[Right]:
    """Those that their role covers now."""
    return [right for right in Right if person.has_perm(NEEDS[right])]


def make(
    owner: Any,
    name: str,
    rights: Iterable[Right],
    *,
    by: Any = None,
    wish: str = "",
    **limits: Unpack[Limits],
) -> tuple[Token, str]:
    """A new token and its text, which can't be had again: only its digest and a hint are kept.

    All the same with the same `wish`, as by a double click, gets the same ones for a minute. `by`
    is who makes it on a page; None is somebody at the command line. Raises Refused in words.
    """
    chosen = sorted(set(rights), key=list(Right).index)
    _check(owner, name, chosen, limits)
    days = limits.get("days") or settings.TOKEN_DAYS
    rate = limits.get("rate") or settings.TOKEN_RATE
    facts = {"name": name, "rights": chosen, "rate": rate, "month_limit": limits.get("month_limit")}
    text = _text_of(wish, {**facts, "owner": str(owner.pk), "days": days})
    now = timezone.now()
    once = {"created_at": now, "created_by": by, "expires_at": now + timedelta(days=days)}
    with transaction.atomic():
        token, made = Token.objects.get_or_create(
            digest=tokens.digest(text),
            defaults={**facts, **once, "owner": owner, "hint": text[: tokens.HINT]},
        )
        if made:
            _write_down(Kind.TOKEN_MADE, token, by, _facts(token))
    if not made and (token.is_over or token.created_at <= now - _ONE_CLICK):
        raise MadeBefore(token)
    return token, text


def revoke(token_id: int, by: Any) -> bool:
    """From now on it opens nothing, in every process. False when it was revoked already."""
    with transaction.atomic():
        revoked = Token.objects.revoke(token_id, timezone.now(), by=by)
        if revoked:
            token = Token.objects.select_related("owner").get(pk=token_id)
            _write_down(Kind.TOKEN_REVOKED, token, by, {"person": str(token.owner)})
    return revoked


def _write_down(kind: Kind, token: Token, by: Any, detail: dict[str, Any]) -> None:
    """With the name alone: of its text not even the beginning is anybody's business later."""
    about = (Subject.TOKEN, token.pk, token.name)
    doer = by or record.AT_THE_COMMAND_LINE
    record.write(kind, about, actor=doer, detail=detail, tell=[token.owner])


def _facts(token: Token) -> dict[str, Any]:
    facts = {
        "person": str(token.owner),
        "rights": token.rights,
        "rate": token.rate,
        "month_limit": token.month_limit,
        "until": token.expires_at.isoformat(),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _text_of(wish: str, asked: dict[str, Any]) -> str:
    return tokens.token_for(json.dumps([wish, asked])) if wish else tokens.new_token()


def _check(owner: Any, name: str, rights: list[Right], limits: Limits) -> None:
    if not owner.is_active:
        raise Refused(f"{owner} was deactivated, so no token was made in their name.")
    if not 0 < len(name) <= NAME_MAX:
        raise Refused(f"A token needs a name of up to {NAME_MAX} characters. No token was made.")
    if not rights:
        raise Refused("A token needs at least one right. No token was made.")
    covered = rights_of(owner)
    if missing := [right for right in rights if right not in covered]:
        raise TooMuch(owner, missing)
    for limit, most, unit in (
        (limits.get("days"), DAYS_MAX, "days"),
        (limits.get("rate"), RATE_MAX, "calls a minute"),
        (limits.get("month_limit"), MONTH_MAX, "avatars a month"),
    ):
        if limit is not None and not 0 < limit <= most:
            raise Refused(f"A token may have 1 to {most} {unit}, not {limit}. No token was made.")
