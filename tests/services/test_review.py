"""The team's word on an avatar."""

import pytest

from avatars.models import Approval, Kind, State
from avatars.services.review import Verdict, ask_again, decide
from tests.conftest import MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db


def test_a_decision_is_recorded_with_its_reviewer(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    avatar, reviewer = ready_avatar(), person()
    assert decide(avatar.pk, Verdict(Approval.CHANGES, 0, "Too dark"), reviewer)
    avatar.refresh_from_db()
    assert (avatar.approval, avatar.review_note, avatar.version) == ("changes", "Too dark", 1)
    (event,) = avatar.events.all()
    assert (event.kind, event.actor, event.note) == (Kind.CHANGES, reviewer, "Too dark")


def test_a_decision_on_an_old_version_is_not_taken(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    avatar = ready_avatar(version=3, approval=Approval.APPROVED)
    for version in (2, 4):
        assert not decide(avatar.pk, Verdict(Approval.REJECTED, version, "No"), person())
    avatar.refresh_from_db()
    assert (avatar.approval, avatar.version) == (Approval.APPROVED, 3)
    assert not avatar.events.exists()


@pytest.mark.parametrize("state", [State.HELD, State.REFUSED])
def test_what_is_held_or_refused_can_be_sent_again(
    avatar: MakeAvatar, person: MakePerson, state: State
) -> None:
    found, someone = avatar(state=state, cause="outage", said="later"), person()
    assert ask_again(found, someone)
    found.refresh_from_db()
    assert (found.state, found.cause, found.said) == (State.QUEUED, "", "")
    assert [(event.kind, event.actor) for event in found.events.all()] == [(Kind.AGAIN, someone)]


@pytest.mark.parametrize("state", sorted(set(State) - {State.HELD, State.REFUSED}))
def test_nothing_else_can_least_of_all_what_is_in_doubt(
    avatar: MakeAvatar, person: MakePerson, state: State
) -> None:
    found = avatar(state=state)
    assert not ask_again(found, person())
    found.refresh_from_db()
    assert found.state == state
