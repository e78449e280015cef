"""`manage.py people`: the door that still opens when nobody can sign in."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from dashboard.people import first_run
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import wipe_record
from tests.people.conftest import PASSWORD, MakePerson

pytestmark = pytest.mark.django_db


def people(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("people", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENROOM_PASSWORD", PASSWORD)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What somebody types when asked, in order."""
    answers: list[str] = []

    def answer(prompt: str = "") -> str:
        if not answers:
            raise EOFError
        return answers.pop(0)

    monkeypatch.delenv("GREENROOM_PASSWORD", raising=False)
    monkeypatch.setattr("dashboard.people.management.asking.getpass", answer)
    return answers


def test_adding_makes_somebody_who_can_sign_in(client: Client, password: None) -> None:
    printed = people("add", "Grace@example.com", "--role", "administrator", "--name", "Grace H")
    grace = User.objects.get()
    assert (grace.name, grace.role, grace.is_superuser) == ("Grace H", Role.ADMINISTRATOR, False)
    sent = {"login": "grace@example.com", "password": PASSWORD}
    assert client.post("/accounts/login/", sent)["Location"] == "/"
    assert PASSWORD not in printed
    assert "administrator" in printed


def test_adding_closes_the_set_up_for_good(password: None) -> None:
    code = first_run.new_set_up_code()
    assert code
    people("add", "grace@example.com", "--role", "administrator")
    wipe_record()
    User.objects.all().delete()
    assert not first_run.is_open(code)
    assert first_run.new_set_up_code() is None


def test_an_address_that_is_taken_is_said(person: MakePerson, password: None) -> None:
    person("Ada")
    with pytest.raises(CommandError, match="already has an account") as error:
        people("add", "ADA@example.com", "--role", "viewer")
    assert error.value.returncode == 1
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "role", "words"),
    [("nonsense", "viewer", "valid email"), ("ada@example.com", "emperor", "invalid choice")],
)
def test_nonsense_is_refused_in_words(password: None, email: str, role: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        people("add", email, "--role", role)
    assert not User.objects.exists()


def test_a_weak_password_from_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENROOM_PASSWORD", "12345678")
    with pytest.raises(CommandError, match="too common"):
        people("add", "ada@example.com", "--role", "viewer")
    assert not User.objects.exists()


def test_a_typed_password_is_asked_for_twice(typed: list[str]) -> None:
    typed += [PASSWORD, PASSWORD]
    people("add", "ada@example.com", "--role", "viewer")
    assert User.objects.get().check_password(PASSWORD)


def test_typing_may_go_wrong_and_is_asked_again(typed: list[str]) -> None:
    typed += ["short", PASSWORD, "a slip of the hand", PASSWORD, PASSWORD]
    printed = people("add", "ada@example.com", "--role", "viewer")
    assert "too short" in printed
    assert "differ" in printed
    assert User.objects.get().check_password(PASSWORD)


def test_after_three_tries_nothing_is_made(typed: list[str]) -> None:
    typed += ["short", "short", "short"]
    with pytest.raises(CommandError, match="Nothing was made"):
        people("add", "ada@example.com", "--role", "viewer")
    assert not User.objects.exists()


def test_without_anybody_to_type_it_says_what_to_set(typed: list[str]) -> None:
    with pytest.raises(CommandError, match="GREENROOM_PASSWORD"):
        people("add", "ada@example.com", "--role", "viewer")


def test_everybody_is_listed(person: MakePerson) -> None:
    person("Ada", Role.REVIEWER)
    person("Bob", None)
    lines = people("list").splitlines()
    assert [line.split("\t")[:3] for line in lines] == [
        ["ada@example.com", "reviewer", "active"],
        ["bob@example.com", "no role", "active"],
    ]


def test_a_role_is_changed(person: MakePerson) -> None:
    person("Ada")
    people("role", "ada@example.com", "creator")
    assert User.objects.get().role is Role.CREATOR


def test_the_last_administrator_stays_one(administrator: User) -> None:
    with pytest.raises(CommandError, match="last active administrator"):
        people("role", administrator.email, "viewer")


@pytest.mark.parametrize("action", [["role", "nobody@x.example", "viewer"], ["drop-factors", "x"]])
def test_nobody_is_said_to_be_nobody(action: list[str]) -> None:
    with pytest.raises(CommandError, match="Nobody has the e-mail address"):
        people(*action)


def test_a_lost_second_factor_is_forgotten(person: MakePerson) -> None:
    ada, bob = person("Ada"), person("Bob")
    for user in (ada, bob):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    assert "password alone" in people("drop-factors", "ada@example.com")
    assert [kept.user for kept in Authenticator.objects.all()] == [bob]


def test_superusers_are_not_made_here() -> None:
    with pytest.raises(CommandError, match="people add"):
        call_command("createsuperuser")
