"""The people of the dashboard: who they are, what they may do, how they come in."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save

from .addresses import vouch
from .factors import added, removed
from .groups import fill_groups


class PeopleConfig(AppConfig):
    name = "dashboard.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        # No sender: the permissions of other apps appear later in the same migrate.
        post_migrate.connect(_fill_groups, dispatch_uid="people.fill_groups")
        post_save.connect(vouch, sender="people.User", dispatch_uid="people.vouch")
        post_save.connect(added, sender="mfa.Authenticator", dispatch_uid="people.added")
        post_delete.connect(removed, sender="mfa.Authenticator", dispatch_uid="people.removed")


def _fill_groups(using: str, apps: Any = None, **_: Any) -> None:
    fill_groups(using, apps)
