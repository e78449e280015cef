"""Talks: a minute with an avatar on its own page, so many times a day for each person."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from avatars.models import Avatar, Conversation, is_usable
from avatars.upstream.errors import UpstreamError

from . import conversations


class NotOffered(Exception):
    """Nobody can talk to this avatar here: it may not be used, or talking is switched off."""


class NoneLeft(Exception):
    """Today's tries are used up. `wait`: seconds until there are new ones."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"new ones in {wait} s")
        self.wait = wait


def offered(avatar: Avatar) -> bool:
    """The sandbox has nobody who would answer."""
    wanted = settings.TALKS_PER_DAY > 0 and settings.TALK_SECONDS > 0
    return wanted and not settings.REHEARSAL and is_usable(avatar)


def left(person: Any) -> int:
    """The tries that somebody still has today."""
    allowed: int = settings.TALKS_PER_DAY
    return max(0, allowed - Conversation.objects.tried_out(person, _midnight()).count())


def start(avatar: Avatar, person: Any) -> str:
    """The session token of one more talk.

    Raises `NotOffered`, `NoneLeft`, and any `UpstreamError`. A try in vain is given back.
    """
    if not offered(avatar):
        raise NotOffered
    row = _take_a_try(avatar, person)
    try:
        answer = conversations.begin(
            avatar, person, wanted=_wanted(avatar), seconds_max=settings.TALK_SECONDS, row=row
        )
    except UpstreamError:
        row.delete()
        raise
    except conversations.OutOfUse:
        row.delete()
        raise NotOffered from None
    return str(answer["sessionToken"])


def _take_a_try(avatar: Avatar, person: Any) -> Conversation:
    """Counted before Anam is called, one click after the other, so that no two take the last."""
    with transaction.atomic():
        get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
        if not left(person):
            raise NoneLeft(_until_tomorrow())
        return Conversation.objects.create(
            avatar=avatar,
            person=person,
            seconds=settings.TALK_SECONDS,
            expires_at=timezone.now() + conversations.LIFE,
        )


def _wanted(avatar: Avatar) -> dict[str, Any]:
    """The persona of Anam's reference of July 2026; what is not set is left to Anam."""
    persona = {
        "name": avatar.display_name,
        "avatarModel": avatar.model_name,
        "voiceId": settings.ANAM_TALK_VOICE,
        "llmId": settings.ANAM_TALK_LLM,
        "systemPrompt": settings.ANAM_TALK_PROMPT,
    }
    said = {name: value for name, value in persona.items() if value}
    return {"personaConfig": said, "clientLabel": "greenroom-talk"}


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _until_tomorrow() -> int:
    tomorrow = (_midnight() + timedelta(days=1)).astimezone(UTC)
    return int((tomorrow - timezone.now()).total_seconds()) + 1
