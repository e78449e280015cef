"""Whole calls end in time, whatever the server does with its socket."""

import socket

import pytest
from pytest_django import Settings

from avatars.upstream.client import Upstream
from avatars.upstream.errors import Cause, NotSent, OutcomeUnknown
from tests.conftest import KEY
from tests.upstream import sockets
from tests.upstream.answers import create

GOOD = sockets.HEAD + b'{"id":"a-1"}'


@pytest.fixture(autouse=True)
def one_second(settings: Settings) -> None:
    settings.CREATE_SECONDS = 1


def test_a_good_answer_over_a_real_socket_is_read() -> None:
    def answering(line: socket.socket, over: object) -> None:
        sockets.read_request(line)
        line.sendall(GOOD)

    with sockets.serving(answering) as server:
        assert create(Upstream(server.address, KEY, None)).id == "a-1"


def test_a_refused_connection_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotSent) as caught:
        create(Upstream(f"http://127.0.0.1:{port}", KEY, None))
    assert caught.value.cause == Cause.OUTAGE


@pytest.mark.parametrize(
    "manners",
    [
        sockets.resetting,
        sockets.closing,
        sockets.half,
        sockets.hanging,
        sockets.dripping(GOOD, over_before=0),
        sockets.dripping(GOOD, over_before=len(sockets.HEAD)),
    ],
    ids=["reset", "closed", "half", "hang", "header-drip", "body-drip"],
)
def test_a_create_without_a_whole_answer_is_in_doubt_and_not_repeated(
    manners: sockets.Manners,
) -> None:
    with sockets.serving(manners) as server:
        with pytest.raises(OutcomeUnknown):
            create(Upstream(server.address, KEY, None))
        assert server.connections == 1


def test_a_server_that_never_reads_does_not_hold_a_large_photo_for_ever() -> None:
    with sockets.serving(sockets.never_reading) as server, pytest.raises(OutcomeUnknown):
        create(Upstream(server.address, KEY, None), photo=bytes(40_000_000))
