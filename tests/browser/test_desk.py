"""The photo desk as people use it: every way in, many at once, and lines that fail."""

import base64
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance
from playwright.sync_api import (
    Browser,
    CDPSession,
    FilePayload,
    Locator,
    Page,
    Route,
    StorageState,
    expect,
)

from tests.browser.axe import violations
from tests.photos import pictures
from tests.upstream.internet import HOST

from .conftest import NewVisitor
from .greenroom import Greenroom
from .visitor import Visitor, visitor_of

pytestmark = pytest.mark.browser
_TRANSFER = """([name, type, text, how]) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  const event = how === "drop"
    ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector("h1").dispatchEvent(event);
}"""
_NAMELESS = """() => [...desk.querySelectorAll(":is(button, input, summary, a, canvas, img)")]
  .filter((part) => part.checkVisibility() && part.type !== "hidden" && part.tabIndex >= 0)
  .filter((part) => !(part.innerText || part.labels?.[0]?.innerText || part.ariaLabel || part.alt))
  .map((part) => part.outerHTML.slice(0, 80))"""

# Enter in a field presses the first button of the form.
_ENTER_HELD_DOWN = """() => {
  const enter = () => desk.requestSubmit(desk.querySelector("button"));
  for (const time of [0, 200, 400]) setTimeout(enter, time);
}"""
_ON_THE_SHELF = """() => new Promise((done) => {
  indexedDB.open("greenroom-desk", 1).onsuccess = ({ target: { result } }) => {
    const asked = result.transaction("photos").objectStore("photos").count();
    asked.onsuccess = () => done(asked.result);
  };
})"""

_LINES: dict[Page, CDPSession] = {}


@pytest.fixture(scope="module")
def greenroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Greenroom]:
    folder = tmp_path_factory.mktemp("greenroom")
    with Greenroom(folder, DJANGO_SETTINGS_MODULE="tests.browser.web_settings") as running:
        yield running


@pytest.fixture
def mia(
    greenroom: Greenroom, signed_in: StorageState, new_visitor: NewVisitor
) -> Iterator[Visitor]:
    visitor = new_visitor(greenroom.address, storage_state=signed_in)
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    visitor.opens("/upload")
    expect(visitor.page.locator("#desk[data-ready]")).to_be_visible()
    yield visitor
    visitor.page.unroute_all()
    visitor.clears_the_desk()


def face(number: int, side: int = 600) -> bytes:
    """Portraits that are no look-alikes: each shows another part, and every second is mirrored."""
    whole = pictures.portrait(2000, 2000)
    left, top = 130 * (number % 5) + 100, 150 * (number // 5)
    cut = whole.crop((left, top, left + 1100, top + 1100)).resize((side, side))
    if number % 2:
        cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    target = BytesIO()
    ImageEnhance.Brightness(cut).enhance(0.8 + 0.02 * number).save(target, "JPEG", quality=90)
    return target.getvalue()


def file(name: str, data: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="image/jpeg", buffer=data)


def gives(page: Page, how: str, name: str, data: bytes) -> None:
    text = base64.b64encode(data).decode()
    page.evaluate(_TRANSFER, [name, "image/jpeg", text, how])


def cards(page: Page) -> Locator:
    return page.locator("li[data-draft]")


def picks(page: Page, *files: FilePayload) -> None:
    page.locator("#desk input[type=file]").set_input_files(list(files))


def slowed(mia: Visitor, bytes_a_second: int, milliseconds: int = 5) -> None:
    line = {"offline": False, "latency": milliseconds, "downloadThroughput": -1}
    # Of several sessions the slowest line counts, so each page has one.
    if mia.page not in _LINES:
        _LINES[mia.page] = mia.context.new_cdp_session(mia.page)
    session = _LINES[mia.page]
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {**line, "uploadThroughput": bytes_a_second})


