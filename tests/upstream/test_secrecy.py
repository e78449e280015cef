"""The key shows up nowhere but in the header of a request."""

import logging
import traceback

import httpx
import pytest
from pytest_django import Settings

from avatars.upstream.client import Upstream
from avatars.upstream.errors import UpstreamError
from tests.conftest import KEY, Handler
from tests.upstream import sockets
from tests.upstream.answers import create, upstream


def fails(kind: type[httpx.TransportError]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise kind(f"failed with {request.headers['Authorization']}", request=request)

    return handler


def answers(status: int, **content: object) -> Handler:
    return lambda _: httpx.Response(status, **content)  # type: ignore[arg-type]


ECHO = {"error": f"Invalid API key {KEY}", "details": [{"path": KEY, "message": KEY}]}
HANDLERS = [
    fails(httpx.ConnectError),
    fails(httpx.ReadTimeout),
    fails(httpx.RemoteProtocolError),
    answers(401, json=ECHO),
    answers(400, json=ECHO),
    answers(500, text=f"<html>{KEY}</html>"),
    answers(502, text=f"bad key {KEY}"),
    answers(201, text=f"{KEY}"),
    answers(302, headers={"Location": f"https://evil.example/?key={KEY}"}),
]


@pytest.mark.parametrize("handler", HANDLERS)
def test_no_error_holds_the_key(handler: Handler, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(UpstreamError) as caught:
        create(upstream(handler))
    error = caught.value
    told = "".join(traceback.format_exception(error))
    assert KEY not in f"{error} {error!r} {vars(error)} {told} {caplog.text}"


def test_a_real_connection_logs_no_key_even_when_debugging(
    caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.CREATE_SECONDS = 5
    caplog.set_level(logging.DEBUG)
    with sockets.serving(sockets.resetting) as server, pytest.raises(UpstreamError):
        create(Upstream(server.address, KEY, None))
    assert KEY not in caplog.text


def test_neither_the_upstream_nor_its_clients_show_the_key() -> None:
    anam = upstream(answers(200))
    assert KEY not in f"{anam!r} {vars(anam)!r}"
    for client in (anam._creating, anam._reading):
        assert KEY not in f"{client!r} {client.headers!r} {client.auth!r}"
