"""Coming in and going out, on the record."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest

from . import factors, record
from .models import User


def let_in(request: HttpRequest, person: User, way: str) -> None:
    """Sign somebody in who has just made their account, by the `way` of a link."""
    with transaction.atomic():
        came_in(person, way)
        login(request, person)


def came_in(person: User, way: str) -> None:
    record.of_person("signed-in", person, by=person, detail={"with": way})


def went_out(person: User) -> None:
    record.of_person("signed-out", person, by=person)


def way_of(request: HttpRequest, person: User) -> str:
    """By what they have shown who they are in this very sign-in, in words."""
    shown: list[str] = []
    for step in get_authentication_records(request, person):
        words = _step_in_words(step)
        # What begins a sign-in ends the one before, which was left half-way.
        shown = [words] if words in ("password", "passkey") else [*shown, words]
    return " and ".join(shown) or "another way"


def _step_in_words(step: dict[str, Any]) -> str:
    if step.get("passwordless"):
        return "passkey"
    if step["method"] == "mfa":
        return factors.IN_WORDS[step["type"]]
    return str(step["method"]).replace("_", " ")
