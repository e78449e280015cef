"""What each status of Anam's means."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from avatars.upstream.errors import (
    Cause,
    Held,
    Missing,
    NotAllowed,
    Refused,
    Trouble,
    UpstreamError,
    error_for,
    seconds_to_wait,
)

STATUSES: list[tuple[int, type[UpstreamError], Cause]] = [
    (301, Held, Cause.ADDRESS),
    (302, Held, Cause.ADDRESS),
    (307, Held, Cause.ADDRESS),
    (308, Held, Cause.ADDRESS),
    (400, Refused, Cause.INVALID),
    (401, Held, Cause.KEY),
    (402, Refused, Cause.INVALID),
    (403, NotAllowed, Cause.PERMISSION),
    (404, Missing, Cause.GONE),
    (405, Refused, Cause.INVALID),
    (408, Trouble, Cause.NO_ANSWER),
    (409, Refused, Cause.INVALID),
    (413, Refused, Cause.TOO_LARGE),
    (415, Refused, Cause.INVALID),
    (422, Refused, Cause.UNPROCESSABLE),
    (429, Held, Cause.RATE),
    (499, Trouble, Cause.NO_ANSWER),
    (500, Trouble, Cause.NO_ANSWER),
    (502, Trouble, Cause.NO_ANSWER),
    (503, Trouble, Cause.NO_ANSWER),
    (504, Trouble, Cause.NO_ANSWER),
    (520, Trouble, Cause.NO_ANSWER),
    (599, Trouble, Cause.NO_ANSWER),
]
FORBIDDEN = [
    ("You have reached the maximum number of one-shot avatars for your plan.", Cause.QUOTA),
    ("Too many concurrent avatars", Cause.QUOTA),
    ("Avatar quota exceeded, please upgrade", Cause.QUOTA),
    ("This avatar model is not enabled for your organization.", Cause.MODEL),
    ("cara-4-latest is gated", Cause.MODEL),
    ("This API key lacks the permission avatars:write.", Cause.PERMISSION),
    ("Missing scope", Cause.PERMISSION),
    ("Creating avatars is not available on your current plan.", Cause.PLAN),
    ("Please upgrade to Enterprise", Cause.PLAN),
    ("", Cause.PERMISSION),
]
UNPROCESSABLE = [
    ("Celebrity likeness detected", Cause.LIKENESS),
    ("The image was rejected: it resembles a public figure.", Cause.LIKENESS),
    ("The age of the person can't be verified.", Cause.AGE),
    ("The person may be a minor", Cause.AGE),
    ("Inappropriate content", Cause.INDECENT),
    ("Rejected by moderation", Cause.INDECENT),
    ("The image could not be processed: no face was found.", Cause.UNPROCESSABLE),
    ("This image has no message", Cause.UNPROCESSABLE),  # "age" inside other words
]


@pytest.mark.parametrize(("status", "kind", "cause"), STATUSES)
def test_every_status_means_one_thing(status: int, kind: type[UpstreamError], cause: Cause) -> None:
    error = error_for(status, "", None)
    assert (type(error), error.cause) == (kind, cause)


@pytest.mark.parametrize(("said", "cause"), FORBIDDEN)
def test_a_403_is_told_apart_by_its_sentence(said: str, cause: Cause) -> None:
    error = error_for(403, said, None)
    assert isinstance(error, NotAllowed)
    assert (error.cause, error.said) == (cause, said)


@pytest.mark.parametrize(("said", "cause"), UNPROCESSABLE)
def test_a_422_is_told_apart_by_its_sentence(said: str, cause: Cause) -> None:
    error = error_for(422, said, None)
    assert isinstance(error, Refused)
    assert (error.cause, error.said) == (cause, said)


def test_a_400_about_the_model_says_so() -> None:
    assert error_for(400, "avatarModel: Invalid input", None).cause == Cause.MODEL


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), (" 7 ", 7.0), ("0", 0.0), ("1000000000", 1e9)],
)
def test_retry_after_may_be_a_number_of_seconds(header: str, seconds: float) -> None:
    assert seconds_to_wait(header) == seconds


@pytest.mark.parametrize(
    "header",
    [None, "", "-1", "1e9", "soon", "7.5", "9" * 40, "nan", "Fri, 99 Foo 2026 10:00:00 GMT"],
)
def test_retry_after_without_a_time_says_nothing(header: str | None) -> None:
    assert seconds_to_wait(header) is None


def test_retry_after_may_be_a_date() -> None:
    moment = datetime.now(UTC) + timedelta(hours=1)
    seconds = seconds_to_wait(format_datetime(moment, usegmt=True))
    assert seconds is not None
    assert 3500 < seconds <= 3600


@pytest.mark.parametrize(
    "header", ["Wed, 21 Oct 2015 07:28:00 GMT", "Mon, 01 Jan 0001 00:00:00 +2300"]
)
def test_a_date_that_is_over_means_now(header: str) -> None:
    assert seconds_to_wait(header) == 0.0


def test_only_a_429_brings_a_time_to_wait() -> None:
    error = error_for(429, "slow down", "7")
    assert isinstance(error, Held)
    assert error.retry_after == 7.0
