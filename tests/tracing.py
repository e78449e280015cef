"""Listening for one id: at Anam, in the log and in the record."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import httpx
from django.conf import settings as project

from avatars.models import Avatar, Kind
from avatars.trace import HEADER, Traced
from tests.conftest import ScriptAnam
from tests.upstream.answers import described

Calls = list[tuple[str, str]]


def listening(anam: ScriptAnam) -> Calls:
    """Method and id of each call that Anam gets. It refuses the first, and says yes after that."""
    calls: Calls = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append((request.method, request.headers.get(HEADER, "")))
        if len(calls) == 1:
            return httpx.Response(400, json={"message": "no face here"})
        return httpx.Response(201, json=described("Anna Berg", id="at-anam"))

    anam(answer)
    return calls


@contextmanager
def log_lines() -> Iterator[StringIO]:
    """What the console would show."""
    lines = StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(Traced())
    handler.setFormatter(logging.Formatter(project.LINE))
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def line_with(log: StringIO, words: str) -> str:
    return next(line for line in log.getvalue().splitlines() if words in line)


def ids(avatar: Avatar, *kinds: Kind) -> set[str]:
    """Those of its events of these kinds."""
    return set(avatar.events.filter(kind__in=kinds).values_list("trace", flat=True))