def test_every_way_in_ends_with_the_same_card(mia: Visitor) -> None:
    page = mia.page
    mia.context.grant_permissions(["camera"])
    picks(page, file("picked_one.jpg", face(1)))
    expect(cards(page)).to_have_count(1)
    gives(page, "drop", "dropped one.jpg", face(2))
    expect(cards(page)).to_have_count(2)
    gives(page, "paste", "pasted-one.png", face(3))
    expect(cards(page)).to_have_count(3)
    _shoots(page)
    expect(cards(page)).to_have_count(4)
    page.get_by_text("From the web").click()
    page.get_by_label("Address of the picture").fill(f"https://{HOST}/team/ada_lovelace.jpg")
    page.get_by_label("Address of the picture").press("Enter")
    expect(cards(page)).to_have_count(5)
    names = [
        field.input_value() for field in page.get_by_role("textbox", name="Display name").all()
    ]
    assert names == ["Picked One", "Dropped One", "Pasted One", "Portrait", "Ada Lovelace"]
    assert violations(page) == []
    assert mia.complaints == []


def test_a_pasted_address_is_fetched_and_a_wrong_one_is_told(mia: Visitor) -> None:
    page = mia.page
    page.get_by_text("From the web").click()
    page.get_by_label("Address of the picture").fill("https://127.0.0.1/secret.jpg")
    page.get_by_role("button", name="Get it").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("could not be reached")
    alert.get_by_role("button", name="Retry").click()
    expect(alert).to_contain_text("could not be reached")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".photo")).to_have_count(0)


def test_twenty_in_one_go_with_one_refused_and_one_retried(mia: Visitor) -> None:
    page = mia.page
    lost = _loses_the_first_of(page, "face-07.jpg")
    photos = [file(f"face-{n:02}.jpg", face(n)) for n in range(19)]
    picks(page, *photos, file("holiday.gif", pictures.portrait_gif()))
    expect(cards(page)).to_have_count(18, timeout=60_000)
    assert lost == ["face-07.jpg"]
    alerts = page.get_by_role("alert")
    expect(alerts).to_have_count(2)
    refused = alerts.filter(has_text="This file is not a photo we can use")
    expect(refused).to_contain_text("Found: a GIF picture.")
    page.get_by_role("button", name="Retry face-07.jpg").click()
    expect(cards(page)).to_have_count(19, timeout=20_000)
    page.get_by_role("button", name="Make 19 avatars").click()
    expect(page.get_by_text("19 avatars are on the way")).to_be_visible(timeout=60_000)
    mia.opens("/")
    expect(page.locator(".card h2", has_text="Face ")).to_have_count(19)


def test_a_reload_in_the_middle_loses_nothing(mia: Visitor) -> None:
    page = mia.page
    slowed(mia, 150_000)
    picks(page, *(file(f"anna-{n}.jpg", face(n, side=1000)) for n in range(6)))
    expect(cards(page).first).to_be_visible(timeout=30_000)
    page.get_by_label("Display name for anna-0.jpg").fill("Anna the first")
    page.get_by_label("What is it for?").fill("The museum")
    page.get_by_label("Model").select_option("cara-3")
    expect(page.locator("#desk[data-unsaved]")).to_have_count(0)  # it is kept while it is typed
    arrived = cards(page).count()
    assert arrived < 6
    page.reload()
    expect(cards(page)).to_have_count(6, timeout=60_000)
    expect(page.get_by_label("Display name for anna-0.jpg")).to_have_value("Anna the first")
    expect(page.get_by_label("What is it for?")).to_have_value("The museum")
    expect(page.get_by_label("Model")).to_have_value("cara-3")
    files = sorted(name.inner_text() for name in page.locator(".photo-file strong").all())
    assert files == [f"anna-{n}.jpg" for n in range(6)]


def test_the_desk_is_the_same_on_another_device(
    mia: Visitor, greenroom: Greenroom, the_browser: Browser, signed_in: StorageState
) -> None:
    picks(mia.page, file("anna.jpg", face(4)))
    expect(cards(mia.page)).to_have_count(1)
    phone = visitor_of(
        the_browser,
        greenroom.address,
        storage_state=signed_in,
        viewport={"width": 390, "height": 844},
    )
    phone.opens("/upload")
    expect(phone.page.get_by_label("Display name for anna.jpg")).to_have_value("Anna")
    wide = phone.page.evaluate("() => document.documentElement.scrollWidth")
    assert wide == 390
    phone.context.close()


