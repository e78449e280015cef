"""/invitations/<code>: coming in, once, in time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.people import invitations
from dashboard.people.codes import digest
from dashboard.people.models import Invitation, User
from dashboard.people.roles import Role
from tests.people.conftest import PASSWORD, MakePerson, SignIn

FILLED = {
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.fixture
def invited(administrator: User) -> tuple[Invitation, str]:
    return invitations.invite(administrator, Role.CREATOR, email="", days=7)


def test_an_invited_person_comes_in_with_the_role(
    client: Client, invited: tuple[Invitation, str], administrator: User
) -> None:
    invitation, code = invited
    page = client.get(f"/invitations/{code}")
    assert page.status_code == 200
    assert "Grace invites you" in page.content.decode()
    response = client.post(f"/invitations/{code}", FILLED)
    assert (response.status_code, response["Location"]) == (302, "/")
    ada = User.objects.exclude(pk=administrator.pk).get()
    assert (ada.name, ada.email, ada.role) == ("Ada Lovelace", "ada@example.com", Role.CREATOR)
    assert client.session["_auth_user_id"] == str(ada.pk)
    invitation.refresh_from_db()
    assert invitation.accepted_by == ada
    assert invitation.accepted_at


def test_the_database_knows_a_digest_and_never_the_code(invited: tuple[Invitation, str]) -> None:
    invitation, code = invited
    assert invitation.digest == digest(code) != code


def test_looking_at_the_link_does_not_use_it(
    client: Client, invited: tuple[Invitation, str]
) -> None:
    path = f"/invitations/{invited[1]}"
    assert [client.head(path).status_code, client.get(path).status_code] == [200, 200]
    assert client.post(path, FILLED).status_code == 302


def test_an_invitation_for_an_address_can_not_be_taken_with_another(
    client: Client, administrator: User
) -> None:
    _, code = invitations.invite(administrator, Role.VIEWER, email="Ada@example.com", days=7)
    assert b"disabled" in client.get(f"/invitations/{code}").content
    client.post(f"/invitations/{code}", FILLED | {"email": "mallory@example.com"})
    assert not User.objects.filter(email="mallory@example.com").exists()
    assert User.objects.filter(email="ada@example.com").exists()


def test_an_invitation_gives_the_invited_role_whatever_is_posted(
    client: Client, invited: tuple[Invitation, str]
) -> None:
    client.post(f"/invitations/{invited[1]}", FILLED | {"role": "administrator", "is_staff": "on"})
    ada = User.objects.get(email="ada@example.com")
    assert (ada.role, ada.is_staff) == (Role.CREATOR, False)


def test_a_used_invitation_is_gone(client: Client, invited: tuple[Invitation, str]) -> None:
    client.post(f"/invitations/{invited[1]}", FILLED)
    again = FILLED | {"email": "second@example.com"}
    for response in (
        Client().get(f"/invitations/{invited[1]}"),
        Client().post(f"/invitations/{invited[1]}", again),
    ):
        assert response.status_code == 410
        assert "was used already" in response.content.decode()
    assert not User.objects.filter(email="second@example.com").exists()


def test_a_revoked_invitation_is_gone(client: Client, invited: tuple[Invitation, str]) -> None:
    assert Invitation.objects.revoke(timezone.now()) == 1
    response = client.post(f"/invitations/{invited[1]}", FILLED)
    assert response.status_code == 410
    assert "taken back" in response.content.decode()


def test_an_old_invitation_is_gone(client: Client, invited: tuple[Invitation, str]) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = client.post(f"/invitations/{invited[1]}", FILLED)
    assert response.status_code == 410
    assert "too old" in response.content.decode()
    assert User.objects.count() == 1


def test_an_unknown_code_is_not_found_in_words(client: Client, administrator: User) -> None:
    response = client.get("/invitations/unknown")
    assert response.status_code == 404
    assert "no such invitation" in response.content.decode()


def test_two_who_saw_the_open_invitation_do_not_both_come_in(
    invited: tuple[Invitation, str],
) -> None:
    invitation, _ = invited
    invitations.accept(invitation, User.objects.draft("first@example.com"))
    with pytest.raises(invitations.Gone):
        invitations.accept(invitation, User.objects.draft("second@example.com"))
    assert not User.objects.filter(email="second@example.com").exists()


def test_an_accepted_invitation_can_not_be_revoked_nor_the_other_way_round(
    invited: tuple[Invitation, str], administrator: User
) -> None:
    now, found = timezone.now(), Invitation.objects.filter(pk=invited[0].pk)
    assert found.accept(administrator, now)
    assert found.revoke(now) == 0
    found.update(accepted_at=None)
    assert found.revoke(now) == 1
    assert not found.accept(administrator, now)


@pytest.mark.parametrize("email", ["grace@example.com", "GRACE@EXAMPLE.COM"])
def test_an_address_that_has_an_account_is_refused_in_words(
    client: Client, invited: tuple[Invitation, str], email: str
) -> None:
    response = client.post(f"/invitations/{invited[1]}", FILLED | {"email": email})
    assert response.status_code == 422
    assert "already has an account" in response.content.decode()
    assert client.post(f"/invitations/{invited[1]}", FILLED).status_code == 302


def test_somebody_signed_in_is_asked_to_sign_out_first(
    invited: tuple[Invitation, str], person: MakePerson, sign_in: SignIn
) -> None:
    client = sign_in(person("Bob"))
    for response in (
        client.get(f"/invitations/{invited[1]}"),
        client.post(f"/invitations/{invited[1]}", FILLED),
    ):
        assert response.status_code == 409
        assert "sign out first" in response.content.decode()
    assert not User.objects.filter(email="ada@example.com").exists()
