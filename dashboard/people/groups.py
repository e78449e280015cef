"""The groups in the database, kept equal to the table of roles after every migrate."""

from collections import defaultdict
from typing import Any

from django.apps import apps as installed

from .roles import Role, permissions_of


def fill_groups(using: str, apps: Any = None) -> None:
    """Give each role's group exactly its permissions, as far as these exist yet.

    Runs after every app of a migrate: two queries when there is nothing to do. `apps` is the state
    the migrate reached, which may be older than the code.
    """
    state = apps or installed
    try:
        group_model = state.get_model("auth", "Group")
        permission_model = state.get_model("auth", "Permission")
    except LookupError:
        return
    known = _known_permissions(permission_model.objects.using(using))
    groups = group_model.objects.using(using)
    current = _current_permissions(groups)
    for role in Role:
        wanted = {known[name] for name in permissions_of(role) if name in known}
        if current.get(role.value) != wanted:
            group, _ = groups.get_or_create(name=role.value)
            group.permissions.set(wanted)


def _known_permissions(permissions: Any) -> dict[str, int]:
    names = permissions_of(Role.ADMINISTRATOR)
    rows = permissions.filter(
        content_type__app_label__in={name.partition(".")[0] for name in names},
        codename__in={name.partition(".")[2] for name in names},
    ).values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{codename}": pk for app, codename, pk in rows}


def _current_permissions(groups: Any) -> dict[str, set[int]]:
    current: dict[str, set[int]] = defaultdict(set)
    for name, permission in groups.filter(name__in=Role.values).values_list("name", "permissions"):
        current[name].update([permission] if permission else [])
    return current
