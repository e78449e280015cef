"""Reading the whole list of an upstream, page by page."""

from collections.abc import Callable

import httpx
import pytest

from avatars.services.listing import PAUSE, read_all
from avatars.upstream.errors import UpstreamError
from tests.conftest import ScriptAnam
from tests.upstream.answers import described, listed

Page = Callable[[int], httpx.Response]


def paged(page: Page, asked: list[int]) -> Callable[[httpx.Request], httpx.Response]:
    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(int(request.url.params["page"]))
        return page(asked[-1])

    return handler


def one_each(last: int) -> Page:
    return lambda number: listed(
        described(id=f"a-{number}"), following=number + 1 if number < last else None
    )


def ids(*pages: httpx.Response, anam: ScriptAnam) -> list[str]:
    anam(paged(lambda number: pages[number - 1], []))
    return [item.id for item in read_all(False, custom_only=True).avatars]


def test_every_page_is_read_once(anam: ScriptAnam) -> None:
    asked: list[int] = []
    anam(paged(one_each(last=4), asked))
    listing = read_all(False, custom_only=False)
    assert asked == [1, 2, 3, 4]
    assert [item.id for item in listing.avatars] == ["a-1", "a-2", "a-3", "a-4"]
    assert (listing.pages, listing.is_complete) == (4, True)


def test_a_long_list_is_read_with_pauses(anam: ScriptAnam) -> None:
    anam(paged(one_each(last=12), []))
    pauses: list[float] = []
    read_all(False, custom_only=False, pause=pauses.append)
    assert pauses == [PAUSE] * 7


def test_an_avatar_that_shifts_to_the_next_page_counts_once(anam: ScriptAnam) -> None:
    one, two, three = (described(id=f"a-{number}") for number in (1, 2, 3))
    assert ids(listed(one, two, following=2), listed(two, three), anam=anam) == [
        "a-1",
        "a-2",
        "a-3",
    ]


@pytest.mark.parametrize("following", [0, 1, 2])
def test_a_list_that_goes_in_circles_ends_and_is_not_complete(
    anam: ScriptAnam, following: int
) -> None:
    asked: list[int] = []
    anam(paged(lambda number: listed(following=2 if number == 1 else following), asked))
    listing = read_all(False, custom_only=True)
    assert asked == [1, 2]
    assert not listing.is_complete


def test_a_list_without_end_is_left_and_not_complete(anam: ScriptAnam) -> None:
    asked: list[int] = []
    anam(paged(lambda number: listed(following=number + 1), asked))
    listing = read_all(False, custom_only=True, pause=lambda _: None)
    assert listing.pages == len(asked) == 1000
    assert not listing.is_complete


def test_an_item_nobody_can_read_leaves_the_others_and_proves_no_absence(
    anam: ScriptAnam,
) -> None:
    anam(lambda _: listed(described(id="a-1"), {"displayName": "Nobody"}, described(id="a-2")))
    listing = read_all(False, custom_only=True)
    assert [item.id for item in listing.avatars] == ["a-1", "a-2"]
    assert not listing.is_complete


def test_a_page_that_fails_fails_the_whole_reading(anam: ScriptAnam) -> None:
    anam(paged(lambda number: listed(following=2) if number == 1 else httpx.Response(500), []))
    with pytest.raises(UpstreamError):
        read_all(False, custom_only=True)


def test_the_number_that_anam_expects_is_told(anam: ScriptAnam) -> None:
    anam(lambda _: httpx.Response(200, json={"data": [], "meta": {"total": 7, "next": None}}))
    assert read_all(False, custom_only=True).expected == 7


@pytest.mark.parametrize("custom_only", [True, False])
def test_stock_avatars_come_when_they_are_asked_for(rooms: object, custom_only: bool) -> None:
    stock = [item for item in read_all(True, custom_only=custom_only).avatars if item.is_stock]
    assert bool(stock) is not custom_only
