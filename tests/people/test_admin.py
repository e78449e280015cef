"""Django's admin: for administrators, through the front door, to look at."""

import pytest
from django.test import Client

from dashboard.people import invitations
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.people.conftest import PASSWORD, MakePerson, SignIn


def test_its_login_is_the_front_door(client: Client, administrator: User) -> None:
    response = client.get("/admin/login/?next=/admin/")
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    sent = {"username": administrator.email, "password": PASSWORD}
    assert client.post("/admin/login/", sent)["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CREATOR, Role.REVIEWER])
def test_others_are_turned_away(person: MakePerson, sign_in: SignIn, role: Role) -> None:
    client = sign_in(person(role=role))
    assert client.get("/admin/", follow=True).status_code == 403


def test_administrators_see_people_without_their_password(
    administrator: User, person: MakePerson, sign_in: SignIn
) -> None:
    bob, client = person("Bob", Role.REVIEWER), sign_in(administrator)
    listed = client.get("/admin/people/user/").content.decode()
    one = client.get(f"/admin/people/user/{bob.pk}/change/").content.decode()
    for page in (listed, one):
        assert "Reviewer" in page
        assert bob.password not in page
    assert 'name="password' not in one


def test_administrators_change_a_name_there_and_nothing_more(
    administrator: User, person: MakePerson, sign_in: SignIn
) -> None:
    bob, client = person("Bob"), sign_in(administrator)
    sent = {"name": "Robert", "email": "x@example.com", "is_active": "", "is_superuser": "on"}
    assert client.post(f"/admin/people/user/{bob.pk}/change/", sent).status_code == 302
    bob = User.objects.get(pk=bob.pk)
    assert (bob.name, bob.email, bob.is_active) == ("Robert", "bob@example.com", True)
    assert not bob.is_superuser


def test_nobody_is_added_or_deleted_there(administrator: User, sign_in: SignIn) -> None:
    client = sign_in(administrator)
    invitation, _ = invitations.invite(administrator, Role.VIEWER, email="", days=1)
    for path in (
        "user/add/",
        f"user/{administrator.pk}/delete/",
        "invitation/add/",
        f"invitation/{invitation.pk}/delete/",
    ):
        assert client.get(f"/admin/people/{path}").status_code == 403
    page = client.get(f"/admin/people/invitation/{invitation.pk}/change/").content.decode()
    assert "_save" not in page
    assert invitation.digest not in page
