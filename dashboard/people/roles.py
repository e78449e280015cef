"""Four roles, each with everything the one before it may do.

Roles are Django groups, so that permission checks everywhere are Django's own.
"""

from itertools import takewhile
from typing import TYPE_CHECKING

from django.db import models, transaction

if TYPE_CHECKING:
    from .models import User


class Role(models.TextChoices):
    """Ordered from the least to the most; the value is the group's name."""

    VIEWER = "viewer", "Viewer"
    CREATOR = "creator", "Creator"
    REVIEWER = "reviewer", "Reviewer"
    ADMINISTRATOR = "administrator", "Administrator"


# What each role adds to the role before it.
ADDS: dict[Role, tuple[str, ...]] = {
    Role.VIEWER: ("avatars.view_avatar",),
    Role.CREATOR: ("avatars.add_avatar",),
    Role.REVIEWER: ("avatars.review_avatar",),
    Role.ADMINISTRATOR: (
        "avatars.change_avatar",
        "avatars.delete_avatar",
        "avatars.operate_avatar",
        "avatars.view_event",
        "people.view_user",
        "people.add_user",
        "people.change_user",
        "people.view_invitation",
        "people.add_invitation",
        "people.change_invitation",
    ),
}

IN_WORDS: dict[Role, str] = {
    Role.VIEWER: "looks at avatars",
    Role.CREATOR: "looks at avatars and makes them",
    Role.REVIEWER: "makes avatars and reviews them",
    Role.ADMINISTRATOR: "does everything: changes and deletes avatars, invites people",
}


def permissions_of(role: Role) -> frozenset[str]:
    """Everything `role` may do, as "app.codename"."""
    below = takewhile(lambda step: step is not role, Role)
    return frozenset(name for step in (*below, role) for name in ADDS[step])


@transaction.atomic
def give(user: "User", role: Role) -> None:
    """Make `role` the one role of `user`. Administrators may use Django's admin, nobody else."""
    found = user.groups.model._default_manager.filter(name__in=Role.values)
    groups = {group.name: group for group in found}
    wanted = groups.pop(role.value)
    user.groups.remove(*groups.values())
    user.groups.add(wanted)
    user.is_staff = role is Role.ADMINISTRATOR
    user.save(update_fields=["is_staff"])
