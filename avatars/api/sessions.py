"""Session tokens: conversations with the team's approved avatars, without Anam's key in sight.

Source: Anam's reference of July 2026 and its SDKs. A program asks for a session token with the
organisation's key; with it alone, a browser opens the conversation. Here the program's key is a
token of ours, and what comes back is Anam's own session token. The Python SDK (0.12.0) opens the
conversation with its key at once; then we get the session token in between.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja.security import HttpBearer
from pydantic import ValidationError

from avatars.causes import WORDS
from avatars.models import NEEDS, Conversation, Right, Token, is_usable
from avatars.services import conversations
from avatars.tokens import PREFIX
from avatars.upstream.client import connect
from avatars.upstream.errors import (
    NotSent,
    OutcomeUnknown,
    Refused,
    SessionOver,
    UpstreamError,
)

from .answers import meaning
from .avatars import check_id
from .bearer import Bearer, needing, token_of
from .bodies import TO_TALK
from .catalogue import known
from .doors import router
from .refusals import Refusal, detail, invalid, unauthorized
from .shapes import EngineSession, Problem, SessionToken, SessionWanted
from .submission import json_object
from .waiting import seat

_ERRORS = dict.fromkeys((400, 401, 402, 403, 413, 429, 502, 503, 504), Problem)
_MEANINGS = {
    403: meaning("The token lacks the right, and `right` names it; or the avatar is not approved."),
    503: meaning("Anam has nobody free, or the disk or the database is not ready.", "Retry-After"),
    504: meaning("Anam did not answer. Try again.", "Retry-After"),
}
_OF_CLIENTS = ("clientLabel", "clientMetadata", "sessionOptions")  # what Anam's SDKs send besides
_PASSED_ON = (402, 429, 503)  # no plan, a limit, nobody free: SDKs have words of their own for them
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


@dataclass(frozen=True)
class Opener:
    """Who opens a conversation: a token of ours, or the holder of a session token of Anam's."""

    token: Token | None = None
    session: str = ""
    held: Conversation | None = None


class SessionBearer(HttpBearer):
    """Lets in session tokens that were handed out here while their avatar may be used, and tokens
    of ours with `sessions:create`. `request.auth` is an `Opener` afterwards."""

    openapi_description = (
        "A session token from `createSessionToken`; or a token of Greenroom's with the right "
        "`sessions:create`, with a persona in the body."
    )

    def authenticate(self, request: HttpRequest, token: str) -> Opener:
        session = token.strip()
        if session.startswith(PREFIX):
            return Opener(token=Bearer(Right.SESSIONS).authenticate(request, session))
        held = conversations.for_session(session, timezone.now())
        if held is None or _is_over(held):
            raise unauthorized(_OVER)
        return Opener(session=session, held=held)


@router.post(
    "/auth/session-token",
    **needing(Right.SESSIONS, responses={**_MEANINGS, 200: meaning("Anam's answer, as it is.")}),
    tags=["Conversations"],
    operation_id="createSessionToken",
    summary="Get a session token",
    url_name="session-token",
    response={200: SessionToken, **_ERRORS},
)
def create_session_token(request: HttpRequest, wanted: SessionWanted) -> HttpResponse:
    """Anam's session token for a conversation with an approved avatar of this team.

    It is good for an hour. The conversation lasts as long as the persona asks for, and no longer
    than this server allows.
    """
    return JsonResponse(_begun(token_of(request), wanted, json_object(request)))


