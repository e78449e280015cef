"""`POST /v1/avatars`: the pipeline makes the avatar, and the call waits for it."""

import re
import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from avatars.models import Avatar, Right, State, Weather
from avatars.origin import absolute
from avatars.services.accept import MonthIsFull, Wanted, accept, fingerprint
from avatars.services.wishes import BadKey, OtherContent, StillRunning, key_of_equal
from avatars.tasks import make_thumbnails, send_due, send_here

from .bearer import needing, token_of
from .described import creation_of
from .doors import router
from .outcomes import outcome
from .refusals import Refusal
from .shapes import Avatar as AvatarShape
from .shapes import Creation, Problem
from .submission import submitted
from .waiting import LOOKOUT, is_settled, seat

_PATIENCE = 10.0  # seconds that an equal call waits until the first one has been taken in
_FIELDS = {
    "displayName": {"type": "string", "minLength": 3, "maxLength": 50},
    "avatarModel": {"type": "string", "maxLength": 60, "examples": ["cara-4"]},
    "imageUrl": {"type": "string", "format": "uri", "description": "Fetched by Greenroom."},
}
_FILE = {"type": "string", "format": "binary", "description": "JPEG, PNG or WebP, at most 10 MB."}
_BODIES = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
            "description": "The same key and the same content make one avatar, for 24 hours.",
        },
        {
            "in": "header",
            "name": "Prefer",
            "required": False,
            "schema": {"type": "string", "examples": ["respond-async", "respond-async, wait=10"]},
            "description": "`respond-async` answers 202 at once, or after `wait` seconds.",
        },
    ],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["displayName"],
                    "properties": {**_FIELDS, "imageFile": _FILE},
                },
                "encoding": {"imageFile": {"contentType": "image/jpeg, image/png, image/webp"}},
            },
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["displayName", "imageUrl"],
                    "properties": _FIELDS,
                }
            },
        },
    },
}
_ERRORS = (400, 401, 403, 409, 413, 422, 429, 502, 503, 504)


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
    **needing(Right.CREATE, **_BODIES),
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
    """
    prefers = Preference.of(request)
    with seat() if prefers.seconds else nullcontext():
        avatar = _taken_in(request, submitted(request))
        avatar = _carried_through(avatar, prefers)
    if prefers.async_ and not _is_over(avatar):
        return accepted(request, avatar)
    return outcome(request, avatar)


def accepted(request: HttpRequest, avatar: Avatar) -> HttpResponse:
    """202: it goes on by itself, and here is where to ask."""
    place = absolute(request, reverse("gateway:creation", args=[avatar.pk]))
    headers = {"Location": place, "Greenroom-Id": str(avatar.pk), "Retry-After": "5"}
    return JsonResponse(creation_of(request, avatar), status=202, headers=headers)


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
    token, key = token_of(request), request.headers.get("Idempotency-Key")
    give_up = time.monotonic() + _PATIENCE
    while True:
        try:
            equal = key or key_of_equal(token.owner, fingerprint([wanted]))
            (avatar,) = accept(owner=token.owner, wanted=[wanted], key=equal, token=token)
        except StillRunning:
            if time.monotonic() > give_up:
                raise _still_running() from None
            time.sleep(0.1)
        except BadKey:
            words = "Idempotency-Key is 1 to 100 visible ASCII characters."
            raise Refusal(400, "Bad request", words) from None
        except OtherContent as other:
            raise _other_content(request, other) from None
        except MonthIsFull:
            raise _month_is_full(token.month_limit) from None
        else:
            make_thumbnails.enqueue(str(avatar.pk))
            return avatar


def _still_running() -> Refusal:
    words = "Another call with this key is at it. Nothing is made twice: call again in a moment."
    return Refusal(409, "Still running", words, headers={"Retry-After": "2"})


def _other_content(request: HttpRequest, other: OtherContent) -> Refusal:
    words = "This Idempotency-Key was used before with another photo, name or model."
    earlier = {"creation": creation_of(request, other.avatars[0])} if other.avatars else {}
    return Refusal(422, "Key used before", f"{words} Nothing was made now.", more=earlier)


def _month_is_full(limit: int | None) -> Refusal:
    words = f"This token has made the maximum of {limit} avatars that it may make in a month."
    return Refusal(403, "Monthly limit reached", words)
