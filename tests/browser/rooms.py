"""Every page of Greenroom in every state worth looking at, by a name; made by real uploads.

`furnish` fills a fresh Greenroom, `rooms` says which address shows what afterwards.
"""

import re
from io import BytesIO

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps
from playwright.sync_api import FilePayload, FormData, expect

from tests.photos.pictures import portrait, portrait_gif, saved

from .greenroom import Greenroom
from .policy_rooms import policy_rooms
from .room import Room
from .visitor import Visitor
from .visitor_rooms import visitor_rooms

# Names say what becomes of them: the sandbox obeys the fault at the end of a name.
# The newest stand first in the gallery, so those who make it come last.
FULL = "Out of slots !403-quota"
REMOVED, ERASED = "Rolf, has left the team", "Vera, said no"
CAST: dict[str, str] = {
    "Lost answer !html": "unknown",
    FULL: "held",
    REMOVED: "Ready",
    ERASED: "Ready",
    "Young face !422-age": "refused",
    "Famous face !422-celebrity": "refused",
    "Leif, weather": "Ready",
    "Juno, museum guide": "Ready",
    "Ada, product tours": "Ready",
    "Tomas, training": "Ready",
    "Noor, night shift": "Ready",
    "Ines, welcome desk": "Ready",
}
APPROVED, SENT_BACK = "Ines, welcome desk", "Leif, weather"
IN_LINE = "Paul, next in line"
UNSEEN = "Otto, too young !422-age"  # refused while nobody looks


def furnish(visitor: Visitor, photos: list[bytes] | None = None) -> dict[str, str]:
    """Upload the whole cast, decide about two of them, remove two. Display name -> path.

    Of one they only hear by a notice.

    The one without a slot keeps all others waiting, until the administrator lets them try.
    """
    photos = photos or portraits()
    places = {}
    _sends_from_elsewhere(visitor, UNSEEN, photos[-1])
    for number, name in enumerate(CAST):
        places[name] = _makes(visitor, name, photos[number % len(photos)])
        if name == FULL:
            _gets_stuck(visitor)
    visitor.opens("/status")
    visitor.page.get_by_role("button", name="Look at Anam now").click()
    for name, state in CAST.items():
        visitor.opens(places[name])
        if state == "Ready":
            visitor.sees_state("Ready")
        else:
            _gets_stuck(visitor)
    _decides(visitor, places[APPROVED], "Approve", "")
    _decides(visitor, places[SENT_BACK], "Ask for changes", "The light comes from below.")
    _removes(visitor, places)
    places[IN_LINE] = _makes(visitor, IN_LINE, photos[0])
    return places


def _makes(visitor: Visitor, name: str, photo: bytes) -> str:
    visitor.makes(name, photo)
    return re.sub(r"^.*(?=/avatars/)", "", visitor.page.url)


def _sends_from_elsewhere(visitor: Visitor, name: str, photo: bytes) -> None:
    """Without a look at its page: who watches it there needs no notice."""
    visitor.opens("/upload")
    form = FormData()
    form.set("csrfmiddlewaretoken", visitor.page.locator("main [name^=csrf]").first.input_value())
    form.set("display_name", name)
    form.set("image_file", FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=photo))
    visitor.page.request.post("/upload", multipart=form, max_redirects=0)


def _gets_stuck(visitor: Visitor) -> None:
    expect(visitor.page.locator(".step[data-state=stuck]")).to_be_visible(timeout=20_000)


def _removes(visitor: Visitor, places: dict[str, str]) -> None:
    visitor.opens(places[REMOVED])
    visitor.page.get_by_role("button", name="Remove", exact=True).click()
    expect(visitor.page.get_by_role("button", name="Undo")).to_be_visible()
    visitor.opens(f"{places[ERASED]}/erase")
    visitor.page.locator("main [name=display_name]").fill(ERASED)
    visitor.page.locator("main form button").first.click()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Erased")


