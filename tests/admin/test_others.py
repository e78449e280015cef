"""The other lists: what they show, what they keep to themselves, and what can be done there."""

import pytest
from django.apps import apps
from django.test import Client

from avatars.models import (
    Avatar,
    Consent,
    Event,
    Feed,
    Kind,
    PhotoCall,
    Policy,
    Token,
    Webhook,
    Wording,
)
from avatars.services import credentials
from avatars.services.signatures import secret_of
from dashboard.people.models import Invitation, User
from tests.conftest import ClientOf, MakePerson

from .conftest import OURS, done, list_of, operates_only, page_of

pytestmark = pytest.mark.django_db


def read_everywhere(office: Client) -> str:
    """All lists, and a page of each row in them."""
    pages = []
    for label in OURS:
        model = apps.get_model(label)
        pages.append(office.get(list_of(model)).content.decode())
        rows = model._base_manager.all()[:20]
        pages += [office.get(page_of(row)).content.decode() for row in rows]
    return "\n".join(pages)


def test_no_page_holds_what_opens_a_door(office: Client, operator: User, furnished: Avatar) -> None:
    token, text = credentials.make(operator, "Mine", credentials.rights_of(operator))
    secrets = [text, token.digest, operator.password]
    for consent in Consent.objects.all():
        secrets += [consent.code, consent.withdrawal_code, str(consent.salt), consent.salt.hex]
        secrets += [consent.digest or "", consent.withdrawal_digest or ""]
    for call in PhotoCall.objects.all():
        secrets += [call.code, call.digest, str(call.salt)]
    for webhook in Webhook.objects.all():
        secrets += [secret_of(webhook), str(webhook.salt)]
    secrets += [invitation.digest for invitation in Invitation.objects.all()]
    shown = read_everywhere(office)
    assert "Anna Berg" in shown
    assert token.hint in shown
    for secret in filter(None, secrets):
        assert secret not in shown


def test_consents_and_wordings_can_be_read(office: Client, furnished: Avatar) -> None:
    consent = Consent.objects.exclude(email="")[0]
    page = office.get(page_of(consent)).content.decode()
    assert "anna@example.com" in page
    assert "Consent asked for" in page
    assert Wording.current().text[:50] in office.get(page_of(Wording.current())).content.decode()


def test_closing_a_call_is_on_the_record(office: Client, operator: User, furnished: Avatar) -> None:
    call = PhotoCall.objects.get()
    assert "Closed: The new ones." in done(office, "close", [call])
    call.refresh_from_db()
    assert call.is_over == "closed"
    event = Event.objects.get(kind=Kind.CALL_CLOSED)
    assert (event.actor, event.subject_id) == (operator, str(call.pk))
    assert "Not closed: The new ones. It is over already." in done(office, "close", [call])
    assert Event.objects.filter(kind=Kind.CALL_CLOSED).count() == 1


def test_revoking_a_token_ends_it(office: Client, operator: User, furnished: Avatar) -> None:
    token = Token.objects.get()
    assert "Revoked: Build server" in done(office, "revoke", [token])
    token.refresh_from_db()
    assert token.is_over == "revoked"
    assert token.revoked_by == operator
    first = token.revoked_at
    assert "It is revoked already." in done(office, "revoke", [token])
    token.refresh_from_db()
    assert token.revoked_at == first


def test_who_operates_closes_calls_and_revokes_tokens_of_others(
    client_of: ClientOf, person: MakePerson, furnished: Avatar
) -> None:
    narrow = client_of(operates_only(person()))
    assert "Closed: " in done(narrow, "close", [PhotoCall.objects.get()])
    assert "Revoked: " in done(narrow, "revoke", [Token.objects.get()])


def test_the_policy_leads_to_its_page_and_says_what_the_environment_says(
    office: Client, settings: object
) -> None:
    settings.POLICY = {"four_eyes": True}  # type: ignore[attr-defined]
    page = office.get(page_of(Policy.objects.get())).content.decode()
    assert 'href="/policy"' in page
    assert "four_eyes: True" in page


def test_a_feed_shows_its_changes(office: Client, furnished: Avatar) -> None:
    page = office.get(page_of(Feed.objects.get())).content.decode()
    assert "its changes" in page.lower()
    assert "Anna Berg" in page


def test_a_webhook_shows_what_it_was_told(office: Client, furnished: Avatar) -> None:
    page = office.get(page_of(Webhook.objects.get())).content.decode()
    assert "Anam has made the avatar" in page
    assert "To be delivered" in page


def test_a_deleted_webhook_can_still_be_read(office: Client, furnished: Avatar) -> None:
    webhook = Webhook.objects.get()
    Webhook.objects.remove(webhook.pk, webhook.created_at)
    page = office.get(page_of(webhook)).content.decode()
    assert 'href="/webhooks"' in page
