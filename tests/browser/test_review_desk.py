"""Two reviewers at one desk, and what keys do and leave alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.photos.pictures import portrait_jpeg

from .conftest import NewVisitor
from .greenroom import Greenroom
from .visitor import PASSWORD, Visitor

pytestmark = pytest.mark.browser
QUARTER = 15_000  # milliseconds after which an open page says that it is open


@pytest.fixture(scope="module")
def greenroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Greenroom]:
    haste = {"SANDBOX_DELAY": "0.1", "SANDBOX_PREVIEW_AFTER": "0.1"}
    with Greenroom(tmp_path_factory.mktemp("greenroom"), **haste) as running:
        yield running


@pytest.fixture(scope="module")
def invitation(greenroom: Greenroom, signed_in: object, the_browser: Browser) -> str:
    """A link that makes whoever opens it a reviewer."""
    context = the_browser.new_context(base_url=greenroom.address, storage_state=signed_in)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/people/")
    page.locator("main [name=email]").first.fill("leo@example.com")
    page.locator("main [name=role]").first.select_option("reviewer")
    page.locator("main form:has([name=email]) button").first.click()
    link = page.get_by_label("Link").input_value()
    context.close()
    return link


@pytest.fixture(scope="module")
def leos_cookies(greenroom: Greenroom, invitation: str, the_browser: Browser) -> object:
    context = the_browser.new_context(base_url=greenroom.address)
    page = context.new_page()
    page.goto(invitation)
    for name, text in {"name": "Leo Brandt", "password1": PASSWORD, "password2": PASSWORD}.items():
        page.locator(f"main [name={name}]").fill(text)
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gallery")
    cookies = context.storage_state()
    context.close()
    return cookies


@pytest.fixture
def leo(greenroom: Greenroom, leos_cookies: object, new_visitor: NewVisitor) -> Visitor:
    return new_visitor(greenroom.address, storage_state=leos_cookies)


def makes_waiting(mia: Visitor, *names: str) -> list[str]:
    """The desk's address for each."""
    places = []
    for name in names:
        mia.makes(name, portrait_jpeg())
        mia.waits_for_preview()
        places.append(mia.page.url.replace("/avatars/", "/review/"))
    return places


def opens(visitor: Visitor, place: str) -> None:
    visitor.opens(place)
    expect(visitor.page.locator("[data-desk][data-ready]")).to_be_visible()


def test_two_reviewers_see_each_other_and_a_decision_is_told_at_once(
    mia: Visitor, leo: Visitor
) -> None:
    place, _ = makes_waiting(mia, "Wanted by two", "Wanted by none")
    mia.page.clock.install()
    mia.opens(place)
    expect(mia.page.locator("[data-looking]")).to_be_empty()
    opens(leo, place)
    expect(leo.page.locator("[data-looking]")).to_have_text("Mia Berg is looking at it")
    mia.page.clock.run_for(QUARTER)
    expect(mia.page.locator("[data-looking]")).to_have_text("Leo Brandt is looking at it")
    leo.page.keyboard.press("a")
    expect(leo.page.locator(".messages")).to_contain_text("Approved Wanted by two.")
    mia.page.clock.run_for(QUARTER)
    over = mia.page.locator("[data-over]")
    expect(over).to_contain_text("Leo Brandt approved the avatar")
    expect(mia.page.get_by_role("button", name="Approve")).to_be_disabled()
    over.get_by_role("link", name="Go on to the next one").click()
    expect(mia.page.locator("[data-desk] h1, .empty h1")).not_to_have_text("Wanted by two")
    assert mia.complaints == leo.complaints == []


def test_a_click_that_comes_too_late_says_who_was_first_and_leads_on(
    mia: Visitor, leo: Visitor
) -> None:
    place, _ = makes_waiting(mia, "Decided twice", "Still to come")
    opens(mia, place)
    opens(leo, place)
    leo.page.keyboard.press("r")
    leo.page.keyboard.type("Not this one")
    leo.page.keyboard.press("Control+Enter")
    expect(leo.page.locator(".messages")).to_contain_text("Rejected Decided twice.")
    mia.page.keyboard.press("c")
    mia.page.keyboard.type("What I had to say")
    mia.page.keyboard.press("Control+Enter")
    expect(mia.page.get_by_role("heading", level=1)).to_have_text("Somebody was first")
    expect(mia.page.locator("main")).to_contain_text("Leo Brandt rejected the avatar")
    expect(mia.page.locator("main")).to_contain_text("What I had to say")
    mia.page.keyboard.press("j")
    expect(mia.page.locator(".desk-page h1, .empty h1")).to_be_visible()
    mia.opens(place)
    expect(mia.page.locator(".verdict")).to_contain_text("Leo Brandt rejected the avatar")


