"""`manage.py people`: the door that still opens when nobody can sign in."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dashboard.people import first_run, membership, record
from dashboard.people.management.asking import password_for, person_with
from dashboard.people.models import User
from dashboard.people.roles import Role, give

_NOTHING_MADE = "No password, no account. Nothing was made."


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
        person.set_password(password_for(person, self.stderr, _NOTHING_MADE))
        with transaction.atomic():
            first_run.close()
            person.save()
            give(person, Role(options["role"]))
            detail = {"role": options["role"]}
            record.of_person("added", person, by=None, detail=detail)
        self.stdout.write(f"{person.email} may sign in as {options['role']}.")

    def _list(self, options: dict[str, Any]) -> None:
        for person in User.objects.prefetch_related("groups"):
            last = f"{person.last_login:%Y-%m-%d %H:%M} UTC" if person.last_login else "never"
            active = "active" if person.is_active else "deactivated"
            role = person.role or "no role"
            self.stdout.write(f"{person.email}\t{role}\t{active}\tlast sign-in: {last}")

    def _role(self, options: dict[str, Any]) -> None:
        person, role = person_with(options["email"]), Role(options["role"])
        try:
            membership.change_role(person, role)
        except membership.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person.email} is now {role}.")

    def _drop_factors(self, options: dict[str, Any]) -> None:
        person = person_with(options["email"])
        _, dropped = Authenticator.objects.filter(user=person).delete()
        count = sum(dropped.values())
        self.stdout.write(f"{person.email} signs in by password alone now ({count} forgotten).")
