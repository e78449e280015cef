"""What the policy settles holds from the photo to the avatar, whatever it says later."""

from typing import Any

import httpx
import pytest
from pytest_django import Settings

from avatars.models import (
    Approval,
    Avatar,
    Delivery,
    Event,
    Kind,
    Notice,
    Policy,
    Reply,
    ReviewTime,
    Right,
    State,
    Topic,
    Webhook,
    Wording,
)
from avatars.services import accept as accepting
from avatars.services import consents, credentials, policy, replies, wordings
from avatars.services.accept import Wanted, Way
from avatars.services.consents import Terms
from avatars.services.limits import MayNotCreate, MonthIsFull, month_of
from avatars.services.review import Verdict, decide, resubmit
from avatars.tasks import send_due, sweep
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, ScriptAnam, files_in, prepared
from tests.rules import settle
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(anam: ScriptAnam) -> list[str]:
    """Everything that Anam is asked for."""
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.path}")
        return httpx.Response(201, json=described(videoUrl="https://x.r2.cloudflarestorage.com/v"))

    anam(handler)
    return seen


def work() -> None:
    """What a worker does of its own accord."""
    sweep()
    for _ in range(3):
        send_due.call()


def say(avatar: Avatar, reviewer: User, approval: Approval, note: str = "") -> bool:
    avatar.refresh_from_db()
    return decide(avatar.pk, Verdict(approval, avatar.version, note), reviewer)


def kinds(avatar: Avatar) -> list[str]:
    return list(avatar.events.values_list("kind", flat=True))


# Before, after, both, never ----------------------------------------------------------------------
def test_before_nothing_goes_out_for_what_waits_or_is_turned_down(
    calls: list[str], accepted: MakeAvatar, person: MakePerson
) -> None:
    settle(review=ReviewTime.BEFORE)
    waiting, changed, rejected = accepted(), accepted(), accepted()
    reviewer = person(role=Role.REVIEWER)
    assert say(changed, reviewer, Approval.CHANGES, "Too dark")
    assert say(rejected, reviewer, Approval.REJECTED, "Not for us")
    work()
    for avatar, approval in ((waiting, "waiting"), (changed, "changes"), (rejected, "rejected")):
        avatar.refresh_from_db()
        assert (avatar.state, avatar.approval, avatar.attempts) == (State.REVIEW, approval, 0)
    assert calls == []


def test_before_a_yes_sends_it_without_anybodys_click(
    calls: list[str], accepted: MakeAvatar, person: MakePerson
) -> None:
    settle(review=ReviewTime.BEFORE)
    avatar = accepted()
    assert say(avatar, person(role=Role.REVIEWER), Approval.APPROVED)
    work()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.approval) == (State.READY, Approval.APPROVED)
    assert calls == ["POST /v1/avatars"]
    assert kinds(avatar)[:5] == ["uploaded", "approved", "released", "sending", "created"]


def test_what_was_sent_back_is_sent_once_it_is_handed_in_again_and_approved(
    calls: list[str], accepted: MakeAvatar, person: MakePerson
) -> None:
    settle(review=ReviewTime.BEFORE)
    avatar, reviewer = accepted(), person(role=Role.REVIEWER)
    say(avatar, reviewer, Approval.CHANGES, "What is it for?")
    avatar.refresh_from_db()
    assert resubmit(avatar, avatar.owner, "For the lobby")
    work()
    assert calls == []
    say(avatar, reviewer, Approval.APPROVED)
    work()
    assert calls == ["POST /v1/avatars"]


def test_after_it_is_sent_at_once_and_waits_when_it_is_made(
    calls: list[str], accepted: MakeAvatar
) -> None:
    settle(review=ReviewTime.AFTER)
    avatar = accepted()
    work()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.approval) == (State.READY, Approval.WAITING)
    assert len(calls) == 1


def test_with_both_the_team_is_asked_once_more_when_it_is_made(
    calls: list[str], accepted: MakeAvatar, person: MakePerson
) -> None:
    settle(review=ReviewTime.BOTH)
    avatar, reviewer = accepted(), person(role=Role.REVIEWER)
    work()
    assert calls == []
    assert say(avatar, reviewer, Approval.APPROVED)
    seen = Verdict(Approval.APPROVED, 1)
    work()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.approval, len(calls)) == (State.READY, Approval.WAITING, 1)
    assert list(Avatar.objects.review_queue()) == [avatar]
    assert not decide(avatar.pk, seen, reviewer)  # that was about the photo
    assert say(avatar, reviewer, Approval.APPROVED)


