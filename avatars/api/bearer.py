"""Who calls: a token, the rights it has, and what its person may do at this moment."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from avatars.models import NEEDS, Right, Token
from avatars.tokens import PATTERN

from .refusals import Refusal, unauthorized

_UNKNOWN = "This token is not known here. Make one on the page “Developers”."


class Bearer(HttpBearer):
    """Lets in tokens with any one of `rights`. `request.auth` is the token afterwards.

    Everything is read from the database for each call, so that a revoked token is refused at
    once in every process.
    """

    openapi_bearerFormat = PATTERN  # noqa: N815
    openapi_description = (
        "A token of Greenroom's, made on the page “Developers”: `grn_`, 36 letters and digits, the "
        "last six of which check the others. It has rights; `x-rights` of a call names those of "
        "which it needs one."
    )

    def __init__(self, *rights: Right) -> None:
        super().__init__()
        self.rights = rights

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        """Raises a Refusal: 401 for a token that is none (any more), 403, 429."""
        found = Token.objects.by_text(token.strip())
        if found is None:
            raise unauthorized(_UNKNOWN)
        if found.is_over:
            raise _over(found)
        if not Token.objects.count_call(found, timezone.now()):
            raise _too_many(found)
        self._check_rights(found)
        return found

    def _check_rights(self, token: Token) -> None:
        held = [right for right in self.rights if token.has(right)]
        if not held:
            wanted = " or ".join(self.rights)
            raise _forbidden(f"This token lacks the right {wanted}.", wanted)
        if not any(token.owner.has_perm(NEEDS[right]) for right in held):
            words = f"{held[0]} is more than the role of this token's person allows."
            raise _forbidden(words, held[0])


def needing(*rights: Right, **extra: Any) -> dict[str, Any]:
    """What a call that needs any one of `rights` tells the framework, and the document of it."""
    return {"auth": Bearer(*rights), "openapi_extra": {"x-rights": [*map(str, rights)], **extra}}


def token_of(request: HttpRequest) -> Token:
    """The token that `Bearer` let in."""
    token: Token = request.auth  # type: ignore[attr-defined]
    return token


def _over(token: Token) -> Refusal:
    return unauthorized(f"This token is {token.is_over}. Make a new one on the page “Developers”.")


def _too_many(token: Token) -> Refusal:
    token.refresh_from_db()
    if token.is_over:
        return _over(token)
    wait = token.seconds_to_next_window()
    words = f"This token may make {token.rate} calls a minute. Call again in {wait} s."
    return Refusal(429, "Too many requests", words, headers={"Retry-After": str(wait)})


def _forbidden(words: str, right: str) -> Refusal:
    return Refusal(403, "Forbidden", words, more={"right": right})