def test_a_name_that_another_device_has_changed_is_not_changed_back(
    mia: Visitor, greenroom: Greenroom, the_browser: Browser, signed_in: StorageState
) -> None:
    page = mia.page
    picks(page, file("anna.jpg", face(8)))
    phone = visitor_of(the_browser, greenroom.address, storage_state=signed_in)
    expect(cards(page)).to_have_count(1)
    phone.opens("/upload")
    phone.page.get_by_label("Display name for anna.jpg").fill("Anna of the phone")
    expect(phone.page.locator("#desk[data-unsaved]")).to_have_count(0)
    phone.context.close()
    cards(page).first.get_by_text("Adjust the frame").click()
    cards(page).first.get_by_role("button", name="Turn left").click()
    field = page.get_by_label("Display name for anna.jpg")
    expect(field).to_have_value("Anna of the phone")
    field.fill("Anna of the desk")  # ... and what is typed here counts
    expect(page.locator("#desk[data-unsaved]")).to_have_count(0)
    page.reload()
    expect(field).to_have_value("Anna of the desk")


def test_a_photo_dismissed_while_the_server_looks_at_it_stays_away(mia: Visitor) -> None:
    page = mia.page
    slowed(mia, -1, milliseconds=6_000)
    picks(page, file("regretted.jpg", face(9)))
    expect(page.locator(".photo-sending")).to_contain_text("Arrived. Greenroom looks at it.")
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    with page.expect_response("**/off"):
        page.get_by_role("button", name="Dismiss regretted.jpg").click()
        expect(page.locator("li.photo")).to_have_count(0)
    slowed(mia, -1)
    page.reload()
    expect(page.locator("#desk[data-ready]")).to_be_visible()
    expect(page.locator("li.photo")).to_have_count(0)


def test_who_signs_out_leaves_no_photo_in_the_browser(
    greenroom: Greenroom, new_visitor: NewVisitor
) -> None:
    mia = new_visitor(greenroom.address)
    mia.signs_in()  # a session of her own, for it ends here
    mia.opens("/upload")
    expect(mia.page.locator("#desk[data-ready]")).to_be_visible()
    page = mia.page
    page.route("**/desk/put", lambda route: route.abort())
    picks(page, file("left-behind.jpg", face(11)))
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.evaluate(_ON_THE_SHELF) == 1
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate(_ON_THE_SHELF) == 0


def test_what_is_typed_while_a_card_is_cut_stays_and_so_does_the_focus(mia: Visitor) -> None:
    page = mia.page
    picks(page, file("wide.jpg", pictures.portrait_jpeg(1500, 1000)))
    card = cards(page).first
    slowed(mia, -1, milliseconds=1_500)
    card.get_by_role("button", name=re.compile("square|for me")).click()
    field = page.get_by_role("textbox", name="Display name")
    field.fill("Typed meanwhile")
    expect(card.locator("[data-check=shape]")).to_have_attribute("data-state", "good")
    expect(field).to_have_value("Typed meanwhile")
    expect(field).to_be_focused()
    slowed(mia, -1)
    expect(page.locator("#desk[data-unsaved]")).to_have_count(0)
    page.reload()
    expect(field).to_have_value("Typed meanwhile")


def test_pressed_with_nothing_to_make_the_button_says_so_and_sends_nothing(mia: Visitor) -> None:
    page = mia.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    button = page.get_by_role("button", name="Make the avatar")
    button.click()
    expect(page.locator("[data-said]")).to_have_text("Choose a photo first.")
    expect(page.locator("#desk input[type=file]")).to_be_focused()
    assert asked == []
    noise = pictures.saved(Image.effect_noise((500, 500), 80), "JPEG")
    picks(page, file("twin-1.jpg", noise), file("twin-2.jpg", noise))
    asking = page.locator("li[data-state=asks]")
    expect(asking).to_have_count(1)
    expect(asking).to_contain_text(
        "twin-2.jpg"
    )  # the second as it was picked, whichever came first
    cards(page).first.locator(".photo-remove").click()
    expect(page.locator("li[data-draft][data-state=good]")).to_have_count(1)  # it is alone now
    expect(page.get_by_text("Twice on this desk")).to_have_count(0)


