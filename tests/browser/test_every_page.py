"""Every page, light and dark, on a phone and on a desk: readable, and nothing beside the edge."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from .axe import violations
from .conftest import NewVisitor
from .greenroom import Greenroom
from .rooms import enter, furnish, rooms
from .visitor import Visitor, visitor_of

pytestmark = pytest.mark.browser
WIDTHS = (1440, 390)  # pixels; 320 is only measured
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def greenroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Greenroom]:
    haste = {"SANDBOX_DELAY": "0.1", "SANDBOX_PREVIEW_AFTER": "0.2"}
    with Greenroom(tmp_path_factory.mktemp("greenroom"), **haste) as running:
        yield running


@pytest.fixture(scope="module")
def faults(greenroom: Greenroom, the_browser: Browser) -> list[str]:
    """What is wrong on any page, from the first one to a full house. Found once, read twice."""
    mia = visitor_of(the_browser, greenroom.address)
    mia.opens(greenroom.set_up_link)
    found = _wrong(mia, "set-up")
    mia.becomes_administrator(greenroom.set_up_link)
    found += _wrong(mia, "gallery-empty")
    mia.opens("/notices")
    found += _wrong(mia, "notices-none")
    places = furnish(mia)
    stranger = visitor_of(the_browser, greenroom.address)
    for room in rooms(greenroom, places):
        visitor = mia if room.signed_in else stranger
        enter(visitor, room)
        found += _wrong(visitor, room.name)
    for visitor in (mia, stranger):
        found += [said for said in visitor.complaints if "CSP" in said]
        visitor.context.close()
    return found


def test_axe_finds_nothing_on_any_page(faults: list[str]) -> None:
    assert [fault for fault in faults if "pixels wide" not in fault] == []


def test_no_page_is_wider_than_a_phone(faults: list[str]) -> None:
    assert [fault for fault in faults if "pixels wide" in fault] == []


def test_axe_finds_a_fault_where_there_is_one(
    greenroom: Greenroom, new_visitor: NewVisitor
) -> None:
    stranger = new_visitor(greenroom.address)
    stranger.opens("/accounts/login/")
    stranger.page.evaluate("() => document.querySelector('h1').replaceChildren(new Image())")
    assert any("image-alt" in fault for fault in _wrong(stranger, "spoilt"))


def _wrong(visitor: Visitor, where: str) -> list[str]:
    """On the page as it stands, in every size and scheme; the desk's size at the end."""
    found = []
    for width in (*WIDTHS, 320):
        visitor.page.set_viewport_size({"width": width, "height": 844})
        found += _sticking_out(visitor, where)
        for scheme in SCHEMES if width in WIDTHS else ():
            visitor.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            visitor.comes_to_rest()
            found += [
                f"{where}, {width}, {scheme}: {violation['rule']}: {node}"
                for violation in violations(visitor.page, colours_only=scheme == "dark")
                for node in violation["nodes"]
            ]
    visitor.page.set_viewport_size({"width": WIDTHS[0], "height": 844})
    return found


def _sticking_out(visitor: Visitor, where: str) -> list[str]:
    wide, room = visitor.page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return [f"{where}: {wide} pixels wide in {room}"] if wide > room else []