def rooms(greenroom: Greenroom, places: dict[str, str]) -> list[Room]:
    """Every page there is but the records; the gallery is full by now."""
    return [
        Room("sign-in", "/accounts/login/", signed_in=False),
        Room("gallery", "/"),
        Room("gallery-nobody-fits", "/?q=zzz"),
        Room("upload", "/upload", Visitor.clears_the_desk),
        Room("upload-findings", "/upload", _uploads_what_is_no_photo),
        Room("upload-two-photos", "/upload", _chooses_two_photos),
        Room("avatar-ready", places["Tomas, training"]),
        Room("avatar-approved", places[APPROVED]),
        Room("avatar-sent-back", places[SENT_BACK]),
        Room("avatar-refused", places["Famous face !422-celebrity"]),
        Room("avatar-held", places[FULL]),
        Room("avatar-in-line", places[IN_LINE]),
        Room("avatar-unknown", places["Lost answer !html"]),
        Room("avatar-rename", places["Tomas, training"], _opens_the_renaming),
        Room("avatar-removed", places[REMOVED]),
        Room("avatar-erase", f"{places['Tomas, training']}/erase"),
        Room("avatar-erased", places[ERASED]),
        Room("stocktake", "/stocktake", _takes_stock),
        Room("gallery-stock", "/?tab=stock"),
        Room("review", "/review"),
        Room("review-desk", "/review/next"),
        Room("review-keys", "/review/next", _asks_for_the_keys),
        Room("review-done", "/review/done"),
        Room("consent", f"{places[APPROVED]}/consent"),
        Room("calls-none", "/calls"),
        Room("calls", "/calls", _opens_a_photo_call),
        *visitor_rooms(f"{places['Noor, night shift']}/consent"),
        Room("status", "/status"),
        Room("help-photos", "/help/photos/"),
        Room("help-photo", "/help/photos/not-square"),
        Room("help-refusals", "/help/refusals/"),
        Room("help-refusal", "/help/refusals/likeness"),
        *policy_rooms(),
        Room("record", "/record"),
        Room("record-searched", "/record?kind=making"),
        Room("record-nothing-fits", "/record?avatar=zzz"),
        Room("notices", "/notices", _finds_news),
        Room("feeds-none", "/feeds"),
        Room("feeds", "/feeds", _opens_a_feed),
        Room("tokens-none", "/tokens"),
        Room("tokens-made", "/tokens", _makes_a_token),
        Room("tokens", "/tokens"),
        Room("webhooks-none", "/webhooks"),
        Room("webhooks-refused", "/webhooks", _names_a_private_address),
        Room("webhook", "/webhooks", _adds_a_webhook),
        Room("webhooks", "/webhooks"),
        Room("api", "/docs/api"),
        Room("api-tried", "/docs/api", _tries_a_call),
        Room("people", "/people/"),
        Room("people-invited", "/people/", _invites_somebody),
        Room("account", "/account"),
        Room("second-factor", "/accounts/2fa/"),
        Room("second-factor-app", "/accounts/2fa/totp/activate"),
        Room("second-factor-passkeys", "/accounts/2fa/webauthn/"),
        Room("password", "/accounts/password/change/"),
        Room("nothing-here", "/nowhere"),
        Room("set-up-over", greenroom.set_up_link.removeprefix(greenroom.address)),
    ]


def enter(visitor: Visitor, room: Room) -> None:
    visitor.opens(room.path)
    if room.do:
        room.do(visitor)
    visitor.comes_to_rest()


def portraits() -> list[bytes]:
    """The astronaut in other light and other frames, and a few drawn faces."""
    astronaut = portrait(1280, 1280)
    near = portrait(2600, 2600).crop((500, 0, 1700, 1200))
    tinted = ImageOps.colorize(ImageOps.grayscale(astronaut), "#10231c", "#f7e6c4", mid="#9c7a54")
    pictures = [
        near,
        _drawn("#f1c7a3", "#2c1b12", "#c9d8cf", "#1e5a48"),
        tinted,
        ImageEnhance.Color(ImageOps.mirror(near)).enhance(0.35),
        _drawn("#8d5a3b", "#120c0a", "#e9d9bd", "#a5472d"),
        ImageOps.mirror(astronaut),
        _drawn("#e0a981", "#8a3d1f", "#cfd9e6", "#24415e"),
        ImageEnhance.Brightness(near).enhance(0.72),
    ]
    return [saved(picture, "JPEG", quality=88) for picture in pictures]