def test_a_name_that_is_mended_is_not_called_wrong_any_more(mia: Visitor) -> None:
    page = mia.page
    picks(page, file("shy.jpg", pictures.saved(Image.effect_noise((500, 500), 80), "JPEG")))
    field = page.get_by_role("textbox", name="Display name")
    field.fill("A")
    page.get_by_role("button", name="Make the avatar").click()
    expect(page.locator("#findings")).to_be_focused()
    expect(page.get_by_text("Nothing was made yet.")).to_be_visible()
    wrong = cards(page).first.get_by_text("The name is too short")
    expect(wrong).to_be_visible()
    field.fill("Abel")
    expect(wrong).to_have_count(0)
    expect(page.locator("#desk[data-unsaved]")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("The name is too short")).to_have_count(0)


def test_words_that_have_a_picture_beside_them_are_pasted_as_words(mia: Visitor) -> None:
    """As word processors and spreadsheets put them on the clipboard."""
    page = mia.page
    taken = """(field) => {
      const data = new DataTransfer();
      data.setData("text/plain", "For the lobby");
      data.items.add(new File(["x"], "image.png", { type: "image/png" }));
      const paste = { clipboardData: data, bubbles: true, cancelable: true };
      return !field.dispatchEvent(new ClipboardEvent("paste", paste));
    }"""
    assert page.get_by_label("What is it for?").evaluate(taken) is False
    assert page.locator("h1").evaluate(taken) is True
    expect(page.locator("li.photo")).to_have_count(1)


def test_cancelled_and_retried_it_survives_a_reload_and_the_focus_stays_with_it(
    mia: Visitor,
) -> None:
    page = mia.page
    slowed(mia, 20_000)
    picks(page, file("hesitant.jpg", face(12, side=900)))
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(page.locator("li.photo")).to_be_focused()
    page.get_by_role("button", name="Retry").press("Enter")
    expect(page.locator("li.photo")).to_be_focused()
    page.reload()
    expect(cards(page)).to_have_count(1, timeout=30_000)


def test_signing_out_works_where_its_script_does_not_come(
    greenroom: Greenroom, new_visitor: NewVisitor
) -> None:
    mia = new_visitor(greenroom.address)
    mia.signs_in()
    mia.page.route("**/shelf*.js", lambda route: route.abort())
    mia.page.locator(".account-menu summary").click()
    mia.page.get_by_role("button", name="Sign out").click()
    mia.page.wait_for_url("**/accounts/login/**")


def test_dismissing_a_photo_that_had_arrived_before_leaves_its_card(mia: Visitor) -> None:
    page = mia.page
    page.route("**/desk/put", _loses_the_answer)
    picks(page, file("twice.jpg", face(13)))
    expect(page.get_by_role("alert")).to_be_visible()
    page.reload()
    expect(page.locator("li.photo")).to_have_count(2)  # the card, and the same file once more
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute_all()
    slowed(mia, -1, milliseconds=6_000)
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(".photo-sending")).to_contain_text("Arrived. Greenroom looks at it.")
    with page.expect_response("**/desk/put"):
        page.get_by_role("button", name="Dismiss twice.jpg").click()
    slowed(mia, -1)
    page.reload()
    expect(page.locator("#desk[data-ready]")).to_be_visible()
    expect(cards(page)).to_have_count(1)
    expect(page.locator("li.photo")).to_have_count(1)


def test_a_frame_that_was_drawn_outlives_the_answer_to_a_question(mia: Visitor) -> None:
    page = mia.page
    mia.makes("Old one", face(14))
    mia.opens("/upload")
    expect(page.locator("#desk[data-ready]")).to_be_visible()
    picks(page, file("again.jpg", face(14)))
    card = cards(page).first
    card.get_by_text("Adjust the frame").click()
    for _ in range(5):
        card.locator(".frame-box").press("-")
    side = card.locator("[data-part=side]").input_value()
    card.get_by_role("button", name="Keep both").click()
    expect(card.get_by_text("You wanted another one")).to_be_visible()
    expect(card.locator("[data-moved] [data-part=side]")).to_have_value(side)
    page.get_by_role("button", name="Make the avatar").click()
    page.wait_for_url("**/avatars/*", timeout=30_000)
    expect(page.locator(".facts")).to_contain_text(f"{side} × {side} px")


