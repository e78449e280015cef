"""What an avatar says about itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from avatars.causes import WORDS
from avatars.models import Approval, Avatar, ReviewTime, State
from avatars.upstream.errors import Cause
from tests.conftest import MakeAvatar

TONES = {"good", "busy", "wait", "bad", "plain"}


def test_every_cause_has_words() -> None:
    assert set(WORDS) == set(Cause)
    for words in WORDS.values():
        assert words.title
        assert words.happened.endswith(".")
        assert words.next.endswith(".")


WAITS_FOR = {
    Approval.WAITING: "Waiting for review",
    Approval.APPROVED: "Waiting for consent",
    Approval.CHANGES: "Changes asked for",
    Approval.REJECTED: "Rejected",
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("approval", Approval)
def test_every_state_has_a_tone_and_words(state: State, approval: Approval) -> None:
    avatar = Avatar(state=state, approval=approval, review=ReviewTime.BEFORE)
    assert {avatar.tone, avatar.approval_tone} <= TONES
    assert avatar.state_words == (state.label if state != State.REVIEW else WAITS_FOR[approval])
    assert bool(avatar.message) == (state == State.REVIEW)


@pytest.mark.parametrize("cause", Cause)
def test_a_held_avatar_says_what_happened_and_when_it_goes_on(cause: Cause) -> None:
    avatar = Avatar(state=State.HELD, cause=cause, said="Slow down.", retry_at=timezone.now())
    assert avatar.state_words == WORDS[cause].title
    assert avatar.message.startswith(WORDS[cause].happened)
    assert "Anam says: “Slow down.” " in avatar.message
    assert "Next try at" in avatar.message


def test_a_cause_that_nobody_knows_any_more_breaks_no_page() -> None:
    avatar = Avatar(state=State.HELD, cause="of-another-version")
    assert (avatar.state_words, avatar.message) == ("On hold", "")


@pytest.mark.parametrize(
    ("state", "moving"),
    [
        (State.QUEUED, True),
        (State.SENDING, True),
        (State.HELD, True),
        (State.UNKNOWN, True),
        (State.READY, False),
        (State.REFUSED, False),
        (State.REMOVED, False),
    ],
)
def test_only_a_moving_avatar_is_in_progress(state: State, moving: bool) -> None:
    assert Avatar(state=state).in_progress is moving


@pytest.mark.parametrize(
    ("minutes", "link", "pending"),
    [(0, "", True), (14, "", True), (16, "", False), (0, "x", False)],
)
def test_a_preview_is_hoped_for_a_quarter_of_an_hour(
    minutes: int, link: str, pending: bool
) -> None:
    ready_at = timezone.now() - timedelta(minutes=minutes)
    avatar = Avatar(state=State.READY, ready_at=ready_at, video_url=link)
    assert avatar.preview_pending is pending
    assert avatar.in_progress is pending


@pytest.mark.parametrize(
    "upstream",
    [
        {},
        {"availableVersions": None, "activeVersion": 7, "description": [], "displayTags": "a"},
        {"availableVersions": [None, 7], "displayTags": [None, {}]},
    ],
)
def test_an_answer_with_holes_breaks_nothing(upstream: dict[str, object]) -> None:
    avatar = Avatar(upstream=upstream)
    assert (avatar.versions, avatar.active_version, avatar.description, avatar.tags) == (
        [],
        "",
        "",
        [],
    )


def test_versions_are_shown_by_their_public_names() -> None:
    avatar = Avatar(upstream={"availableVersions": ["v2", "cara-4-9"], "activeVersion": "v1"})
    assert avatar.versions == ["cara-3", "cara-4-latest"]
    assert avatar.model_name == "cara-2"


def test_what_anam_says_is_shown_harmless_and_in_bounds() -> None:
    avatar = Avatar(
        upstream={
            "availableVersions": ["\u202e4-arac", "\u200b", "x" * 500],
            "activeVersion": "cara\n9",
            "description": "one\x1b[2J\n\u202etwo" + "x" * 5000,
            "displayTags": ["\u2066warm", "  ", "y" * 500, *["tag"] * 500],
        }
    )
    assert avatar.versions == ["4-arac", "x" * 60]
    assert avatar.model_name == "cara 9"
    assert avatar.description.startswith("one [2J\ntwoxxx")
    assert len(avatar.description) < 1000
    assert avatar.tags[:3] == ["warm", "y" * 60, "tag"]
    assert len(avatar.tags) < 50


def test_without_a_photo_there_is_no_thumbnail() -> None:
    avatar = Avatar(photo_sha256="ab" * 32)
    assert (avatar.has_photo, avatar.thumbnail_url_96) == (False, "")


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_the_facts_of_every_state_can_be_told(avatar: MakeAvatar, state: State) -> None:
    facts = avatar(state=state).facts()
    assert facts["state"] == state
    assert facts["video_url"] is None
    done = state in (State.READY, State.REFUSED, State.REMOVED)
    assert facts["preview"] == ("none" if done else "coming")
