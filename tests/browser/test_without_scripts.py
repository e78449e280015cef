"""Scripts add, they never carry: the same job in a browser that runs none."""

import pytest
from playwright.sync_api import expect

from tests.photos.pictures import portrait_gif, portrait_jpeg

from .conftest import NewVisitor
from .greenroom import Greenroom
from .visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(greenroom: Greenroom, signed_in: object, new_visitor: NewVisitor) -> Visitor:
    """The administrator with scripts switched off, not signed in yet."""
    return new_visitor(greenroom.address, java_script_enabled=False)


def test_somebody_without_scripts_makes_finds_and_leaves(plain: Visitor) -> None:
    page = plain.page
    plain.signs_in()
    _refused(plain)
    plain.chooses(portrait_jpeg())
    page.get_by_role("button", name="Make the avatar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quiet Anna")
    # The page asks again by itself every few seconds.
    plain.waits_for_preview()
    expect(page.locator("video.stage-face")).to_have_attribute("controls", "")
    _found_by_filters(plain)
    _leaves(plain)


def _refused(plain: Visitor) -> None:
    plain.opens("/upload")
    plain.page.get_by_label("Display name").fill("Quiet Anna")
    plain.chooses(portrait_gif(), "anna.gif")
    plain.page.get_by_role("button", name="Make the avatar").click()
    expect(plain.page.locator("#findings")).to_contain_text("This file is not a photo we can use")
    expect(plain.page.get_by_label("Display name")).to_have_value("Quiet Anna")


def _found_by_filters(plain: Visitor) -> None:
    page = plain.page
    plain.opens("/")
    expect(page.locator(".card")).to_have_count(1)
    _searches(plain, "nobody of that name")
    expect(page.get_by_role("heading", name="Nobody fits")).to_be_visible()
    _searches(plain, "quiet")
    expect(page.locator(".card h2")).to_have_text("Quiet Anna")


def _searches(plain: Visitor, words: str) -> None:
    plain.page.get_by_label("Search by name").fill(words)
    plain.page.get_by_role("button", name="Search").click()


def _leaves(plain: Visitor) -> None:
    plain.page.locator(".account-menu summary").click()
    plain.page.get_by_role("button", name="Sign out").click()
    plain.opens("/")
    expect(plain.page.get_by_role("heading", level=1)).to_have_text("Sign in")
