"""A stand-in for the internet, with one good site and a canary for whoever strays from it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.upstream import sockets
from tests.upstream.internet import Internet, Site, over_tls


@pytest.fixture
def canary() -> Iterator[sockets.Server]:
    with sockets.serving(sockets.closing) as server:
        yield server
        assert server.connections == 0


@pytest.fixture
def internet(settings: Settings, canary: sockets.Server) -> Internet:
    net = Internet(canary.place)
    net.stands_in(settings)
    return net


@pytest.fixture
def site(internet: Internet) -> Iterator[Site]:
    """The good site; its pages are the test's to write."""
    site = Site()
    with sockets.serving(over_tls(site)) as server:
        internet.serve(server)
        yield site