def test_never_counts_as_approved_from_the_start_and_the_record_says_by_what(
    calls: list[str], accepted: MakeAvatar
) -> None:
    settle(review=ReviewTime.NEVER)
    avatar = accepted()
    event = Event.objects.get(kind=Kind.APPROVED)
    assert (event.avatar, event.actor, event.actor_name) == (avatar, None, "Greenroom")
    assert "policy" in event.note
    assert kinds(avatar) == ["uploaded", "approved"]
    work()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.approval) == (State.READY, Approval.APPROVED)


def test_what_the_policy_approves_is_told_to_webhooks_and_not_to_who_knows_it(
    accepted: MakeAvatar, person: MakePerson
) -> None:
    settle(review=ReviewTime.NEVER)
    Webhook.objects.create(url="https://example.com/", topics=list(Topic.values))
    accepted()
    topics = list(Delivery.objects.order_by("created_at").values_list("topic", flat=True))
    assert sorted(topics) == [Topic.APPROVED, Topic.CREATED]
    assert not Notice.objects.exists()


def test_of_several_photos_each_is_approved_by_the_policy(person: MakePerson) -> None:
    settle(review=ReviewTime.NEVER)
    wanted = [Wanted(f"Face {number}", "cara-4", prepared()) for number in range(3)]
    made = accepting.accept(owner=person(role=Role.CREATOR), wanted=wanted)
    assert [kinds(avatar) for avatar in made] == [["uploaded", "approved"]] * 3


def test_a_process_that_died_between_the_yes_and_the_sending_is_made_good(
    calls: list[str], accepted: MakeAvatar
) -> None:
    settle(review=ReviewTime.BEFORE)
    avatar = accepted()
    Avatar.objects.filter(pk=avatar.pk).update(approval=Approval.APPROVED)
    work()
    avatar.refresh_from_db()
    assert (avatar.state, calls) == (State.READY, ["POST /v1/avatars"])
    assert avatar.events.get(kind=Kind.RELEASED).actor is None


# Consent -----------------------------------------------------------------------------------------
def test_where_consent_is_required_nothing_goes_out_before_it_is_given_and_then_by_itself(
    calls: list[str], accepted: MakeAvatar, person: MakePerson
) -> None:
    settle(review=ReviewTime.AFTER, consent=True)
    avatar = accepted()
    work()
    assert (calls, avatar.state) == ([], State.REVIEW)
    consents.state_own(avatar, Terms("Anna Berg"), avatar.owner)
    work()
    avatar.refresh_from_db()
    assert (avatar.state, calls) == (State.READY, ["POST /v1/avatars"])


def test_a_photo_that_was_agreed_to_before_does_not_wait(
    calls: list[str], accepted: MakeAvatar
) -> None:
    settle(consent=True)
    first = accepted()
    consents.state_own(first, Terms("Anna Berg"), first.owner)
    assert accepted().state == State.QUEUED


def test_a_refused_consent_keeps_it_here_also_where_none_is_required(
    calls: list[str], accepted: MakeAvatar, person: MakePerson
) -> None:
    settle(review=ReviewTime.BEFORE)
    avatar, reviewer = accepted(), person(role=Role.REVIEWER)
    question = consents.ask(avatar, Terms("Anna Berg"), avatar.owner)
    consents.answer(question, yes=False, who="Anna Berg", valid_until=None)
    assert not say(avatar, reviewer, Approval.APPROVED)
    work()
    assert calls == []


def test_with_both_words_wanted_neither_alone_sends_it(
    calls: list[str], accepted: MakeAvatar, person: MakePerson
) -> None:
    settle(review=ReviewTime.BEFORE, consent=True)
    avatar, reviewer = accepted(), person(role=Role.REVIEWER)
    assert not say(avatar, reviewer, Approval.APPROVED)
    consents.state_own(avatar, Terms("Anna Berg"), avatar.owner)
    work()
    assert calls == []
    assert say(avatar, reviewer, Approval.APPROVED)
    work()
    assert calls == ["POST /v1/avatars"]


