"""Django's admin in a real browser: under our policy, and usable without eyes or a mouse."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.photos.pictures import portrait_jpeg

from .axe import violations
from .greenroom import Greenroom
from .visitor import NAME, Visitor, visitor_of

pytestmark = pytest.mark.browser
FACE = "Anna Berg"


@pytest.fixture(scope="module")
def office(
    greenroom: Greenroom, signed_in: StorageState, the_browser: Browser
) -> Iterator[Visitor]:
    """The administrator, with an avatar."""
    mia = visitor_of(the_browser, greenroom.address, storage_state=signed_in)
    mia.makes(FACE, portrait_jpeg())
    mia.waits_for_preview()
    yield mia
    mia.context.close()


def opens(path: str) -> Callable[[Visitor], None]:
    return lambda mia: mia.opens(path)


def opens_the_avatar(mia: Visitor) -> None:
    mia.opens("/admin/avatars/avatar/")
    mia.page.get_by_role("link", name=FACE).click()
    expect(mia.page.get_by_text("a link to this server").first).to_be_visible()


def chooses(action: str) -> Callable[[Visitor], None]:
    def choose(mia: Visitor) -> None:
        mia.opens("/admin/avatars/avatar/")
        mia.page.get_by_role("checkbox", name=FACE).check()
        runs(mia, action)

    return choose


def runs(mia: Visitor, action: str) -> None:
    mia.page.locator("select[name$=action]").select_option(label=action)
    mia.page.get_by_role("button", name="Run").click()
    expect(mia.page.get_by_role("heading", level=1)).to_contain_text("?")


def opens_a_person(mia: Visitor) -> None:
    mia.opens("/admin/people/user/")
    mia.page.get_by_role("link", name=NAME).click()


PAGES: dict[str, Callable[[Visitor], None]] = {
    "the index": opens("/admin/"),
    "the avatars": opens("/admin/avatars/avatar/"),
    "an avatar": opens_the_avatar,
    "the question before removing": chooses("Remove"),
    "the question before erasing": chooses("Erase for good"),
    "a question without an answer": chooses("Try again"),
    "the record": opens("/admin/avatars/event/"),
    "a list with nothing in it": opens("/admin/avatars/consent/"),
    "the policy": opens("/admin/avatars/policy/1/change/"),
    "a person": opens_a_person,
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_the_policy_is_kept(office: Visitor, name: str) -> None:
    PAGES[name](office)
    found = []
    for width in (390, 1440):
        office.page.set_viewport_size({"width": width, "height": 844})
        for scheme in ("light", "dark"):
            office.page.emulate_media(color_scheme=scheme)
            office.comes_to_rest()
            found += violations(office.page, colours_only=scheme == "dark")
    assert found == []
    assert office.complaints == []


def test_an_avatar_is_removed_from_its_page_and_the_answer_is_there(office: Visitor) -> None:
    opens_the_avatar(office)
    runs(office, "Remove")
    office.page.get_by_role("link", name="No, take me back").click()
    expect(office.page.get_by_role("heading", name=FACE)).to_be_visible()
    runs(office, "Remove")
    office.page.get_by_role("button", name="Remove").click()
    expect(office.page.locator(".messagelist")).to_contain_text(f"Removed: {FACE}.")
    expect(office.page.get_by_text("removed the avatar")).to_be_visible()
    assert office.complaints == []


def test_the_admin_works_without_scripts(
    greenroom: Greenroom, signed_in: StorageState, the_browser: Browser
) -> None:
    plain = visitor_of(
        the_browser, greenroom.address, storage_state=signed_in, java_script_enabled=False
    )
    plain.opens("/admin/avatars/avatar/?q=Ada")
    plain.page.get_by_role("checkbox", name="Ada").check()
    runs(plain, "Remove")
    expect(plain.page.get_by_text("it is nobody's to change")).to_be_visible()
    plain.context.close()
