"""`POST /v1/avatars`: the pipeline makes the avatar, and the call waits for it."""

import re
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from avatars.models import Avatar, Right, State, Weather
from avatars.services.accept import Wanted, Way, accept, fingerprint
from avatars.services.limits import MayNotCreate, MonthIsFull
from avatars.services.wishes import OtherContent, StillRunning, key_of_equal, patiently
from avatars.tasks import make_thumbnails, send_due, send_here

from .answers import OUR_FACTS, meaning
from .bearer import needing, token_of
from .bodies import TO_CREATE
from .described import creation_of
from .doors import router
from .outcomes import accepted, outcome
from .refusals import Refusal
from .shapes import Avatar as AvatarShape
from .shapes import Creation, Problem
from .submission import submitted
from .waiting import LOOKOUT, is_settled, seat

_ERRORS = (400, 401, 403, 409, 413, 422, 429, 502, 503, 504)
_MEANINGS = {
    201: meaning("The avatar, as Anam describes it. Its preview may still be missing.", *OUR_FACTS),
    202: meaning(
        "It goes on by itself. In the state `review` it waits for the yes of the people whom "
        "`message` names, and nothing is sent to Anam before.",
        "Location",
        "Greenroom-Id",
        "Retry-After",
    ),
    403: meaning(
        "The token lacks the right, and `right` names it; the month of the token or of its person "
        "is full; the policy leaves making avatars to others; or Anam gives the organisation no "
        "such model, or no room for another avatar."
    ),
    409: meaning(
        "The same is being taken in at this moment, or was made before and removed since.",
        sometimes=["Retry-After"],
    ),
    413: meaning("The photo is too large, by its bytes."),
    422: meaning(
        "The photo will not do, here or at Anam, and `details` says how to fix it; or the key was "
        "used with other content."
    ),
    504: meaning("No answer yet. Ask at `creation.url`: it goes on by itself.", "Retry-After"),
}
_MAY_NOT = (
    "The policy of this Greenroom leaves making avatars to others than this token's person. "
    "Nothing was taken in. An administrator can change that on the page “Policy”."
)


@dataclass(frozen=True)
class Preference:
    """How long a call wants to wait, and whether it is content with a 202 then (RFC 7240)."""

    seconds: float
    async_: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        text = request.headers.get("Prefer", "").lower()
        async_ = bool(re.search(r"(^|[,;\s])respond-async($|[,;\s])", text))
        found = re.search(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})", text)
        longest = settings.API_SECONDS
        wait = min(int(found[1]), longest) if found else (0 if async_ else longest)
        return cls(wait, async_)


@router.post(
    "/avatars",
    **needing(Right.CREATE, **TO_CREATE, responses=_MEANINGS),
    tags=["Avatars"],
    operation_id="createAvatar",
    summary="Create an avatar",
    url_name="avatars",
    response={201: AvatarShape, 202: Creation, **dict.fromkeys(_ERRORS, Problem)},
)
def create(request: HttpRequest) -> HttpResponse:
    """Make an avatar from a photo.

    The photo passes the same checks as on the page. Without a wish for anything else the call waits
    until Anam has made the avatar. A caller that hangs up loses nothing: the avatar is made. The
    same photo, name and model sent again while that goes on joins the first call.

    Where the team's policy asks for a review or for consent before anything is sent, the answer is
    202 at once, whatever the call wanted to wait.
    """
    prefers = Preference.of(request)
    with seat():
        avatar = _taken_in(request, submitted(request))
        avatar = _carried_through(avatar, prefers)
    if prefers.async_ and not _is_over(avatar):
        return accepted(request, avatar)
    return outcome(request, avatar)


def _carried_through(avatar: Avatar, prefers: Preference) -> Avatar:
    """As far as it gets in the time of this call.

    Who waits as long as it takes sends the photo here, if it is its turn.
    """
    ends_at = time.monotonic() + prefers.seconds
    if prefers.seconds < settings.API_SECONDS:
        send_due.enqueue()
    elif avatar.state in (State.QUEUED, State.HELD):
        avatar = send_here(avatar)
    left = ends_at - time.monotonic()
    if left > 0 and not _is_over(avatar):
        LOOKOUT.wait(avatar.pk, left)
        avatar.refresh_from_db()
    return avatar


def _is_over(avatar: Avatar) -> bool:
    made = avatar.state == State.READY
    return made or is_settled(avatar, Weather.at(rehearsal=avatar.rehearsal))


def _taken_in(request: HttpRequest, wanted: Wanted) -> Avatar:
    """Its row. Raises a Refusal: 403, 409 or 422."""
    token = token_of(request)
    # Once for the whole call: who waits for an equal one must not take it for over meanwhile.
    key = _own_key(request) or key_of_equal(token.owner, fingerprint([wanted]))
    way = Way(token)
    try:
        (avatar,) = patiently(lambda: accept(owner=token.owner, wanted=[wanted], key=key, way=way))
    except StillRunning:
        raise _still_running() from None
    except OtherContent as other:
        raise _other_content(request, other) from None
    except MonthIsFull as full:
        raise _month_is_full(full) from None
    except MayNotCreate:
        raise Refusal(403, "Not for this person", _MAY_NOT) from None
    make_thumbnails.enqueue(str(avatar.pk))
    return avatar


def _own_key(request: HttpRequest) -> str | None:
    """The caller's, under a name that no key of ours has. Raises a Refusal: 400."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not re.fullmatch(r"[!-~]{1,100}", key):
        words = "Idempotency-Key is 1 to 100 visible ASCII characters."
        raise Refusal(400, "Bad request", words)
    return f"program-{sha256(key.encode()).hexdigest()}"


def _still_running() -> Refusal:
    words = "Another call with this key is at it. Nothing is made twice: call again in a moment."
    return Refusal(409, "Still running", words, headers={"Retry-After": "2"})


def _other_content(request: HttpRequest, other: OtherContent) -> Refusal:
    words = "This Idempotency-Key was used before with another photo, name or model."
    earlier = {"creation": creation_of(request, other.avatars[0])} if other.avatars else {}
    return Refusal(422, "Key used before", f"{words} Nothing was made now.", more=earlier)


def _month_is_full(full: MonthIsFull) -> Refusal:
    who = "This token" if full.of == "token" else "This token's person"
    words = f"{who} has made the maximum of {full.limit} avatars that may be made in a month."
    return Refusal(403, "Monthly limit reached", words)
