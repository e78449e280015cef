"""/people/: administrators invite, change roles, and can't lock everybody out."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from dashboard.people import invitations, membership
from dashboard.people.models import Invitation, User
from dashboard.people.roles import Role
from tests.people.conftest import MakePerson, SignIn

INVITE = {"email": "", "role": "creator", "days": "7"}


@pytest.fixture
def office(administrator: User, sign_in: SignIn) -> Client:
    """A client with the administrator signed in."""
    return sign_in(administrator)


def said(client: Client, path: str, data: dict[str, str] | None = None) -> str:
    """What the page answers a post with: the message after the redirect."""
    response = client.post(path, data or {})
    assert (response.status_code, response["Location"]) == (302, "/people/")
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CREATOR, Role.REVIEWER, None])
def test_nobody_else_gets_in(person: MakePerson, sign_in: SignIn, role: Role | None) -> None:
    somebody, other = person("Bob", role), person("Eve")
    client = sign_in(somebody)
    assert client.get("/people/").status_code == 403
    assert client.post("/people/invite", INVITE).status_code == 403
    assert client.post("/people/invitations/1/revoke").status_code == 403
    for action in ("role", "deactivate", "reactivate"):
        path = f"/people/{other.pk}/{action}"
        assert client.post(path, {"role": "administrator"}).status_code == 403
    assert not Invitation.objects.exists()
    assert User.objects.get(pk=other.pk).role is Role.VIEWER


def test_nothing_is_changed_by_a_get(office: Client, person: MakePerson) -> None:
    bob = person("Bob")
    paths = [f"/people/{bob.pk}/{action}" for action in ("role", "deactivate", "reactivate")]
    for path in [*paths, "/people/invite", "/people/invitations/1/revoke"]:
        assert office.get(path).status_code == 405


def test_everybody_is_listed_with_role_and_state(office: Client, person: MakePerson) -> None:
    person("Bob", Role.REVIEWER)
    membership.deactivate(person("Eve"))
    page = office.get("/people/").content.decode()
    for words in ("Bob", "bob@example.com", "Eve", "Deactivated", "never", "Grace", "(you)"):
        assert words in page


def test_the_page_asks_as_often_for_many_people_as_for_few(
    office: Client, administrator: User, person: MakePerson
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get("/people/").status_code == 200
        return len(queries)

    person("First")
    invitations.invite(administrator, Role.VIEWER, email="", days=1)
    few = questions()
    for number in range(8):
        person(f"Person{number}", Role.CREATOR)
        invitations.invite(administrator, Role.VIEWER, email="", days=1)
    assert questions() == few


def test_an_invitation_shows_its_link_once(office: Client, administrator: User) -> None:
    response = office.post("/people/invite", INVITE | {"days": "3", "role": "reviewer"})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    links = set(re.findall(r"http://testserver(/invitations/[\w-]+)", response.content.decode()))
    assert len(links) == 1
    assert Client().get(links.pop()).status_code == 200
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.invited_by) == (Role.REVIEWER, administrator)
    assert invitation.expires_at - invitation.created_at == timedelta(days=3)
    assert "/invitations/" not in re.sub(
        r"/people/invitations/\d+/revoke", "", office.get("/people/").content.decode()
    )


def test_a_form_sent_twice_makes_one_invitation_with_one_link(office: Client) -> None:
    wishes = [
        re.findall(r'name="wish" value="([^"]+)"', office.get("/people/").content.decode())[0]
        for _ in range(2)
    ]
    pages = [
        office.post("/people/invite", INVITE | {"wish": wish}) for wish in (*wishes, wishes[0])
    ]
    links = [re.findall(r"/invitations/[\w-]{43}", page.content.decode())[0] for page in pages]
    assert links[0] == links[2] != links[1]
    assert Invitation.objects.count() == 2
    assert Client().get(links[0]).status_code == 200


def test_a_form_sent_again_after_its_invitation_was_revoked_makes_no_other(
    office: Client,
) -> None:
    wish = {"wish": "the same form"}
    office.post("/people/invite", INVITE | wish)
    office.post(f"/people/invitations/{Invitation.objects.get().pk}/revoke")
    assert "is over" in said(office, "/people/invite", INVITE | wish)
    assert Invitation.objects.count() == 1


def test_a_form_with_another_role_makes_another_invitation(office: Client) -> None:
    for role in ("creator", "viewer"):
        office.post("/people/invite", INVITE | {"wish": "the same form", "role": role})
    assert set(Invitation.objects.values_list("role", flat=True)) == {"creator", "viewer"}


def test_the_same_mark_of_another_administrator_is_another_invitation(
    office: Client, person: MakePerson, sign_in: SignIn
) -> None:
    other = sign_in(person("Other", Role.ADMINISTRATOR))
    for somebody in (office, other):
        somebody.post("/people/invite", INVITE | {"wish": "the same form"})
    assert Invitation.objects.count() == 2


def test_the_link_names_the_public_address_when_there_is_one(
    office: Client, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://green.example.com"
    page = office.post("/people/invite", INVITE).content.decode()
    assert "https://green.example.com/invitations/" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "GRACE@example.com"}, "already has an account"),
        ({"email": "nonsense"}, "valid email"),
        ({"role": "emperor"}, "valid choice"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"days": "365"}, "less than or equal to 90"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused_in_words(
    office: Client, change: dict[str, str], words: str
) -> None:
    response = office.post("/people/invite", INVITE | change)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Invitation.objects.exists()


def test_an_open_invitation_is_revoked_and_shown_among_the_past(
    office: Client, administrator: User
) -> None:
    invitation, code = invitations.invite(administrator, Role.VIEWER, email="a@b.example", days=7)
    path = f"/people/invitations/{invitation.pk}/revoke"
    assert path in office.get("/people/").content.decode()
    assert "revoked" in said(office, path)
    assert Client().get(f"/invitations/{code}").status_code == 410
    page = office.get("/people/").content.decode()
    assert path not in page
    assert "Revoked" in page
    assert "over already" in said(office, path)


def test_an_expired_invitation_is_among_the_past(office: Client, administrator: User) -> None:
    invitations.invite(administrator, Role.VIEWER, email="late@example.com", days=7)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = office.get("/people/").content.decode()
    assert "Expired" in page
    assert "Open invitations" not in page


def test_a_role_is_changed(office: Client, person: MakePerson) -> None:
    bob = person("Bob")
    assert "Bob is now reviewer" in said(office, f"/people/{bob.pk}/role", {"role": "reviewer"})
    assert User.objects.get(pk=bob.pk).role is Role.REVIEWER


def test_a_role_that_does_not_exist_changes_nothing(office: Client, person: MakePerson) -> None:
    bob = person("Bob")
    assert "no such role" in said(office, f"/people/{bob.pk}/role", {"role": "emperor"})
    assert User.objects.get(pk=bob.pk).role is Role.VIEWER


def test_deactivated_people_are_signed_out_at_once(
    office: Client, person: MakePerson, sign_in: SignIn
) -> None:
    bob = person("Bob")
    client = sign_in(bob)
    assert client.get("/account").status_code == 200
    assert "signed out" in said(office, f"/people/{bob.pk}/deactivate")
    response = client.get("/account")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert "may sign in again" in said(office, f"/people/{bob.pk}/reactivate")
    assert User.objects.get(pk=bob.pk).is_active


@pytest.mark.parametrize("action", ["role", "deactivate"])
def test_nobody_takes_their_own_rights_away(
    office: Client, administrator: User, person: MakePerson, action: str
) -> None:
    person("Second", Role.ADMINISTRATOR)
    words = said(office, f"/people/{administrator.pk}/{action}", {"role": "viewer"})
    assert "your own rights" in words
    administrator = User.objects.get(pk=administrator.pk)
    assert administrator.role is Role.ADMINISTRATOR
    assert administrator.is_active


def test_the_last_active_administrator_can_not_be_removed(
    administrator: User, person: MakePerson
) -> None:
    asleep = person("Asleep", Role.ADMINISTRATOR)
    membership.deactivate(asleep, by=administrator)
    with pytest.raises(membership.Refused, match="last active administrator"):
        membership.deactivate(administrator)
    with pytest.raises(membership.Refused, match="last active administrator"):
        membership.change_role(administrator, Role.REVIEWER)
    membership.change_role(asleep, Role.VIEWER)
    membership.reactivate(asleep)
    membership.change_role(asleep, Role.ADMINISTRATOR)
    membership.change_role(administrator, Role.REVIEWER)
    assert User.objects.get(pk=administrator.pk).role is Role.REVIEWER


@pytest.mark.django_db(transaction=True)
def test_two_administrators_can_not_remove_each_other_at_once(person: MakePerson) -> None:
    one, other = person("One", Role.ADMINISTRATOR), person("Other", Role.ADMINISTRATOR)
    start, refused = Barrier(2), []

    def remove(victim: User, by: User) -> None:
        start.wait()
        try:
            membership.deactivate(victim, by)
        except membership.Refused:
            refused.append(by)
        connection.close()

    threads = [Thread(target=remove, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert User.objects.filter(is_active=True).count() == 1


def test_whoever_loses_rights_loses_their_open_invitations(
    office: Client, person: MakePerson
) -> None:
    leaver = person("Leaver", Role.ADMINISTRATOR)
    _, code = invitations.invite(leaver, Role.ADMINISTRATOR, email="", days=7)
    said(office, f"/people/{leaver.pk}/deactivate")
    assert Client().get(f"/invitations/{code}").status_code == 410


def test_people_who_are_not_there_are_not_found(office: Client) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    for action in ("role", "deactivate", "reactivate"):
        path = f"/people/{nobody}/{action}"
        assert office.post(path, {"role": "viewer"}).status_code == 404
