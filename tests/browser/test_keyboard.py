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
_NAMES_OF_THE_FOCUS = """(beginning) => {
  const at = document.activeElement;
  return [at.name, at.getAttribute("aria-label"), at.innerText?.trim()]
    .some((name) => name?.startsWith(beginning));
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
    expect(mia.page.locator("li[data-draft]")).to_have_attribute("data-state", "good")
    _goes_to(mia, "name-")
    mia.page.keyboard.press("Control+A")
    mia.page.keyboard.type("By keys alone")
    mia.page.keyboard.press("Enter")
    expect(mia.page.get_by_role("heading", level=1)).to_have_text("By keys alone")
    mia.waits_for_preview()
    assert mia.complaints == []


def test_a_photo_that_will_not_do_says_so_at_once_and_is_dismissed_by_key(mia: Visitor) -> None:
    mia.opens("/upload")
    _picks(mia, "anna.gif", portrait_gif())
    alert = mia.page.get_by_role("alert")
    expect(alert).to_contain_text("not a photo we can use")
    expect(alert).to_be_in_viewport()
    _goes_to(mia, "Dismiss anna.gif")
    mia.page.keyboard.press("Enter")
    expect(mia.page.locator(".photo")).to_have_count(0)
    expect(mia.page.locator("input[name=image_file]")).to_be_focused()


def test_a_frame_is_cut_with_keys_alone(mia: Visitor) -> None:
    mia.opens("/upload")
    _picks(mia, "berta.jpg", portrait_jpeg(1000, 700))
    card = mia.page.locator("li[data-draft]")
    expect(card).to_have_count(1)
    _goes_to(mia, "Adjust the frame")
    mia.page.keyboard.press("Enter")
    _goes_to(mia, "The frame.")
    for key in ("-", "-", "ArrowLeft", "ArrowDown"):
        mia.page.keyboard.press(key)
    chosen = [card.locator(f"[data-part={part}]").input_value() for part in ("left", "top", "side")]
    _goes_to(mia, "Use this frame")
    mia.page.keyboard.press("Enter")
    expect(card.locator("[data-check=shape]")).to_have_attribute("data-state", "good")
    expect(card).to_contain_text(f"{chosen[2]} x {chosen[2]} pixels")
    assert int(chosen[2]) < 700
    expect(card.locator(".frame > summary")).to_be_focused()
    _goes_to(mia, "Take berta.jpg off the desk")
    mia.page.keyboard.press("Enter")
    expect(card).to_have_count(0)
    assert mia.complaints == []


def test_the_button_without_a_photo_leads_to_where_one_is_chosen(mia: Visitor) -> None:
    mia.opens("/upload")
    _goes_to(mia, "Make the avatar")
    mia.page.keyboard.press("Enter")
    expect(mia.page.locator("[data-said]")).to_have_text("Choose a photo first.")
    expect(mia.page.locator("#desk input[type=file]")).to_be_focused()


def _goes_to(mia: Visitor, beginning: str) -> None:
    """With Tab, as long as it takes, to what has such a name; from behind it once around."""
    for _ in range(80):
        if mia.page.evaluate(_NAMES_OF_THE_FOCUS, beginning):
            return
        mia.page.keyboard.press("Tab")
    raise AssertionError(f"{beginning} can't be reached with Tab")


def _picks(mia: Visitor, file_name: str, data: bytes) -> None:
    with mia.page.expect_file_chooser() as waiting:
        _goes_to(mia, "image_file")
        mia.page.keyboard.press("Enter")
    photo = FilePayload(name=file_name, mimeType="image/jpeg", buffer=data)
    waiting.value.set_files(photo)
