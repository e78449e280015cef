"""`create` goes by the policy: what may not be, what waits for people, and what that is called."""

import json

import pytest

from avatars.models import Avatar, State
from dashboard.people.models import User
from tests.management.conftest import Fill, avatars
from tests.rules import settle

pytestmark = pytest.mark.django_db
THREE = {"ada.jpg": 256, "berta.jpg": 257, "cleo.jpg": 258}


def test_beyond_the_month_each_file_is_refused_in_words_and_the_others_are_safe(
    mia: User, folder: Fill
) -> None:
    settle(month_limit=2)
    printed = avatars("create", folder(**THREE), "--owner", mia.email)
    assert (printed.status, Avatar.objects.count()) == (1, 2)
    assert printed.error == "1 of 3 photos was not taken in; all others are safe."
    assert "cleo.jpg: not taken in." in printed.out
    assert "This month is full: 2 of 2 are made." in printed.out


def test_as_json_the_month_is_a_finding(mia: User, folder: Fill) -> None:
    settle(month_limit=1)
    given = folder(**{"ada.jpg": 256, "berta.jpg": 257})
    printed = avatars("create", given, "--owner", mia.email, "--json")
    ada, berta = json.loads(printed.out)
    assert (ada["accepted"], berta["accepted"]) == (True, False)
    assert [finding["code"] for finding in berta["findings"]] == ["month-full"]


def test_in_a_new_month_the_same_command_goes_on(mia: User, folder: Fill) -> None:
    settle(month_limit=2)
    given = folder(**THREE)
    avatars("create", given, "--owner", mia.email)
    settle(month_limit=3)
    printed = avatars("create", given, "--owner", mia.email)
    assert (printed.status, Avatar.objects.count()) == (0, 3)
    assert printed.out.count("taken in earlier") == 2


def test_for_somebody_whom_the_policy_lets_make_none_nothing_is_read(
    mia: User, folder: Fill
) -> None:
    settle(creators="reviewers")
    printed = avatars("create", folder(**THREE), "--owner", mia.email)
    assert printed.status == 1
    assert "leaves making avatars to others than Mia Berg" in printed.error
    assert not Avatar.objects.exists()


def test_what_waits_for_a_reviewer_is_said_when_it_is_taken_in(mia: User, folder: Fill) -> None:
    settle(review="before")
    printed = avatars("create", folder(**{"ada.jpg": 256}), "--owner", mia.email)
    assert (printed.status, Avatar.objects.get().state) == (0, State.REVIEW)
    assert "A reviewer looks at it first" in printed.out
    assert "No worker" not in printed.err  # which would have nothing to send


def test_nobody_waits_for_a_reviewer_at_a_terminal(mia: User, folder: Fill) -> None:
    settle(review="before")
    given = folder(**{"ada.jpg": 256, "berta.jpg": 257})
    printed = avatars("create", given, "--owner", mia.email, "--wait")
    ends = printed.out.splitlines()[-2:]
    assert all("Waiting for review. A reviewer looks at it first" in end for end in ends)
    assert printed.status == 1
    assert printed.error == (
        "2 of 2 avatars did not become ready. 2 of them wait for somebody's yes; nothing is lost, "
        "and nobody has to run this again."
    )


def test_one_that_waits_for_consent_is_told_apart(mia: User, folder: Fill) -> None:
    settle(consent=True)
    printed = avatars("create", folder(**{"ada.jpg": 256}), "--owner", mia.email, "--wait")
    assert "Waiting for consent. The person shown must agree first" in printed.out
    assert "One of them waits for somebody's yes" in printed.error


def test_what_they_are_for_is_kept_for_reviewers(mia: User, folder: Fill) -> None:
    given = folder(**{"ada.jpg": 256})
    too_long = avatars("create", given, "--owner", mia.email, "--purpose", "w" * 501)
    assert "takes too many words" in too_long.error
    assert not Avatar.objects.exists()
    avatars("create", given, "--owner", mia.email, "--purpose", " For the lobby ")
    assert Avatar.objects.get().purpose == "For the lobby"
