"""When Anam says no: what happened, what is safe and what can be done, in words."""

import pytest
from playwright.sync_api import expect

from tests.photos.pictures import portrait_jpeg

from .visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("fault", "title", "happened"),
    [
        ("422-celebrity", "Looks like a celebrity", "likeness of a well-known person"),
        ("422-age", "Age can't be verified", "is an adult"),
        ("422-indecent", "Refused by Anam's content check", "inappropriate"),
    ],
)
def test_a_refused_avatar_says_why_and_offers_another_try(
    mia: Visitor, fault: str, title: str, happened: str
) -> None:
    mia.makes(f"Anna !{fault}", portrait_jpeg())
    notice = mia.page.locator("#progress .notice")
    expect(notice).to_contain_text(title, timeout=20_000)
    expect(notice).to_contain_text(happened)
    expect(mia.page.get_by_role("button", name="Try again")).to_be_visible()
    assert mia.complaints == []


@pytest.mark.parametrize(
    ("fault", "title", "happened"),
    [
        ("403-quota", "No free avatar slot at Anam", "is tried again by itself"),
        ("401", "Anam does not accept the key", "administrator must check ANAM_API_KEY"),
    ],
)
def test_what_one_met_keeps_all_others_waiting_until_it_is_over(
    mia: Visitor, fault: str, title: str, happened: str
) -> None:
    mia.makes(f"Anna !{fault}", portrait_jpeg())
    notice = mia.page.locator("#progress .notice").first
    expect(notice).to_contain_text(title, timeout=20_000)
    expect(notice).to_contain_text(happened)
    mia.page.get_by_role("button", name="Remove", exact=True).click()
    mia.makes(f"Berta after {fault}", portrait_jpeg())
    expect(mia.page.locator("#progress .notice")).to_contain_text("Next in line")
    berta = mia.page.url
    mia.opens("/status")
    mia.page.get_by_role("button", name="Look at Anam now").click()
    mia.opens(berta)
    mia.waits_for_preview()
    assert mia.complaints == []


def test_another_try_makes_the_avatar_when_the_refusal_was_a_whim(mia: Visitor) -> None:
    mia.makes("Moody !422-face-once", portrait_jpeg())
    expect(mia.page.locator("#progress .notice")).to_be_visible(timeout=20_000)
    mia.page.get_by_role("button", name="Try again").click()
    mia.waits_for_preview()


def test_a_lost_answer_finds_its_avatar_without_anybody_s_help(mia: Visitor) -> None:
    mia.makes("Found again !lost-empty", portrait_jpeg())
    mia.waits_for_preview()
    mia.page.reload()
    expect(mia.page.locator("main")).to_contain_text("found the avatar at Anam and took it over")
