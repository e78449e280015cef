"""/withdraw/<code>: whoever agreed takes it back."""

import pytest
from django.test import Client
from django.utils import timezone

from avatars.models import Avatar, Consent, Kind, Standing
from avatars.services import consents
from avatars.services.consents import Terms
from avatars.services.erasing import erase
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, prepared
from tests.services.told import kinds
from tests.views.outside import question, stranger, tells_nobody, text_of, way_back
from tests.views.test_media import whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia Maker")


@pytest.fixture
def anna(accepted: MakeAvatar, mia: User) -> Avatar:
    return accepted(owner=mia, display_name="Face for hall three")


@pytest.fixture
def given(anna: Avatar, mia: User) -> Consent:
    asked = consents.ask(anna, Terms("Anna", "Films", email="anna@example.com"), mia)
    assert consents.answer(asked, yes=True, who="Anna Berg")
    return Consent.objects.get()


@pytest.fixture
def visitor() -> Client:
    return stranger()


def test_they_read_what_they_agreed_to(visitor: Client, given: Consent, anna: Avatar) -> None:
    response = visitor.get(way_back(given))
    text = text_of(response)
    for words in ("Anna Berg", "Films", "version 1", "Take my consent back"):
        assert words in text
    for secret in (anna.display_name, str(anna.pk), given.code, "anna@example.com"):
        assert secret not in text
    assert whole(visitor.get(f"{way_back(given)}/photo")) == prepared().data
    assert tells_nobody(response)


def test_looking_takes_nothing_back(visitor: Client, given: Consent) -> None:
    before = Consent.objects.values().get()
    visitor.get(f"{way_back(given)}?erase=yes")
    visitor.head(way_back(given))
    assert Consent.objects.values().get() == before


def test_one_button_takes_it_back(visitor: Client, given: Consent, anna: Avatar) -> None:
    response = visitor.post(way_back(given), follow=True)
    text = text_of(response)
    assert response.redirect_chain == [(way_back(given), 302)]
    assert "Your consent is taken back" in text
    assert "Shall it be erased, too?" in text
    assert tells_nobody(response)
    anna.refresh_from_db()
    assert anna.consent == Standing.WITHDRAWN
    event = anna.events.get(kind=Kind.CONSENT_WITHDRAWN)
    assert (event.actor, event.visitor) == (None, "Anna Berg")
    assert visitor.get(f"{way_back(given)}/photo").status_code == 404


def test_they_may_want_everything_erased_at_once(
    visitor: Client, given: Consent, anna: Avatar
) -> None:
    text = text_of(visitor.post(way_back(given), {"erase": "yes"}, follow=True))
    assert "was told that you want the photo and the avatar erased" in text
    told = [Kind.CONSENT_WITHDRAWN, Kind.RECALLED, Kind.ERASURE_WISHED]
    assert kinds(anna)[-3:] == told


def test_or_later_and_once(visitor: Client, given: Consent, anna: Avatar) -> None:
    for _ in range(2):
        visitor.post(way_back(given))
    assert not Consent.objects.get().wants_erasure
    for _ in range(2):
        text = text_of(visitor.post(way_back(given), {"erase": "yes"}, follow=True))
        assert "was told that you want" in text
    assert kinds(anna).count(Kind.ERASURE_WISHED) == kinds(anna).count(Kind.CONSENT_WITHDRAWN) == 1


def test_a_consent_that_ended_by_itself_can_still_lead_to_erasing(
    visitor: Client, given: Consent, anna: Avatar
) -> None:
    Consent.objects.update(valid_until=timezone.now(), standing=Standing.EXPIRED)
    assert "Your consent has ended" in text_of(visitor.get(way_back(given)))
    assert "was told" in text_of(visitor.post(way_back(given), {"erase": "yes"}, follow=True))
    assert kinds(anna)[-1] == Kind.ERASURE_WISHED


def test_it_outlives_the_link_of_the_question(visitor: Client, given: Consent) -> None:
    Consent.objects.update(link_until=timezone.now())
    assert visitor.get(question(given)).status_code == 410
    assert visitor.get(way_back(given)).status_code == 200


def test_after_erasing_it_opens_nothing(visitor: Client, given: Consent, mia: User) -> None:
    erase(given.avatar, mia)
    for response in (visitor.get(way_back(given)), visitor.post(way_back(given))):
        assert response.status_code == 404
        assert tells_nobody(response)


def test_a_code_of_another_purpose_opens_nothing(visitor: Client, given: Consent) -> None:
    for code in ("x", given.code, given.withdrawal_digest, str(given.pk)):
        assert visitor.get(f"/withdraw/{code}").status_code == 404
        assert visitor.post(f"/withdraw/{code}").status_code == 404
        assert visitor.get(f"/withdraw/{code}/photo").status_code == 404
    assert Consent.objects.get().standing == Standing.GIVEN


def test_a_body_larger_than_a_button_is_not_read(visitor: Client, given: Consent) -> None:
    assert visitor.post(way_back(given), {"erase": "x" * 30_000}).status_code == 413
    assert Consent.objects.get().standing == Standing.GIVEN


def filed(avatar: Avatar, by: User) -> None:
    consents.put_on_file(avatar, Terms("Anna", "Films"), by, data=b"signed", extension=".pdf")


@pytest.mark.parametrize("over", ["withdrawn", "expired"])
def test_an_old_link_ends_also_what_was_put_on_record_since(
    visitor: Client, given: Consent, anna: Avatar, mia: User, over: str
) -> None:
    if over == "withdrawn":
        visitor.post(way_back(given))
    else:
        Consent.objects.update(valid_until=timezone.now(), standing=Standing.EXPIRED)
    filed(anna, mia)
    text = text_of(visitor.get(way_back(given)))
    assert "another consent to this photo on record" in text
    assert "out of use. No page" in text
    assert whole(visitor.get(f"{way_back(given)}/photo")) == prepared().data
    text = text_of(visitor.post(way_back(given), {"erase": "yes"}, follow=True))
    assert "was told that you want" in text
    anna.refresh_from_db()
    assert anna.consent == Standing.WITHDRAWN
    assert not Consent.objects.filter(standing=Standing.GIVEN).exists()
    assert {Kind.CONSENT_WITHDRAWN, Kind.ERASURE_WISHED} <= set(kinds(anna))


def test_who_said_no_reads_that_it_is_used_again_and_ends_it(
    visitor: Client, anna: Avatar, mia: User
) -> None:
    asked = consents.ask(anna, Terms("Anna", "Films"), mia)
    text = text_of(visitor.post(question(asked), {"do": "no"}, follow=True))
    assert "The photo is not used" in text
    assert way_back(asked) in text
    filed(anna, mia)
    assert "The photo is in use again" in text_of(visitor.get(question(asked)))
    visitor.post(way_back(asked))
    anna.refresh_from_db()
    assert anna.consent == Standing.WITHDRAWN
    assert "out of use" in text_of(visitor.get(way_back(asked)))
