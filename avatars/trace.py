"""One id through a page, the worker that goes on with it, and the call to Anam.

The id of the request at hand lies in a context variable. Whatever is written into the record
carries it, and so does the avatar that the request set to work; who goes on with that avatar later
continues under its id.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Id"
LENGTH = 32
_GIVEN = re.compile(r"[0-9A-Za-z._-]{8,32}")
_current: ContextVar[str] = ContextVar("trace", default="")


def current() -> str:
    """The id of what is being done; "" outside of everything."""
    return _current.get()


@contextmanager
def under(trace: str = "") -> Iterator[str]:
    """Do the block under this id, or under a fresh one."""
    trace = trace or uuid4().hex
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)


class TraceMiddleware:
    """Gives each request an id, and tells it in the answer.

    A proxy in front may have given one: that is kept if it looks like an id.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        with under(given if _GIVEN.fullmatch(given) else "") as trace:
            response = self.get_response(request)
            response[HEADER] = trace
        return response


class Traced(logging.Filter):
    """For log handlers: puts the id into each line, `-` where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.trace = current() or "-"
        return True
