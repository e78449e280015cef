"""The clip, judged by the player it is made for."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from .conftest import Standalone

# Runs on a page of the sandbox itself, so that a canvas may read the video's pixels.
WATCH = """async link => {
  const video = Object.assign(document.createElement('video'), {muted: true, src: link})
  const happens = name => new Promise((found, failed) => {
    video.addEventListener(name, found, {once: true})
    video.addEventListener('error', () => failed(new Error(video.error.message)), {once: true})
  })
  const pixels = () => {
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight).getContext('2d')
    canvas.drawImage(video, 0, 0)
    return canvas.getImageData(0, 0, video.videoWidth, video.videoHeight).data
  }
  const at = async seconds => {
    const sought = happens('seeked')
    video.currentTime = seconds
    await sought
    return pixels()
  }
  const apart = (one, other) =>
    one.reduce((sum, value, index) => sum + Math.abs(value - other[index]), 0) / one.length
  await happens('loadeddata')
  const [start, quarter, end] = [await at(0), await at(0.77), await at(2.95)]
  const sought = video.currentTime
  await at(0)
  const ended = happens('ended')
  await video.play()
  await ended
  return {
    duration: video.duration, width: video.videoWidth, height: video.videoHeight,
    seekable: video.seekable.end(0), sought,
    shown: video.getVideoPlaybackQuality().totalVideoFrames,
    movement: apart(start, quarter), seam: apart(start, end),
  }
}"""


@pytest.fixture
def page(the_browser: Browser) -> Iterator[Page]:
    page = the_browser.new_page()
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("field", ["videoUrl", "idleVideoUrl"])
def test_a_real_browser_plays_and_seeks_the_clip(
    standalone: Standalone, page: Page, field: str
) -> None:
    avatar = standalone.client.create().json()
    page.goto(avatar["imageUrl"])
    seen = page.evaluate(WATCH, avatar[field])
    assert (seen["width"], seen["height"]) == (384, 384)
    assert seen["duration"] == seen["seekable"] == pytest.approx(3)
    assert seen["sought"] == pytest.approx(2.95)
    assert seen["shown"] > 6
    assert seen["seam"] < seen["movement"] / 2
