"""Nothing jumps while a page arrives, and nothing moves for people who asked for that."""

import pytest
from playwright.sync_api import expect

from tests.photos.pictures import portrait_jpeg

from .conftest import NewVisitor
from .greenroom import Greenroom
from .visitor import Visitor

pytestmark = pytest.mark.browser
MOST_SHIFT = 0.02  # a fifth of what the Web Vitals call good
MOST_NEWS = 0.1  # the same while an avatar gets ready, where new things are the point
_WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_jumps_while_an_avatar_is_made_and_shown(mia: Visitor, width: int) -> None:
    mia.page.set_viewport_size({"width": width, "height": 844})
    mia.context.add_init_script(_WATCH)
    mia.makes(f"Steady {width}", portrait_jpeg())
    mia.waits_for_preview()
    mia.comes_to_rest()
    assert _shifted(mia) < MOST_NEWS
    mia.page.reload()
    mia.comes_to_rest()
    assert _shifted(mia) < MOST_SHIFT
    mia.opens("/")
    mia.comes_to_rest()
    assert _shifted(mia) < MOST_SHIFT


def test_who_asked_for_less_motion_gets_none(
    greenroom: Greenroom, signed_in: object, new_visitor: NewVisitor
) -> None:
    calm = new_visitor(greenroom.address, storage_state=signed_in, reduced_motion="reduce")
    calm.makes("Calm", portrait_jpeg())
    expect(calm.page.locator(".stage[data-waiting]")).to_be_visible()
    assert _moving(calm) == []
    calm.waits_for_preview()
    assert calm.page.locator("video").evaluate("(video) => video.paused") is True
    calm.opens("/")
    calm.page.locator(".card").first.hover()
    assert _moving(calm) == []
    expect(calm.page.locator(".card video")).to_have_count(0)


def _shifted(mia: Visitor) -> float:
    """The layout shift of the page so far, as the Web Vitals measure it, without its windows."""
    shift: float = mia.page.evaluate("() => window.shifted")
    return shift


def _moving(visitor: Visitor) -> list[str]:
    """Names of what is animated for longer than a blink, or for ever."""
    found: list[str] = visitor.page.evaluate(
        """() => document.getAnimations()
          .filter((animation) => animation.effect.getComputedTiming().endTime > 100)
          .map((animation) => animation.animationName || animation.transitionProperty)"""
    )
    return found