def test_a_second_enter_makes_nothing_twice_and_brings_nothing_back(mia: Visitor) -> None:
    page = mia.page
    picks(page, file("eager.jpg", pictures.saved(Image.effect_noise((600, 600), 80), "JPEG")))
    expect(cards(page)).to_have_count(1)
    page.get_by_label("What is it for?").fill("The museum")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.is_navigation_request() else None)
    slowed(mia, -1, milliseconds=1_000)
    page.evaluate(_ENTER_HELD_DOWN)
    page.wait_for_url("**/avatars/*")
    assert len([url for url in sent if url.endswith("/upload")]) == 1
    slowed(mia, -1)
    mia.opens("/upload")
    expect(page.get_by_label("What is it for?")).to_have_value("")


def test_progress_tells_bytes_speed_and_time_and_can_be_cancelled_and_retried(
    mia: Visitor,
) -> None:
    page = mia.page
    slowed(mia, 30_000)
    picks(page, file("slow.jpg", face(5, side=1400)))
    told = page.locator(".photo-sending .row > span")
    expect(told).to_have_text(
        re.compile(r"[\d.]+ [KM]B of [\d.]+ [KM]B, \d+ %, [\d.]+ [KM]B/s, \d+ (s|min) left"),
        timeout=30_000,
    )
    shares = _watched(page)
    assert shares == sorted(shares)
    assert len(set(shares)) > 1
    page.get_by_role("button", name="Cancel").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Cancelled")
    expect(cards(page)).to_have_count(0)
    alert.get_by_role("button", name="Retry").click()
    expect(cards(page)).to_have_count(1, timeout=30_000)


