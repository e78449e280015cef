"""Consent that comes with a photo call: a stranger's word, which counts for what they sent in."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from avatars.models import (
    Approval,
    Avatar,
    Consent,
    How,
    Kind,
    PhotoCall,
    Standing,
    State,
    Wording,
    is_usable,
)
from avatars.services import consents, erasing, photo_calls
from avatars.services.consents import Terms
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, prepared
from tests.rules import settle
from tests.services.told import kinds

pytestmark = pytest.mark.django_db
ANNA, MALLORY = Terms("Anna Berg", "Films"), Terms("Mallory", "Films")


@pytest.fixture
def mia(person: MakePerson, wording: Wording) -> User:
    return person(role=Role.CREATOR)


@pytest.fixture
def anna(accepted: MakeAvatar, mia: User) -> Avatar:
    return accepted(owner=mia)


@pytest.fixture
def call(person: MakePerson) -> PhotoCall:
    """A colleague's, for something else."""
    ben = person(role=Role.CREATOR)
    return photo_calls.open_call(
        ben, title="Faces", purpose="Films", model="cara-4", places=9, days=9
    )


def send_in(call: PhotoCall, terms: Terms = MALLORY) -> Avatar:
    """The very photo of which Anna's avatar was made."""
    return photo_calls.take(call, prepared(), terms, advice=[], key=uuid4().hex)


def sent_by(avatar: Avatar) -> Consent:
    return avatar.consents.get(how=How.CALL)


def says(avatar: Avatar, by: User, *, yes: bool) -> Consent:
    """Anna's own word, by a link."""
    asked = consents.ask(avatar, ANNA, by)
    assert consents.answer(asked, yes=yes, who="Anna Berg")
    return asked


def standing(avatar: Avatar) -> str:
    avatar.refresh_from_db()
    return avatar.consent


def test_the_yes_counts_for_what_they_sent_in_and_for_nothing_else(
    anna: Avatar, call: PhotoCall
) -> None:
    sent = send_in(call)
    assert (standing(sent), standing(anna)) == (Standing.GIVEN, Standing.NONE)


def test_what_waits_for_somebody_elses_yes_goes_on_waiting(
    accepted: MakeAvatar, mia: User, call: PhotoCall
) -> None:
    settle(consent=True, review="after")
    waiting = accepted(owner=mia)
    send_in(call)
    assert (standing(waiting), waiting.state) == (Standing.NONE, State.REVIEW)


@pytest.mark.parametrize("said", ["no", "withdrawn"])
def test_no_stranger_turns_a_no_into_a_yes(
    anna: Avatar, mia: User, call: PhotoCall, said: str
) -> None:
    question = says(anna, mia, yes=said == "withdrawn")
    if said == "withdrawn":
        consents.withdraw(Consent.objects.get(pk=question.pk))
    before = standing(anna)
    sent = send_in(call)
    assert standing(anna) == standing(sent) == before
    assert sent.is_blocked


def test_no_stranger_takes_back_what_somebody_else_agreed_to(
    anna: Avatar, mia: User, call: PhotoCall
) -> None:
    says(anna, mia, yes=True)
    sent = send_in(call)
    assert consents.withdraw(sent_by(sent))
    assert (standing(anna), standing(sent)) == (Standing.GIVEN, Standing.WITHDRAWN)
    assert not consents.withdraw(sent_by(sent))


def test_where_nobody_agreed_a_no_counts_for_every_avatar_of_the_photo(
    anna: Avatar, call: PhotoCall
) -> None:
    sent = send_in(call)
    consents.withdraw(sent_by(sent))
    assert standing(anna) == standing(sent) == Standing.WITHDRAWN


def test_a_signature_afterwards_brings_it_back_and_they_can_end_that_too(
    anna: Avatar, mia: User, call: PhotoCall
) -> None:
    sent = send_in(call)
    consents.withdraw(sent_by(sent))
    consents.put_on_file(anna, ANNA, mia, data=b"signed", extension=".pdf")
    assert standing(sent) == standing(anna) == Standing.GIVEN
    assert consents.withdraw(sent_by(sent))
    assert (standing(sent), standing(anna)) == (Standing.WITHDRAWN, Standing.GIVEN)


def test_the_end_of_a_strangers_consent_ends_what_they_sent_in_alone(
    anna: Avatar, call: PhotoCall
) -> None:
    sent = send_in(call, Terms("Anna", "Films", valid_until=timezone.now() + timedelta(hours=1)))
    Consent.objects.update(valid_until=timezone.now())
    Avatar.objects.filter(pk=sent.pk).update(consent_until=timezone.now())
    sent.refresh_from_db()
    assert sent.is_blocked
    assert standing(anna) == Standing.NONE


@pytest.mark.parametrize("taken_back", [False, True])
def test_what_a_stranger_said_is_not_handed_on_as_somebody_elses_word(
    anna: Avatar, mia: User, call: PhotoCall, taken_back: bool
) -> None:
    Avatar.objects.filter(pk=anna.pk).update(
        state=State.READY, approval=Approval.APPROVED, upstream_id="a"
    )
    says(anna, mia, yes=True)
    sent = send_in(call)
    if taken_back:
        consents.withdraw(sent_by(sent))
    erasing.erase(sent, call.made_by)
    consents.put_on_file(anna, ANNA, mia, data=b"signed", extension=".pdf")  # sums up anew
    assert standing(anna) == Standing.GIVEN
    assert is_usable(anna)
    assert not anna.consents.filter(how=How.CALL).exists()


def test_a_no_outlives_the_avatar_that_it_came_with(anna: Avatar, call: PhotoCall) -> None:
    sent = send_in(call)
    consents.withdraw(sent_by(sent))
    erasing.erase(sent, call.made_by)
    assert standing(anna) == Standing.WITHDRAWN
    assert sent_by(anna).standing == Standing.WITHDRAWN


def test_the_record_of_another_avatar_hears_of_it_only_where_it_counts(
    anna: Avatar, call: PhotoCall
) -> None:
    sent = send_in(call)
    assert Kind.CONSENT_GIVEN in kinds(sent)
    assert Kind.CONSENT_GIVEN not in kinds(anna)
    consents.withdraw(sent_by(sent))
    assert anna.events.get(kind=Kind.CONSENT_WITHDRAWN).visitor == "Somebody"


def test_who_was_asked_for_a_colleagues_avatar_is_not_named_in_the_record_of_another_one(
    anna: Avatar, mia: User, accepted: MakeAvatar, person: MakePerson
) -> None:
    bens, another = accepted(owner=person(role=Role.CREATOR)), accepted(owner=mia)
    says(anna, mia, yes=True)
    named = {
        avatar: avatar.events.get(kind=Kind.CONSENT_GIVEN).visitor
        for avatar in (anna, bens, another)
    }
    assert named == {anna: "Anna Berg", another: "Anna Berg", bens: "Somebody"}
