"""/account: what people see and change about themselves."""

import pytest
from django.test import Client

from dashboard.people.models import User
from dashboard.people.roles import IN_WORDS, Role
from tests.people.conftest import MakePerson, SignIn


@pytest.fixture
def ada(person: MakePerson) -> User:
    return person("Ada", Role.CREATOR)


@pytest.fixture
def client(ada: User, sign_in: SignIn) -> Client:
    return sign_in(ada)


def test_the_page_says_who_i_am_and_what_i_may(client: Client) -> None:
    page = client.get("/account").content.decode()
    for words in ("ada@example.com", "Creator", IN_WORDS[Role.CREATOR]):
        assert words in page
    for path in ("/accounts/password/change/", "/accounts/2fa/", "/accounts/email/"):
        assert f'href="{path}"' in page


def test_i_change_my_name_and_nothing_else(client: Client, ada: User) -> None:
    sent = {"name": "Ada King", "email": "root@example.com", "is_staff": "on", "groups": "4"}
    assert client.post("/account", sent).status_code == 302
    ada = User.objects.get(pk=ada.pk)
    assert (ada.name, ada.email, ada.is_staff) == ("Ada King", "ada@example.com", False)
    assert ada.role is Role.CREATOR


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_name_is_something_and_not_too_long(client: Client, ada: User, name: str) -> None:
    assert client.post("/account", {"name": name}).status_code == 422
    ada.refresh_from_db()
    assert ada.name == "Ada"


def test_somebody_without_a_role_has_an_account_page_too(
    person: MakePerson, sign_in: SignIn
) -> None:
    assert sign_in(person("Bob", None)).get("/account").status_code == 200
