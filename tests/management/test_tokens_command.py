"""`manage.py tokens`: for scripts, and for whoever runs the server."""

import json
import re
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import BaseCommand, CommandError, call_command
from django.test import Client
from django.utils import timezone

from avatars import tokens as texts
from avatars.management.commands.tokens import Command
from avatars.models import NEEDS, Right, Token
from avatars.services import credentials
from dashboard.people.models import User
from dashboard.people.roles import ADDS, Role
from tests.conftest import MakePerson
from tests.management.conftest import Printed

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[2] / "docs"
SETTINGS = DOCS / "settings.md"


def tokens(*arguments: object) -> Printed:
    """What `manage.py tokens` prints."""
    out, err, error, status = StringIO(), StringIO(), "", 0
    try:
        call_command("tokens", *map(str, arguments), stdout=out, stderr=err, no_color=True)
    except CommandError as raised:
        error, status = str(raised), raised.returncode
    return Printed(out.getvalue(), err.getvalue(), error, status)


def token_of(owner: User, name: str = "CI") -> tuple[Token, str]:
    return credentials.make(owner, name, [Right.READ], by=owner)


# create ------------------------------------------------------------------------------------------
def test_the_last_line_is_a_token_that_works(mia: User) -> None:
    printed = tokens("create", mia.email, "--rights", "avatars:read,avatars:create")
    assert printed.status == 0
    text = printed.out.splitlines()[-1]
    token = Token.objects.by_text(text)
    assert token
    assert (token.owner, token.created_by, token.rights) == (
        mia,
        None,
        ["avatars:read", "avatars:create"],
    )
    program = Client(headers={"Authorization": f"Bearer {text}"})
    assert program.get("/v1/avatars").status_code == 200


def test_nothing_else_is_on_standard_output(mia: User) -> None:
    printed = tokens("create", mia.email, "--rights", "avatars:read")
    assert texts.is_whole(printed.out.removesuffix("\n"))
    assert "It acts as Mia Berg until" in printed.err
    assert printed.out.strip() not in printed.err


def test_its_limits_are_as_said(mia: User) -> None:
    limits = ("--days", 5, "--rate", 6, "--month-limit", 7, "--name", " Night\u200b job ")
    tokens("create", mia.email, "--rights", "feed:read , avatars:read,", *limits)
    token = Token.objects.get()
    assert token.expires_at - token.created_at == timedelta(days=5)
    assert (token.rate, token.month_limit, token.name) == (6, 7, "Night job")
    assert token.rights == ["avatars:read", "feed:read"]


def test_an_address_is_found_however_it_is_typed(mia: User) -> None:
    assert tokens("create", mia.email.upper(), "--rights", "avatars:read").status == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rights", "avatars:fly,review"], "There is no right avatars:fly. No token was made."),
        (["--rights", "avatars:fly"], "The rights are avatars:read, avatars:create, "),
        (["--rights", "review"], "Mia Berg does not cover review. No token was made."),
        (["--rights", ","], "at least one right"),
        (["--rights", "avatars:read", "--days", "0"], "1 to 366 days, not 0"),
        (["--rights", "avatars:read", "--days", "367"], "1 to 366 days, not 367"),
        (["--rights", "avatars:read", "--days", "soon"], "invalid int value: 'soon'"),
        (["--rights", "avatars:read", "--rate", "0"], "calls a minute"),
        (["--rights", "avatars:read", "--month-limit", "0"], "avatars a month"),
        (["--rights", "avatars:read", "--name", "\u200b"], "needs a name"),
        ([], "--rights"),
    ],
)
def test_what_can_not_be_made_is_refused_in_words(
    mia: User, arguments: list[str], words: str
) -> None:
    printed = tokens("create", mia.email, *arguments)
    assert words in printed.error
    assert (printed.out, bool(printed.status)) == ("", True)
    assert not Token.objects.exists()


def test_nobody_and_somebody_deactivated_get_none(mia: User) -> None:
    mia.is_active = False
    mia.save()
    for email, words in [
        ("nobody@example.com", "Nobody has the e-mail address nobody@example.com."),
        (mia.email, "was deactivated"),
    ]:
        printed = tokens("create", email, "--rights", "avatars:read")
        assert words in printed.error
        assert printed.out == ""


# list --------------------------------------------------------------------------------------------
def test_the_table_has_a_line_for_each(mia: User, person: MakePerson) -> None:
    (first, _), (second, _) = token_of(mia, "CI"), token_of(person(role=Role.VIEWER), "Kiosk")
    credentials.revoke(first.pk, mia)
    head, kiosk, ci = tokens("list").out.splitlines()
    assert " ".join(head.split()) == "ID HINT NAME PERSON RIGHTS ENDS LAST USED STATE"
    assert kiosk.split()[:5] == [
        str(second.pk),
        second.hint,
        "Kiosk",
        second.owner.email,
        "avatars:read",
    ]
    assert kiosk.endswith("never      works")
    assert ci.endswith("revoked")


