"""People outside, in browsers of their own: asked for their face, and sending it in."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Literal

import pytest
from playwright.sync_api import Browser, FilePayload, StorageState, expect

from tests.photos.pictures import portrait_gif, portrait_jpeg

from .axe import violations
from .conftest import NewVisitor
from .greenroom import Greenroom
from .visitor import Visitor, visitor_of

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_numbers = count()
SCOPE = "Welcome films on the screens in the entrance hall"


@pytest.fixture(scope="module")
def greenroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Greenroom]:
    haste = {"SANDBOX_DELAY": "0.1", "SANDBOX_PREVIEW_AFTER": "0.2"}
    folder = tmp_path_factory.mktemp("greenroom")
    with Greenroom(folder, ORGANISATION="Museum of Light", **haste) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(greenroom: Greenroom, the_browser: Browser) -> StorageState:
    visitor = visitor_of(the_browser, greenroom.address)
    visitor.becomes_administrator(greenroom.set_up_link)
    cookies = visitor.context.storage_state()
    visitor.context.close()
    return cookies


def photo() -> bytes:
    """Another one each time: consent to one photo counts for every avatar of it."""
    side = 600 + next(_numbers)
    return portrait_jpeg(side, side)


def asks(mia: Visitor, name: str) -> tuple[str, str]:
    """Make an avatar and ask for consent: its page, and the link for whoever is shown."""
    mia.makes(name, photo())
    place = mia.page.url
    mia.opens(f"{place}/consent")
    form = mia.page.locator("form[action$='/consent/ask']")
    form.get_by_label("Who is shown").fill(name)
    form.get_by_label("What the avatar will be used for").fill(SCOPE)
    form.get_by_role("button", name="Make the link").click()
    expect(mia.page.get_by_text("Pass it on to them")).to_be_visible()
    return place, mia.page.locator("input[id^=link-]").input_value()


def opens_a_call(mia: Visitor, title: str) -> str:
    mia.opens("/calls")
    mia.page.get_by_label("Title").fill(title)
    mia.page.get_by_label("What the avatars will be used for").fill(SCOPE)
    mia.page.get_by_role("button", name="Open it").click()
    panel = mia.page.locator("section", has=mia.page.get_by_role("heading", name=title))
    return panel.locator("input[id^=link-]").input_value()


def says(visitor: Visitor, button: str) -> None:
    visitor.page.get_by_role("button", name=button).click()
    visitor.page.wait_for_load_state("load")


def heading(visitor: Visitor, words: str | re.Pattern[str]) -> None:
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(words)


def chooses(visitor: Visitor, data: bytes) -> None:
    file = FilePayload(name="me.jpg", mimeType="image/jpeg", buffer=data)
    visitor.page.get_by_label("Your photo", exact=True).set_input_files(file)


# A question and its life --------------------------------------------------------------------------
def test_the_whole_life_of_a_consent(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor
) -> None:
    place, link = asks(mia, "Ines Okafor")
    phone = new_visitor(greenroom.address, **PHONE)
    _begins_on_the_phone(phone, link)
    mia.opens(f"{place}/consent")
    expect(mia.page.get_by_text("has not answered yet")).to_be_visible()
    desk = new_visitor(greenroom.address)
    day = _goes_on_at_the_desk(desk, link)
    mia.page.reload()
    expect(mia.page.get_by_role("heading", name="The person who is shown agrees.")).to_be_visible()
    words = f"until {day:%-d %B %Y}"
    expect(mia.page.get_by_text(words, exact=True)).to_be_visible()
    _takes_it_back(desk)
    mia.page.reload()
    expect(mia.page.get_by_text("They want the photo and the avatar erased")).to_be_visible()
    mia.opens("/")
    expect(mia.page.locator(".card", has_text="Ines Okafor")).to_contain_text("Consent withdrawn")
    assert mia.complaints + phone.complaints + desk.complaints == []


def _begins_on_the_phone(phone: Visitor, link: str) -> None:
    phone.opens(link)
    heading(phone, "May this photo become a talking avatar?")
    expect(phone.page.get_by_text("Mia Berg of Museum of Light asks")).to_be_visible()
    shown = phone.page.locator(".visitor-photo")
    assert shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    phone.page.get_by_label("Your name").fill("Ines O. Okafor")
    expect(phone.page.get_by_text("Saved. You can close this page")).to_be_visible()
    phone.page.get_by_label("Until a date").check()
    says(phone, "Save, and come back later")
    expect(phone.page.get_by_text("Nothing is agreed yet")).to_be_visible()


def _goes_on_at_the_desk(desk: Visitor, link: str) -> date:
    desk.opens(link)
    expect(desk.page.get_by_label("Your name")).to_have_value("Ines O. Okafor")
    expect(desk.page.get_by_label("Until a date")).to_be_checked()
    says(desk, "Yes, I agree")
    expect(desk.page.get_by_role("alert")).to_contain_text("does not count yet")
    day = date.today() + timedelta(days=100)  # noqa: DTZ011 - as the person's calendar has it
    desk.page.get_by_label("Date", exact=True).fill(day.isoformat())
    desk.complaints.clear()  # browsers count a 422 as one
    says(desk, "Yes, I agree")
    heading(desk, "You said yes")
    return day


def _takes_it_back(desk: Visitor) -> None:
    desk.page.get_by_role("link", name="Open it").click()
    heading(desk, "Take your consent back?")
    desk.page.get_by_label("Please erase the photo").check()
    says(desk, "Take my consent back")
    heading(desk, "Your consent is taken back")


def test_a_date_is_asked_for_only_where_one_was_chosen(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor
) -> None:
    _, link = asks(mia, "Noor Haddad")
    noor = new_visitor(greenroom.address)
    noor.opens(link)
    expect(noor.page.get_by_label("Date", exact=True)).to_be_hidden()
    noor.page.get_by_label("Until a date").check()
    expect(noor.page.get_by_label("Date", exact=True)).to_be_visible()


def test_enter_keeps_what_was_written_and_agrees_to_nothing(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor
) -> None:
    _, link = asks(mia, "Tomas Berger")
    tomas = new_visitor(greenroom.address)
    tomas.opens(link)
    tomas.page.get_by_label("Your name").fill("Tomas")
    tomas.page.get_by_label("Your name").press("Enter")
    expect(tomas.page.get_by_text("Nothing is agreed yet")).to_be_visible()
    expect(tomas.page.get_by_label("Your name")).to_have_value("Tomas")


def test_no_takes_one_click_without_scripts_too(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor
) -> None:
    place, link = asks(mia, "Vera Lind")
    vera = new_visitor(greenroom.address, java_script_enabled=False)
    vera.opens(link)
    vera.page.get_by_label("Your name").fill("Vera")
    says(vera, "Save, and come back later")
    expect(vera.page.get_by_label("Your name")).to_have_value("Vera")
    says(vera, "No, I don’t agree")
    heading(vera, "You said no")
    mia.opens(place)
    expect(mia.page.get_by_text("Consent refused: out of use")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_tapping_twice_takes_consent_back_and_erases_nothing(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor, scripts: bool
) -> None:
    place, link = asks(mia, f"Hans Meier {scripts}")
    phone = {**PHONE, "viewport": {"width": 375, "height": 667}}
    hans = new_visitor(greenroom.address, java_script_enabled=scripts, **phone)
    hans.opens(link)
    hans.page.get_by_label("Your name").fill("Hans")
    says(hans, "Yes, I agree")
    hans.page.get_by_role("link", name="Open it").click()
    heading(hans, "Take your consent back?")
    says(hans, "Take my consent back")
    heading(hans, "Your consent is taken back")
    # Wherever the second tap lands, and however many follow it.
    box = hans.page.locator("main .button:visible").first.bounding_box()
    assert box
    for _ in range(3):
        hans.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        hans.page.wait_for_timeout(450)
    says(hans, "Please erase the photo")  # not without its tick
    expect(hans.page.get_by_text("want the photo and the avatar erased")).to_have_count(0)
    mia.opens(place)
    expect(mia.page.get_by_text("Consent withdrawn: out of use")).to_be_visible()
    expect(mia.page.get_by_text("They want the photo")).to_have_count(0)
    hans.page.get_by_label("Yes, for good").check()
    says(hans, "Please erase the photo")
    expect(hans.page.get_by_text("want the photo and the avatar erased")).to_be_visible()


def test_a_photo_too_heavy_to_arrive_is_told_before_it_is_sent(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor
) -> None:
    ben = new_visitor(greenroom.address)
    ben.opens(opens_a_call(mia, "Faces for the lift"))
    for data, words in ((photo() + bytes(10_000_000), "more than 10 MB"), (photo(), "^$")):
        chooses(ben, data)
        field = ben.page.get_by_label("Your photo", exact=True)
        assert re.search(words, field.evaluate("field => field.validationMessage"))


def test_strangers_get_no_cookie_and_no_other_site_hears_of_them(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor
) -> None:
    _, link = asks(mia, "Paul Klee")
    call = opens_a_call(mia, "For the record")
    paul = new_visitor(greenroom.address)
    asked: list[tuple[str, str | None]] = []
    paul.page.on("request", lambda r: asked.append((r.url, r.headers.get("referer"))))
    paul.opens(link)
    paul.page.get_by_label("Your name").fill("Paul")
    says(paul, "Yes, I agree")
    paul.page.get_by_role("link", name="Open it").click()
    heading(paul, "Take your consent back?")
    paul.opens(call)
    assert len(asked) > 10
    assert {url for url, _ in asked if not url.startswith(greenroom.address)} == set()
    assert {referer for _, referer in asked if referer} == set()
    assert paul.context.cookies() == []


# Photo calls --------------------------------------------------------------------------------------
def test_somebody_sends_their_photo_from_a_phone(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor
) -> None:
    link = opens_a_call(mia, "Faces for the intranet")
    anna = new_visitor(greenroom.address, **PHONE)
    anna.opens(link)
    heading(anna, "Faces for the intranet")
    chooses(anna, photo())
    expect(anna.page.get_by_alt_text("The photo you chose")).to_be_visible()
    anna.page.get_by_label("Your name").fill("Anna Berg")
    says(anna, "Send it, and agree")  # the browser itself asks for the tick
    heading(anna, "Faces for the intranet")
    anna.page.get_by_label("I have read this").check()
    says(anna, "Send it, and agree")
    heading(anna, "Thank you, Anna Berg")
    way_back = anna.page.get_by_label("Link to take your consent back").input_value()
    mia.opens("/calls")
    expect(mia.page.get_by_text("1 of 10 photos came in")).to_be_visible()
    mia.opens("/")
    mia.page.locator(".card", has_text="Anna Berg").get_by_role("link").click()
    sent = "Sent in by Anna Berg through the photo call “Faces for the intranet”"
    expect(mia.page.get_by_text(sent)).to_be_visible()
    anna.opens(way_back)
    says(anna, "Take my consent back")
    mia.page.reload()
    expect(mia.page.get_by_text("Consent withdrawn: out of use")).to_be_visible()
    assert anna.complaints == []


def test_a_photo_that_will_not_do_is_explained_and_the_next_one_works(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor
) -> None:
    ben = new_visitor(greenroom.address, java_script_enabled=False)
    ben.opens(opens_a_call(mia, "Faces for the shop"))
    ben.page.get_by_label("Your name").fill("Ben Adler")
    for data, end in ((portrait_gif(), "Faces for the shop"), (photo(), "Thank you")):
        chooses(ben, data)
        ben.page.get_by_label("I have read this").check()
        says(ben, "Send it, and agree")
        heading(ben, re.compile(end))
    expect(ben.page.get_by_text("not a photo we can use")).to_have_count(0)


def test_a_link_that_leaked_stops_with_the_next_click(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor
) -> None:
    link = opens_a_call(mia, "Leaked")
    anybody = new_visitor(greenroom.address)
    anybody.opens(link)
    heading(anybody, "Leaked")
    mia.page.get_by_role("button", name="Close Leaked").click()
    expect(mia.page.get_by_text("“Leaked” is closed")).to_be_visible()
    anybody.page.reload()
    heading(anybody, "This photo call is over")


# Every page of it ---------------------------------------------------------------------------------
def test_axe_finds_nothing_on_any_of_these_pages(
    greenroom: Greenroom, mia: Visitor, new_visitor: NewVisitor
) -> None:
    faults: list[str] = []
    outside = new_visitor(greenroom.address)

    def look(visitor: Visitor, where: str, do: Callable[[], object] | None = None) -> None:
        if do:
            do()
        visitor.page.wait_for_load_state("load")
        faults.extend(_wrong(visitor, where))

    place, link = asks(mia, "Ada Price")
    look(mia, "asked")
    mia.page.locator("details.consent-way").evaluate_all(
        "(all) => all.forEach((d) => d.open = true)"
    )
    look(mia, "all ways open")
    look(outside, "question", lambda: outside.opens(link))
    look(outside, "saved", lambda: says(outside, "Save, and come back later"))
    look(outside, "nothing signed", lambda: says(outside, "Yes, I agree"))
    outside.page.get_by_label("Your name").fill("Ada")
    look(outside, "yes", lambda: says(outside, "Yes, I agree"))
    look(mia, "given", lambda: mia.opens(f"{place}/consent"))
    look(mia, "form", lambda: mia.opens(f"{place}/consent/form"))
    look(outside, "withdraw", lambda: outside.page.get_by_role("link", name="Open it").click())
    look(outside, "withdrawn", lambda: says(outside, "Take my consent back"))
    look(outside, "shall it be erased", lambda: outside.page.get_by_text("Have it erased").click())
    outside.page.get_by_label("Yes, for good").check()
    look(outside, "to be erased", lambda: says(outside, "Please erase the photo"))
    for where, path in (
        ("team", f"{place}/consent"),
        ("avatar", place),
        ("erase", f"{place}/erase"),
    ):
        look(mia, f"{where}, withdrawn", lambda path=path: mia.opens(path))  # type: ignore[misc]
    call = opens_a_call(mia, "Axe and all")
    look(mia, "calls")
    look(outside, "call", lambda: outside.opens(call))
    chooses(outside, portrait_gif())
    outside.page.get_by_label("Your name").fill("Ada")
    outside.page.get_by_label("I have read this").check()
    look(outside, "findings", lambda: says(outside, "Send it, and agree"))
    chooses(outside, photo())
    outside.page.get_by_label("I have read this").check()
    look(outside, "thanks", lambda: says(outside, "Send it, and agree"))
    look(outside, "nothing here", lambda: outside.opens("/consent/nothing"))
    assert faults == []


def _wrong(visitor: Visitor, where: str) -> list[str]:
    """On the page as it stands, on a desk and a phone, light and dark."""
    found = []
    for width in (1440, 390):
        visitor.page.set_viewport_size({"width": width, "height": 844})
        if visitor.page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{where} is wider than {width} pixels")
        for scheme in SCHEMES:
            visitor.page.emulate_media(color_scheme=scheme)
            visitor.comes_to_rest()
            found += [
                f"{where}, {width}, {scheme}: {violation['rule']}: {violation['nodes']}"
                for violation in violations(visitor.page, colours_only=scheme == "dark")
            ]
    return found
