"""An installation without `EMAIL_URL` offers no mail, and prints none of its secrets anywhere."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.people.conftest import MakePerson, SignIn

FORGOTTEN = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def no_mail(settings: Settings) -> None:
    settings.MAILERS = {}


def test_the_page_for_forgotten_passwords_says_whom_to_ask(client: Client) -> None:
    page = client.get(FORGOTTEN).content.decode()
    assert "sends no mail" in page
    assert "Send the link" not in page


def test_the_page_for_the_address_offers_no_change(person: MakePerson, sign_in: SignIn) -> None:
    page = sign_in(person("Ada")).get("/accounts/email/", follow=True).content.decode()
    assert "action_add" not in page


def test_asking_all_the_same_sends_nothing_and_logs_no_link(
    client: Client, person: MakePerson, caplog: pytest.LogCaptureFixture
) -> None:
    person("Ada")
    assert client.post(FORGOTTEN, {"email": "ada@example.com"}).status_code == 302
    assert "EMAIL_URL is not set" in caplog.text
    assert "/key/" not in caplog.text
