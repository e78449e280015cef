"""People and their passwords, as commands ask for them."""

import os
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, OutputWrapper

from dashboard.people.models import User

ASKED_AT_MOST = 3


def person_with(email: str) -> User:
    try:
        return User.objects.get(email=email)
    except User.DoesNotExist as error:
        raise CommandError(f"Nobody has the e-mail address {email}.") from error


def password_for(person: User, stderr: OutputWrapper, otherwise: str) -> str:
    """From GREENROOM_PASSWORD, else typed twice; never printed.

    `otherwise`: what it means that there is none, for the `CommandError`.
    """
    given = os.environ.get("GREENROOM_PASSWORD")
    if given is not None:
        if complaints := _complaints(given, person):
            raise CommandError(complaints)
        return given
    for _ in range(ASKED_AT_MOST):
        password = _ask("Password: ")
        if complaints := _complaints(password, person):
            stderr.write(complaints)
        elif password != _ask("Password, once more: "):
            stderr.write("The two passwords differ.")
        else:
            return password
    raise CommandError(otherwise)


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
