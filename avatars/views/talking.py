"""The door to a minute with an avatar, and what its page needs for that."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from avatars.access import can_view
from avatars.models import Avatar
from avatars.services import talks
from avatars.upstream.errors import Cause, UpstreamError

from .finding import find

# Where the engines live that Anam's SDK (4.27.0) connects to: Anam's answer names one for each
# conversation. Those seen by independent projects are connect.anam.ai and its -eu and -us.
_ENGINES = ("https://*.anam.ai", "wss://*.anam.ai")

_NOT_OFFERED = "Nobody can talk to this avatar at the moment. Load the page again to see why."
_NOTHING_SPENT = "None of your tries was used."
_WORDS: dict[Cause, str] = {
    Cause.KEY: "Anam does not accept this installation's key. An administrator must check it.",
    Cause.PERMISSION: "This installation's key may not begin conversations. "
    "An administrator can give it that permission in the Anam Lab.",
    Cause.PLAN: "The organisation's Anam plan does not include this conversation.",
    Cause.QUOTA: "The organisation has as many conversations as its Anam plan allows. "
    "Wait until one of them is over.",
    Cause.RATE: "Anam has too many conversations at the moment. Try again in a minute.",
    Cause.MODEL: "Anam does not let this organisation talk to avatars of this model.",
    Cause.GONE: "Anam does not know this avatar, its voice or its language model any more.",
    Cause.ADDRESS: "The address in ANAM_API_URL does not answer like Anam's API. "
    "An administrator must check it.",
    Cause.OUTAGE: "Anam can't be reached at the moment. Try again in a minute.",
    Cause.NO_ANSWER: "Anam gave no clear answer. Try again in a minute.",
}


@require_POST
@can_view
@never_cache
def talk(request: HttpRequest, avatar_id: UUID) -> JsonResponse:
    """A session token with which the page's script opens the conversation."""
    if settings.REHEARSAL:
        raise Http404("In rehearsal there is nobody to talk to.")
    found = find(request, avatar_id)
    try:
        session = talks.start(found, request.user)
    except talks.NotOffered:
        return JsonResponse({"message": _NOT_OFFERED}, status=403)
    except talks.NoneLeft as none:
        return _none_left(none)
    except UpstreamError as error:
        return _refused(error)
    left = talks.left(request.user)
    return JsonResponse({"sessionToken": session, "seconds": settings.TALK_SECONDS, "left": left})


def talk_of(user: Any, avatar: Avatar) -> dict[str, int] | None:
    """What the page says about talking; None where nobody can."""
    if not talks.offered(avatar):
        return None
    return {
        "seconds": settings.TALK_SECONDS,
        "left": talks.left(user),
        "of": settings.TALKS_PER_DAY,
    }


def policy() -> dict[str, Any]:
    """The content security policy of a page on which somebody can talk."""
    return {**settings.SECURE_CSP, "connect-src": [CSP.SELF, *_ENGINES]}


def _none_left(none: talks.NoneLeft) -> JsonResponse:
    times = "once" if settings.TALKS_PER_DAY == 1 else f"{settings.TALKS_PER_DAY} times"
    words = f"You have talked {times} today, as often as one may. Tomorrow you can again."
    return JsonResponse({"message": words}, status=429, headers={"Retry-After": str(none.wait)})


def _refused(error: UpstreamError) -> JsonResponse:
    reason = f": {error.said.rstrip('.')}" if error.said else ""
    said = f"Anam refused the conversation{reason}."
    message = f"{_WORDS.get(error.cause, said)} {_NOTHING_SPENT}"
    wait = {"Retry-After": str(round(error.retry_after))} if error.retry_after else {}
    return JsonResponse({"message": message}, status=502, headers=wait)