@pytest.mark.parametrize("by", ["mouse", "key"])
def test_the_second_of_two_presses_is_not_for_the_next_face(mia: Visitor, by: str) -> None:
    place, *_ = makes_waiting(mia, *(f"Pressed {by} {number}" for number in range(3)))
    opens(mia, place)
    page = mia.page
    box = page.get_by_role("button", name="Approve").bounding_box()
    assert box

    def press() -> None:
        if by == "key":
            page.keyboard.press("a")
        else:
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    press()
    expect(page.locator(".messages")).to_contain_text(f"Approved Pressed {by} 0.")
    following = page.url
    page.wait_for_timeout(200)
    press()
    approve = page.get_by_role("button", name="Approve")
    expect(approve).to_have_attribute("aria-disabled", "true")
    expect(page.locator("[data-desk][data-ready]")).to_be_visible()
    expect(approve).not_to_have_attribute("aria-disabled", "true")
    page.wait_for_timeout(300)
    assert page.url == following
    expect(page.locator(".messages")).to_contain_text(f"Approved Pressed {by} 0.")
    press()
    expect(page.locator(".messages")).not_to_contain_text(f"Approved Pressed {by} 0.")


def test_a_face_that_does_not_come_is_approved_by_no_key(mia: Visitor) -> None:
    (place,) = makes_waiting(mia, "Nobody saw me")
    held: list[Route] = []
    for pictures in ("**/thumbnails/**", "**/still", "**/video*"):
        mia.page.route(pictures, lambda route: held.append(route))  # noqa: PLW0108
    mia.page.goto(place, wait_until="commit")
    approve = mia.page.get_by_role("button", name="Approve")
    expect(approve).to_have_attribute("aria-disabled", "true")
    mia.page.wait_for_timeout(1_500)
    mia.page.keyboard.press("a")
    unseen = mia.page.locator("[data-unseen]")
    expect(unseen).to_be_hidden()
    expect(unseen).to_be_visible(timeout=15_000)
    mia.page.keyboard.press("a")
    mia.page.wait_for_timeout(300)
    assert mia.page.url == place
    for route in held:
        route.abort()
    mia.page.unroute_all()
    approve.click()
    expect(mia.page.locator(".messages")).to_contain_text("Approved Nobody saw me.")


def test_space_plays_the_video_and_pauses_it(mia: Visitor) -> None:
    (place,) = makes_waiting(mia, "With a voice")
    opens(mia, place)
    mia.page.keyboard.press("Space")
    mia.video_moves("video.stage-face")
    mia.page.keyboard.press("Space")
    expect(mia.page.locator("video.stage-face")).to_have_js_property("paused", True)


def test_no_key_acts_with_a_modifier_held_down_too_long_or_switched_off(mia: Visitor) -> None:
    (place,) = makes_waiting(mia, "Touched by accident")
    opens(mia, place)
    page, keys = mia.page, mia.page.keyboard
    for chord in ("Control+a", "Alt+a", "Meta+j", "Control+k"):
        keys.press(chord)
    page.evaluate(
        """() => document.body.dispatchEvent(
          new KeyboardEvent("keydown", { key: "a", repeat: true, bubbles: true }))"""
    )
    keys.press("?")
    page.get_by_label("Single keys act on this page").uncheck()
    keys.press("Escape")
    opens(mia, place)  # it is remembered
    for key in ("a", "j", "1"):
        keys.press(key)
    keys.press("c")
    expect(page.get_by_role("textbox", name="Note")).not_to_be_focused()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("")
    assert page.url.startswith(place)
    page.get_by_text("Keys").first.click()
    page.get_by_label("Single keys act on this page").check()
    keys.press("Escape")
    page.locator("h1").click()
    keys.press("a")
    expect(page.locator(".messages")).to_contain_text("Approved Touched by accident.")


