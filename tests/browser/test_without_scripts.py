"""Scripts add, they never carry: the same job in a browser that runs none."""

import re

import pytest
from playwright.sync_api import FilePayload, expect

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
    _chooses(plain, portrait_jpeg())
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
    _chooses(plain, portrait_gif(), "anna.gif")
    plain.page.get_by_role("button", name="Make the avatar").click()
    expect(plain.page.locator("#findings")).to_contain_text("This file is not a photo we can use")
    expect(plain.page.get_by_label("Display name")).to_have_value("Quiet Anna")


def test_the_desk_works_without_scripts_too(plain: Visitor) -> None:
    page = plain.page
    plain.signs_in()
    plain.opens("/upload")
    _chooses(plain, portrait_jpeg(900, 600), "berta.jpg", "carla.jpg")
    page.get_by_role("button", name="Look at it first").click()
    cards = page.locator("li[data-draft]")
    expect(cards).to_have_count(2)
    page.get_by_label("Display name for berta.jpg").fill("Berta, by hand")
    cards.last.get_by_role("button", name=re.compile("Crop to a square|Frame it for me")).click()
    expect(cards.last.locator("[data-check=shape]")).to_have_attribute("data-state", "good")
    expect(page.get_by_label("Display name for berta.jpg")).to_have_value("Berta, by hand")
    for _ in range(2):  # both look like the avatar of another test, or each other
        if (button := page.get_by_role("button", name="Keep both").first).is_visible():
            button.click()
    page.get_by_role("button", name="Make 2 avatars").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gallery")
    expect(page.locator(".card h2", has_text="Berta, by hand")).to_be_visible()


def _found_by_filters(plain: Visitor) -> None:
    page = plain.page
    plain.opens("/")
    expect(page.locator(".card")).not_to_have_count(0)
    _searches(plain, "nobody of that name")
    expect(page.get_by_role("heading", name="Nobody fits")).to_be_visible()
    _searches(plain, "quiet")
    expect(page.locator(".card h2")).to_have_text("Quiet Anna")


def _chooses(plain: Visitor, data: bytes, *names: str) -> None:
    files = [FilePayload(name=n, mimeType="image/jpeg", buffer=data) for n in names or ("a.jpg",)]
    plain.page.locator("#desk input[type=file]").set_input_files(files)


def _searches(plain: Visitor, words: str) -> None:
    plain.page.get_by_label("Search by name").fill(words)
    plain.page.get_by_role("button", name="Search").click()


def _leaves(plain: Visitor) -> None:
    plain.page.locator(".account-menu summary").click()
    plain.page.get_by_role("button", name="Sign out").click()
    plain.opens("/")
    expect(plain.page.get_by_role("heading", level=1)).to_have_text("Sign in")