# Changing the policy -----------------------------------------------------------------------------
def test_rows_keep_the_rules_under_which_they_came_in(
    calls: list[str], accepted: MakeAvatar
) -> None:
    settle(review=ReviewTime.BEFORE, consent=True)
    strict = accepted()
    settle(review=ReviewTime.NEVER, consent=False)
    free = accepted()
    work()
    for avatar in (strict, free):
        avatar.refresh_from_db()
    assert (strict.state, strict.needs_consent) == (State.REVIEW, True)
    assert (free.state, free.approval) == (State.READY, Approval.APPROVED)
    settle(review=ReviewTime.BEFORE)
    free.refresh_from_db()
    assert (free.review, free.approval) == (ReviewTime.NEVER, Approval.APPROVED)


def test_the_rules_of_a_photo_are_those_that_count_once_its_files_are_written(
    accepted: MakeAvatar, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(review=ReviewTime.NEVER, consent=False)
    written = accepting._write

    def changed_meanwhile(*args: Any) -> None:
        settle(review=ReviewTime.BEFORE, consent=True)
        written(*args)

    monkeypatch.setattr(accepting, "_write", changed_meanwhile)
    avatar = accepted()
    avatar.refresh_from_db()
    assert (avatar.state, avatar.approval) == (State.REVIEW, Approval.WAITING)
    assert (avatar.review, avatar.needs_consent) == (ReviewTime.BEFORE, True)
    assert kinds(avatar) == [Kind.UPLOADED]


def test_a_change_is_on_the_record_with_what_was_before(person: MakePerson) -> None:
    ada = person(role=Role.ADMINISTRATOR)
    assert policy.change(0, {**Policy.current().rules, "review": "before", "month_limit": 5}, ada)
    event = Event.objects.get(kind=Kind.POLICY_CHANGED)
    assert event.actor == ada
    assert event.detail == {
        "before": {"review": "after", "month_limit": None},
        "after": {"review": "before", "month_limit": 5},
    }
    assert Policy.current().version == 1


def test_who_was_second_changes_nothing(person: MakePerson) -> None:
    ada = person(role=Role.ADMINISTRATOR)
    assert policy.change(0, {"four_eyes": True}, ada)
    assert not policy.change(0, {"private": True}, ada)
    assert (Policy.current().four_eyes, Policy.current().private) == (True, False)
    assert Event.objects.filter(kind=Kind.POLICY_CHANGED).count() == 1


def test_what_the_environment_settles_counts_and_stays(
    person: MakePerson, settings: Settings
) -> None:
    settings.POLICY = {"review": "before"}
    assert policy.change(0, {"review": "never", "private": True}, person(role=Role.ADMINISTRATOR))
    assert (Policy.current().review, Policy.current().private) == ("before", True)
    assert Policy.objects.get().review == "after"


# Limits ------------------------------------------------------------------------------------------
def ask(owner: User, photos: int = 1, way: Way = accepting.PAGE) -> list[Avatar]:
    wanted = [Wanted(f"Face {number}", "cara-4", prepared()) for number in range(photos)]
    return accepting.accept(owner=owner, wanted=wanted, way=way)


def test_a_person_makes_no_more_than_the_month_allows_by_page_and_program_together(
    person: MakePerson, rooms: Any
) -> None:
    settle(month_limit=3)
    mia = person(role=Role.CREATOR)
    token = credentials.make(mia, "CI", [Right.CREATE])[0]
    ask(mia, 1)
    ask(mia, 1, Way(token))
    kept = files_in(rooms / "media")
    with pytest.raises(MonthIsFull) as full:
        ask(mia, 2)
    assert (full.value.of, full.value.limit, full.value.left) == ("person", 3, 1)
    assert (Avatar.objects.count(), files_in(rooms / "media")) == (2, kept)
    assert ask(person(role=Role.CREATOR), 3)


def test_a_warning_comes_at_four_fifths_or_where_the_policy_says(person: MakePerson) -> None:
    mia = person(role=Role.CREATOR)
    assert month_of(mia, Policy.current()) is None
    settle(month_limit=5)
    ask(mia, 3)
    calm = month_of(mia, Policy.current())
    assert calm
    assert (calm.made, calm.left, calm.warns) == (3, 2, False)
    settle(month_limit=5, month_warning=3)
    near = month_of(mia, Policy.current())
    assert near
    assert near.warns


def test_what_was_imported_from_the_lab_uses_up_nobodys_month(
    person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    settle(month_limit=1)
    ada = person(role=Role.ADMINISTRATOR)
    ready_avatar(owner=ada).events.create(kind=Kind.IMPORTED, actor=ada)
    assert ask(ada)


@pytest.mark.parametrize(
    ("creators", "lowest"),
    [
        ("creators", Role.CREATOR),
        ("reviewers", Role.REVIEWER),
        ("administrators", Role.ADMINISTRATOR),
    ],
)
def test_the_policy_says_who_makes_avatars(person: MakePerson, creators: str, lowest: Role) -> None:
    settle(creators=creators)
    steps = list(Role)
    for role in steps[1:]:
        if steps.index(role) >= steps.index(lowest):
            assert ask(person(role=role))
        else:
            with pytest.raises(MayNotCreate):
                ask(person(role=role))


# Replies and wordings ----------------------------------------------------------------------------
DRAFT = replies.Draft("Smile", "changes", "framing", "Please smile a little.")


def test_a_better_reply_takes_the_place_of_another_and_both_stay_known(person: MakePerson) -> None:
    ada = person(role=Role.ADMINISTRATOR)
    first = replies.add(DRAFT, ada)
    second = replies.add(
        replies.Draft("Smile", "changes", "framing", "Smile."), ada, instead_of=first.pk
    )
    assert set(Reply.objects.filter(name="Smile")) == {first, second}
    assert list(Reply.objects.offered().filter(name="Smile")) == [second]
    added, replaced = Event.objects.filter(kind=Kind.REPLY_CHANGED)
    assert added.detail["after"]["text"] == "Please smile a little."
    assert replaced.detail == {
        "before": {"text": "Please smile a little."},
        "after": {"text": "Smile."},
    }
    assert replaced.sentence == "changed the reply “Smile”"


def test_a_reply_is_retired_once_and_not_offered_twice(person: MakePerson) -> None:
    ada = person(role=Role.ADMINISTRATOR)
    reply = replies.add(DRAFT, ada)
    with pytest.raises(replies.Offered):
        replies.add(DRAFT, ada)
    assert replies.retire(reply, ada)
    assert not replies.retire(reply, ada)
    with pytest.raises(replies.Retired):
        replies.add(DRAFT, ada, instead_of=reply.pk)
    assert Event.objects.filter(kind=Kind.REPLY_CHANGED).count() == 2


def test_a_refused_reply_leaves_the_one_it_was_for(person: MakePerson) -> None:
    ada = person(role=Role.ADMINISTRATOR)
    smile, look = (
        replies.add(DRAFT, ada),
        replies.add(replies.Draft("Look", *list(vars(DRAFT).values())[1:]), ada),
    )
    with pytest.raises(replies.Offered):
        replies.add(DRAFT, ada, instead_of=look.pk)
    assert {smile, look} <= set(Reply.objects.offered())


def test_a_new_wording_is_the_next_number_and_questions_keep_theirs(
    person: MakePerson, accepted: MakeAvatar
) -> None:
    ada, avatar = person(role=Role.ADMINISTRATOR), accepted()
    asked = consents.ask(avatar, Terms("Anna Berg"), ada)
    made = wordings.renew(1, "I agree.", ada)
    assert made
    assert (made.number, Wording.current()) == (2, made)
    asked.refresh_from_db()
    assert asked.wording.number == 1
    assert consents.ask(avatar, Terms("Anna Berg"), ada).wording == made
    event = Event.objects.get(kind=Kind.WORDING_CHANGED)
    assert (event.actor, event.detail) == (ada, {"before": 1, "after": 2})


def test_on_a_wording_that_is_over_nobody_builds_another(person: MakePerson) -> None:
    ada = person(role=Role.ADMINISTRATOR)
    assert wordings.renew(1, "I agree.", ada)
    assert wordings.renew(1, "I do.", ada) is None
    assert Wording.objects.count() == 2