@router.post(
    "/engine/session",
    auth=SessionBearer(),
    openapi_extra={**TO_TALK, "responses": {**_MEANINGS, 200: meaning("Anam's answer, as it is.")}},
    tags=["Conversations"],
    operation_id="startEngineSession",
    summary="Open a conversation",
    url_name="engine-session",
    response={200: EngineSession, **_ERRORS},
)
def start_engine_session(request: HttpRequest) -> HttpResponse:
    """Passed on to Anam with the session token; official SDKs call it by themselves.

    A token of Greenroom's with a persona does as well: the session token is fetched in between.
    """
    opener: Opener = request.auth  # type: ignore[attr-defined]
    body = json_object(request) if request.body else {}
    session = opener.session
    if opener.token is not None:
        session = str(_begun(opener.token, _checked(body), body)["sessionToken"])
    elif opener.held is not None:
        _check_persona(body.get("personaConfig"), opener.held)
    # The session token knows its persona; nothing in the body may be a way around it.
    rest = {name: body[name] for name in _OF_CLIENTS if name in body}
    try:
        with seat():
            answer = connect(rehearsal=settings.REHEARSAL).engine_session(session, rest)
    except UpstreamError as error:
        raise _refused(error) from None
    held = opener.held or conversations.for_session(session, timezone.now())
    if held is not None and not conversations.is_still_usable(held.avatar):
        raise Refusal(403, "Forbidden", _NOT_APPROVED)
    return JsonResponse(answer)


def for_browsers(response: HttpResponse) -> HttpResponse:
    """What lets a page from anywhere read an answer to a session token."""
    for name, value in _FROM_ANYWHERE.items():
        response.headers[name] = value
    return response


def _begun(token: Token, wanted: SessionWanted, body: dict[str, Any]) -> dict[str, Any]:
    """Anam's answer, session token included. Raises a Refusal."""
    if "personaId" in body["personaConfig"]:
        words = "A stored persona may have any avatar: name an approved one by avatarId"
        raise invalid([detail("personaConfig.personaId", words, "custom")])
    check_id(wanted.personaConfig.avatarId, "personaConfig.avatarId")
    avatar = known().filter(upstream_id=wanted.personaConfig.avatarId, stock=False).first()
    if avatar is None or not is_usable(avatar):
        raise Refusal(403, "Forbidden", _NOT_APPROVED)
    label = body.get("clientLabel")
    asked = {"personaConfig": body["personaConfig"], **({"clientLabel": label} if label else {})}
    try:
        with seat():
            return conversations.begin(
                avatar, token.owner, token=token, wanted=asked, seconds_max=settings.SESSION_SECONDS
            )
    except conversations.OutOfUse:
        raise Refusal(403, "Forbidden", _NOT_APPROVED) from None
    except UpstreamError as error:
        raise _refused(error) from None


def _checked(body: dict[str, Any]) -> SessionWanted:
    try:
        return SessionWanted.model_validate(body)
    except ValidationError as error:
        found = error.errors()
        raise invalid(
            [detail(".".join(map(str, item["loc"])), item["msg"], item["type"]) for item in found]
        ) from None


def _check_persona(persona: Any, held: Conversation) -> None:
    """A wish for somebody else is refused rather than overheard."""
    wishes = persona if isinstance(persona, dict) else {}
    wanted = wishes.get("avatarId", held.avatar.upstream_id)
    if "personaId" in wishes or wanted != held.avatar.upstream_id:
        raise Refusal(403, "Forbidden", "This session token is for another avatar.")


def _is_over(held: Conversation) -> bool:
    """Whether what it was handed out for does not hold any more."""
    token, person = held.token, held.person
    if token is not None and (token.is_over or not token.has(Right.SESSIONS)):
        return True
    may = person.is_active and person.has_perm(NEEDS[Right.SESSIONS])
    return not may or not is_usable(held.avatar)


def _refused(error: UpstreamError) -> Refusal:
    """What an SDK or its user can act on with the vendor's status and words; the rest is ours."""
    words = WORDS[error.cause]
    if isinstance(error, SessionOver):
        return unauthorized(_OVER)
    wait = {"Retry-After": str(round(error.retry_after or 5))}
    if error.status in _PASSED_ON:
        said = error.said or words.happened
        return Refusal(error.status, error.headline or words.title, said, headers=wait)
    if isinstance(error, Refused):
        return invalid([detail("body", error.said or words.happened, "custom")])
    if isinstance(error, NotSent | OutcomeUnknown):
        return Refusal(504, words.title, "Anam did not answer. Try again.", headers=wait)
    return Refusal(502, words.title, error.said or words.happened, headers=wait)
