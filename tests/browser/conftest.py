"""One Chromium for the folder, one Greenroom for each module."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, StorageState

from .chromium import chromium, place_of_chromium
from .greenroom import Greenroom
from .visitor import Visitor, visitor_of

NewVisitor = Callable[..., Visitor]


# Not for the whole session: while Playwright's loop lives in this thread, Django takes every
# database call in it for a mistake.
@pytest.fixture(scope="package")
def the_browser() -> Iterator[Browser]:
    place = place_of_chromium()
    if place is None:
        reason = "there is no Chromium on this machine (CHROMIUM may name one)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and in CI there must be")
        pytest.skip(reason)
    with chromium(place) as browser:
        yield browser


@pytest.fixture(scope="module")
def greenroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Greenroom]:
    """A Greenroom nobody has set up yet, with its own sandbox inside."""
    with Greenroom(tmp_path_factory.mktemp("greenroom")) as running:
        yield running


@pytest.fixture
def new_visitor(the_browser: Browser) -> Iterator[NewVisitor]:
    """Makes visitors: `new_visitor(address, **context_options)`."""
    visitors: list[Visitor] = []

    def come(address: str, **options: object) -> Visitor:
        visitors.append(visitor_of(the_browser, address, **options))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.context.close()


@pytest.fixture(scope="module")
def signed_in(greenroom: Greenroom, the_browser: Browser) -> StorageState:
    """The cookies of the administrator, who has set `greenroom` up."""
    visitor = visitor_of(the_browser, greenroom.address)
    visitor.becomes_administrator(greenroom.set_up_link)
    cookies = visitor.context.storage_state()
    visitor.context.close()
    return cookies


@pytest.fixture
def mia(greenroom: Greenroom, signed_in: StorageState, new_visitor: NewVisitor) -> Visitor:
    """The administrator of `greenroom`, signed in."""
    return new_visitor(greenroom.address, storage_state=signed_in)
