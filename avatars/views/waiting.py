"""What somebody who waits wants to know: their place, what keeps the line, how long it takes."""

from typing import Any

from avatars.access import may_remove
from avatars.help_pages import refusal_page
from avatars.models import Avatar, State
from avatars.services.line import place_of
from avatars.services.weather import usual_time
from avatars.upstream.errors import Cause

from .durations import roughly

_OFFERED = 6  # avatars that could make room for another


def waiting_of(user: Any, avatar: Avatar) -> dict[str, Any] | None:
    """{"number", "of", "words", "until", "more", "slots"} for one that waits in line, else None.

    `words` and `until` say what keeps the whole line, unless the avatar itself says so already;
    `more` is the page about it.
    """
    place = place_of(avatar)
    if place is None:
        return None
    weather = place.weather
    tells_itself = avatar.state == State.HELD
    return {
        "number": place.number,
        "of": place.of,
        "words": None if tells_itself else weather.words,
        "until": None if tells_itself else weather.until,
        "more": "" if tells_itself else refusal_page(weather.cause),
        "slots": _slots(user, avatar) if weather.cause == Cause.QUOTA else [],
    }


def usual_words(*, rehearsal: bool) -> str:
    """How long Anam usually takes, from our own history; "" before there is one."""
    usual = usual_time(rehearsal=rehearsal)
    return roughly(usual.median) if usual else ""


def _slots(user: Any, avatar: Avatar) -> list[Avatar]:
    """Those that the user could remove to make room, the oldest first."""
    made = Avatar.objects.filter(state=State.READY, rehearsal=avatar.rehearsal, stock=False)
    oldest = made.select_related("owner").order_by("created_at")[:100]
    return [other for other in oldest if may_remove(user, other)][:_OFFERED]
