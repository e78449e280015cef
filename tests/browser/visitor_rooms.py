"""The pages for people without an account, as whoever passes their links on may see them too."""

from playwright.sync_api import FilePayload

from tests.photos.pictures import portrait_jpeg

from .room import Room
from .visitor import Visitor


def visitor_rooms(consent: str) -> list[Room]:
    """`consent`: the path of an avatar's consent. In this order: each goes on where one ended."""
    return [
        Room("visitor-call", "/calls", _follows),
        Room("visitor-call-refused", "/calls", _sends_nothing),
        Room("visitor-thanks", "/calls", _sends_a_photo),
        Room("visitor-question", consent, _is_asked),
        Room("visitor-no", consent, _says_no),
        Room("visitor-question-unfinished", consent, _agrees_without_a_name),
        Room("visitor-yes", consent, _agrees),
        Room("visitor-withdraw", consent, _thinks_about_it),
        Room("visitor-withdrawn", consent, _takes_it_back),
        Room("consent-withdrawn", consent),
        Room("visitor-nothing", "/consent/none"),
    ]


def _sends_nothing(visitor: Visitor) -> None:
    _follows(visitor)
    visitor.page.locator("[data-send]").evaluate("form => { form.noValidate = true; }")
    _presses(visitor, "Send it, and agree")


def _sends_a_photo(visitor: Visitor) -> None:
    _follows(visitor)
    me = FilePayload(name="me.jpg", mimeType="image/jpeg", buffer=portrait_jpeg(700, 900))
    visitor.page.get_by_label("Your photo", exact=True).set_input_files(me)
    visitor.page.get_by_label("Your name").fill("Anna Berg")
    visitor.page.get_by_label("I have read this").check()
    _presses(visitor, "Send it, and agree")


def _is_asked(visitor: Visitor) -> None:
    if not visitor.page.locator("#ask-who").is_visible():
        visitor.page.get_by_text("Ask them by a link").click()
    visitor.page.locator("#ask-who").fill("Anna Berg")
    visitor.page.locator("#ask-scope").fill("Guides on the screens of the museum.")
    _presses(visitor, "Make the link")
    _follows(visitor)


def _says_no(visitor: Visitor) -> None:
    _is_asked(visitor)
    _presses(visitor, "No, I don’t agree")


def _agrees_without_a_name(visitor: Visitor) -> None:
    _is_asked(visitor)
    _presses(visitor, "Yes, I agree")


def _agrees(visitor: Visitor) -> None:
    _is_asked(visitor)
    visitor.page.get_by_label("Your name").fill("Anna Berg")
    _presses(visitor, "Yes, I agree")


def _thinks_about_it(visitor: Visitor) -> None:
    _agrees(visitor)
    visitor.page.get_by_role("link", name="Open it").click()
    visitor.page.wait_for_load_state("load")


def _takes_it_back(visitor: Visitor) -> None:
    _thinks_about_it(visitor)
    _presses(visitor, "Take my consent back")


def _follows(visitor: Visitor) -> None:
    """The newest link on the page."""
    visitor.opens(visitor.page.locator("input[id^=link-]").first.input_value())


def _presses(visitor: Visitor, button: str) -> None:
    visitor.page.get_by_role("button", name=button).click()
    visitor.page.wait_for_load_state("load")
