"""Signed links die, previews don't: pages older than the link go on playing."""

from collections.abc import Iterator

import pytest

from tests.photos.pictures import portrait_jpeg

from .greenroom import Greenroom, StandaloneSandbox
from .visitor import Visitor

pytestmark = pytest.mark.browser
LIFE = 4  # seconds
DEAD = LIFE * 1000 + 500  # milliseconds until a link made now has surely ended


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandaloneSandbox]:
    knobs = ("--delay", "0", "--preview-after", "0", "--link-life", str(LIFE))
    with StandaloneSandbox(tmp_path_factory.mktemp("sandbox"), *knobs) as running:
        yield running


@pytest.fixture(scope="module")
def greenroom(
    sandbox: StandaloneSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Greenroom]:
    with Greenroom(tmp_path_factory.mktemp("greenroom"), **sandbox.settings) as running:
        yield running


def reads(sandbox: StandaloneSandbox) -> int:
    """How often any single avatar was asked for; the tests make one at a time."""
    return sum(
        request["method"] == "GET" and str(request["path"]).startswith("/v1/avatars/")
        for request in sandbox.requests()
    )


def test_an_open_page_plays_after_its_link_has_died(
    mia: Visitor, sandbox: StandaloneSandbox
) -> None:
    mia.makes("Long visit", portrait_jpeg())
    mia.waits_for_preview()
    before = reads(sandbox)
    mia.page.wait_for_timeout(DEAD)
    _starts_over(mia)
    mia.video_moves()
    assert reads(sandbox) - before <= 1  # none where the browser still held the whole clip
    assert mia.complaints == []


def test_a_laptop_that_slept_over_the_end_of_its_link_goes_on_by_itself(
    mia: Visitor, sandbox: StandaloneSandbox
) -> None:
    mia.makes("Slept", portrait_jpeg())
    mia.waits_for_preview()
    _opens_and_loses_the_connection_half_way(mia, mia.page.url)
    mia.page.wait_for_timeout(DEAD)
    before = reads(sandbox)
    mia.context.set_offline(False)
    _starts_over(mia, at=2)  # a part of the clip that the dead link would have to bring
    mia.video_moves(timeout=25_000)  # Chromium keeps asking the dead link for a while
    assert reads(sandbox) - before == 1


def test_a_page_opened_after_the_link_has_died_plays_at_once(
    mia: Visitor, sandbox: StandaloneSandbox
) -> None:
    mia.makes("Came back", portrait_jpeg())
    mia.waits_for_preview()
    address = mia.page.url
    mia.opens("/people/")
    mia.page.wait_for_timeout(DEAD)
    before = reads(sandbox)
    mia.opens(address)
    _starts_over(mia)
    mia.video_moves()
    assert reads(sandbox) - before == 1
    assert mia.complaints == []


def test_many_viewers_of_a_dead_link_cost_one_reading(
    mia: Visitor, sandbox: StandaloneSandbox
) -> None:
    mia.makes("Premiere", portrait_jpeg())
    mia.waits_for_preview()
    address = mia.page.url
    mia.opens("/people/")
    mia.page.wait_for_timeout(DEAD)
    before = reads(sandbox)
    statuses = mia.page.evaluate(
        """async (address) => {
          const ask = () => fetch(address, { redirect: "manual", cache: "no-store" });
          const answers = await Promise.all(Array.from({ length: 12 }, ask));
          return answers.map((answer) => answer.type);
        }""",
        f"{address}/video",
    )
    assert set(statuses) == {"opaqueredirect"}
    assert reads(sandbox) - before == 1


def _starts_over(mia: Visitor, at: float = 0) -> None:
    """Seek and play, as the player's own controls do."""
    mia.page.locator("video").evaluate(
        "(video, at) => { video.currentTime = at; video.play().catch(() => {}); }", at
    )


def _opens_and_loses_the_connection_half_way(mia: Visitor, address: str) -> None:
    slow = {"offline": False, "latency": 0, "downloadThroughput": 25_000, "uploadThroughput": -1}
    session = mia.context.new_cdp_session(mia.page)
    session.send("Network.enable")
    mia.opens("/people/")
    session.send("Network.clearBrowserCache")
    session.send("Network.emulateNetworkConditions", slow)
    mia.page.goto(address, wait_until="domcontentloaded")
    mia.page.wait_for_function("() => document.querySelector('video').buffered.length > 0")
    mia.context.set_offline(True)
    session.send("Network.emulateNetworkConditions", {**slow, "downloadThroughput": -1})
    session.detach()
    held = mia.page.locator("video").evaluate("(video) => video.buffered.end(0)")
    assert held < 2, "the clip was there before the connection was gone"
