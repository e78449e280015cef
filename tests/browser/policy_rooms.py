"""The policy and what goes with it, and the photo desk where its limits are felt."""

from playwright.sync_api import expect

from .room import Room
from .visitor import Visitor


def policy_rooms() -> list[Room]:
    """In this order: the last but two set a limit, and the one after them takes it back."""
    return [
        Room("policy", "/policy"),
        Room("policy-refused", "/policy", _warns_above_the_limit),
        Room("policy-stale", "/policy", _is_too_late),
        Room("upload-warned", "/policy", _comes_near_the_limit),
        Room("upload-closed", "/policy", _comes_to_the_limit),
        Room("policy-changed", "/policy", _lifts_the_limit),
        Room("policy-replies", "/policy/replies"),
        Room("policy-reply-better", "/policy/replies", _writes_a_better_reply),
        Room("policy-wording", "/policy/wording"),
        Room("policy-wording-new", "/policy/wording", _writes_a_wording),
    ]


def _saves(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Save the policy").click()
    visitor.page.wait_for_load_state("load")


def _limits(visitor: Visitor, month: str) -> None:
    visitor.page.get_by_label("Avatars that one person may make").fill(month)
    visitor.page.get_by_label("From how many on").fill("")
    _saves(visitor)
    expect(visitor.page.get_by_text("Saved.")).to_be_visible()


def _warns_above_the_limit(visitor: Visitor) -> None:
    visitor.page.get_by_label("Avatars that one person may make").fill("10")
    visitor.page.get_by_label("From how many on").fill("20")
    _saves(visitor)
    expect(visitor.page.get_by_text("Nobody gets this far")).to_be_visible()


def _is_too_late(visitor: Visitor) -> None:
    """Another tab of hers was faster."""
    box = visitor.page.get_by_label("Private until approved")
    other = visitor.context.new_page()
    other.goto("/policy", wait_until="load")
    other.get_by_label("Private until approved").set_checked(not box.is_checked())
    other.get_by_role("button", name="Save the policy").click()
    other.wait_for_load_state("load")
    other.close()
    visitor.page.get_by_label("Four eyes").set_checked(True)
    _saves(visitor)
    expect(visitor.page.get_by_text("changed the policy meanwhile")).to_be_visible()


def _comes_near_the_limit(visitor: Visitor) -> None:
    _limits(visitor, "15")
    visitor.opens("/upload")
    expect(visitor.page.get_by_text("of 15 this month")).to_be_visible()


def _comes_to_the_limit(visitor: Visitor) -> None:
    visitor.clears_the_desk()  # what lies there would keep it open
    visitor.opens("/policy")
    _limits(visitor, "1")
    visitor.opens("/upload")
    expect(visitor.page.get_by_role("heading", name="This month is full")).to_be_visible()


def _lifts_the_limit(visitor: Visitor) -> None:
    _limits(visitor, "")


def _writes_a_better_reply(visitor: Visitor) -> None:
    visitor.page.get_by_role("link", name="Write a better one").first.click()
    expect(visitor.page.get_by_role("heading", name="In the place of")).to_be_visible()


def _writes_a_wording(visitor: Visitor) -> None:
    text = visitor.page.get_by_role("textbox", name="New text")
    text.fill(f"{text.input_value()}\n\nI was told whom to ask about it.")
    visitor.page.get_by_role("button", name="Save as version").click()
    expect(visitor.page.get_by_text("counts for questions from now on")).to_be_visible()
