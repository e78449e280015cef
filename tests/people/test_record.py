"""People's comings and goings are on the record, and nothing that they typed by mistake."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client

from avatars.models import Event, Kind, Notice, Subject
from dashboard.people import first_run, invitations, membership
from dashboard.people.models import Invitation, User
from dashboard.people.roles import Role
from tests.faults import failing_at
from tests.people.conftest import PASSWORD, MakePerson, SignIn
from tests.people.test_second_factor import answer, enrol

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
NEW = {"password1": "the-new-lamp-9", "password2": "the-new-lamp-9"}


@pytest.fixture
def ada(person: MakePerson) -> User:
    return person("Ada")


@pytest.fixture
def office(administrator: User, sign_in: SignIn) -> Client:
    return sign_in(administrator)


@pytest.fixture
def confirmed(ada: User, sign_in: SignIn) -> Client:
    """Ada's browser, in which she has just given her password once more."""
    client = sign_in(ada)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def knock(client: Client, password: str = PASSWORD, login: str = "ada@example.com") -> None:
    client.post(LOGIN, {"login": login, "password": password})


def told(*kinds: Kind) -> list[str]:
    """What the record says, in words and in order; of all kinds, or of these."""
    rows = Event.objects.filter(kind__in=kinds) if kinds else Event.objects.all()
    return [f"{event.actor_name} {event.sentence}" for event in rows]


def the(kind: Kind) -> Event:
    return Event.objects.get(kind=kind)


def all_text() -> str:
    """Every word of the table."""
    with connection.cursor() as cursor:
        cursor.execute("select * from avatars_event")
        return str(cursor.fetchall())


# Coming in and going out -------------------------------------------------------------------------
def test_the_set_up_is_where_the_record_begins(client: Client) -> None:
    code = first_run.new_set_up_code()
    client.post(f"/setup/{code}", {"name": "Grace", "email": "grace@example.com", **_twice()})
    assert told() == ["Grace set Greenroom up", "Grace signed in"]
    assert the(Kind.SIGNED_IN).detail == {"with": "set-up link"}
    assert (the(Kind.SET_UP).subject, the(Kind.SET_UP).subject_name) == (Subject.PERSON, "Grace")


def test_a_sign_in_says_by_what_and_a_sign_out_that_it_was(client: Client, ada: User) -> None:
    knock(client)
    client.post("/accounts/logout/")
    assert told() == ["Ada signed in", "Ada signed out"]
    assert the(Kind.SIGNED_IN).detail == {"with": "password"}
    assert the(Kind.SIGNED_IN).actor == the(Kind.SIGNED_OUT).actor == ada


def test_a_sign_in_names_the_second_factor(confirmed: Client) -> None:
    secret = enrol(confirmed)
    codes = confirmed.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    for code in (None, codes[0]):
        client = Client()
        knock(client)
        client.post("/accounts/logout/")  # left half-way, and begun anew
        knock(client)
        path = "/accounts/2fa/authenticate/"
        client.post(path, {"code": code}) if code else answer(client, path, secret)
    ways = [event.detail["with"] for event in Event.objects.filter(kind=Kind.SIGNED_IN)]
    assert ways == ["password and authenticator app", "password and recovery code"]


def test_half_a_sign_in_is_none(confirmed: Client) -> None:
    enrol(confirmed)
    knock(Client())
    assert told(Kind.SIGNED_IN) == []


def test_signing_out_without_being_in_is_nothing(client: Client, db: None) -> None:
    client.post("/accounts/logout/")
    assert told() == []


# Failing to come in ------------------------------------------------------------------------------
def test_a_wrong_password_is_on_the_record_of_whose_it_is(client: Client, ada: User) -> None:
    knock(client, "wrong-password-7")
    assert told() == ["Somebody failed to sign in as Ada"]
    failed = the(Kind.SIGN_IN_FAILED)
    assert (failed.actor, failed.subject_id) == (None, str(ada.pk))
    assert failed.detail == {"with": "a wrong password"}
    assert "wrong-password-7" not in all_text()


@pytest.mark.parametrize("typed", [PASSWORD, "nobody@example.com", "ada@example.com " + PASSWORD])
def test_what_was_typed_into_the_wrong_field_is_kept_nowhere(
    client: Client, ada: User, typed: str
) -> None:
    knock(client, login=typed)
    knock(client, typed, login="nobody@example.com")
    assert told() == []


