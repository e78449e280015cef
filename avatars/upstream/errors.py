"""What can go wrong between us and Anam, told apart by what it proves.

The tree answers one question first: may the request be sent again? Anam has no idempotency key
(reference of April 2026), so a create may only be repeated after `NotSent` or an answer that says
nothing was made.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum


class Cause(StrEnum):
    """Why something did not go through. Stored with the avatar; the words are in `causes.py`."""

    OUTAGE = "outage"
    ADDRESS = "address"
    KEY = "key"
    PERMISSION = "permission"
    PLAN = "plan"
    QUOTA = "quota"
    MODEL = "model"
    RATE = "rate"
    INVALID = "invalid"
    TOO_LARGE = "too-large"
    UNPROCESSABLE = "unprocessable"
    INDECENT = "indecent"
    LIKENESS = "likeness"
    AGE = "age"
    NO_ANSWER = "no-answer"
    LOST_OFTEN = "lost-often"
    SEVERAL_FIT = "several-fit"
    PHOTO_MISSING = "photo-missing"
    GONE = "gone"
    SAME = "same"


class UpstreamError(Exception):
    """A call that brought no avatar.

    `said` is the vendor's own sentence, cleaned and short, or "". Neither it nor the message ever
    holds the key, a header or a signed link. `retry_after`: seconds the vendor asked for. `status`
    and `headline` are the answer's own, where there was one: clients compare them word for word.
    """

    status: int | None = None
    headline = ""

    def __init__(self, cause: Cause, said: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"{cause}: {said}" if said else str(cause))
        self.cause = cause
        self.said = said
        self.retry_after = retry_after


class NotSent(UpstreamError):
    """Not one byte of the request left us: it is safe to send it again."""


class OutcomeUnknown(UpstreamError):
    """It may have been carried out: timeouts, broken connections, 5xx."""


class Trouble(OutcomeUnknown):
    """5xx: it says itself that it is in trouble, and may have done it all the same."""


class Unintelligible(OutcomeUnknown):
    """A success whose body can't be read."""


class Refused(UpstreamError):
    """A clear no that stays a no for the same request."""


class SessionOver(Refused):
    """401 on a session token: it never was one, or its hour is over. The key is as good as ever."""


class NotAllowed(UpstreamError):
    """403: plan, permission, gated model or quota. Nothing was made."""


class Missing(UpstreamError):
    """404 on an avatar."""


class Held(UpstreamError):
    """Nothing was made, and later it may work."""


# Substrings of the vendor's sentences, most telling first: a quota text also names the plan.
# "one-shot", "concurrent" and "maximum" were seen by independent clients; the reference of April
# 2026 names the moderation reasons.
_FORBIDDEN = (
    (r"one-shot|concurrent|maximum|quota", Cause.QUOTA),
    (r"\bmodel\b|-latest", Cause.MODEL),
    (r"permission|scope", Cause.PERMISSION),
    (r"plan|upgrade|subscri|enterprise", Cause.PLAN),
)
_UNPROCESSABLE = (
    (r"celebrit|likeness|public figure", Cause.LIKENESS),
    (r"\bage\b|minor|underage|child", Cause.AGE),
    (r"inappropriate|indecent|explicit|nsfw|moderat", Cause.INDECENT),
)


def error_for(status: int, said: str, retry_after: str | None) -> UpstreamError:
    """The error that an answer with this status means, whatever the call was."""
    match status:
        case 401:
            error: UpstreamError = Held(Cause.KEY, said)
        case 403:
            error = NotAllowed(_cause(said, _FORBIDDEN, Cause.PERMISSION), said)
        case 404:
            error = Missing(Cause.GONE, said)
        case 429:
            error = Held(Cause.RATE, said)
        case 400 | 413 | 422:
            error = Refused(_refusal(status, said), said)
        case _ if 300 <= status < 400:
            error = Held(Cause.ADDRESS)
        case _ if 400 <= status < 500 and status not in (408, 499):
            error = Refused(Cause.INVALID, said)
        case _:
            error = Trouble(Cause.NO_ANSWER, said)
    error.retry_after = seconds_to_wait(retry_after)
    return error


def seconds_to_wait(header: str | None) -> float | None:
    """`Retry-After` in seconds, from a number or an HTTP date; None when it says neither."""
    if header is None:
        return None
    if re.fullmatch(r"\d{1,12}", header.strip()):
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _refusal(status: int, said: str) -> Cause:
    if status == 413:
        return Cause.TOO_LARGE
    if status == 422:
        return _cause(said, _UNPROCESSABLE, Cause.UNPROCESSABLE)
    return Cause.MODEL if re.search(r"avatarModel|\bmodel\b", said) else Cause.INVALID


def _cause(said: str, table: tuple[tuple[str, Cause], ...], otherwise: Cause) -> Cause:
    for pattern, cause in table:
        if re.search(pattern, said, re.IGNORECASE):
            return cause
    return otherwise
