"""What became of a create, as the vendor would say it.

The vendor's statuses stay where they are the caller's business; what is ours to mend is a 502, and
an answer that did not come in time a 504. Sources of the vendor's: its reference of April 2026.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from avatars.causes import WORDS
from avatars.help_pages import refusal_page
from avatars.models import Avatar, State, Weather
from avatars.origin import absolute
from avatars.upstream.errors import Cause

from .described import creation_of, described
from .refusals import Refusal, answered
from .waiting import obstacle

_STATUS = {
    Cause.INVALID: 400,
    Cause.MODEL: 403,
    Cause.QUOTA: 403,
    Cause.PLAN: 403,
    Cause.TOO_LARGE: 413,
    Cause.UNPROCESSABLE: 422,
    Cause.INDECENT: 422,
    Cause.LIKENESS: 422,
    Cause.AGE: 422,
    Cause.RATE: 429,
}
_OURS = 502
_FOR_ANAM, _FOR_PEOPLE = 5, 60  # seconds, before asking again makes sense
_GOES_ON = (
    "Greenroom keeps the photo and goes on by itself: ask at `creation.url`. The same photo, name "
    "and model sent again joins this one."
)


def outcome(request: HttpRequest, avatar: Avatar) -> HttpResponse:
    """201 with the avatar, 202 for one that waits for people, or why there is none (yet)."""
    if avatar.state == State.READY and not avatar.is_gone:
        headers = {"Greenroom-Id": str(avatar.pk), "Greenroom-Approval": avatar.approval}
        return JsonResponse(described(request, avatar), status=201, headers=headers)
    if avatar.state == State.REVIEW:
        return accepted(request, avatar)
    return answered(_refusal(request, avatar))


def accepted(request: HttpRequest, avatar: Avatar) -> HttpResponse:
    """202: it goes on by itself, and here is where to ask."""
    said = creation_of(request, avatar)
    wait = _FOR_PEOPLE if avatar.state == State.REVIEW else _FOR_ANAM
    headers = {"Location": said["url"], "Greenroom-Id": said["id"], "Retry-After": str(wait)}
    return JsonResponse(said, status=202, headers=headers)


def _refusal(request: HttpRequest, avatar: Avatar) -> Refusal:
    if avatar.state == State.REMOVED or avatar.is_gone:
        words = "It was made before, and is not there any more. Send it anew to make another."
        return Refusal(409, "Removed meanwhile", words)
    if avatar.state == State.REFUSED:
        return _of_cause(request, avatar, Cause(avatar.cause or Cause.INVALID))
    gate = Weather.at(rehearsal=avatar.rehearsal)
    cause = obstacle(avatar, gate) if avatar.state in (State.QUEUED, State.HELD) else None
    return _of_cause(request, avatar, cause) if cause else _too_late(request, avatar)


def _of_cause(request: HttpRequest, avatar: Avatar, cause: Cause) -> Refusal:
    words, over = WORDS[cause], avatar.state == State.REFUSED
    headers = {} if over else _retry_after(avatar)
    said = avatar.said if avatar.cause == cause else Weather.at(rehearsal=avatar.rehearsal).said
    happened = f"{said.rstrip('.')}." if said else words.happened
    message = f"{happened} {words.next if over else _GOES_ON}"
    more: dict[str, Any] = {"help": absolute(request, refusal_page(cause))}
    more |= {} if over else {"creation": creation_of(request, avatar)}
    return Refusal(_STATUS.get(cause, _OURS), words.title, message, headers=headers, more=more)


def _too_late(request: HttpRequest, avatar: Avatar) -> Refusal:
    words = f"Anam has not answered in time. {_GOES_ON}"
    headers, creation = _retry_after(avatar), creation_of(request, avatar)
    return Refusal(504, "No answer yet", words, headers=headers, more={"creation": creation})


def _retry_after(avatar: Avatar) -> dict[str, str]:
    gate = Weather.at(rehearsal=avatar.rehearsal)
    times: list[datetime | None] = [avatar.retry_at, gate.until if gate.is_closed else None]
    latest = max(filter(None, times), default=timezone.now())
    return {"Retry-After": str(max(5, round((latest - timezone.now()).total_seconds())))}