def test_what_was_typed_outlives_a_look_at_another(mia: Visitor) -> None:
    places = makes_waiting(mia, "Half a note", "Something else")
    opens(mia, places[0])
    mia.page.keyboard.press("c")
    mia.page.keyboard.type("Could you")
    mia.page.keyboard.press("Escape")
    mia.page.keyboard.press("j")
    expect(mia.page.get_by_role("heading", level=1)).not_to_have_text("Half a note")
    opens(mia, places[0])
    expect(mia.page.get_by_role("textbox", name="Note")).to_have_value("Could you")
    mia.page.keyboard.press("c")
    mia.page.keyboard.type(" smile?")
    mia.page.keyboard.press("Control+Enter")
    expect(mia.page.locator(".messages")).to_contain_text("Asked for changes to Half a note.")
    mia.opens(places[0])
    expect(mia.page.locator(".history")).to_contain_text("Could you smile?")
    expect(mia.page.get_by_role("textbox", name="Note")).to_have_value("")


def test_what_was_typed_outlives_a_decision_that_never_arrived(mia: Visitor) -> None:
    (place,) = makes_waiting(mia, "Lost on the way")
    opens(mia, place)
    note = mia.page.get_by_role("textbox", name="Note")
    note.fill("Not into the void")
    mia.page.route(place, lambda route: route.abort())
    mia.page.get_by_role("button", name="Reject", exact=True).click()
    mia.page.wait_for_timeout(500)
    mia.page.unroute_all()
    opens(mia, place)
    expect(note).to_have_value("Not into the void")
    mia.page.get_by_role("button", name="Reject", exact=True).click()
    expect(mia.page.locator(".messages")).to_contain_text("Rejected Lost on the way.")
    opens(mia, place)
    expect(mia.page.locator(".history")).to_contain_text("Not into the void")
    expect(note).to_have_value("")


def test_the_desk_of_ones_own_says_nothing_untrue_with_four_eyes(mia: Visitor) -> None:
    (place,) = makes_waiting(mia, "My own face")
    _wants_four_eyes(mia, wanted=True)
    mia.page.clock.install()
    mia.opens(place)
    expect(mia.page.get_by_text("You can't decide about this one")).to_be_visible()
    with mia.page.expect_response("**/here"):
        mia.page.clock.run_for(QUARTER)
    mia.page.wait_for_timeout(200)
    expect(mia.page.locator("[data-over]")).to_be_hidden()
    assert mia.complaints == []
    _wants_four_eyes(mia, wanted=False)


def _wants_four_eyes(mia: Visitor, *, wanted: bool) -> None:
    mia.opens("/policy")
    mia.page.get_by_label("Four eyes").set_checked(wanted)
    mia.page.get_by_role("button", name="Save the policy").click()
    expect(mia.page.get_by_text("Saved.")).to_be_visible()


def test_an_erasure_is_told_at_an_open_desk_and_so_is_a_role_that_changed(
    mia: Visitor, leo: Visitor
) -> None:
    place, other = makes_waiting(mia, "Erased meanwhile", "Still here")
    leo.page.clock.install()
    leo.opens(place)
    mia.opens(f"{place.replace('/review/', '/avatars/')}/erase")
    mia.page.locator("main [name=display_name]").fill("Erased meanwhile")
    mia.page.locator("main form button").first.click()
    expect(mia.page.get_by_role("heading", level=1)).to_contain_text("Erased")
    leo.page.clock.run_for(QUARTER)
    over = leo.page.locator("[data-over]")
    expect(over).to_contain_text("Mia Berg asked to erase the avatar")
    expect(over.get_by_role("link", name="Go on to the next one")).to_be_visible()
    leo.opens(other)
    _gives_leo(mia, "viewer")
    leo.page.clock.run_for(QUARTER)
    expect(over).to_contain_text("Your role has changed")
    expect(over.get_by_role("link")).to_have_count(0)
    expect(leo.page.get_by_role("button", name="Reject", exact=True)).to_be_disabled()
    _gives_leo(mia, "reviewer")


def _gives_leo(mia: Visitor, role: str) -> None:
    mia.opens("/people/")
    row = mia.page.locator("tr", has_text="Leo Brandt")
    row.locator("select").select_option(role)
    row.get_by_role("button", name="Change").click()
    mia.page.wait_for_load_state("load")


def test_a_decision_is_changed_with_one_key(mia: Visitor) -> None:
    place, _ = makes_waiting(mia, "On second thoughts", "The next one")
    opens(mia, place)
    mia.page.keyboard.press("a")
    expect(mia.page.locator(".messages")).to_contain_text("Approved On second thoughts.")
    mia.page.keyboard.press("u")
    expect(mia.page.locator(".verdict")).to_contain_text("You approved the avatar")
    opens(mia, mia.page.url)
    mia.page.keyboard.press("r")
    mia.page.keyboard.type("The hat")
    mia.page.keyboard.press("Control+Enter")
    expect(mia.page.locator(".messages")).to_contain_text("Rejected On second thoughts.")


