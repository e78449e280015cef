"""From the first link to a talking face, as a newcomer does it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.photos.pictures import portrait_jpeg

from .conftest import NewVisitor
from .greenroom import Greenroom, StandaloneSandbox
from .visitor import Visitor

pytestmark = pytest.mark.browser
STEPS_DONE = ".steps .step[data-state=done]"


def test_a_newcomer_makes_an_avatar_and_sees_it_move(
    tmp_path: Path, new_visitor: NewVisitor
) -> None:
    with Greenroom(tmp_path) as greenroom:
        mia = new_visitor(greenroom.address)
        mia.becomes_administrator(greenroom.set_up_link)
        expect(mia.page.get_by_role("heading", name="The room is empty")).to_be_visible()
        mia.makes("Astronaut", portrait_jpeg())
        _watches_it_become_ready(mia)
        _plays_it_on_its_page(mia)
        _plays_it_in_the_gallery(mia)
        _finds_its_history_in_the_records(mia)
        assert mia.complaints == []


def test_an_upload_leads_to_its_own_page_at_once(mia: Visitor) -> None:
    mia.makes("Not kept waiting", portrait_jpeg())
    # The sandbox takes a second for a create, Anam up to two minutes: nobody waits for it here.
    expect(mia.page.get_by_role("heading", level=1)).to_have_text("Not kept waiting")
    expect(mia.page.locator("#progress[hx-get]")).to_be_visible()
    assert mia.complaints == []


def test_the_same_works_with_an_anam_behind_a_socket(
    tmp_path: Path, new_visitor: NewVisitor
) -> None:
    knobs = ("--delay", "0.5", "--preview-after", "1")
    with (
        StandaloneSandbox(tmp_path / "sandbox", *knobs) as sandbox,
        Greenroom(tmp_path / "data", **sandbox.settings) as live,
    ):
        mia = new_visitor(live.address)
        mia.becomes_administrator(live.set_up_link)
        expect(mia.page.locator(".rehearsal")).to_have_count(0)
        mia.makes("Astronaut", portrait_jpeg())
        mia.waits_for_preview()
        _plays_it_on_its_page(mia)
        assert mia.complaints == []


def _watches_it_become_ready(mia: Visitor) -> None:
    mia.page.evaluate("window.stillTheSamePage = true")
    expect(mia.page.locator(STEPS_DONE)).to_have_count(3, timeout=20_000)
    expect(mia.page.locator(STEPS_DONE)).to_have_count(5, timeout=20_000)
    mia.waits_for_preview()
    mia.sees_state("Ready")
    assert mia.page.evaluate("window.stillTheSamePage") is True


def _plays_it_on_its_page(mia: Visitor) -> None:
    video = mia.page.locator("video.stage-face")
    video.focus()
    video.press("Space")  # the player's own play
    mia.video_moves("video.stage-face")


def _plays_it_in_the_gallery(mia: Visitor) -> None:
    mia.opens("/")
    card = mia.page.locator(".card", has_text="Astronaut")
    expect(card).to_be_visible()
    assert card.locator("img").evaluate("(img) => img.decode().then(() => img.naturalWidth)") > 0
    card.get_by_role("button", name="Play the preview of Astronaut").click()
    mia.video_moves(".card video")


def _finds_its_history_in_the_records(mia: Visitor) -> None:
    mia.opens("/admin/avatars/avatar/")
    mia.page.get_by_role("link", name="Astronaut").first.click()
    history = mia.page.locator("#events-group")
    for sentence in ("uploaded the photo", "got the avatar from Anam", "got the preview video"):
        expect(history).to_contain_text(sentence)
