"""The people whom a command names."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError


def person_of(email: str, *, active: bool = True) -> Any:
    """Somebody with that address, who may sign in. Raises `CommandError` when there is nobody."""
    person = get_user_model().objects.filter(email=email).first()
    if person is None:
        raise CommandError(
            f"Nobody has the e-mail address {email}. Nothing was changed. "
            "“manage.py people list” shows everybody."
        )
    if active and not person.is_active:
        raise CommandError(f"{email} was deactivated, so nothing can be done in their name.")
    return person
