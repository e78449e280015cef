"""The team's page about consent: what it shows, and who may change what."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Consent, How, Kind, Policy, Standing, State, Wording
from avatars.services import consents
from avatars.services.consents import Terms
from avatars.services.erasing import erase
from avatars.tasks import mail_consent
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson
from tests.photos import pictures
from tests.services.post_office import open_office
from tests.services.test_tasks import planned

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ASK = {"who": "Anna Berg", "scope": "Intranet films", "email": "", "wish": "w-1"}


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia Maker")


@pytest.fixture
def anna(accepted: MakeAvatar, mia: User) -> Avatar:
    return accepted(owner=mia, display_name="Anna Berg", purpose="Welcome films")


@pytest.fixture
def room(client_of: ClientOf, mia: User) -> Client:
    return client_of(mia)


def door(avatar: Avatar, what: str = "") -> str:
    return f"/avatars/{avatar.pk}/consent{what}"


def deed(avatar: Avatar, consent: Consent, what: str) -> str:
    return f"/avatars/{avatar.pk}/consents/{consent.pk}/{what}"


def signed(data: bytes = PDF, name: str = "form.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="text/html")


def text_of(response: Any) -> str:
    return str(response.content.decode())


# Who may ------------------------------------------------------------------------------------------
def test_everybody_who_sees_the_avatar_sees_how_it_stands(
    client_of: ClientOf, anna: Avatar, mia: User
) -> None:
    asked = consents.ask(anna, Terms("Anna Berg", "Films", email="anna@example.com"), mia)
    viewer = text_of(client_of(Role.VIEWER).get(door(anna)))
    assert "Consent asked for" in viewer
    assert "Anna Berg" in viewer
    for secret in (asked.code, "anna@example.com", "Make the link", "Take the question back"):
        assert secret not in viewer
        assert secret in text_of(client_of(mia).get(door(anna)))
        assert secret in text_of(client_of(Role.REVIEWER).get(door(anna)))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CREATOR])
def test_only_its_maker_and_reviewers_change_anything(
    client_of: ClientOf, anna: Avatar, mia: User, role: Role
) -> None:
    asked = consents.ask(anna, Terms("Anna"), mia)
    given = consents.put_on_file(anna, Terms("Anna"), mia, data=PDF, extension=".pdf")
    before = list(Consent.objects.values())
    browser = client_of(role)
    for form in ("/ask", "/own", "/file"):
        data = {**ASK, "file": signed()}
        assert browser.post(door(anna, form), data).status_code == 403
    assert browser.post(deed(anna, asked, "cancel")).status_code == 403
    assert browser.post(deed(anna, given, "withdrawn")).status_code == 403
    assert browser.get(door(anna, "/form")).status_code == 403
    assert browser.get(deed(anna, given, "file")).status_code == 403
    assert list(Consent.objects.values()) == before


def test_an_avatar_that_the_policy_keeps_private_has_no_consent_for_others(
    client_of: ClientOf, anna: Avatar
) -> None:
    Policy.objects.update(private=True)
    assert client_of(Role.CREATOR).get(door(anna)).status_code == 404
    assert client_of(Role.REVIEWER).get(door(anna)).status_code == 200


def test_anams_stock_asks_nobody(client_of: ClientOf, ready_avatar: MakeAvatar) -> None:
    assert client_of(Role.ADMINISTRATOR).get(door(ready_avatar(stock=True))).status_code == 404


def test_an_avatar_without_a_photo_of_ours_says_why_nobody_can_be_asked(
    client_of: ClientOf, ready_avatar: MakeAvatar
) -> None:
    imported = ready_avatar()
    browser = client_of(Role.ADMINISTRATOR)
    assert "not made from a photo here" in text_of(browser.get(door(imported)))
    assert browser.post(door(imported, "/ask"), ASK).status_code == 403


def test_of_an_erased_one_there_is_no_consent(room: Client, anna: Avatar, mia: User) -> None:
    erase(anna, mia)
    assert room.get(door(anna))["Location"] == anna.get_absolute_url()
    assert room.post(door(anna, "/ask"), ASK).status_code == 403


def test_a_consent_is_changed_through_avatars_of_its_photo_alone(
    client_of: ClientOf, anna: Avatar, mia: User, ready_avatar: MakeAvatar
) -> None:
    given = consents.state_own(anna, Terms("Anna"), mia)
    other = ready_avatar(owner=mia, photo="p", photo_sha256="b" * 64)
    browser = client_of(mia)
    assert browser.post(deed(other, given, "withdrawn")).status_code == 404
    assert browser.get(deed(other, given, "file")).status_code == 404
    assert Consent.objects.get().standing == Standing.GIVEN


def test_the_secrets_of_a_colleagues_avatar_stay_theirs_though_the_photo_is_the_same(
    client_of: ClientOf, anna: Avatar, mia: User, accepted: MakeAvatar, person: MakePerson
) -> None:
    ben = person(role=Role.CREATOR)
    twin = accepted(owner=ben)
    terms = Terms("Anna Berg", email="anna@example.com")
    asked = consents.ask(anna, terms, mia)
    filed = consents.put_on_file(anna, terms, mia, data=PDF, extension=".pdf")
    browser = client_of(ben)
    text = text_of(browser.get(f"{door(twin)}?again={asked.pk}"))
    assert "Anna Berg" in text
    assert asked.code not in text
    assert "anna@example.com" not in text
    assert browser.get(deed(twin, filed, "file")).status_code == 403
    assert browser.post(deed(twin, asked, "cancel")).status_code == 403
    # Nor does a copy of its picture take their avatar out of use.
    assert browser.post(deed(twin, filed, "withdrawn")).status_code == 403
    assert {a.consent for a in Avatar.objects.all()} == {Standing.GIVEN}


# Asking by a link ---------------------------------------------------------------------------------
def test_asking_gives_a_link_that_can_be_seen_again(room: Client, anna: Avatar) -> None:
    assert 'rows="3" maxlength="2000"' in text_of(room.get(door(anna)))
    assert "Welcome films" in text_of(room.get(door(anna)))
    response = room.post(door(anna, "/ask"), ASK, follow=True)
    asked = Consent.objects.get()
    for text in (text_of(response), text_of(room.get(door(anna)))):
        assert f"http://testserver/consent/{asked.code}" in text
        assert "Pass it on to them" in text
    assert room.post(door(anna, "/ask"), ASK).status_code == 302
    assert Consent.objects.count() == 1  # a double click


@pytest.mark.parametrize("missing", ["who", "scope"])
def test_a_question_without_a_name_or_a_use_is_not_asked(
    room: Client, anna: Avatar, missing: str
) -> None:
    response = room.post(door(anna, "/ask"), {**ASK, missing: " \u200b "})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in text_of(response)
    assert not Consent.objects.exists()


def test_the_link_is_mailed_after_the_request_and_the_page_says_so(
    room: Client, anna: Avatar
) -> None:
    response = room.post(door(anna, "/ask"), {**ASK, "email": "anna@example.com"}, follow=True)
    assert "being mailed to anna@example.com" in text_of(response)
    assert mail.outbox == []
    (task,) = planned("mail_consent")
    assert not re.search(r"[\w-]{43}", str(task.args_kwargs))  # no code in it
    mail_consent.call(*task.args_kwargs["args"])
    (sent,) = mail.outbox
    asked = Consent.objects.get()
    assert sent.to == ["anna@example.com"]
    assert f"http://testserver/consent/{asked.code}" in sent.body
    assert "Mia Maker of the team at testserver asks" in sent.body
    assert "It was mailed to anna@example.com" in text_of(room.get(door(anna)))


def test_a_mail_that_fails_is_told_with_the_link_to_pass_on(
    room: Client, anna: Avatar, settings: Settings
) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }
    room.post(door(anna, "/ask"), {**ASK, "email": "anna@example.com"})
    mail_consent.call(*planned("mail_consent")[0].args_kwargs["args"])
    text = text_of(room.get(door(anna)))
    assert "did not go out" in text
    assert f"/consent/{Consent.objects.get().code}" in text


def test_an_address_that_is_refused_stands_on_the_page_and_in_no_log(
    room: Client, anna: Avatar, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    room.post(door(anna, "/ask"), {**ASK, "email": "anna@example.com"})
    with open_office() as office:
        settings.MAILERS = {"default": office.mailer}
        office.answers["RCPT"] = "550 nobody"
        mail_consent.call(*planned("mail_consent")[0].args_kwargs["args"])
    assert "The mail to anna@example.com did not go out" in text_of(room.get(door(anna)))
    assert "did not go out: SMTPRecipientsRefused" in caplog.text
    assert "anna@example.com" not in caplog.text


def test_without_mail_nothing_is_mailed_and_the_page_says_so(
    room: Client, anna: Avatar, settings: Settings
) -> None:
    settings.MAILERS = {}
    text = text_of(room.post(door(anna, "/ask"), {**ASK, "email": "a@example.com"}, follow=True))
    assert not planned("mail_consent").exists()
    assert "pass it on yourself" in text


def test_a_question_taken_back_before_its_mail_went_is_not_mailed(
    room: Client, anna: Avatar
) -> None:
    room.post(door(anna, "/ask"), {**ASK, "email": "anna@example.com"})
    assert room.post(deed(anna, Consent.objects.get(), "cancel")).status_code == 302
    mail_consent.call(*planned("mail_consent")[0].args_kwargs["args"])
    assert mail.outbox == []


def test_a_question_is_taken_back_and_asked_again(room: Client, anna: Avatar) -> None:
    room.post(door(anna, "/ask"), {**ASK, "email": "anna@example.com"})
    asked = Consent.objects.get()
    text = text_of(room.post(deed(anna, asked, "cancel"), follow=True))
    assert "taken back" in text
    assert asked.code not in text
    assert f"?again={asked.pk}" in text
    text = text_of(room.get(f"{door(anna)}?again={asked.pk}"))
    assert 'value="Anna Berg"' in text
    assert 'value="anna@example.com"' in text
    assert "Intranet films" in text
    assert "meanwhile" in text_of(room.post(deed(anna, asked, "cancel"), follow=True))


@pytest.mark.parametrize("again", ["x", "00000000-0000-4000-8000-000000000000", "%00"])
def test_a_question_that_never_was_is_not_asked_again(
    room: Client, anna: Avatar, again: str
) -> None:
    assert room.get(f"{door(anna)}?again={again}").status_code == 200


# Other ways ---------------------------------------------------------------------------------------
def test_their_own_face_needs_one_button(room: Client, anna: Avatar, mia: User) -> None:
    Policy.objects.update(consent=True)
    Avatar.objects.update(needs_consent=True, state=State.REVIEW)
    assert 'value="Mia Maker"' in text_of(room.get(door(anna)))
    own = {"who": "Mia Maker", "scope": "Films", "until": "", "wish": "w"}
    text = text_of(room.post(door(anna, "/own"), own, follow=True))
    assert "Consent given" in text
    anna.refresh_from_db()
    assert anna.state == State.QUEUED
    assert planned("send_due").exists()


@pytest.mark.parametrize("days", [0, -1, 4000])
def test_a_consent_ends_on_a_day_to_come(room: Client, anna: Avatar, days: int) -> None:
    until = timezone.localdate() + timedelta(days=days)
    own = {"who": "Mia", "scope": "Films", "until": f"{until}", "wish": "w"}
    assert room.post(door(anna, "/own"), own).status_code == 422
    assert not Consent.objects.exists()


def test_a_consent_counts_to_the_last_second_of_its_last_day(
    room: Client, anna: Avatar, settings: Settings
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    until = timezone.localdate() + timedelta(days=5)
    own = {"who": "Mia", "scope": "Films", "until": f"{until}", "wish": "w"}
    text = text_of(room.post(door(anna, "/own"), own, follow=True))
    kept = Consent.objects.get().valid_until
    assert kept
    assert f"{timezone.localtime(kept):%Y-%m-%d %H:%M:%S}" == f"{until} 23:59:59"
    assert f"until {until:%-d %B %Y}" in text


FORMS = [
    (PDF, ".pdf", "application/pdf"),
    (pictures.portrait_jpeg(300, 300), ".jpg", "image/jpeg"),
    (pictures.portrait_png(300, 300), ".png", "image/png"),
]


@pytest.mark.parametrize(("data", "extension", "kind"), FORMS)
def test_a_signed_form_is_kept_and_comes_back_as_a_download_alone(
    client_of: ClientOf, room: Client, anna: Avatar, data: bytes, extension: str, kind: str
) -> None:
    form = {"who": "Anna", "scope": "Films", "until": "", "wish": "w", "file": signed(data)}
    text = text_of(room.post(door(anna, "/file"), form, follow=True))
    assert "The consent is on record" in text
    kept = Consent.objects.get()
    assert kept.how == How.FILE
    for browser in (room, client_of(Role.REVIEWER), client_of(Role.ADMINISTRATOR)):
        answer = browser.get(deed(anna, kept, "file"))
        assert b"".join(answer) == data
        assert answer["Content-Type"] == kind
        assert re.fullmatch(
            rf'attachment; filename="consent-[\d-]+\{extension}"', answer["Content-Disposition"]
        )
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]


NO_FORMS = [
    b"",
    b"<html><script>alert(1)</script>",
    b"%PDF-1.7 without an end",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"GIF89a" + b"\0" * 100,
    b"PK\x03\x04 an office document",
    pictures.portrait_jpeg(300, 300)[:2000],
    PDF + b"x" * 10_000_000,
]


@pytest.mark.parametrize("data", NO_FORMS, ids=lambda data: repr(data[:12]))
def test_what_is_no_form_is_refused_in_words(
    room: Client, anna: Avatar, data: bytes, rooms: Any
) -> None:
    form = {"who": "Anna", "scope": "Films", "wish": "w", "file": signed(data)}
    response = room.post(door(anna, "/file"), form)
    assert response.status_code == 422
    assert "errorlist" in text_of(response)
    assert not Consent.objects.exists()
    assert not (rooms / "media" / "consents").exists()


def test_a_file_that_is_gone_is_not_found(room: Client, anna: Avatar, mia: User) -> None:
    filed = consents.put_on_file(anna, Terms("Anna"), mia, data=PDF, extension=".pdf")
    filed.file.storage.delete(str(filed.file))
    own = consents.state_own(anna, Terms("Mia"), mia)
    assert room.get(deed(anna, filed, "file")).status_code == 404
    assert room.get(deed(anna, own, "file")).status_code == 404


def test_the_form_to_be_printed_says_who_for_what_and_which_words(
    room: Client, anna: Avatar, settings: Settings
) -> None:
    settings.ORGANISATION = "Museum of Light"
    text = text_of(room.get(door(anna, "/form")))
    for words in ("Museum of Light", "Welcome films", "version 1", "Signature"):
        assert words in text
    assert Wording.current().text.split("\n")[0] in text
    assert anna.thumbnail_url_320 in text


def test_the_form_shows_a_face_to_nobody_who_may_not_see_it_any_more(
    client_of: ClientOf, room: Client, anna: Avatar, mia: User
) -> None:
    consents.withdraw(consents.state_own(anna, Terms("Anna Berg"), mia))
    assert "thumbnails" not in text_of(room.get(door(anna, "/form")))
    assert anna.thumbnail_url_320 in text_of(client_of(Role.REVIEWER).get(door(anna, "/form")))


def test_the_wording_that_was_signed_can_be_picked_once_there_are_several(
    room: Client, anna: Avatar
) -> None:
    first = Wording.current()
    assert "Wording on the form" not in text_of(room.get(door(anna)))
    Wording.objects.create(number=2, text="Other words")
    assert "Wording on the form" in text_of(room.get(door(anna)))
    form = {"who": "Anna", "scope": "Films", "wish": "w", "file": signed(), "wording": first.pk}
    assert room.post(door(anna, "/file"), form).status_code == 302
    assert Consent.objects.get().wording == first


# Taking it back, and what then --------------------------------------------------------------------
def test_the_team_writes_down_a_withdrawal_and_has_the_choice(
    client_of: ClientOf, room: Client, anna: Avatar, mia: User
) -> None:
    given = consents.state_own(anna, Terms("Anna Berg", "Films"), mia)
    text = text_of(room.post(deed(anna, given, "withdrawn"), follow=True))
    assert "out of use" in text
    assert "Erase it, or keep it out of use?" in text
    assert f"/avatars/{anna.pk}/erase" in text
    assert "written down by Mia Maker" in text
    page = text_of(room.get(anna.get_absolute_url()))
    assert "Consent withdrawn: out of use" in page
    assert "Erase it, or keep it" in page
    viewer = text_of(client_of(Role.VIEWER).get(anna.get_absolute_url()))
    assert "Consent withdrawn: out of use" in viewer
    assert "/erase" not in viewer
    assert "over already" in text_of(room.post(deed(anna, given, "withdrawn"), follow=True))


def test_the_wish_to_be_erased_stands_out(
    client_of: ClientOf, room: Client, anna: Avatar, mia: User
) -> None:
    given = consents.state_own(anna, Terms("Anna Berg"), mia)
    room.post(deed(anna, given, "withdrawn"), {"erase": "yes"})
    for address in (door(anna), anna.get_absolute_url()):
        assert "They want the photo and the avatar erased" in text_of(room.get(address))
        assert "Its maker or an administrator can do that" in text_of(
            client_of(Role.VIEWER).get(address)
        )
    assert "The person who is shown asked for this" in text_of(
        room.get(f"/avatars/{anna.pk}/erase")
    )
    assert anna.events.filter(kind=Kind.ERASURE_WISHED).count() == 1


def test_after_a_no_nobody_states_that_it_is_their_own_face(
    room: Client, anna: Avatar, mia: User
) -> None:
    consents.withdraw(consents.state_own(anna, Terms("Anna Berg"), mia))
    own = {"who": "Mia Maker", "scope": "Films", "wish": "w"}
    text = text_of(room.post(door(anna, "/own"), own, follow=True))
    assert "has said no" in text
    anna.refresh_from_db()
    assert anna.consent == Standing.WITHDRAWN


def test_a_question_that_is_over_says_so(room: Client, anna: Avatar, mia: User) -> None:
    consents.ask(anna, Terms("Anna Berg"), mia)
    Consent.objects.update(link_until=timezone.now())
    text = text_of(room.get(door(anna)))
    assert "Not answered in time" in text
    assert "Ask again" in text


def test_who_asks_has_a_name_or_the_page_says_how_to_set_it(
    room: Client, anna: Avatar, settings: Settings
) -> None:
    assert "ORGANISATION" in text_of(room.get(door(anna)))
    settings.ORGANISATION = "Museum of Light"
    assert "ORGANISATION" not in text_of(room.get(door(anna)))


def test_the_same_form_with_another_file_is_told_apart(room: Client, anna: Avatar) -> None:
    form = {"who": "Anna Berg", "scope": "Films", "wish": "w-1"}
    for data, words in ((PDF, "is on record"), (PDF + b"!", "was sent before, with other words")):
        sent = room.post(door(anna, "/file"), {**form, "file": signed(data)}, follow=True)
        assert words in text_of(sent)
    assert Consent.objects.count() == 1


def test_a_form_sent_once_more_after_its_consent_is_over_is_told_so(
    room: Client, anna: Avatar
) -> None:
    form = {"who": "Mia Maker", "scope": "Films", "wish": "w-1"}
    room.post(door(anna, "/own"), form, follow=True)
    consents.withdraw(Consent.objects.get())
    text = text_of(room.post(door(anna, "/own"), form, follow=True))
    assert "over since then" in text
    assert "is on record" not in text
