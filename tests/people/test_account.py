"""/account: what people see and change about themselves."""

from typing import Any

import pytest
from django.test import Client

from dashboard.people.admin import UserAdmin
from dashboard.people.forms import NameForm
from dashboard.people.models import User
from dashboard.people.roles import IN_WORDS, Role
from tests.hostile import TEXTS, faults, typed
from tests.people.conftest import PASSWORD, MakePerson, SignIn

NEW = "another-lamp-by-the-door-7"


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


def test_my_name_turns_hides_or_breaks_nothing_around_it(client: Client, ada: User) -> None:
    kept = []
    for text in map(typed, TEXTS):
        answer = client.post("/account", {"name": text})
        ada.refresh_from_db()
        kept += [ada.name] if answer.status_code == 302 else []
        assert answer.status_code in (302, 422), ascii(text)
    assert len(kept) > 300
    assert [name for name in kept if faults(name) or name != " ".join(name.split())] == []


@pytest.mark.parametrize(
    "name",
    [
        "O'Neil",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u674e \U0001f9d1\u200d\U0001f4bb",
    ],
)
def test_a_name_that_needs_odd_signs_keeps_them(client: Client, ada: User, name: str) -> None:
    client.post("/account", {"name": name})
    ada.refresh_from_db()
    assert ada.name == name


def deactivating(monkeypatch: pytest.MonkeyPatch, where: Any, what: str, ada: User) -> None:
    """Let an administrator deactivate Ada, and give her another address, just before `what`."""
    real = getattr(where, what)

    def meanwhile(*args: Any, **options: Any) -> Any:
        User.objects.filter(pk=ada.pk).update(is_active=False, email="new@example.com")
        return real(*args, **options)

    monkeypatch.setattr(where, what, meanwhile)


def test_a_new_password_brings_nobody_back_who_was_deactivated_meanwhile(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    deactivating(monkeypatch, User, "set_password", ada)
    words = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/accounts/password/change/", words)
    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert (ada.is_active, ada.email) == (False, "new@example.com")


def test_a_new_name_brings_nobody_back_who_was_deactivated_meanwhile(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    deactivating(monkeypatch, NameForm, "is_valid", ada)
    client.post("/account", {"name": "Ada King"})
    ada.refresh_from_db()
    assert (ada.name, ada.is_active, ada.email) == ("Ada King", False, "new@example.com")


def test_a_new_name_from_djangos_admin_brings_nobody_back_either(
    ada: User, administrator: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    deactivating(monkeypatch, UserAdmin, "save_model", ada)
    browser = sign_in(administrator)
    browser.post(f"/admin/people/user/{ada.pk}/change/", {"name": "Ada King"})
    ada.refresh_from_db()
    assert (ada.name, ada.is_active, ada.email) == ("Ada King", False, "new@example.com")


def test_somebody_without_a_role_has_an_account_page_too(
    person: MakePerson, sign_in: SignIn
) -> None:
    assert sign_in(person("Bob", None)).get("/account").status_code == 200
