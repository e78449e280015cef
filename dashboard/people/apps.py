"""The people of the dashboard: who they are, what they may do, how they come in."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save

from .addresses import vouch
from .groups import fill_groups


class PeopleConfig(AppConfig):
    name = "dashboard.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        # No sender: the permissions of other apps appear later in the same migrate.
        post_migrate.connect(_fill_groups, dispatch_uid="people.fill_groups")
        post_save.connect(vouch, sender="people.User", dispatch_uid="people.vouch")


def _fill_groups(using: str, apps: Any = None, **_: Any) -> None:
    fill_groups(using, apps)
