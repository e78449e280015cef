"""Twenty faces, one reviewer, no mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Route, expect

from tests.photos.pictures import opened, saved

from .axe import violations
from .greenroom import Greenroom
from .rooms import portraits
from .visitor import Visitor, visitor_of

pytestmark = pytest.mark.browser
FACES = 20
SIZES = {1440: 900, 390: 844}


@pytest.fixture(scope="module")
def greenroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Greenroom]:
    """One in which faces are looked at before anything is sent."""
    folder = tmp_path_factory.mktemp("greenroom")
    with Greenroom(folder, POLICY_REVIEW="before", SANDBOX_DELAY="0.1") as running:
        yield running


@pytest.fixture(scope="module")
def mia(greenroom: Greenroom, the_browser: Browser) -> Iterator[Visitor]:
    """The administrator, who has handed in twenty faces."""
    visitor = visitor_of(the_browser, greenroom.address)
    visitor.becomes_administrator(greenroom.set_up_link)
    _hands_in(visitor)
    yield visitor
    visitor.context.close()


def test_no_key_decides_about_a_face_that_is_not_there_yet(mia: Visitor) -> None:
    held: list[Route] = []
    mia.page.route("**/thumbnails/**/640.webp", lambda route: held.append(route))  # noqa: PLW0108
    mia.page.goto("/review/next", wait_until="commit")
    expect(mia.page.get_by_role("button", name="Approve")).to_be_visible()
    mia.page.keyboard.press("a")
    expect(mia.page.locator("[data-desk][data-ready]")).to_have_count(0)
    for route in held:
        route.continue_()
    mia.page.unroute_all()
    _sees(mia, f"1 of about {FACES}")


def test_a_reviewer_decides_twenty_by_keys_alone_and_axe_finds_nothing(mia: Visitor) -> None:
    page, keys = mia.page, mia.page.keyboard
    mia.opens("/review")
    assert _wrong(mia) == []
    _presses_until(mia, "Start reviewing")
    keys.press("Enter")
    decided = {"approved": 0, "sent back": 0, "rejected": 0}
    for number in range(FACES):
        _sees(mia, f"1 of about {FACES - number}")
        if number == 0:
            keys.press("?")
            expect(page.locator(".keys dl")).to_be_visible()
            assert _wrong(mia) == []
            keys.press("Escape")
        word, decide = _DECISIONS[number % len(_DECISIONS)]
        decide(mia)
        decided[word] += 1
    expect(page.get_by_role("heading", level=1)).to_have_text("That was the last one")
    expect(page.locator("main")).to_contain_text("A rather dark corner, J and K say: again")
    words = ", ".join(f"{word} {count}" for word, count in decided.items())
    expect(page.locator("main")).to_contain_text(
        f"Today you {' and '.join(words.rsplit(', ', 1))}."
    )
    assert _wrong(mia) == []
    assert mia.complaints == []


def _approves(mia: Visitor) -> None:
    # Twice, as fingers do: the second press is not for the next face.
    mia.page.keyboard.press("a")
    mia.page.keyboard.press("a")


def _asks_for_changes(mia: Visitor) -> None:
    mia.page.keyboard.press("c")
    expect(mia.page.get_by_role("textbox", name="Note")).to_be_focused()
    mia.page.keyboard.type("A rather dark corner, J and K say: again")
    mia.page.keyboard.press("Control+Enter")


def _replies(mia: Visitor) -> None:
    mia.page.keyboard.press("4")
    expect(mia.page.get_by_role("textbox", name="Note")).not_to_be_empty()
    expect(mia.page.get_by_role("button", name="Ask for changes")).to_be_focused()
    mia.page.keyboard.press("Enter")


def _rejects(mia: Visitor) -> None:
    mia.page.keyboard.press("r")
    mia.page.keyboard.type("Not this one")
    mia.page.keyboard.press("Meta+Enter")


_DECISIONS = [
    ("approved", _approves),
    ("sent back", _asks_for_changes),
    ("approved", _approves),
    ("sent back", _replies),
    ("rejected", _rejects),
]


def _hands_in(mia: Visitor) -> None:
    """Twenty photos in one go, through the desk as people do."""
    faces = portraits()
    mia.opens("/upload")
    photos = [
        FilePayload(
            name=f"face-{n:02}.jpg",
            mimeType="image/jpeg",
            buffer=_another(faces[n % len(faces)], n),
        )
        for n in range(FACES)
    ]
    expect(mia.page.locator("#desk[data-ready]")).to_be_visible()
    mia.page.locator("#desk input[type=file]").set_input_files(photos)
    mia.page.get_by_role("button", name=f"Make {FACES} avatars").click()
    mia.page.wait_for_url("**/", timeout=60_000)


def _another(face: bytes, number: int) -> bytes:
    """The same picture as another file, or the desk would ask whether it is wanted twice."""
    return saved(opened(face).convert("RGB"), "JPEG", quality=60 + number)


def _presses_until(mia: Visitor, name: str) -> None:
    """Tab, until that has the focus."""
    for _ in range(40):
        mia.page.keyboard.press("Tab")
        if mia.page.evaluate("() => document.activeElement.innerText.trim()") == name:
            return
    raise AssertionError(f"{name} can't be reached with Tab")


def _sees(mia: Visitor, place: str) -> None:
    """The face is there: from now on keys count."""
    expect(mia.page.locator(".desk-head")).to_contain_text(place)
    expect(mia.page.locator("[data-desk][data-ready]")).to_be_visible()


def _wrong(mia: Visitor) -> list[str]:
    """What axe finds on the page as it stands, small and large, light and dark."""
    found = []
    for width, height in SIZES.items():
        mia.page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            mia.page.emulate_media(color_scheme=scheme)
            mia.comes_to_rest()
            found += [f"{width} {scheme}: {fault}" for fault in violations(mia.page)]
    mia.page.set_viewport_size({"width": 1440, "height": 900})
    return found
