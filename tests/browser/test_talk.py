"""Talking to an avatar on its page, with Anam's own SDK in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.photos.pictures import portrait_jpeg

from .axe import violations
from .engine import HOST, Engine
from .greenroom import Greenroom, StandaloneSandbox
from .visitor import Visitor

pytestmark = pytest.mark.browser
SECONDS = 10
OFFER = f"Talk for {SECONDS} seconds"
CONNECTED = "You are connected. Say something."
_KEEP_MICROPHONES = """
const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
self.microphones = [];
if (ask) navigator.mediaDevices.getUserMedia = async (wish) => {
  const stream = await ask(wish);
  self.microphones.push(...stream.getTracks());
  return stream;
};
"""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandaloneSandbox]:
    knobs = ("--delay", "0", "--preview-after", "0")
    with StandaloneSandbox(tmp_path_factory.mktemp("sandbox"), *knobs) as running:
        yield running


@pytest.fixture(scope="module")
def greenroom(
    sandbox: StandaloneSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Greenroom]:
    settings = {"TALK_SECONDS": str(SECONDS), **sandbox.settings}
    with Greenroom(tmp_path_factory.mktemp("greenroom"), **settings) as running:
        yield running


@pytest.fixture
def panel(mia: Visitor) -> Locator:
    """Where she can talk to an avatar that she has made and approved."""
    mia.context.add_init_script(_KEEP_MICROPHONES)
    mia.makes("Ines", portrait_jpeg())
    mia.waits_for_preview()
    mia.page.get_by_role("button", name="Approve").click()
    found = mia.page.locator("#talk")
    expect(found.get_by_role("button", name=OFFER)).to_be_visible()
    return found


@pytest.fixture
def engine(mia: Visitor, greenroom: Greenroom) -> Engine:
    mia.context.grant_permissions(["microphone"])
    return Engine(mia.context, greenroom.address)


def tries(panel: Locator) -> int:
    return int(panel.locator("b").inner_text())


def says(panel: Locator, words: str, timeout: float = 15_000) -> None:
    expect(panel.get_by_role("status")).to_have_text(words, timeout=timeout)


def is_over(mia: Visitor, panel: Locator) -> None:
    """The offer is back, the picture gone, and the browser's microphone is let go of."""
    expect(panel.get_by_role("button", name=OFFER)).to_be_visible()
    expect(panel.locator("video")).to_be_hidden()
    expect(panel.get_by_role("timer")).to_have_text("")
    states = mia.page.evaluate("() => self.microphones.map((track) => track.readyState)")
    assert set(states) == {"ended"}


def test_a_talk_has_picture_and_sound_and_ends_by_itself(
    mia: Visitor, panel: Locator, engine: Engine
) -> None:
    before = tries(panel)
    panel.get_by_role("button").click()
    says(panel, CONNECTED)
    mia.video_moves("#talk-face")
    engine.page.wait_for_function("() => self.heard && !self.heard.muted")
    expect(panel.get_by_role("timer")).to_have_text(re.compile("^[1-7] s$"), timeout=15_000)
    assert violations(mia.page) == []
    says(panel, "The conversation is over.")
    is_over(mia, panel)
    assert tries(panel) == before - 1
    assert [HOST in host for host in engine.hosts] == [True]
    assert mia.complaints == []


def test_whoever_has_talked_enough_stops(mia: Visitor, panel: Locator, engine: Engine) -> None:
    panel.get_by_role("button").click()
    says(panel, CONNECTED)
    panel.get_by_role("button", name="Stop").click()
    says(panel, "You ended the conversation.")
    is_over(mia, panel)
    assert mia.complaints == []


def test_anam_may_end_it_sooner(mia: Visitor, panel: Locator, engine: Engine) -> None:
    panel.get_by_role("button").click()
    says(panel, CONNECTED)
    engine.ends_the_session()
    says(panel, "The conversation is over.")
    is_over(mia, panel)


def test_without_leave_for_the_microphone_nothing_is_spent(
    mia: Visitor, panel: Locator, sandbox: StandaloneSandbox
) -> None:
    before, asked = tries(panel), conversations(sandbox)
    panel.get_by_role("button").click()
    expect(panel.get_by_role("status")).to_contain_text("may not use the microphone")
    expect(panel.get_by_role("button", name=OFFER)).to_be_visible()
    mia.page.reload()
    assert tries(panel) == before
    assert conversations(sandbox) == asked
    assert mia.complaints == []


def test_where_no_engine_answers_the_page_gives_up_in_words(
    mia: Visitor, panel: Locator, sandbox: StandaloneSandbox
) -> None:
    """The sandbox leads to a host that is none of Anam's, so the page may not even call there."""
    mia.context.grant_permissions(["microphone"])
    asked = conversations(sandbox)
    panel.get_by_role("button").click()
    expect(panel.get_by_role("status")).to_contain_text(
        "The connection to Anam could not be made", timeout=30_000
    )
    is_over(mia, panel)
    assert conversations(sandbox) - asked == 2  # the session token, and the session
    refused = [said for said in mia.complaints if "Content Security Policy" in said]
    assert refused
    assert all("wss://engine.sandbox.invalid/" in said for said in refused)


def conversations(sandbox: StandaloneSandbox) -> int:
    """How many calls for conversations it got so far."""
    paths = ("/v1/auth/session-token", "/v1/engine/session")
    return sum(request["path"] in paths for request in sandbox.requests())
