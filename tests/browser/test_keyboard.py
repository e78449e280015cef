"""The whole job without a mouse, and the focus where one looks next."""

import pytest
from playwright.sync_api import FilePayload, expect

from tests.photos.pictures import portrait_gif, portrait_jpeg

from .visitor import Visitor

pytestmark = pytest.mark.browser
_FOCUS = """() => {
  const at = document.activeElement;
  return (at.getAttribute("aria-label") || at.innerText || at.name || at.tagName).trim();
}"""
_SHOWS = """() => {
  const at = document.activeElement;
  const shown = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    || style.boxShadow !== "none";
  const own = at.type === "file" ? at.closest(".drop") : at;
  return shown(getComputedStyle(own)) || shown(getComputedStyle(own, "::after"));
}"""


def test_the_first_stop_skips_to_the_content(mia: Visitor) -> None:
    mia.opens("/")
    mia.page.keyboard.press("Tab")
    assert mia.page.evaluate(_FOCUS) == "Skip to the content"
    expect(mia.page.locator(".skip-link")).to_be_in_viewport()
    mia.page.keyboard.press("Enter")
    assert mia.page.evaluate("() => document.activeElement.id") == "main"


@pytest.mark.parametrize("path", ["/", "/upload", "/people/", "/account", "/status", "/review"])
def test_every_stop_shows_that_it_has_the_focus(mia: Visitor, path: str) -> None:
    mia.opens(path)
    unseen = []
    for _ in range(40):
        mia.page.keyboard.press("Tab")
        if mia.page.evaluate("() => document.activeElement === document.body"):
            break
        mia.comes_to_rest()
        if not mia.page.evaluate(_SHOWS):
            unseen.append(mia.page.evaluate(_FOCUS))
    assert unseen == []


def test_an_avatar_is_made_with_keys_alone(mia: Visitor) -> None:
    mia.opens("/upload")
    _picks(mia, "anna.jpg", portrait_jpeg())
    _goes_to(mia, "display_name")
    mia.page.keyboard.press("Control+A")
    mia.page.keyboard.type("By keys alone")
    mia.page.keyboard.press("Enter")
    expect(mia.page.get_by_role("heading", level=1)).to_have_text("By keys alone")
    mia.waits_for_preview()
    assert mia.complaints == []


def test_a_refusal_takes_the_focus_to_what_is_wrong(mia: Visitor) -> None:
    mia.opens("/upload")
    _picks(mia, "anna.gif", portrait_gif())
    _goes_to(mia, "display_name")
    mia.page.keyboard.press("Enter")
    expect(mia.page.locator(".photo-findings")).to_be_focused()
    expect(mia.page.locator(".photo-findings")).to_contain_text("not a photo we can use")
    expect(mia.page.locator(".photo-findings")).to_be_in_viewport()


def test_a_form_without_a_photo_comes_back_with_the_focus_on_its_findings(mia: Visitor) -> None:
    mia.opens("/upload")
    _goes_to(mia, "display_name")
    mia.page.keyboard.type("Nobody")
    mia.page.keyboard.press("Enter")
    expect(mia.page.locator("#findings")).to_be_focused()
    expect(mia.page.locator("#findings")).to_contain_text("There is no photo")


def _goes_to(mia: Visitor, name: str) -> None:
    """With Tab, as long as it takes."""
    for _ in range(40):
        if mia.page.evaluate("() => document.activeElement.name") == name:
            return
        mia.page.keyboard.press("Tab")
    raise AssertionError(f"{name} can't be reached with Tab")


def _picks(mia: Visitor, file_name: str, data: bytes) -> None:
    with mia.page.expect_file_chooser() as waiting:
        _goes_to(mia, "image_file")
        mia.page.keyboard.press("Enter")
    photo = FilePayload(name=file_name, mimeType="image/jpeg", buffer=data)
    waiting.value.set_files(photo)