def test_a_flood_of_wrong_passwords_is_one_event_a_minute(client: Client, ada: User) -> None:
    for _ in range(4):
        knock(client, "wrong")
    assert len(told()) == 1
    cache.clear()  # as a minute does
    knock(client, "wrong")
    assert len(told()) == 2


def test_the_flood_at_one_door_hides_nothing_at_another(
    client: Client, ada: User, person: MakePerson
) -> None:
    person("Bob")
    knock(client, "wrong")
    knock(client, "wrong", login="bob@example.com")
    assert told() == ["Somebody failed to sign in as Ada", "Somebody failed to sign in as Bob"]


def test_a_right_password_and_a_wrong_code_is_a_failure_of_its_own(confirmed: Client) -> None:
    enrol(confirmed)
    client = Client()
    knock(client, "wrong")
    knock(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000"})
    failures = Event.objects.filter(kind=Kind.SIGN_IN_FAILED)
    assert [event.detail["with"] for event in failures] == ["a wrong password", "a wrong code"]


def test_the_deactivated_who_come_back_are_on_the_record(client: Client, ada: User) -> None:
    User.objects.update(is_active=False)
    knock(client)
    assert told() == ["Somebody failed to sign in as Ada"]
    assert the(Kind.SIGN_IN_FAILED).detail == {"with": "the right password, but deactivated"}


def test_who_is_signed_in_and_gives_a_wrong_password_is_known(ada: User, sign_in: SignIn) -> None:
    sign_in(ada).post("/accounts/reauthenticate/", {"password": "wrong"})
    assert told() == ["Ada gave a wrong password or code"]


# Passwords, addresses, names ---------------------------------------------------------------------
def test_a_changed_password_is_one_event(ada: User, sign_in: SignIn) -> None:
    sign_in(ada).post("/accounts/password/change/", {"oldpassword": PASSWORD, **NEW})
    assert told() == ["Ada changed their own password"]
    assert the(Kind.PASSWORD_CHANGED).detail == {}


def test_a_password_that_was_forgotten_came_by_mail(client: Client, ada: User) -> None:
    client.post("/accounts/password/reset/", {"email": "ada@example.com"})
    assert told() == []
    path = _path_in(str(mail.outbox[0].body))
    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], NEW)
    assert told() == ["Ada changed their own password"]
    assert the(Kind.PASSWORD_CHANGED).detail == {"with": "a link sent by mail"}