def test_all_that_failed_are_retried_with_one_button(mia: Visitor) -> None:
    page = mia.page
    page.route("**/desk/put", lambda route: route.abort())
    picks(page, *(file(f"berta-{n}.jpg", face(n)) for n in range(3)))
    expect(page.get_by_role("alert")).to_have_count(3)
    expect(page.get_by_text("3 photos did not arrive.")).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Retry all failed").click()
    expect(cards(page)).to_have_count(3)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_button_pressed_too_early_waits_for_the_photo(mia: Visitor) -> None:
    page = mia.page
    slowed(mia, 150_000)
    picks(page, file("early_bird.jpg", face(24, side=900)))
    page.get_by_role("button", name="Make the avatar").click()
    expect(page.locator("[data-send]")).to_have_text("Makes them once they are here")
    page.wait_for_url("**/avatars/*", timeout=30_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Early Bird")


def test_pressed_too_early_nothing_is_made_of_what_needs_a_look(mia: Visitor) -> None:
    page = mia.page
    slowed(mia, 150_000)
    picks(page, file("strip.jpg", pictures.portrait_jpeg(3000, 500)))
    page.get_by_role("button", name="Make the avatar").click()
    expect(cards(page)).to_have_attribute("data-state", "refused")
    expect(page.locator("[data-send]")).to_have_text("Make the avatar")
    assert page.url.endswith("/upload")


def test_another_button_pressed_while_a_photo_is_on_its_way_makes_nothing(mia: Visitor) -> None:
    page = mia.page
    mia.makes("Old one", face(27))
    old = page.url.rpartition("/")[2]
    mia.opens(f"/upload?instead={old}")
    expect(page.locator("#desk[data-ready]")).to_be_visible()
    slowed(mia, 40_000)
    picks(page, file("new-one.jpg", face(28, side=900)))
    expect(page.locator(".photo-sending progress")).to_be_visible()
    page.get_by_role("button", name="Not in its place").click()
    expect(page.get_by_text("takes the place of")).to_have_count(0)
    slowed(mia, -1)
    expect(cards(page)).to_have_count(1, timeout=30_000)
    assert page.url.endswith("/upload")


def test_signed_in_again_elsewhere_the_desk_still_makes_its_photos(mia: Visitor) -> None:
    page = mia.page
    picks(page, file("patient.jpg", face(29)))
    expect(cards(page)).to_have_count(1)
    mia.context.clear_cookies(name="sessionid")
    mia.page = mia.context.new_page()
    mia.signs_in()  # which makes another token
    mia.page = page
    page.get_by_role("button", name="Make the avatar").click()
    page.wait_for_url("**/avatars/*")


def test_a_card_stays_when_nobody_is_signed_in_any_more(mia: Visitor) -> None:
    page = mia.page
    picks(page, file("wide.jpg", pictures.portrait_jpeg(1500, 1000)))
    card = cards(page).first
    card.get_by_text("Adjust the frame").click()
    cookies = mia.context.cookies()
    mia.context.clear_cookies(name="sessionid")
    card.get_by_role("button", name="Turn left").click()
    expect(card.get_by_role("alert")).to_contain_text("Your session may have ended")
    mia.context.add_cookies(cookies)  # type: ignore[arg-type]  # as they came
    card.get_by_role("button", name="Turn left").click()
    expect(card.get_by_role("alert")).to_have_count(0)


def test_a_dropped_folder_is_told_and_keeps_nothing_back(mia: Visitor, tmp_path: Path) -> None:
    page = mia.page
    session = mia.context.new_cdp_session(page)
    data = {"items": [], "files": [str(tmp_path)], "dragOperationsMask": 1}
    for moment in ("dragEnter", "dragOver", "drop"):
        event = {"type": moment, "x": 300, "y": 300, "data": data}
        session.send("Input.dispatchDragEvent", event)
    expect(page.get_by_role("alert")).to_contain_text("It is a folder")
    picks(page, file("beside_it.jpg", face(31)))
    expect(cards(page)).to_have_count(1)
    page.get_by_role("button", name="Make the avatar").click()
    expect(page.get_by_text("1 avatar is on the way")).to_be_visible()


def test_a_refused_photo_does_not_take_the_name_away_from_the_next(mia: Visitor) -> None:
    page = mia.page
    mia.opens("/upload?display_name=Zoe+Held")
    expect(page.locator("#desk[data-ready]")).to_be_visible()
    picks(page, file("holiday.gif", pictures.portrait_gif()))
    expect(page.get_by_role("alert")).to_be_visible()
    picks(page, file("DSC_0022.jpg", face(32)))
    expect(page.get_by_role("textbox", name="Display name")).to_have_value("Zoe Held")


def test_made_while_it_is_being_cut_it_is_the_cut_that_is_made(mia: Visitor) -> None:
    page = mia.page
    wide = Image.effect_noise((2400, 1500), 80)
    picks(page, file("wide_one.jpg", pictures.saved(wide, "JPEG", quality=60)))
    framed = cards(page).first.get_by_role("button", name=re.compile("square|for me"))
    framed.click()
    page.get_by_role("button", name="Make the avatar").click()
    page.wait_for_url("**/avatars/*")
    assert "2400" not in page.locator("main").inner_text()


def test_enter_at_a_slider_of_the_frame_makes_nothing(mia: Visitor) -> None:
    page = mia.page
    picks(page, file("wide.jpg", pictures.portrait_jpeg(1500, 1000)))
    cards(page).first.get_by_text("Adjust the frame").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.get_by_label("From the left").press("Enter")
    page.get_by_role("button", name="Turn left").click()
    expect(page.locator("[name^=turns-]")).to_have_value("3")
    assert asked.count("POST") == 1


def test_a_picture_dragged_within_the_page_is_no_new_photo(mia: Visitor) -> None:
    page = mia.page
    picks(page, file("own.jpg", face(33)))
    cards(page).first.get_by_alt_text("The wide cut").drag_to(page.locator("[data-drop]"))
    page.get_by_role("link", name="Gallery").drag_to(page.locator("[data-drop]"))
    gives(page, "drop", "next.jpg", face(34))
    expect(cards(page)).to_have_count(2)
    expect(page.locator("li.photo")).to_have_count(2)


def test_a_frame_that_was_drawn_and_not_used_yet_is_what_is_made(mia: Visitor) -> None:
    page = mia.page
    picks(page, file("drawn.jpg", pictures.saved(Image.effect_noise((900, 900), 80), "JPEG")))
    card = mia.page.locator("li[data-draft]")
    card.get_by_text("Adjust the frame").click()
    box = card.locator(".frame-box")
    for _ in range(20):
        box.press("-")
    side = card.locator("[data-part=side]").input_value()
    page.get_by_role("button", name="Make the avatar").click()
    page.wait_for_url("**/avatars/*", timeout=30_000)
    expect(page.locator(".facts")).to_contain_text(f"{side} × {side} px")


def test_leaving_asks_while_photos_are_on_their_way(mia: Visitor) -> None:
    page = mia.page
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    slowed(mia, 60_000)
    picks(page, file("slow.jpg", face(6, side=1200)))
    expect(page.locator(".photo-sending progress")).to_be_visible()
    page.get_by_role("link", name="Gallery").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gallery")
    assert asked == ["beforeunload"]


def test_the_frame_is_dragged_and_shows_both_cuts(mia: Visitor) -> None:
    page = mia.page
    picks(page, file("wide.jpg", pictures.portrait_jpeg(1500, 1000)))
    card = cards(page).first
    card.get_by_text("Adjust the frame").click()
    box = card.locator(".frame-box")
    expect(box).to_be_visible()
    card.get_by_alt_text("The whole photo").evaluate("(image) => image.decode()")
    # Away from the bar at the bottom, and at rest before the mouse is told where to go.
    box.evaluate("(box) => box.scrollIntoView({ block: 'center', behavior: 'instant' })")
    start = int(card.locator("[data-part=left]").input_value())
    before = _cuts(card)
    place = box.bounding_box()
    assert place
    page.mouse.move(place["x"] + 60, place["y"] + 60)
    page.mouse.down()
    page.mouse.move(place["x"] + 20, place["y"] + 60, steps=4)
    page.mouse.up()
    assert int(card.locator("[data-part=left]").input_value()) < start
    assert all(now != then for now, then in zip(_cuts(card), before, strict=True))
    card.get_by_role("button", name="Use this frame").click()
    expect(card.locator("[data-check=shape]")).to_have_attribute("data-state", "good")
    card.get_by_text("Before and after").click()
    expect(card.get_by_alt_text("The photo as it is sent")).to_be_visible()
    assert mia.complaints == []


@pytest.mark.parametrize("width", [390, 1440])
def test_every_part_of_the_desk_has_a_name(mia: Visitor, width: int) -> None:
    page = mia.page
    page.set_viewport_size({"width": width, "height": 900})
    picks(page, file("anna.jpg", pictures.phone_jpeg(6, 900, 600)), file("b.txt", b"no photo"))
    expect(cards(page)).to_have_count(1)
    cards(page).first.get_by_text("Adjust the frame").click()
    assert page.evaluate(_NAMELESS) == []
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") == width


def test_a_heavy_phone_photo_is_made_with_one_click(
    mia: Visitor, greenroom: Greenroom, tmp_path: Path
) -> None:
    data = pictures.heavy_phone_jpeg()
    assert len(data) > 8_500_000
    picks(mia.page, file("IMG_4711.jpg", data))
    mia.page.get_by_role("button", name="Make the avatar").click()
    mia.page.wait_for_url("**/avatars/*", timeout=60_000)
    expect(mia.page.get_by_role("heading", level=1)).to_have_text("Portrait 4711")
    mia.waits_for_preview()


def _shoots(page: Page) -> None:
    page.get_by_role("button", name="Take a photo").click()
    page.get_by_role("button", name="Shoot").click()
    page.get_by_role("button", name="Once more").click()
    page.get_by_role("button", name="Shoot").click()
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("dialog")).to_have_count(0)


def _loses_the_first_of(page: Page, name: str) -> list[str]:
    """The first upload of that file meets a broken line."""
    lost: list[str] = []

    def handle(route: Route) -> None:
        body = route.request.post_data_buffer or b""
        if name.encode() in body and not lost:
            lost.append(name)
            route.abort()
        else:
            route.continue_()

    page.route("**/desk/put", handle)
    return lost


def _loses_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def _watched(page: Page) -> list[float]:
    bar = page.locator(".photo-sending progress")
    shares = []
    for _ in range(4):
        shares.append(float(bar.evaluate("(bar) => bar.value")))
        page.wait_for_timeout(500)
    return shares


def _cuts(card: Locator) -> list[str]:
    return [cut.evaluate("(it) => it.toDataURL()") for cut in card.locator("canvas").all()]