def _drawn(skin: str, hair: str, wall: str, shirt: str) -> Image.Image:
    """A face as a poster would have it, 1280 pixels square."""
    image = Image.new("RGB", (1280, 1280), wall)
    draw = ImageDraw.Draw(image)
    light = Image.radial_gradient("L").resize((1280, 1280))
    image.paste(Image.new("RGB", image.size, "white"), mask=light.point(lambda v: (255 - v) // 3))
    draw.ellipse((390, 230, 890, 900), fill=hair)
    draw.ellipse((180, 960, 1100, 1700), fill=shirt)
    draw.rounded_rectangle((545, 800, 735, 1060), 90, fill=skin)
    draw.ellipse((430, 330, 850, 910), fill=skin)
    draw.chord((415, 250, 865, 640), 180, 360, fill=hair)
    for x in (545, 735):
        draw.ellipse((x - 42, 590, x + 42, 640), fill="#fbf7f0")
        draw.ellipse((x - 21, 594, x + 21, 636), fill="#2a211d")
        draw.arc((x - 62, 535, x + 62, 625), 200, 340, fill=hair, width=16)
    draw.arc((600, 620, 680, 725), 20, 160, fill=hair, width=8)
    draw.arc((545, 690, 735, 810), 25, 155, fill="#8d3b34", width=16)
    return image.filter(ImageFilter.GaussianBlur(1.2))


def _decides(visitor: Visitor, path: str, button: str, note: str) -> None:
    visitor.opens(path)
    visitor.page.get_by_role("textbox", name="Note").fill(note)
    visitor.page.get_by_role("button", name=button).click()
    visitor.page.wait_for_load_state("load")


def _uploads_what_is_no_photo(visitor: Visitor) -> None:
    visitor.clears_the_desk()
    visitor.chooses(portrait_gif(), "holiday.gif")
    expect(visitor.page.locator(".photo-failed").first).to_be_visible()


def _chooses_two_photos(visitor: Visitor) -> None:
    visitor.clears_the_desk()
    small = BytesIO()
    portrait(640, 480).save(small, "JPEG")
    for name, data in (("anna.jpg", small.getvalue()), ("img_berta.jpg", portraits()[0])):
        visitor.chooses(data, name)
    expect(visitor.page.locator("li[data-draft]")).to_have_count(2)
    visitor.page.locator("li[data-draft] .frame summary").first.click()
    expect(visitor.page.locator(".frame-box")).to_be_visible()


def _invites_somebody(visitor: Visitor) -> None:
    visitor.page.locator("main [name=email]").first.fill("guest@example.com")
    visitor.page.locator("main form:has([name=email]) button").first.click()
    visitor.page.wait_for_load_state("load")


def _asks_for_the_keys(visitor: Visitor) -> None:
    """Phones have none."""
    if not visitor.page.locator(".keys summary").is_visible():
        return
    expect(visitor.page.locator("[data-desk][data-ready]")).to_be_visible()
    visitor.page.keyboard.press("?")
    expect(visitor.page.locator(".keys dl")).to_be_visible()


def _opens_a_photo_call(visitor: Visitor) -> None:
    visitor.page.locator("main [name=title]").fill("Voices of the museum")
    visitor.page.locator("main [name=purpose]").fill("Guides on the screens of the museum.")
    visitor.page.locator("main form:has([name=title]) button").last.click()
    visitor.page.wait_for_load_state("load")


def _makes_a_token(visitor: Visitor) -> None:
    visitor.page.locator("main [name=name]").fill("Build server")
    visitor.page.get_by_role("button", name="Make the token").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("The token is ready")


def _opens_the_renaming(visitor: Visitor) -> None:
    visitor.page.locator("#rename summary").click()


def _takes_stock(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Take stock now").click()
    expect(visitor.page.get_by_text("read at Anam")).to_be_visible(timeout=20_000)


def _finds_news(visitor: Visitor) -> None:
    expect(visitor.page.locator("[data-unread]").first).to_be_visible()


def _opens_a_feed(visitor: Visitor) -> None:
    visitor.page.get_by_label("Name").fill("museum-en")
    visitor.page.locator("#open").get_by_label("Avatar").select_option(label=APPROVED)
    visitor.page.get_by_role("button", name="Open the feed").click()
    expect(visitor.page.get_by_role("heading", name="museum-en")).to_be_visible()


def _names_a_private_address(visitor: Visitor) -> None:
    _fills_in_a_webhook(visitor, "https://10.0.0.1/hook")
    expect(visitor.page.locator(".errorlist").first).to_be_visible()


def _adds_a_webhook(visitor: Visitor) -> None:
    _fills_in_a_webhook(visitor, "https://hooks.example.com/greenroom")
    visitor.page.locator("main details summary").first.click()


def _fills_in_a_webhook(visitor: Visitor, address: str) -> None:
    visitor.page.get_by_label("Address").fill(address)
    visitor.page.get_by_role("button", name="Add it").click()


def _tries_a_call(visitor: Visitor) -> None:
    visitor.page.get_by_label("Token for trying").fill("grn_none")
    call = visitor.page.locator("#listAvatars")
    call.get_by_text("Try it").click()
    call.get_by_role("button", name="Send").click()
    expect(call.get_by_text(re.compile(r"^401\b"))).to_have_count(2)  # no id with these digits
