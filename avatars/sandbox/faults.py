"""Failures on purpose: what can go wrong between a client and Anam, by name.

Every name can stand alone (nothing is carried out) or behind `lost-`: the call *is* carried out
and only its answer goes wrong, which is what makes a second attempt dangerous.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import NoReturn, Protocol

from .answers import Answer, data, error, html, invalid, message, text, xml

PATIENCE = 600  # seconds a hanging call is held at most: each one costs the server a thread
DRIP = 1.0  # seconds between two bytes: no read timeout ever fires, only a total one does
LOOK = 0.05  # seconds between two looks whether the client of a hanging call is still there

RETRY = ("Retry-After", "7")
BAD_GATEWAY = html(502, "502 Bad Gateway")
GATEWAY_TIMEOUT = html(504, "504 Gateway Time-out")

ANSWERS: dict[str, Answer] = {
    "400": invalid([{"path": "avatarModel", "message": "Invalid input", "code": "custom"}]),
    "401": error(401, "Invalid or missing API key"),
    "402": message(402, "No active plan"),
    "403-quota": error(
        403, "You have reached the maximum number of one-shot avatars for your plan."
    ),
    "403-plan": message(403, "Creating avatars is not available on your current plan."),
    "403-permission": error(403, "This API key lacks the permission avatars:write."),
    "403-model": error(403, "This avatar model is not enabled for your organization."),
    "404": error(404, "Avatar not found"),
    "413": text(413, "Request Entity Too Large"),
    "422-face": message(422, "The image could not be processed: no face was found."),
    "422-celebrity": message(422, "The image was rejected: it resembles a public figure."),
    "422-age": message(422, "The image was rejected: the age of the person can't be verified."),
    "422-indecent": message(422, "The image was rejected: inappropriate content."),
    "429": error(429, "Too many requests, please try again later.", RETRY),
    "429-bare": error(429, "Too many requests, please try again later."),
    "429-sessions": error(429, "Concurrent session limit reached"),
    "500": error(500, "Internal server error"),
    "502": text(502, "error code: 502"),
    "502-html": BAD_GATEWAY,
    "503": message(503, "Service unavailable", RETRY),
    "504": GATEWAY_TIMEOUT,
    "html": html(200, "Checking your browser"),
    "empty": data(200, "application/json", b""),
    "json": data(200, "application/json", b'{"ok": true}'),
    "expired": xml(403, "AccessDenied", "Request has expired"),
}


class Line(Protocol):
    """The client's connection. Only the standalone server has one to offer."""

    def gone(self) -> bool: ...

    def reset(self) -> NoReturn: ...


def _reset(answer: Answer, line: Line | None) -> Answer:
    """Without a connection to break: headers, and not a byte of what they promise."""
    return replace(answer, body=_broken(line) if line else ())


def _hang(answer: Answer, line: Line | None) -> Answer:
    """Without a connection to watch: what a proxy says when it has waited long enough."""
    return replace(answer, body=_silent(line)) if line else GATEWAY_TIMEOUT


def _half(answer: Answer, line: Line | None) -> Answer:
    whole = b"".join(answer.body)
    return replace(answer, body=(whole[: len(whole) // 2],))


def _drip(answer: Answer, line: Line | None) -> Answer:
    """Without a connection to slow down: what a client has that gave up in the middle."""
    return replace(answer, body=_dripping(answer)) if line else _half(answer, line)


SPOILERS: dict[str, Callable[[Answer, Line | None], Answer]] = {
    "reset": _reset,
    "hang": _hang,
    "half": _half,
    "drip": _drip,
}


@dataclass(frozen=True)
class Fault:
    """`what` is a name of ANSWERS or SPOILERS. ValueError for any other."""

    what: str
    lost: bool

    @classmethod
    def named(cls, name: str) -> "Fault":
        what = name.removeprefix("lost-")
        if what not in ANSWERS and what not in SPOILERS:
            raise ValueError(f"no fault is called {name!r}")
        return cls(what, lost=what != name)

    def happen(self, work: Callable[[], Answer], line: Line | None) -> Answer:
        """The answer to give instead; `work` is what the call would have done."""
        real = work() if self.lost else BAD_GATEWAY
        if self.what in SPOILERS:
            return SPOILERS[self.what](real, line)
        answer = ANSWERS[self.what]
        if self.lost and answer.status == HTTPStatus.OK:
            # "html", "empty" and "json" garble a success but keep its status: 201 for a create.
            return replace(answer, status=real.status)
        return answer


MARK = re.compile(r" !(?P<fault>[a-z0-9-]+?)(?P<once>-once)?$")


def in_name(display_name: str, first_time: Callable[[str], bool]) -> Fault | None:
    """The fault a display name asks for, as "Anna !422-age" does; None for any other name.

    "Anna !429-once" asks for it only when `first_time` says so.
    """
    mark = MARK.search(display_name)
    try:
        fault = Fault.named(mark["fault"]) if mark else None
    except ValueError:  # somebody's real name may hold an exclamation mark
        return None
    if mark and mark["once"] and not first_time(display_name):
        return None
    return fault


def _broken(line: Line) -> Iterator[bytes]:
    line.reset()
    yield b""


def _silent(line: Line) -> Iterator[bytes]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not line.gone():
        time.sleep(LOOK)
    yield from _broken(line)


def _dripping(answer: Answer) -> Iterator[bytes]:
    for byte in b"".join(answer.body):
        yield bytes([byte])
        time.sleep(DRIP)
