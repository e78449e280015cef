"""Conversations: Anam's session tokens for people and programs, each remembered by its digest."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from avatars.models import Avatar, Conversation, Token, is_usable
from avatars.upstream.client import connect
from avatars.upstream.errors import Cause, Unintelligible

# Anam's reference of July 2026: a session token can be used for an hour.
LIFE = timedelta(hours=1)


class OutOfUse(Exception):
    """The avatar may not be used any more: its consent was withdrawn while Anam answered."""


def begin(
    avatar: Avatar,
    person: Any,
    *,
    wanted: Mapping[str, Any],
    seconds_max: int,
    token: Token | None = None,
    row: Conversation | None = None,
) -> dict[str, Any]:
    """Ask Anam for a session token and answer with its whole JSON.

    `wanted` is the body of Anam's call; its persona gets our avatar, and is cut to `seconds_max`.
    `row` is one that was made before, to be filled in. Raises `OutOfUse` and any `UpstreamError`.
    """
    body = {**wanted, "personaConfig": _persona(avatar, wanted.get("personaConfig"), seconds_max)}
    answer: dict[str, Any] = connect(rehearsal=avatar.rehearsal).session_token(body)
    session = answer.get("sessionToken")
    if not isinstance(session, str) or not session:
        raise Unintelligible(Cause.NO_ANSWER)
    if not is_still_usable(avatar):
        raise OutOfUse
    kept = row or Conversation(avatar=avatar, person=person, token=token)
    kept.digest = _digest(session)
    kept.seconds = body["personaConfig"]["maxSessionLengthSeconds"]
    kept.expires_at = timezone.now() + LIFE
    kept.save()
    return answer


def is_still_usable(avatar: Avatar) -> bool:
    """By its row as it is now: Anam takes seconds to answer, and a withdrawal counts at once."""
    avatar.refresh_from_db()
    return is_usable(avatar)


def for_session(session: str, now: datetime) -> Conversation | None:
    """The conversation that this session token opens, while it does."""
    held = Conversation.objects.of_session(_digest(session), now)
    return held.select_related("avatar", "person", "token__owner").first()


def _persona(avatar: Avatar, given: Any, seconds_max: int) -> dict[str, Any]:
    persona = dict(given) if isinstance(given, Mapping) else {}
    seconds = persona.get("maxSessionLengthSeconds") or seconds_max
    persona["avatarId"] = avatar.upstream_id
    persona["maxSessionLengthSeconds"] = min(int(seconds), seconds_max)
    return persona


def _digest(session: str) -> str:
    return sha256(session.encode()).hexdigest()
