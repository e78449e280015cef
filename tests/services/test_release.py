"""What waits for a yes goes on its way when nothing keeps it back, and not before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from avatars import trace
from avatars.models import BEFOREHAND, Approval, Avatar, Kind, ReviewTime, Standing, State
from avatars.services.release import release, release_due
from tests.conftest import MakeAvatar, MakePerson, at_once

pytestmark = pytest.mark.django_db

YES, SOON = Approval.APPROVED, timedelta(minutes=1)


@pytest.fixture
def waiting(avatar: MakeAvatar) -> MakeAvatar:
    def make(**fields: object) -> Avatar:
        defaults = {"state": State.REVIEW, "review": ReviewTime.BEFORE, "approval": YES}
        return avatar(**{**defaults, **fields})

    return make


def test_an_approved_one_goes_and_the_record_says_so(
    waiting: MakeAvatar, person: MakePerson
) -> None:
    avatar, reviewer = waiting(), person()
    assert release(avatar, reviewer)
    avatar.refresh_from_db()
    assert avatar.state == State.QUEUED
    assert [(event.kind, event.actor) for event in avatar.events.all()] == [
        (Kind.RELEASED, reviewer)
    ]


@pytest.mark.parametrize("review", BEFOREHAND)
@pytest.mark.parametrize("approval", [Approval.WAITING, Approval.CHANGES, Approval.REJECTED])
def test_no_word_or_a_no_keeps_it(
    waiting: MakeAvatar, review: ReviewTime, approval: Approval
) -> None:
    avatar = waiting(review=review, approval=approval)
    assert not release(avatar)
    assert release_due() == 0
    avatar.refresh_from_db()
    assert avatar.state == State.REVIEW
    assert not avatar.events.exists()


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.GIVEN}))
def test_where_consent_is_needed_every_standing_but_given_keeps_it(
    waiting: MakeAvatar, standing: Standing
) -> None:
    assert not release(waiting(needs_consent=True, consent=standing))


@pytest.mark.parametrize("standing", [Standing.DENIED, Standing.WITHDRAWN, Standing.EXPIRED])
def test_a_no_of_the_depicted_person_keeps_it_whatever_the_policy(
    waiting: MakeAvatar, standing: Standing
) -> None:
    assert not release(waiting(needs_consent=False, consent=standing))


def test_a_consent_that_has_ended_keeps_it_before_anybody_wrote_that_down(
    waiting: MakeAvatar,
) -> None:
    now = timezone.now()
    ended = waiting(consent=Standing.GIVEN, consent_until=now - SOON)
    lasting = waiting(needs_consent=True, consent=Standing.GIVEN, consent_until=now + SOON)
    assert not release(ended)
    assert release(lasting)


def test_what_is_reviewed_later_needs_no_yes_to_be_sent(waiting: MakeAvatar) -> None:
    """It waited for consent alone."""
    for review in (ReviewTime.AFTER, ReviewTime.NEVER):
        given = waiting(
            review=review,
            approval=Approval.WAITING,
            needs_consent=True,
            consent=Standing.GIVEN,
        )
        assert release(given)


def test_nothing_else_is_released(avatar: MakeAvatar) -> None:
    for state in set(State) - {State.REVIEW}:
        found = avatar(state=state, approval=YES, review=ReviewTime.BEFORE)
        assert not release(found)
        found.refresh_from_db()
        assert found.state == state


def test_a_sweep_lets_go_of_what_a_killed_process_left(waiting: MakeAvatar) -> None:
    ready, kept = waiting(), waiting(approval=Approval.WAITING)
    assert release_due() == 1
    ready.refresh_from_db()
    kept.refresh_from_db()
    assert (ready.state, kept.state) == (State.QUEUED, State.REVIEW)


def test_what_a_sweep_lets_go_on_keeps_the_id_of_its_request(waiting: MakeAvatar) -> None:
    avatar = waiting(trace="of-the-upload")
    assert release_due() == 1
    avatar.refresh_from_db()
    assert (avatar.trace, avatar.events.get().trace) == ("of-the-upload", "of-the-upload")
    other = waiting(trace="of-the-upload")
    with trace.under("of-the-answer"):
        release(other)
    other.refresh_from_db()
    assert (other.trace, other.events.get().trace) == ("of-the-answer", "of-the-answer")


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_lets_it_go(waiting: MakeAvatar) -> None:
    avatar = waiting()
    assert sorted(map(bool, at_once(lambda: release(avatar), times=8))) == [False] * 7 + [True]
    assert avatar.events.filter(kind=Kind.RELEASED).count() == 1
