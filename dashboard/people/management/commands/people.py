"""`manage.py people`: the door that still opens when nobody can sign in."""

import os
from argparse import ArgumentParser
from collections.abc import Callable
from getpass import getpass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dashboard.people import first_run, membership
from dashboard.people.models import User
from dashboard.people.roles import Role, give

ASKED_AT_MOST = 3


class Command(BaseCommand):
    help = "Add people, list them, change their role, or let somebody in who lost a second factor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        add = actions.add_parser("add", help="make an account")
        add.add_argument("email")
        add.add_argument("--role", required=True, choices=Role.values)
        add.add_argument("--name", default="", help="shown name; what stands before the @ if left")
        actions.add_parser("list", help="everybody, with role and last sign-in")
        role = actions.add_parser("role", help="change what somebody may do")
        role.add_argument("email")
        role.add_argument("role", choices=Role.values)
        factors = actions.add_parser("drop-factors", help="forget somebody's second factors")
        factors.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        actions: dict[str, Callable[[dict[str, Any]], None]] = {
            "add": self._add,
            "list": self._list,
            "role": self._role,
            "drop-factors": self._drop_factors,
        }
        actions[options["action"]](options)

    def _add(self, options: dict[str, Any]) -> None:
        person = User.objects.draft(options["email"], name=options["name"])
        try:
            person.full_clean(exclude=["password"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        person.set_password(self._password(person))
        with transaction.atomic():
            first_run.close()
            person.save()
            give(person, Role(options["role"]))
        self.stdout.write(f"{person.email} may sign in as {options['role']}.")

    def _password(self, person: User) -> str:
        """From GREENROOM_PASSWORD, else asked for; never printed."""
        given = os.environ.get("GREENROOM_PASSWORD")
        if given is not None:
            if complaints := _complaints(given, person):
                raise CommandError(complaints)
            return given
        for _ in range(ASKED_AT_MOST):
            password = _ask("Password: ")
            if complaints := _complaints(password, person):
                self.stderr.write(complaints)
            elif password != _ask("Password, once more: "):
                self.stderr.write("The two passwords differ.")
            else:
                return password
        raise CommandError("No password, no account. Nothing was made.")

    def _list(self, options: dict[str, Any]) -> None:
        for person in User.objects.prefetch_related("groups"):
            last = f"{person.last_login:%Y-%m-%d %H:%M} UTC" if person.last_login else "never"
            active = "active" if person.is_active else "deactivated"
            role = person.role or "no role"
            self.stdout.write(f"{person.email}\t{role}\t{active}\tlast sign-in: {last}")

    def _role(self, options: dict[str, Any]) -> None:
        person, role = _find(options["email"]), Role(options["role"])
        try:
            membership.change_role(person, role)
        except membership.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person.email} is now {role}.")

    def _drop_factors(self, options: dict[str, Any]) -> None:
        person = _find(options["email"])
        _, dropped = Authenticator.objects.filter(user=person).delete()
        count = sum(dropped.values())
        self.stdout.write(f"{person.email} signs in by password alone now ({count} forgotten).")


def _find(email: str) -> User:
    try:
        return User.objects.get(email=email)
    except User.DoesNotExist as error:
        raise CommandError(f"Nobody has the e-mail address {email}.") from error


def _ask(prompt: str) -> str:
    try:
        return getpass(prompt)
    except EOFError as error:
        raise CommandError("No password given. Set GREENROOM_PASSWORD or type one.") from error


def _complaints(password: str, person: User) -> str:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return "\n".join(error.messages)
    return ""
