"""Allauth's own list of addresses, kept beside `User.email`.

Whoever lets a person in vouches for their address, so it counts as confirmed. Without such a row
allauth takes the address for an unconfirmed one, and a change of address would delete it.
"""

from typing import Any

from django.apps import apps


def vouch(instance: Any, created: bool, raw: bool, using: str, **_: Any) -> None:
    """After a User is saved. `raw` rows come from a dump, which holds the list too."""
    if created and not raw:
        addresses = apps.get_model("account", "EmailAddress").objects.using(using)
        addresses.create(user=instance, email=instance.email, primary=True, verified=True)
