"""`manage.py changepassword`: Django's, on the record."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from dashboard.people import record
from dashboard.people.management.asking import password_for, person_with


class Command(BaseCommand):
    help = "Give somebody another password: typed twice, or from GREENROOM_PASSWORD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_with(options["email"])
        password = password_for(person, self.stderr, "No password. Nothing was changed.")
        person.set_password(password)
        with transaction.atomic():
            person.save(update_fields=["password"])
            record.of_person("password-changed", person, by=None)
        self.stdout.write(f"{person.email} has another password. Their sessions are over.")