def test_a_password_from_the_command_line_is_nobodys_own(
    ada: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(ada)
    monkeypatch.setenv("GREENROOM_PASSWORD", "the-new-lamp-9")
    call_command("changepassword", "ADA@example.com", verbosity=0)
    assert User.objects.get(pk=ada.pk).check_password("the-new-lamp-9")
    assert told() == ["Somebody at the command line changed the password of Ada"]
    assert browser.get("/account").status_code == 302


def test_a_new_address_is_told_with_the_old_one(confirmed: Client) -> None:
    confirmed.post("/accounts/email/", {"email": "countess@example.com", "action_add": ""})
    assert told() == []
    letter = next(letter for letter in mail.outbox if letter.to == ["countess@example.com"])
    for _ in range(2):  # a link that is opened twice changes nothing twice
        confirmed.post(_path_in(str(letter.body)))
    assert told() == ["Ada changed their own e-mail address"]
    detail = the(Kind.EMAIL_CHANGED).detail
    assert detail["before"] == {"email": "ada@example.com"}
    assert detail["after"] == {"email": "countess@example.com"}


def test_a_new_name_is_told_once(ada: User, sign_in: SignIn) -> None:
    for _ in range(2):
        sign_in(ada).post("/account", {"name": "Ada King"})
    assert told() == ["Ada King changed their own name"]
    detail = the(Kind.NAME_CHANGED).detail
    assert detail == {"before": {"name": "Ada"}, "after": {"name": "Ada King"}}


def test_a_name_that_an_administrator_changes_is_theirs_to_answer_for(
    ada: User, office: Client
) -> None:
    for _ in range(2):
        office.post(f"/admin/people/user/{ada.pk}/change/", {"name": "Ada King"})
    assert told() == ["Grace changed the name of Ada King"]
    assert the(Kind.NAME_CHANGED).detail["before"] == {"name": "Ada"}


# Second factors ----------------------------------------------------------------------------------
def test_factors_and_codes_that_come_and_go_are_told(confirmed: Client) -> None:
    enrol(confirmed)
    confirmed.post("/accounts/2fa/recovery-codes/generate/", {})
    confirmed.post("/accounts/2fa/totp/deactivate/", {})
    assert told() == [
        "Ada added a second factor",
        "Ada made new recovery codes",
        "Ada made new recovery codes",
        "Ada removed a second factor",
    ]
    assert the(Kind.FACTOR_ADDED).detail == {"factor": "authenticator app"}
    assert the(Kind.FACTOR_REMOVED).detail == {"factor": "authenticator app"}


def test_factors_that_are_dropped_at_the_command_line_are_told(confirmed: Client) -> None:
    enrol(confirmed)
    call_command("people", "drop-factors", "ada@example.com", verbosity=0)
    expected = "Somebody at the command line removed a second factor of Ada"
    assert told(Kind.FACTOR_REMOVED) == [expected]


def test_the_record_knows_no_secret_of_a_factor(confirmed: Client) -> None:
    secret = enrol(confirmed)
    codes = confirmed.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    assert [word for word in (secret, *codes) if word in all_text()] == []


# Inviting ----------------------------------------------------------------------------------------
def test_an_invitation_is_told_from_its_making_to_its_end(
    client: Client, administrator: User, office: Client
) -> None:
    form = {"email": "guest@example.com", "role": "creator", "days": "7", "wish": "one form"}
    pages = [office.post("/people/invite", form) for _ in range(2)]
    found = re.search(r"/invitations/([\w-]{43})", pages[0].content.decode())
    assert found
    filled = {"name": "Guest", "email": "guest@example.com", **_twice()}
    client.post(f"/invitations/{found[1]}", filled)
    assert told() == [
        "Grace invited guest@example.com",
        "Guest came in by an invitation",
        "Guest signed in",
    ]
    assert the(Kind.INVITED).detail["role"] == "creator"
    assert the(Kind.SIGNED_IN).detail == {"with": "invitation"}
    assert found[1] not in all_text()
    notice = Notice.objects.get()
    assert (notice.person, notice.event.kind) == (administrator, Kind.INVITATION_ACCEPTED)


def test_an_invitation_for_anybody_names_nobody(office: Client) -> None:
    office.post("/people/invite", {"email": "", "role": "viewer", "days": "7"})
    office.post(f"/people/invitations/{Invitation.objects.get().pk}/revoke")
    assert told() == ["Grace invited somebody", "Grace took back the invitation of somebody"]


def test_an_invitation_is_revoked_once(office: Client, administrator: User) -> None:
    invitation, _ = invitations.invite(administrator, Role.VIEWER, email="a@b.example", days=7)
    for _ in range(2):
        office.post(f"/people/invitations/{invitation.pk}/revoke")
    assert told(Kind.INVITATION_REVOKED) == ["Grace took back the invitation of a@b.example"]


@pytest.mark.parametrize("act", ["role", "deactivate"])
def test_invitations_that_go_with_somebodys_rights_are_told_too(
    office: Client, person: MakePerson, act: str
) -> None:
    leaver = person("Leaver", Role.ADMINISTRATOR)
    for email in ("a@b.example", "c@d.example"):
        invitations.invite(leaver, Role.VIEWER, email=email, days=7)
    office.post(f"/people/{leaver.pk}/{act}", {"role": "viewer"})
    taken = [
        f"Grace took back the invitation of {email}" for email in ("a@b.example", "c@d.example")
    ]
    assert sorted(told(Kind.INVITATION_REVOKED)) == taken


# What people may do ------------------------------------------------------------------------------
def test_a_role_is_told_as_it_was_and_as_it_is(ada: User, office: Client) -> None:
    for _ in range(2):
        office.post(f"/people/{ada.pk}/role", {"role": "reviewer"})
    assert told() == ["Grace changed the role of Ada"]
    detail = the(Kind.ROLE_CHANGED).detail
    assert detail == {"before": {"role": "viewer"}, "after": {"role": "reviewer"}}
    assert Notice.objects.get().person == ada


def test_what_was_refused_is_not_told(administrator: User, office: Client) -> None:
    office.post(f"/people/{administrator.pk}/role", {"role": "viewer"})
    office.post(f"/people/{administrator.pk}/deactivate")
    assert told() == []


def test_going_and_coming_back_are_told_once_each(ada: User, office: Client) -> None:
    for act in ("deactivate", "deactivate", "reactivate", "reactivate"):
        office.post(f"/people/{ada.pk}/{act}")
    assert told() == ["Grace deactivated Ada", "Grace reactivated Ada"]


def test_what_is_done_at_the_command_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENROOM_PASSWORD", PASSWORD)
    call_command("people", "add", "ada@example.com", "--role", "viewer", "--name", "Ada")
    call_command("people", "role", "ada@example.com", "reviewer")
    assert told() == [
        "Somebody at the command line added Ada",
        "Somebody at the command line changed the role of Ada",
    ]
    assert the(Kind.ADDED).detail == {"role": "viewer"}


def test_all_that_one_request_did_has_its_id(office: Client, person: MakePerson) -> None:
    leaver = person("Leaver", Role.ADMINISTRATOR)
    invitations.invite(leaver, Role.VIEWER, email="", days=7)
    response = office.post(f"/people/{leaver.pk}/deactivate")
    kinds = Event.objects.filter(trace=response["X-Request-Id"]).values_list("kind", flat=True)
    assert sorted(kinds) == [Kind.DEACTIVATED, Kind.INVITATION_REVOKED]


# All or nothing ----------------------------------------------------------------------------------
def _acts(person: MakePerson) -> dict[str, tuple[Callable[[], object], Callable[[], Any]]]:
    """Name -> what is done, and what tells whether it was."""
    ada, grace = person("Ada"), person("Grace", Role.ADMINISTRATOR)
    open_one, code = invitations.invite(grace, Role.VIEWER, email="", days=7)
    Authenticator.objects.create(user=ada, type="totp", data={})
    browser = Client()
    browser.force_login(ada)
    again = {"oldpassword": PASSWORD, **NEW}
    new_one = {"name": "Guest", "email": "guest@example.com", **_twice()}

    def fresh() -> User:
        return User.objects.get(pk=ada.pk)

    def by_link() -> object:
        return Client(raise_request_exception=False).post(f"/invitations/{code}", new_one)

    browser.raise_request_exception = False
    return {
        "role": (lambda: membership.change_role(ada, Role.CREATOR, grace), lambda: fresh().role),
        "leave": (lambda: membership.deactivate(ada, grace), lambda: fresh().is_active),
        "invite": (
            lambda: invitations.invite(grace, Role.VIEWER, email="x@y.example", days=7),
            Invitation.objects.count,
        ),
        "revoke": (
            lambda: invitations.revoke(Invitation.objects.all(), grace),
            lambda: Invitation.objects.get(pk=open_one.pk).revoked_at,
        ),
        "accept": (by_link, User.objects.count),
        "rename": (lambda: browser.post("/account", {"name": "A K"}), lambda: fresh().name),
        "password": (
            lambda: browser.post("/accounts/password/change/", again),
            lambda: fresh().password,
        ),
        "factors": (
            lambda: call_command("people", "drop-factors", ada.email, verbosity=0),
            Authenticator.objects.count,
        ),
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name", ["role", "leave", "invite", "revoke", "accept", "rename", "password", "factors"]
)
def test_it_is_on_the_record_exactly_when_it_is_true(person: MakePerson, name: str) -> None:
    """Each of its writes fails in turn: the change and its event are both there, or neither is."""
    act, state = _acts(person)[name]
    n = 0
    while True:
        n += 1
        before, events = state(), Event.objects.count()
        with failing_at(n) as writes:
            try:
                act()
            except OperationalError:
                assert writes.failed
        assert (state() != before) == (Event.objects.count() > events), writes.seen
        if not writes.failed or state() != before:
            break
    assert n > 2
    assert state() != before


def _twice() -> dict[str, str]:
    return {"password1": PASSWORD, "password2": PASSWORD}


def _path_in(letter: str) -> str:
    found = re.search(r"http://testserver(/accounts/\S+)", letter)
    assert found
    return found[1]
