"""Who is told of what: those whom it concerns, and nobody else."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from avatars.access import visible_to
from avatars.models import (
    CIRCLES,
    Approval,
    Avatar,
    Consent,
    Event,
    How,
    Kind,
    Notice,
    Policy,
    ReviewTime,
    Right,
    Standing,
    State,
    Subject,
    Wording,
    holders,
    who_may_know,
)
from avatars.services import credentials, erasing, photo_calls, record
from avatars.services.consents import Terms
from avatars.services.review import Verdict, decide, resubmit
from dashboard.people.models import User
from dashboard.people.roles import Role, give
from tests.conftest import MakeAvatar, MakePerson, prepared

pytestmark = pytest.mark.django_db

Cast = dict[str, User]


@pytest.fixture
def cast(person: MakePerson) -> Cast:
    """One of each, of whom Mia owns the avatar and Rita has reviewed it."""
    return {
        "Mia": person(role=Role.CREATOR, name="Mia"),
        "Rita": person(role=Role.REVIEWER, name="Rita"),
        "Asta": person(role=Role.REVIEWER, name="Asta"),
        "Olga": person(role=Role.ADMINISTRATOR, name="Olga"),
        "Viktor": person(role=Role.VIEWER, name="Viktor"),
        "Paul": person(role=Role.REVIEWER, name="Paul"),
    }


@pytest.fixture
def anna(cast: Cast, ready_avatar: MakeAvatar) -> Avatar:
    return ready_avatar(owner=cast["Mia"], display_name="Anna", photo_sha256="a" * 64)


def told(event: Event | None = None) -> set[str]:
    notices = Notice.objects.filter(event=event) if event else Notice.objects.all()
    return {notice.person.name for notice in notices.select_related("person")}


def consent_asked_by(avatar: Avatar, person: User | None, how: How = How.LINK) -> Consent:
    return Consent.objects.create(
        avatar=avatar,
        photo_sha256=avatar.photo_sha256,
        how=how,
        wording=Wording.current(),
        asked_by=person,
    )


# Avatars ------------------------------------------------------------------------------------------
OWNER_ALONE = [
    Kind.REFUSED,
    Kind.STOPPED,
    Kind.GONE,
    Kind.BACK,
    Kind.RENAMED,
    Kind.RENAME_REFUSED,
    Kind.REMOVED,
    Kind.RESTORED,
    Kind.ERASURE,
    Kind.APPROVED,
    Kind.CHANGES,
    Kind.REJECTED,
]


@pytest.mark.parametrize("kind", OWNER_ALONE)
def test_what_happens_to_an_avatar_is_told_to_its_owner(
    cast: Cast, anna: Avatar, kind: Kind
) -> None:
    assert told(Event.objects.create(avatar=anna, actor=cast["Rita"], kind=kind)) == {"Mia"}
    assert told(Event.objects.create(avatar=anna, kind=kind)) == {"Mia"}


@pytest.mark.parametrize("kind", OWNER_ALONE)
def test_nobody_is_told_of_what_they_did_themselves(cast: Cast, anna: Avatar, kind: Kind) -> None:
    assert told(Event.objects.create(avatar=anna, actor=cast["Mia"], kind=kind)) == set()


def test_what_concerns_nobody_in_particular_is_told_to_nobody(cast: Cast, anna: Avatar) -> None:
    for kind in set(Kind) - set(CIRCLES):
        Event.objects.create(avatar=anna, kind=kind)
    assert told() == set()


@pytest.mark.parametrize("kind", [Kind.CREATED, Kind.ADOPTED])
def test_who_saw_it_being_made_is_told_nothing(cast: Cast, anna: Avatar, kind: Kind) -> None:
    assert told(Event.objects.create(avatar=anna, kind=kind)) == set()


@pytest.mark.parametrize("kind", [Kind.CREATED, Kind.ADOPTED])
@pytest.mark.parametrize(
    "waited",
    [
        {"review": ReviewTime.BEFORE},
        {"review": ReviewTime.BOTH},
        {"needs_consent": True},
        {"created_at": timezone.now() - timedelta(minutes=20)},
    ],
    ids=str,
)
def test_who_had_to_wait_is_told_that_it_is_ready(
    cast: Cast, ready_avatar: MakeAvatar, kind: Kind, waited: dict[str, Any]
) -> None:
    avatar = ready_avatar(owner=cast["Mia"], **waited)
    assert told(Event.objects.create(avatar=avatar, kind=kind)) == {"Mia"}


def test_a_question_that_only_administrators_can_answer_is_put_to_them(
    cast: Cast, anna: Avatar
) -> None:
    assert told(Event.objects.create(avatar=anna, kind=Kind.SEVERAL)) == {"Olga"}


def test_a_second_look_is_asked_of_the_reviewer_who_decided_last(cast: Cast, anna: Avatar) -> None:
    decide(anna.pk, Verdict(Approval.REJECTED, 0, "no"), cast["Paul"])
    decide(anna.pk, Verdict(Approval.CHANGES, 1, "lighter"), cast["Rita"])
    anna.refresh_from_db()
    resubmit(anna, cast["Mia"])
    assert told(anna.events.get(kind=Kind.RESUBMITTED)) == {"Rita"}


def test_who_reviews_no_more_is_asked_for_no_second_look(cast: Cast, anna: Avatar) -> None:
    decide(anna.pk, Verdict(Approval.CHANGES, 0, "lighter"), cast["Rita"])
    give(cast["Rita"], Role.CREATOR)
    anna.refresh_from_db()
    resubmit(anna, cast["Mia"])
    assert told(anna.events.get(kind=Kind.RESUBMITTED)) == set()


def test_a_photo_by_a_call_is_told_to_who_called_and_once(cast: Cast) -> None:
    call = photo_calls.open_call(
        cast["Mia"], title="Open day", purpose="", model="", places=2, days=7
    )
    terms = Terms(who="Anna Berg", scope="")
    made = photo_calls.take(call, prepared(), terms, advice=[], key="a")
    assert [notice.person for notice in Notice.objects.all()] == [cast["Mia"]]
    assert Notice.objects.get().event.kind == Kind.UPLOADED
    # What the depicted person says later is news again.
    consent_asked_by(made, cast["Rita"])
    assert told(made.events.create(kind=Kind.CONSENT_GIVEN, visitor="Anna Berg")) == {
        "Mia",
        "Rita",
    }


def test_a_photo_of_ones_own_is_told_to_nobody(accepted: MakeAvatar) -> None:
    accepted()
    assert told() == set()


# Consent ------------------------------------------------------------------------------------------
CONSENT = {
    Kind.CONSENT_GIVEN: {"Mia", "Asta"},
    Kind.CONSENT_FILED: {"Mia", "Asta"},
    Kind.CONSENT_DENIED: {"Mia", "Asta"},
    Kind.CONSENT_WITHDRAWN: {"Mia", "Asta", "Olga"},
    Kind.CONSENT_ENDING: {"Mia", "Asta"},
    Kind.CONSENT_EXPIRED: {"Mia", "Asta", "Olga"},
}


@pytest.mark.parametrize("kind", CONSENT)
def test_consent_concerns_the_owner_whoever_asked_and_at_its_end_administrators(
    cast: Cast, anna: Avatar, kind: Kind
) -> None:
    consent_asked_by(anna, cast["Asta"])
    consent_asked_by(anna, None)
    assert told(Event.objects.create(avatar=anna, kind=kind, visitor="Anna")) == CONSENT[kind]


def test_a_no_that_takes_a_face_out_of_use_is_told_to_administrators_too(
    cast: Cast, anna: Avatar
) -> None:
    detail = {"usable": False}
    event = Event.objects.create(avatar=anna, kind=Kind.CONSENT_DENIED, detail=detail)
    assert told(event) == {"Mia", "Olga"}


def test_who_asked_and_reviews_no_more_is_told_nothing(cast: Cast, anna: Avatar) -> None:
    consent_asked_by(anna, cast["Asta"])
    give(cast["Asta"], Role.VIEWER)
    assert told(Event.objects.create(avatar=anna, kind=Kind.CONSENT_GIVEN)) == {"Mia"}


def test_who_administers_no_more_is_told_nothing(cast: Cast, anna: Avatar) -> None:
    give(cast["Olga"], Role.REVIEWER)
    assert told(Event.objects.create(avatar=anna, kind=Kind.CONSENT_WITHDRAWN)) == {"Mia"}


def test_the_owner_of_a_blocked_face_is_told_still(cast: Cast, anna: Avatar) -> None:
    Avatar.objects.update(consent=Standing.WITHDRAWN)
    anna.refresh_from_db()
    assert anna.is_blocked
    assert told(Event.objects.create(avatar=anna, actor=cast["Rita"], kind=Kind.REJECTED)) == {
        "Mia"
    }


# Other things -------------------------------------------------------------------------------------
ABOUT_PEOPLE = [
    Kind.ROLE_CHANGED,
    Kind.REACTIVATED,
    Kind.PASSWORD_CHANGED,
    Kind.EMAIL_CHANGED,
    Kind.NAME_CHANGED,
    Kind.FACTOR_ADDED,
    Kind.FACTOR_REMOVED,
]


@pytest.mark.parametrize("kind", ABOUT_PEOPLE)
def test_what_others_change_about_a_person_is_told_to_that_person(cast: Cast, kind: Kind) -> None:
    viktor = cast["Viktor"]
    about = (Subject.PERSON, viktor.pk, "Viktor")
    assert told(record.write(kind, about, actor=cast["Olga"])) == {"Viktor"}
    assert told(record.write(kind, about)) == {"Viktor"}
    assert told(record.write(kind, about, actor=viktor)) == set()


@pytest.mark.parametrize("kind", [Kind.TOKEN_MADE, Kind.TOKEN_REVOKED])
def test_what_others_do_to_a_token_is_told_to_its_owner(cast: Cast, kind: Kind) -> None:
    token, _ = credentials.make(cast["Mia"], "Kiosk", [Right.READ], by=cast["Olga"])
    about = (Subject.TOKEN, token.pk, "Kiosk")
    assert told(record.write(kind, about, actor=cast["Olga"])) == {"Mia"}
    assert told(record.write(kind, about, actor=cast["Mia"])) == set()


def test_that_a_photo_call_was_closed_is_told_to_who_opened_it(cast: Cast) -> None:
    for closer, told_then in (("Mia", set()), ("Olga", {"Mia"})):
        call = photo_calls.open_call(
            cast["Mia"], title="Open day", purpose="", model="", places=2, days=7
        )
        photo_calls.close(call, cast[closer])
        assert told() == told_then


def test_whoever_is_named_beside_those_concerned_is_told_once(cast: Cast) -> None:
    about = (Subject.PERSON, cast["Viktor"].pk, "Viktor")
    record.write(Kind.ROLE_CHANGED, about, actor=cast["Olga"], tell=[cast["Viktor"], cast["Mia"]])
    assert sorted(notice.person.name for notice in Notice.objects.all()) == ["Mia", "Viktor"]


# Who may not know ---------------------------------------------------------------------------------
def deactivate(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def take_the_role(person: User) -> None:
    person.groups.clear()


@pytest.mark.parametrize("lose", [deactivate, take_the_role])
def test_who_can_open_no_page_is_told_nothing(
    cast: Cast, anna: Avatar, lose: Callable[[User], None]
) -> None:
    lose(cast["Mia"])
    assert told(Event.objects.create(avatar=anna, kind=Kind.APPROVED)) == set()
    about = (Subject.PERSON, cast["Mia"].pk, "Mia")
    assert told(record.write(Kind.PASSWORD_CHANGED, about, tell=[cast["Mia"]])) == set()


@pytest.fixture
def private(settings: Settings) -> None:
    settings.POLICY = {"private": True}


@pytest.mark.usefixtures("private")
def test_a_private_avatar_is_told_to_its_owner_and_to_who_reviews_alone(
    cast: Cast, anna: Avatar
) -> None:
    everybody: Iterable[User] = cast.values()
    event = Event.objects.create(avatar=anna, kind=Kind.PREVIEW)
    Notice.objects.tell(event, everybody)
    assert told(event) == {"Mia", "Rita", "Asta", "Paul", "Olga"}
    Avatar.objects.update(approval=Approval.APPROVED)
    public = Event.objects.create(avatar=Avatar.objects.get(), kind=Kind.PREVIEW)
    Notice.objects.tell(public, everybody)
    assert told(public) == set(cast)


@pytest.mark.parametrize("private_", [True, False])
@pytest.mark.parametrize("approval", [Approval.WAITING, Approval.APPROVED, Approval.REJECTED])
@pytest.mark.parametrize("stock", [True, False])
def test_notices_know_the_same_rule_as_pages(
    cast: Cast, anna: Avatar, settings: Settings, private_: bool, approval: str, stock: bool
) -> None:
    settings.POLICY = {"private": private_}
    Avatar.objects.update(approval=approval, stock=stock)
    anna.refresh_from_db()
    policy = Policy.current()
    rows = Avatar.objects.all()
    expected = {n for n, person in cast.items() if visible_to(person, rows, policy).exists()}
    assert {person.name for person in who_may_know(Event(avatar=anna))} == expected
    assert {n for n, person in cast.items() if policy.shows(anna, person)} == expected


def test_an_erasure_leaves_the_notices_without_words(cast: Cast, anna: Avatar) -> None:
    decide(anna.pk, Verdict(Approval.CHANGES, 0, "The light comes from below."), cast["Rita"])
    anna.refresh_from_db()
    assert erasing.erase(anna, cast["Olga"])
    notes = [notice.event.note for notice in Notice.objects.of(cast["Mia"])]
    assert (notes, anna.state) == (["", ""], State.REMOVED)


def test_reviewers_are_those_who_may_and_can(person: MakePerson) -> None:
    known = [person(role=role) for role in (Role.REVIEWER, Role.ADMINISTRATOR)]
    person(role=Role.CREATOR)
    gone = person(role=Role.REVIEWER)
    gone.is_active = False
    gone.save()
    assert set(holders("avatars.review_avatar")) == set(known)
