"""The team's word on an avatar."""

from datetime import timedelta

import pytest
from django.utils import timezone

from avatars.models import Approval, Avatar, Delivery, Kind, Look, Notice, Standing, State
from avatars.services.review import Verdict, approve_seen, ask_again, decide, resubmit
from dashboard.people.models import User
from dashboard.people.roles import Role
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


def test_the_record_holds_how_it_stood_before_and_the_reason(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    avatar, reviewer = ready_avatar(approval=Approval.APPROVED), person()
    decide(avatar.pk, Verdict(Approval.REJECTED, 0, "No", "person"), reviewer)
    avatar.refresh_from_db()
    assert (avatar.review_reason, avatar.review_note) == ("person", "No")
    assert avatar.events.get().detail == {
        "before": "approved",
        "after": "rejected",
        "reason": "person",
    }
    decide(avatar.pk, Verdict(Approval.APPROVED, 1), reviewer)
    avatar.refresh_from_db()
    assert (avatar.review_reason, avatar.review_note) == ("", "")


@pytest.mark.parametrize(
    "fields",
    [
        {"needs_consent": True},
        {"needs_consent": True, "consent": Standing.ASKED},
        {"consent": Standing.DENIED},
        {"consent": Standing.WITHDRAWN},
        {"consent": Standing.EXPIRED},
        {"consent": Standing.GIVEN, "consent_until": timezone.now() - timedelta(seconds=1)},
    ],
)
def test_what_lacks_consent_is_not_approved_but_can_be_rejected(
    ready_avatar: MakeAvatar, person: MakePerson, fields: dict[str, object]
) -> None:
    avatar = ready_avatar(**fields)
    assert not decide(avatar.pk, Verdict(Approval.APPROVED, 0), person())
    assert not avatar.events.exists()
    assert decide(avatar.pk, Verdict(Approval.REJECTED, 0, "No"), person())


@pytest.mark.parametrize("word", [Approval.APPROVED, Approval.CHANGES, Approval.REJECTED])
def test_a_decision_before_sending_lets_it_go_on_if_it_is_a_yes(
    avatar: MakeAvatar, person: MakePerson, word: Approval
) -> None:
    found, reviewer = avatar(state=State.REVIEW, review="before"), person()
    assert decide(found.pk, Verdict(word, 0, "Because"), reviewer)
    found.refresh_from_db()
    yes = word == Approval.APPROVED
    assert found.state == (State.QUEUED if yes else State.REVIEW)
    assert [event.kind for event in found.events.all()] == [word, *([Kind.RELEASED] * yes)]


def test_whoever_decides_is_not_looking_any_more_and_has_seen_what_they_saw(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    avatar, reviewer = ready_avatar(), person()
    Look.objects.take(avatar.pk, reviewer, 0, timezone.now())
    decide(avatar.pk, Verdict(Approval.APPROVED, 0), reviewer)
    look = Look.objects.get()
    assert (look.seen_at, look.version) == (None, 0)


def test_several_are_approved_of_which_each_was_seen_as_it_is(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    reviewer, other = person(), person()
    seen, unseen, stale, decided, lacking = (ready_avatar() for _ in range(5))
    for avatar in (seen, stale, decided, lacking):
        Look.objects.take(avatar.pk, reviewer, 0, timezone.now())
    Look.objects.take(unseen.pk, other, 0, timezone.now())
    Avatar.objects.filter(pk=stale.pk).update(version=1)
    Avatar.objects.filter(pk=lacking.pk).update(needs_consent=True)
    decide(decided.pk, Verdict(Approval.REJECTED, 0, "No"), other)
    versions = {seen.pk: 0, unseen.pk: 0, stale.pk: 1, decided.pk: 0, lacking.pk: 0}
    done, left = approve_seen(versions, reviewer)
    assert done == [seen.pk]
    assert left == [unseen.pk, stale.pk, decided.pk, lacking.pk]
    assert list(Avatar.objects.filter(approval="approved")) == [seen]


def sent_back(ready_avatar: MakeAvatar, reviewer: User) -> Avatar:
    avatar = ready_avatar(asked_at=timezone.now() - timedelta(days=3))
    decide(avatar.pk, Verdict(Approval.CHANGES, 0, "Too dark"), reviewer)
    avatar.refresh_from_db()
    return avatar


def test_what_is_handed_in_again_waits_anew_and_its_reviewer_is_told(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    reviewer, before = person(role=Role.REVIEWER), timezone.now()
    avatar = sent_back(ready_avatar, reviewer)
    assert resubmit(avatar, avatar.owner, "Brighter now")
    avatar.refresh_from_db()
    assert (avatar.approval, avatar.version) == ("waiting", 2)
    assert avatar.asked_at >= before
    event = avatar.events.get(kind=Kind.RESUBMITTED)
    assert (event.actor, event.note) == (avatar.owner, "Brighter now")
    assert Notice.objects.filter(person=reviewer, event=event).exists()


def test_it_is_handed_in_once_and_only_where_somebody_asked(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    avatar = sent_back(ready_avatar, person())
    stale = Avatar.objects.get(pk=avatar.pk)
    assert resubmit(avatar, avatar.owner)
    assert not resubmit(stale, avatar.owner)
    for approval in (Approval.WAITING, Approval.APPROVED, Approval.REJECTED):
        assert not resubmit(ready_avatar(approval=approval), person())
    assert avatar.events.filter(kind=Kind.RESUBMITTED).count() == 1
    assert not Delivery.objects.exists()


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
