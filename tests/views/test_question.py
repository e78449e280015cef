"""/consent/<code>: whoever is shown answers, without an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Consent, Kind, Policy, Standing, State, Wording
from avatars.services import consents
from avatars.services.consents import Terms
from avatars.services.erasing import erase
from avatars.tasks import mail_consent
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson, prepared
from tests.services.test_tasks import planned
from tests.services.told import kinds
from tests.views.outside import question, stranger, tells_nobody, text_of, way_back
from tests.views.test_media import whole

pytestmark = pytest.mark.django_db
TERMS = Terms("Anna Berg", "Welcome films\nin the entrance hall", email="anna@example.com")


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia Maker")


@pytest.fixture
def anna(accepted: MakeAvatar, mia: User) -> Avatar:
    return accepted(owner=mia, display_name="Face for hall three")


@pytest.fixture
def asked(anna: Avatar, mia: User) -> Consent:
    return consents.ask(anna, TERMS, mia)


@pytest.fixture
def visitor() -> Client:
    return stranger()


def yes(**more: Any) -> dict[str, Any]:
    return {"do": "yes", "who": "Anna B.", "length": "open", **more}


def later(**more: Any) -> dict[str, Any]:
    return {"do": "later", **more}


# What they see ------------------------------------------------------------------------------------
def test_they_read_who_asks_for_what_and_in_which_words(
    visitor: Client, asked: Consent, settings: Settings
) -> None:
    settings.ORGANISATION = "Museum of Light"
    response = visitor.get(question(asked))
    text = text_of(response)
    for words in ("Mia Maker of Museum of Light", "Welcome films<br>in the entrance hall"):
        assert words in text
    assert Wording.current().text.split("\n")[0] in text
    assert f"/consent/{asked.code}/photo" in text
    assert tells_nobody(response)


def test_they_see_nothing_of_the_team(visitor: Client, asked: Consent, anna: Avatar) -> None:
    text = text_of(visitor.get(question(asked)))
    for secret in (anna.display_name, str(anna.pk), "anna@example.com", "example.com"):
        assert secret not in text
    assert not re.findall(r'(?:href|action|src)="/(?!static/|consent/)', text)


def test_they_see_the_photo_and_no_other_one(visitor: Client, asked: Consent) -> None:
    response = visitor.get(f"{question(asked)}/photo")
    assert whole(response) == prepared().data
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert tells_nobody(response)


def test_the_words_stay_those_that_they_were_asked_with(visitor: Client, asked: Consent) -> None:
    Wording.objects.create(number=2, text="Everything, for ever")
    text = text_of(visitor.get(question(asked)))
    assert "Everything, for ever" not in text
    assert "version 1" in text


def test_looking_changes_nothing_but_that_it_was_seen(
    visitor: Client, asked: Consent, anna: Avatar
) -> None:
    before = dict(Consent.objects.values().get())
    for _ in range(2):
        visitor.get(f"{question(asked)}?do=yes&who=Anna")
        visitor.head(question(asked))
    after = dict(Consent.objects.values().get())
    assert after["seen_at"]
    assert {**after, "seen_at": None} == before
    assert kinds(anna)[-2:] == [Kind.CONSENT_ASKED, Kind.CONSENT_SEEN]


def test_a_program_that_asks_for_the_head_alone_has_seen_nothing(
    visitor: Client, asked: Consent, anna: Avatar
) -> None:
    assert visitor.head(question(asked)).status_code == 200
    assert Consent.objects.get().seen_at is None
    assert Kind.CONSENT_SEEN not in kinds(anna)


def test_a_member_of_the_team_sees_the_same_page(
    client_of: ClientOf, mia: User, asked: Consent
) -> None:
    text = text_of(client_of(mia).get(question(asked)))
    assert "Gallery" not in text
    assert "May this photo" in text


# Saying yes ---------------------------------------------------------------------------------------
def test_a_yes_counts_and_gives_the_way_back(visitor: Client, asked: Consent, anna: Avatar) -> None:
    response = visitor.post(question(asked), yes(), follow=True)
    text = text_of(response)
    assert response.redirect_chain == [(question(asked), 302)]
    assert "You said yes" in text
    assert f"http://testserver{way_back(asked)}" in text
    assert "until you take it back" in text
    assert tells_nobody(response)
    anna.refresh_from_db()
    assert anna.consent == Standing.GIVEN
    assert Consent.objects.get().who == "Anna B."


def test_a_yes_may_end_on_a_day(visitor: Client, asked: Consent, anna: Avatar) -> None:
    until = timezone.localdate() + timedelta(days=40)
    text = text_of(
        visitor.post(question(asked), yes(length="until", until=str(until)), follow=True)
    )
    assert f"until {until:%-d %B %Y}" in text
    anna.refresh_from_db()
    assert anna.consent_until
    assert anna.consent_until.date() == until


def test_a_date_that_they_did_not_choose_does_not_count(visitor: Client, asked: Consent) -> None:
    until = timezone.localdate() + timedelta(days=40)
    for day in (str(until), "yesterday"):
        visitor.post(question(asked), yes(length="open", until=day))
    assert Consent.objects.get().valid_until is None


def test_a_yes_lets_the_photo_go_on(visitor: Client, mia: User, accepted: MakeAvatar) -> None:
    Policy.objects.update(consent=True)
    waiting = accepted(owner=mia)
    visitor.post(question(consents.ask(waiting, TERMS, mia)), yes())
    waiting.refresh_from_db()
    assert waiting.state == State.QUEUED
    assert planned("send_due").exists()


BAD = [
    {"who": ""},
    {"who": " \u200b"},
    {"who": "x" * 101},
    {"length": "until"},
    {"length": "until", "until": "2020-01-01"},
    {"length": "until", "until": "2999-01-01"},
    {"length": "until", "until": "soon"},
    {"length": "for ever"},
]


@pytest.mark.parametrize("fields", BAD)
def test_a_yes_that_lacks_something_says_what_and_counts_for_nothing(
    visitor: Client, asked: Consent, fields: dict[str, str]
) -> None:
    response = visitor.post(question(asked), yes(**fields))
    assert response.status_code == 422
    assert "errorlist" in text_of(response)
    assert Consent.objects.get().standing == Standing.ASKED


def test_the_way_back_is_mailed_if_the_address_is_known(visitor: Client, asked: Consent) -> None:
    text = text_of(visitor.post(question(asked), yes(), follow=True))
    assert "anna@example.com" in text
    (task,) = planned("mail_consent")
    assert asked.code not in str(task.args_kwargs)
    mail_consent.call(*task.args_kwargs["args"])
    (sent,) = mail.outbox
    assert sent.to == ["anna@example.com"]
    assert f"http://testserver{way_back(asked)}" in sent.body
    assert "Anna" not in sent.body  # nor anything else that somebody typed


# Saying no ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("erase_too", [True, False])
def test_a_no_takes_one_click(
    visitor: Client, asked: Consent, anna: Avatar, erase_too: bool
) -> None:
    form = {"do": "no", "who": "", **({"erase": "on"} if erase_too else {})}
    text = text_of(visitor.post(question(asked), form, follow=True))
    assert "You said no" in text
    assert way_back(asked) in text  # for the day on which somebody signs in their place
    anna.refresh_from_db()
    assert anna.consent == Standing.DENIED
    kept = Consent.objects.get()
    assert (kept.who, kept.wants_erasure) == ("Anna Berg", erase_too)
    assert not planned("mail_consent").exists()


def test_a_no_needs_nothing_of_what_a_yes_needs(visitor: Client, asked: Consent) -> None:
    form = {"do": "no", "who": "x" * 200, "length": "until", "until": "never"}
    assert visitor.post(question(asked), form).status_code == 302
    assert Consent.objects.get().standing == Standing.DENIED


def test_after_a_no_the_photo_is_not_shown_any_more(visitor: Client, asked: Consent) -> None:
    visitor.post(question(asked), {"do": "no"})
    assert visitor.get(f"{question(asked)}/photo").status_code == 410


# Coming back later --------------------------------------------------------------------------------
def test_what_was_filled_in_is_there_again_on_another_machine(
    visitor: Client, asked: Consent
) -> None:
    until = timezone.localdate() + timedelta(days=40)
    form = later(who="Anna B.", length="until", until=str(until), erase="on")
    text = text_of(visitor.post(question(asked), form, follow=True))
    assert "Nothing is agreed yet" in text
    text = text_of(stranger().get(question(asked)))
    assert 'value="Anna B."' in text
    assert f'value="{until}"' in text
    assert re.search(r'value="until"[^>]*checked', text)
    assert re.search(r'name="erase"[^>]*checked', text)
    assert Consent.objects.get().standing == Standing.ASKED


def test_drafts_may_be_anything(visitor: Client, asked: Consent) -> None:
    form = later(who="x" * 200, length="so", until="when")
    assert visitor.post(question(asked), form).status_code == 302
    assert Consent.objects.get().draft == {"who": "", "length": "", "until": "", "erase": False}


@pytest.mark.parametrize("form", [{}, {"do": ""}, {"do": "maybe"}, {"who": "Anna"}])
def test_what_is_no_answer_is_none(visitor: Client, asked: Consent, form: dict[str, str]) -> None:
    """As when somebody presses Enter in a field."""
    assert visitor.post(question(asked), form).status_code == 302
    assert Consent.objects.get().standing == Standing.ASKED


def test_a_page_saves_by_itself_and_is_told_whether_it_did(visitor: Client, asked: Consent) -> None:
    json = {"Accept": "application/json"}
    answer = visitor.post(question(asked), later(who="Anna"), headers=json)
    assert (answer.status_code, answer.json()) == (200, {"kept": True})
    assert Consent.objects.get().draft["who"] == "Anna"
    visitor.post(question(asked), yes())
    answer = visitor.post(question(asked), later(who="Berta"), headers=json)
    assert (answer.status_code, answer.json()) == (410, {"kept": False})
    assert "Berta" not in repr(list(Consent.objects.values()))


# Afterwards ---------------------------------------------------------------------------------------
def test_the_answer_stays_to_be_read_while_the_link_lives(
    visitor: Client, asked: Consent, mia: User
) -> None:
    visitor.post(question(asked), yes())
    assert "You said yes" in text_of(visitor.get(question(asked)))
    assert whole(visitor.get(f"{question(asked)}/photo")) == prepared().data
    # Nobody answers twice.
    text = text_of(visitor.post(question(asked), {"do": "no"}, follow=True))
    assert "What you pressed last did not count" in text
    assert "with the link below you can end it" in text
    assert "did not count" not in text_of(visitor.post(question(asked), yes(), follow=True))
    assert Consent.objects.get().standing == Standing.GIVEN
    consents.withdraw(Consent.objects.get(), by=mia)
    text = text_of(visitor.get(question(asked)))
    assert "You took it back" in text
    assert f'<a href="http://testserver{way_back(asked)}">ask for the photo' in text
    assert visitor.get(f"{question(asked)}/photo").status_code == 410


def test_a_yes_that_has_ended_says_so(visitor: Client, asked: Consent) -> None:
    visitor.post(question(asked), yes())
    Consent.objects.update(valid_until=timezone.now())
    assert "Your consent has ended" in text_of(visitor.get(question(asked)))


def ended(asked: Consent, how: str, by: User) -> None:
    match how:
        case "over":
            Consent.objects.update(link_until=timezone.now())
        case "answered and over":
            consents.answer(asked, yes=True, who="Anna B.")
            Consent.objects.update(link_until=timezone.now())
        case "taken back":
            consents.cancel(asked, by)
        case "erased":
            erase(asked.avatar, by)
        case "being erased":
            Avatar.objects.begin_erasure(asked.avatar_id, timezone.now(), by=by)


ENDS = {
    "over": (410, "This link is over"),
    "answered and over": (410, "This link is over"),
    "taken back": (410, "taken back"),
    "erased": (404, "There is nothing here"),
    "being erased": (404, "There is nothing here"),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_link_that_is_over_says_so_kindly_and_shows_nothing(
    visitor: Client, asked: Consent, mia: User, how: str
) -> None:
    ended(asked, how, mia)
    before = list(Consent.objects.values())
    status, words = ENDS[how]
    for response in (
        visitor.get(question(asked)),
        visitor.post(question(asked), yes()),
        visitor.get(f"{question(asked)}/photo"),
    ):
        assert response.status_code == status
        assert words in text_of(response)
        assert tells_nobody(response)
        for secret in ("Anna", "Mia", "Welcome films", asked.withdrawal_code):
            assert secret not in text_of(response)
    assert list(Consent.objects.values()) == before


def test_a_code_that_never_was_opens_nothing(visitor: Client, asked: Consent) -> None:
    for code in ("x", asked.code[:-1], asked.withdrawal_code, asked.digest, str(asked.pk)):
        response = visitor.get(f"/consent/{code}")
        assert response.status_code == 404
        assert "There is nothing here" in text_of(response)
        assert tells_nobody(response)


def test_a_photo_that_is_lost_is_not_found(visitor: Client, asked: Consent, anna: Avatar) -> None:
    anna.photo.storage.delete(str(anna.photo))
    assert visitor.get(f"{question(asked)}/photo").status_code == 404
    assert visitor.get(question(asked)).status_code == 200


def test_a_body_larger_than_any_answer_is_not_read(visitor: Client, asked: Consent) -> None:
    response = visitor.post(question(asked), yes(who="x" * 30_000))
    assert response.status_code == 413
    assert "too much" in text_of(response)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_there_is_no_other_way_in(visitor: Client, asked: Consent, method: str) -> None:
    assert getattr(visitor, method)(question(asked)).status_code == 405
    assert visitor.post(f"{question(asked)}/photo").status_code == 405


def test_who_agrees_and_wants_it_erased_is_asked_which_of_both(
    visitor: Client, asked: Consent
) -> None:
    response = visitor.post(question(asked), yes(erase="on"))
    assert (response.status_code, "goes with a no" in text_of(response)) == (422, True)
    assert Consent.objects.get().standing == Standing.ASKED


def test_a_yes_after_a_no_is_told_that_the_no_counts_and_offered_nothing_to_end(
    visitor: Client, asked: Consent
) -> None:
    visitor.post(question(asked), {"do": "no"})
    text = text_of(visitor.post(question(asked), yes(), follow=True))
    assert "What you pressed last did not count" in text
    assert "you can end it" not in text
    assert Consent.objects.get().standing == Standing.DENIED
