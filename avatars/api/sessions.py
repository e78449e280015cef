"""Session tokens: conversations with the team's approved avatars, without Anam's key in sight.

Source: Anam's reference of July 2026 and its SDKs. A program asks for a session token with the
organisation's key; with it alone, a browser opens the conversation. Here the program's key is a
token of ours, and what comes back is Anam's own session token.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja.security import HttpBearer

from avatars.causes import WORDS
from avatars.models import Conversation, Right, is_usable
from avatars.services import conversations
from avatars.upstream.client import connect
from avatars.upstream.errors import NotSent, OutcomeUnknown, Refused, UpstreamError

from .bearer import needing, token_of
from .catalogue import known
from .doors import router
from .refusals import Refusal, detail, invalid, unauthorized
from .shapes import EngineSession, Problem, SessionToken, SessionWanted
from .submission import json_object

_ERRORS = dict.fromkeys((400, 401, 403, 422, 429, 502, 503, 504), Problem)
_NOT_APPROVED = (
    "Conversations are for approved avatars of this team. This one is not, or not any more."
)
_OVER = "This session token is not of this server, or it is over. Ask for a new one."
# A session token is made for a browser, whose page may come from anywhere. It opens one
# conversation and nothing else, and no cookie counts here.
_FROM_ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Max-Age": "600",
}


class SessionBearer(HttpBearer):
    """Lets in session tokens that were handed out here, while their avatar may be used."""

    def authenticate(self, request: HttpRequest, token: str) -> tuple[str, Conversation]:
        """`request.auth` is the session token and its conversation afterwards."""
        session = token.strip()
        held = conversations.for_session(session, timezone.now())
        if held is None or _is_over(held):
            raise unauthorized(_OVER)
        return session, held


@router.post(
    "/auth/session-token",
    **needing(Right.SESSIONS),
    tags=["Conversations"],
    operation_id="createSessionToken",
    summary="Get a session token",
    url_name="session-token",
    response={
        200: SessionToken,
        **_ERRORS,
    },
)
def create_session_token(request: HttpRequest, wanted: SessionWanted) -> HttpResponse:
    """Anam's session token for a conversation with an approved avatar of this team."""
    token, body = token_of(request), json_object(request)
    if "personaId" in body["personaConfig"]:
        words = "A stored persona may have any avatar: name an approved one by avatarId"
        raise invalid([detail("personaConfig.personaId", words, "custom")])
    avatar = known().filter(upstream_id=wanted.personaConfig.avatarId, stock=False).first()
    if avatar is None or not is_usable(avatar):
        raise Refusal(403, "Forbidden", _NOT_APPROVED)
    try:
        answer = conversations.begin(
            avatar, token.owner, token=token, wanted=body, seconds_max=settings.SESSION_SECONDS
        )
    except UpstreamError as error:
        raise _refused(error) from None
    return JsonResponse(answer)


@router.post(
    "/engine/session",
    auth=SessionBearer(),
    tags=["Conversations"],
    operation_id="startEngineSession",
    summary="Open the conversation of a session token",
    url_name="engine-session",
    response={
        200: EngineSession,
        **_ERRORS,
    },
)
def start_engine_session(request: HttpRequest) -> HttpResponse:
    """Passed on to Anam with the session token; official SDKs call it by themselves."""
    session, held = request.auth  # type: ignore[attr-defined]
    body = _bounded(json_object(request) if request.body else {}, held)
    try:
        answer = connect(rehearsal=held.avatar.rehearsal).engine_session(session, body)
    except UpstreamError as error:
        raise _refused(error) from None
    return JsonResponse(answer)


def for_browsers(response: HttpResponse) -> HttpResponse:
    """What lets a page from anywhere read an answer to a session token."""
    for name, value in _FROM_ANYWHERE.items():
        response.headers[name] = value
    return response


def _bounded(body: dict[str, Any], held: Conversation) -> dict[str, Any]:
    """The body without a way around the avatar and the length that were granted."""
    persona = body.get("personaConfig")
    if not isinstance(persona, dict):
        return body
    if "personaId" in persona or persona.get("avatarId", held.avatar.upstream_id) != (
        held.avatar.upstream_id
    ):
        raise Refusal(403, "Forbidden", "This session token is for another avatar.")
    bounded = {**persona, "maxSessionLengthSeconds": held.seconds}
    return {**body, "personaConfig": bounded}


def _is_over(held: Conversation) -> bool:
    revoked = held.token is not None and bool(held.token.is_over)
    return revoked or not held.person.is_active or not is_usable(held.avatar)


def _refused(error: UpstreamError) -> Refusal:
    """The caller's business with the vendor's words; the rest is ours."""
    words = WORDS[error.cause]
    if isinstance(error, Refused):
        return invalid([detail("body", error.said or words.happened, "custom")])
    wait = {"Retry-After": str(round(error.retry_after or 5))}
    if isinstance(error, NotSent | OutcomeUnknown):
        return Refusal(504, words.title, "Anam did not answer. Try again.", headers=wait)
    status = 429 if error.cause == "rate" else 502
    return Refusal(status, words.title, error.said or words.happened, headers=wait)