def test_seen_ones_are_approved_together(mia: Visitor) -> None:
    places = makes_waiting(mia, "Seen one", "Seen two")
    for place in places:
        opens(mia, place)
    mia.opens("/review")
    rows = [mia.page.locator(".queue-row", has_text=name) for name in ("Seen one", "Seen two")]
    expect(mia.page.locator(".queue-bar")).to_be_hidden()
    for row in rows:
        row.get_by_role("checkbox").check()
    mia.page.get_by_role("button", name="Approve the").click()
    expect(mia.page.locator(".messages")).to_contain_text("Approved 2: Seen one, Seen two.")


def test_the_desk_fits_on_every_screen_and_the_note_on_most(mia: Visitor) -> None:
    mia.opens("/upload")
    mia.puts_on_the_desk(portrait_jpeg())
    mia.page.locator("[name=purpose]").fill("Much is to be said about these halls. " * 50)
    mia.page.locator("[data-send]").click()
    mia.page.wait_for_url("**/avatars/*")
    mia.waits_for_preview()
    opens(mia, mia.page.url.replace("/avatars/", "/review/"))
    for width in (320, 390, 960, 1000, 1024, 1100, 1200, 1366):
        mia.page.set_viewport_size({"width": width, "height": 768})
        assert mia.page.evaluate(_STICKING_OUT) == [], width
    buttons = mia.page.locator(".actions").bounding_box()
    note = mia.page.get_by_role("textbox", name="Note").bounding_box()
    assert buttons
    assert note
    assert note["y"] + note["height"] < buttons["y"]
    purpose = mia.page.locator(".about .said")
    folded = purpose.evaluate("(element) => element.clientHeight")
    mia.page.get_by_text("All of it").click()
    assert purpose.evaluate("(element) => element.clientHeight") > 2 * folded


_STICKING_OUT = """() => [
  ...document.documentElement.scrollWidth > innerWidth ? ["page"] : [],
  ...[...document.querySelectorAll(".actions .button")].filter((button) =>
    button.getBoundingClientRect().right > button.parentElement.getBoundingClientRect().right + 1
  ).map((button) => button.value),
]"""


def test_a_tick_stays_with_its_face(mia: Visitor) -> None:
    """Enter on it sends nothing, and going back ticks nobody who moved up to its place."""
    names = ("Ticked one", "Ticked two", "Ticked three")
    for place in makes_waiting(mia, *names):
        opens(mia, place)
    mia.opens("/review")
    box = mia.page.locator(".queue-row", has_text=names[0]).get_by_role("checkbox")
    box.check()
    box.press("Enter")
    expect(mia.page.get_by_role("button", name="Approve the")).to_be_visible()
    mia.page.wait_for_timeout(500)
    expect(mia.page.locator(".messages .notice")).to_have_count(0)
    mia.page.get_by_role("button", name="Approve the").click()
    expect(mia.page.locator(".messages")).to_contain_text(f"Approved 1: {names[0]}.")
    mia.page.go_back()
    expect(mia.page.locator(".queue-row", has_text=names[1])).to_be_visible()
    mia.page.wait_for_timeout(500)
    expect(mia.page.locator(".queue-row :checked")).to_have_count(0)


def test_without_scripts_a_reply_is_picked_and_the_next_one_opens(
    mia: Visitor, greenroom: Greenroom, leos_cookies: object, new_visitor: NewVisitor
) -> None:
    place, _ = makes_waiting(mia, "Quiet one", "Quiet other")
    plain = new_visitor(greenroom.address, storage_state=leos_cookies, java_script_enabled=False)
    plain.opens(place)
    expect(plain.page.get_by_text("Keys", exact=True)).to_be_hidden()
    expect(plain.page.locator(".replies")).to_be_hidden()
    plain.page.get_by_label("Use a reply").select_option(label="Changes asked for: Sharper photo")
    plain.page.get_by_role("button", name="Ask for changes").click()
    expect(plain.page.locator(".messages")).to_contain_text("Asked for changes to Quiet one.")
    expect(plain.page.locator(".desk-page, .empty")).to_be_visible()
    plain.opens(place)
    expect(plain.page.locator(".history")).to_contain_text("Please send a sharper photo")
