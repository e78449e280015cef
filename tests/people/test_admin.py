"""Django's admin: for administrators, through the front door, to look at."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from avatars.models import Event, Kind, Subject
from avatars.services.record import write
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
    event = Event.objects.get(kind=Kind.NAME_CHANGED)
    assert (event.actor, event.subject_id) == (administrator, str(bob.pk))
    assert event.detail == {"before": {"name": "Bob"}, "after": {"name": "Robert"}}


def test_a_name_that_stays_is_no_news(
    administrator: User, person: MakePerson, sign_in: SignIn
) -> None:
    bob, client = person("Bob"), sign_in(administrator)
    client.post(f"/admin/people/user/{bob.pk}/change/", {"name": "Bob"})
    assert not Event.objects.filter(kind=Kind.NAME_CHANGED).exists()


def test_somebodys_page_shows_what_they_did_and_what_happened_to_them(
    administrator: User, person: MakePerson, sign_in: SignIn
) -> None:
    bob, zoe, client = person("Bob"), person("Zoe"), sign_in(administrator)
    page = f"/admin/people/user/{bob.pk}/change/"
    assert "Nothing yet." in client.get(page).content.decode()
    write(Kind.ROLE_CHANGED, (Subject.PERSON, bob.pk, "Bob"), actor=administrator)
    write(Kind.TOKEN_MADE, (Subject.TOKEN, 1, "Build server"), actor=bob)
    write(Kind.DEACTIVATED, (Subject.PERSON, zoe.pk, "Zoe"), actor=administrator)
    write(Kind.PASSWORD_CHANGED, (Subject.PERSON, bob.pk, "Bob"), actor=bob)
    shown = client.get(page).content.decode()
    assert "changed the role of Bob" in shown
    assert "made the token “Build server”" in shown
    assert shown.count("changed their own password") == 1
    assert "Zoe" not in shown
    listed = client.get("/admin/avatars/event/", {"q": str(bob.pk)}).content.decode()
    assert f"/admin/avatars/event/?q={bob.pk}" in shown
    for sentence in ("changed the role of Bob", "made the token", "changed their own password"):
        assert sentence in listed


def test_somebodys_page_stays_short(
    administrator: User, person: MakePerson, sign_in: SignIn
) -> None:
    bob, client = person("Bob"), sign_in(administrator)
    page = f"/admin/people/user/{bob.pk}/change/"
    for number in range(60):
        write(Kind.TOKEN_MADE, (Subject.TOKEN, number, f"Token {number}"), actor=bob)
    with CaptureQueriesContext(connection) as caught:
        shown = client.get(page).content.decode()
    assert shown.count("made the token") == 50
    assert "Token 59”" in shown
    assert "Token 9”" not in shown
    assert "these are the latest 50" in shown
    assert len(caught) < 20


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
