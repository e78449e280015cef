"""One Greenroom for each module, and its visitors."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, StorageState

from .greenroom import Greenroom
from .visitor import Visitor, visitor_of

NewVisitor = Callable[..., Visitor]


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