def test_json_tells_facts_and_states_but_no_secret(mia: User, person: MakePerson) -> None:
    gone = person(role=Role.VIEWER)
    (works, text), (asleep, _) = token_of(mia), token_of(gone)
    (revoked, _), (expired, _) = token_of(mia), token_of(mia)
    credentials.revoke(revoked.pk, mia)
    Token.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    User.objects.filter(pk=gone.pk).update(is_active=False)
    printed = tokens("list", "--json").out
    told = {item["id"]: item for item in json.loads(printed)}
    assert {number: item["state"] for number, item in told.items()} == {
        works.pk: "works",
        asleep.pk: "of somebody who was deactivated",
        revoked.pk: "revoked",
        expired.pk: "expired",
    }
    fact = told[works.pk]
    assert (fact["hint"], fact["person"], fact["rights"]) == (
        text[:8],
        mia.email,
        ["avatars:read"],
    )
    assert datetime.fromisoformat(fact["expires_at"]).tzinfo
    assert told[revoked.pk]["revoked_by"] == mia.email
    for secret in (text, works.digest):
        assert secret not in printed
        assert secret not in tokens("list").out


def test_before_the_first_one_there_is_an_empty_array_and_a_sentence() -> None:
    assert json.loads(tokens("list", "--json").out) == []
    printed = tokens("list")
    assert (printed.out, printed.err) == ("", "There is no token yet.\n")


# revoke ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["id", "hint", "hint as pages show it", "the token itself"])
def test_a_token_is_revoked_by_what_is_known_of_it(mia: User, how: str) -> None:
    token, text = token_of(mia)
    other, _ = token_of(mia)
    known = {
        "id": token.pk,
        "hint": token.hint,
        "hint as pages show it": f"{token.hint}…",
        "the token itself": text,
    }
    printed = tokens("revoke", known[how])
    assert f"CI ({token.hint}…) of Mia Berg is revoked." in printed.out
    assert list(Token.objects.open(timezone.now())) == [other]
    assert "was revoked already" in tokens("revoke", known[how]).out


def test_an_unknown_one_is_refused_in_words(mia: User) -> None:
    token_of(mia)
    unknown = texts.new_token()
    for word in ("99999", "9" * 40, "grn_zzzz", "", unknown, "²"):
        printed = tokens("revoke", word)
        assert "“manage.py tokens list” shows them all." in printed.error
        assert unknown not in printed.error
    assert Token.objects.open(timezone.now()).count() == 1


def test_a_hint_of_several_revokes_none(mia: User) -> None:
    numbers = [token_of(mia)[0].pk for _ in range(2)]
    Token.objects.update(hint="grn_same")
    printed = tokens("revoke", "grn_same")
    assert "Several begin so. Nothing was revoked." in printed.error
    assert all(str(number) in printed.error for number in numbers)
    assert Token.objects.open(timezone.now()).count() == 2


# The docs ----------------------------------------------------------------------------------------
def test_the_page_about_tokens_names_every_right_option_and_the_pattern() -> None:
    told = (DOCS / "tokens.md").read_text()
    rows = re.findall(r"^\| `([a-z:]+)` \| .* \| (\w+) \|$", told, re.MULTILINE)
    assert {Right(name): permission_of(Role(role)) for name, role in rows} == NEEDS
    assert set(re.findall(r"--[a-z][a-z-]*", told)) == options()
    assert f"\n{texts.PATTERN}\n" in told


def test_the_table_of_commands_has_every_option() -> None:
    rows = re.findall(r"^\| `manage\.py tokens (.*?)` \|", SETTINGS.read_text(), re.MULTILINE)
    assert [row.split()[0] for row in rows] == ["create", "list", "revoke"]
    assert set(re.findall(r"--[a-z][a-z-]*", " ".join(rows))) == options()


def permission_of(role: Role) -> str:
    """What a role has and the one before it has not."""
    return ADDS[role][0]


def options() -> set[str]:
    parser = Command().create_parser("manage.py", "tokens")
    actions = next(part for part in parser._actions if part.dest == "action")
    assert isinstance(actions.choices, dict)
    found = {name for each in actions.choices.values() for name in each._option_string_actions}
    return {name for name in found if name.startswith("--")} - _of_every_command()


def _of_every_command() -> set[str]:
    return set(BaseCommand().create_parser("manage.py", "tokens")._option_string_actions)
