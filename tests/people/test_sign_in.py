"""The front door: e-mail address and password, by allauth."""

import re

import pytest
from django.core import mail
from django.test import Client

from dashboard.people.models import User
from tests.people.conftest import PASSWORD, MakePerson, SignIn

LOGIN = "/accounts/login/"


@pytest.fixture
def ada(person: MakePerson) -> User:
    return person("Ada")


def knock(client: Client, password: str = PASSWORD, **more: str) -> tuple[int, str, str]:
    """Status, where to, and the words on the page."""
    sent = {"login": "ada@example.com", "password": password} | more
    response = client.post(LOGIN, sent)
    return response.status_code, response.get("Location", ""), response.content.decode()


def test_the_right_password_opens(client: Client, ada: User) -> None:
    assert knock(client)[:2] == (302, "/")
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_the_address_may_be_typed_in_any_case(client: Client, ada: User) -> None:
    assert knock(client, login="ADA@Example.com")[:2] == (302, "/")


def test_a_wrong_password_does_not_and_says_nothing_about_who_exists(
    client: Client, ada: User
) -> None:
    status, _, wrong = knock(client, "wrong")
    _, _, unknown = knock(client, "wrong", login="nobody@example.com")
    assert status == 200
    for page in (wrong, unknown):
        assert "email address and/or password you specified are not correct" in page
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_passwords_the_right_one_waits_too(client: Client, ada: User) -> None:
    for _ in range(5):
        knock(client, "wrong")
    status, _, page = knock(client)
    assert status == 200
    assert "Too many failed login attempts" in page
    assert "_auth_user_id" not in client.session


def test_the_throttle_of_one_address_leaves_the_next_alone(
    client: Client, ada: User, person: MakePerson
) -> None:
    person("Bob")
    for _ in range(5):
        knock(client, "wrong")
    assert knock(client, login="bob@example.com")[:2] == (302, "/")


def test_signing_in_leads_where_one_wanted_to_go(client: Client, ada: User) -> None:
    wanted = client.get("/account")
    assert wanted["Location"] == f"{LOGIN}?next=/account"
    assert 'name="next" value="/account"' in client.get(wanted["Location"]).content.decode()
    assert knock(client, next="/account")[:2] == (302, "/account")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil"]
)
def test_signing_in_never_leads_to_another_house(client: Client, ada: User, elsewhere: str) -> None:
    assert knock(client, next=elsewhere)[:2] == (302, "/")


def test_the_deactivated_are_told_and_stay_outside(client: Client, ada: User) -> None:
    User.objects.update(is_active=False)
    assert knock(client)[:2] == (302, "/accounts/inactive/")
    assert "deactivated" in client.get("/accounts/inactive/").content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_takes_a_post(ada: User, sign_in: SignIn) -> None:
    client = sign_in(ada)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_signing_up_is_by_invitation_only(client: Client, ada: User) -> None:
    sent = {"email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD}
    for response in (client.get("/accounts/signup/"), client.post("/accounts/signup/", sent)):
        assert response.status_code == 200
        assert "By invitation only" in response.content.decode()
    assert User.objects.count() == 1


def test_a_forgotten_password_is_replaced_through_the_mail(client: Client, ada: User) -> None:
    response = client.post("/accounts/password/reset/", {"email": "ada@example.com"})
    assert response["Location"] == "/accounts/password/reset/done/"
    found = re.search(
        r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body)
    )
    assert found
    form = client.get(found[1], follow=True)
    changed = {"password1": "the-new-lamp-9", "password2": "the-new-lamp-9"}
    assert client.post(form.redirect_chain[-1][0], changed).status_code == 302
    assert knock(client, "the-new-lamp-9")[:2] == (302, "/")


def test_asking_for_an_unknown_address_looks_the_same_and_mails_nobody(
    client: Client, ada: User
) -> None:
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert response["Location"] == "/accounts/password/reset/done/"
    assert mail.outbox == []


def test_changing_the_password_ends_the_other_sessions(ada: User, sign_in: SignIn) -> None:
    here, elsewhere = sign_in(ada), sign_in(ada)
    changed = {
        "oldpassword": PASSWORD,
        "password1": "the-new-lamp-9",
        "password2": "the-new-lamp-9",
    }
    assert here.post("/accounts/password/change/", changed).status_code == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_new_address_counts_once_its_owner_opened_the_link(client: Client, ada: User) -> None:
    knock(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    sent = {"email": "countess@example.com", "action_add": ""}
    assert client.post("/accounts/email/", sent).status_code == 302
    assert "Waiting for" in client.get("/accounts/email/").content.decode()
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"
    letter = next(letter for letter in mail.outbox if letter.to == ["countess@example.com"])
    found = re.search(r"http://testserver(/accounts/confirm-email/\S+)", str(letter.body))
    assert found
    client.post(found[1])
    ada.refresh_from_db()
    assert ada.email == "countess@example.com"
