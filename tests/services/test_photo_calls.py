"""Photo calls: a link by which so many people each send one photo, and no more."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from avatars.models import (
    Approval,
    Avatar,
    Consent,
    Event,
    How,
    Kind,
    Notice,
    PhotoCall,
    Policy,
    Standing,
    State,
    Wish,
    Wording,
)
from avatars.services import accept, photo_calls
from avatars.services.accept import CallIsOver
from avatars.services.consents import Terms
from avatars.services.wishes import OtherContent, StillRunning
from dashboard.people.membership import deactivate
from dashboard.people.models import User
from dashboard.people.roles import Role, give
from tests.conftest import MakePerson, at_once, prepared
from tests.rules import settle
from tests.services.told import kinds

pytestmark = pytest.mark.django_db
ANNA = Terms("Anna Berg", "Intranet", email="anna@example.com")


@pytest.fixture
def mia(person: MakePerson, wording: Wording) -> User:
    return person(role=Role.CREATOR, name="Mia Maker")


def opened(by: User, **fields: Any) -> PhotoCall:
    defaults = {"title": "New faces", "purpose": "Intranet", "model": "cara-3"}
    return photo_calls.open_call(by, **{**defaults, "places": 5, "days": 7, **fields})


def send(call: PhotoCall, terms: Terms = ANNA, key: str = "") -> Avatar:
    key = key or uuid4().hex
    return photo_calls.take(call, prepared(), terms, advice=[], key=key)


def test_a_call_is_on_the_record_and_found_by_its_code_alone(mia: User) -> None:
    call = opened(mia)
    assert photo_calls.find(call.code) == call
    assert photo_calls.find(call.code[:-1]) is None
    assert call.code not in repr(list(PhotoCall.objects.values()))
    event = Event.objects.get(kind=Kind.CALL_OPENED)
    assert (event.actor, event.subject_id, event.subject_name) == (mia, str(call.pk), "New faces")


def test_the_same_form_twice_opens_one_call(mia: User, person: MakePerson) -> None:
    assert opened(mia, wish="w") == opened(mia, wish="w")
    assert opened(mia, wish="w") != opened(person(role=Role.CREATOR), wish="w")
    assert Event.objects.filter(kind=Kind.CALL_OPENED).count() == 2


def test_a_photo_comes_in_with_its_consent_and_waits_for_a_reviewer(mia: User) -> None:
    call = opened(mia)
    until = timezone.now() + timedelta(days=30)
    avatar = send(call, Terms("Anna Berg", "Intranet", until, "anna@example.com"))
    assert (avatar.owner, avatar.display_name, avatar.model) == (mia, "Anna Berg", "cara-3")
    assert (avatar.state, avatar.approval) == (State.REVIEW, Approval.WAITING)
    assert avatar in Avatar.objects.review_queue()
    avatar.refresh_from_db()
    assert (avatar.consent, avatar.consent_until) == (Standing.GIVEN, until)
    kept = Consent.objects.get()
    assert (kept.how, kept.who, kept.scope) == (How.CALL, "Anna Berg", "Intranet")
    assert [(e.kind, e.actor, e.visitor) for e in avatar.events.all()] == [
        (Kind.UPLOADED, None, "Anna Berg"),
        (Kind.CONSENT_GIVEN, None, "Anna Berg"),
    ]
    assert mia.pk in Notice.objects.values_list("person", flat=True)


@pytest.mark.parametrize("review", ["after", "never", "before", "both"])
def test_nothing_that_strangers_send_goes_to_anam_before_somebody_has_seen_it(
    mia: User, review: str
) -> None:
    Policy.objects.update_or_create(pk=1, defaults={"review": review})
    avatar = send(opened(mia))
    assert (avatar.state, avatar.approval) == (State.REVIEW, Approval.WAITING)
    assert not Avatar.objects.due(timezone.now()).exists()


def test_a_short_name_is_made_longer_by_what_the_call_is_for(mia: User) -> None:
    assert send(opened(mia), Terms("Jo")).display_name == "Jo, New faces"
    assert len(send(opened(mia, title="x" * 100), Terms("Jo")).display_name) == 50
    assert len(send(opened(mia), Terms("A" * 100)).display_name) == 50


def test_a_double_click_sends_one_photo_and_takes_one_place(mia: User) -> None:
    call = opened(mia, places=1)
    first = send(call, key="k")
    call.refresh_from_db()
    assert call.is_over == "full"
    assert send(call, key="k") == first  # also by whoever was the last
    assert (Avatar.objects.count(), Consent.objects.count()) == (1, 1)
    with pytest.raises(OtherContent):
        send(call, Terms("Berta"), key="k")


def test_equal_keys_of_two_calls_have_nothing_to_do_with_each_other(mia: User) -> None:
    assert send(opened(mia), key="k") != send(opened(mia), key="k")


def test_a_full_call_takes_no_more(mia: User) -> None:
    call = opened(mia, places=2)
    send(call)
    send(call)
    with pytest.raises(CallIsOver):
        send(call)
    assert Avatar.objects.count() == 2
    assert not Wish.objects.filter(done_at=None).exists()


def test_a_call_that_is_over_takes_no_more(mia: User, person: MakePerson) -> None:
    closed, late, gone = opened(mia), opened(mia), opened(person(role=Role.CREATOR))
    assert photo_calls.close(closed, mia)
    assert not photo_calls.close(closed, mia)
    PhotoCall.objects.filter(pk=late.pk).update(until=timezone.now())
    give(gone.made_by, Role.VIEWER)
    reasons = []
    for call in (closed, late, gone):
        fresh = PhotoCall.objects.get(pk=call.pk)
        reasons.append(fresh.is_over)
        with pytest.raises(CallIsOver):
            send(fresh)
    assert reasons == ["closed", "over", "of somebody who makes no avatars any more"]
    assert not Avatar.objects.exists()
    assert not photo_calls.close(late, mia)


def test_a_call_ends_with_its_maker(mia: User, person: MakePerson) -> None:
    call = opened(mia)
    deactivate(mia, by=person(role=Role.ADMINISTRATOR))
    assert PhotoCall.objects.get().is_over
    with pytest.raises(CallIsOver):
        send(PhotoCall.objects.get(pk=call.pk))


def test_a_call_rests_while_the_policy_leaves_making_avatars_to_others(
    mia: User, person: MakePerson
) -> None:
    mias, theirs = opened(mia), opened(person(role=Role.ADMINISTRATOR))
    settle(creators="administrators")
    assert mias.is_over == "of somebody who makes no avatars any more"
    assert theirs.is_over == ""
    with pytest.raises(CallIsOver):
        send(mias)
    assert send(theirs)
    settle(creators="creators")
    assert send(mias)


def test_a_policy_or_a_role_that_changes_while_the_photo_is_written_counts(
    mia: User, person: MakePerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = accept._write
    changes = [partial(settle, creators="reviewers"), partial(give, mia, Role.VIEWER)]

    def changed_meanwhile(*args: Any) -> None:
        changes.pop()()
        written(*args)

    monkeypatch.setattr(accept, "_write", changed_meanwhile)
    for _ in range(2):
        with pytest.raises(CallIsOver):
            send(opened(mia))
        give(mia, Role.CREATOR)
    assert not Avatar.objects.exists()


def test_photos_of_a_call_have_a_limit_of_their_own(mia: User) -> None:
    Policy.objects.update_or_create(pk=1, defaults={"month_limit": 1})
    call = opened(mia)
    assert send(call) != send(call)


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once(mia: User) -> None:
    call = opened(mia, places=3)
    answers = at_once(partial(send, call), times=6)
    assert sorted(type(a).__name__ for a in answers) == ["Avatar"] * 3 + ["CallIsOver"] * 3
    call.refresh_from_db()
    assert (call.taken, Avatar.objects.count(), Consent.objects.count()) == (3, 3, 3)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_at_once_is_one_photo(mia: User) -> None:
    call = opened(mia)
    answers = at_once(partial(send, call, key="k"), times=4)
    avatars = {a.pk for a in answers if isinstance(a, Avatar)}
    others = [a for a in answers if not isinstance(a, Avatar | StillRunning)]
    assert (len(avatars), others) == (1, [])
    call.refresh_from_db()
    assert (call.taken, kinds(Avatar.objects.get()).count(Kind.UPLOADED)) == (1, 1)
