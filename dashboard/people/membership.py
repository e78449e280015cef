"""Changing what people may do, without ever losing the last administrator."""

from django.contrib.auth.models import Group
from django.db import transaction

from . import record
from .invitations import revoke
from .models import Invitation, User
from .roles import Role, give


class Refused(Exception):
    """Says in words why the change can't be made."""


@transaction.atomic
def change_role(person: User, role: Role, by: User | None = None) -> None:
    """`by` is who asks on a page; None is somebody at the command line. Raises Refused."""
    _lock()
    before = User.objects.get(pk=person.pk).role
    if role is not Role.ADMINISTRATOR:
        _let_go(person, by)
    give(person, role)
    if role is not before:
        detail = record.change("role", str(before or ""), str(role))
        record.of_person("role-changed", person, by=by, detail=detail)


@transaction.atomic
def deactivate(person: User, by: User | None = None) -> None:
    """Their sessions end with the next request: inactive people are nobody. Raises Refused."""
    _lock()
    _let_go(person, by)
    if User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        record.of_person("deactivated", person, by=by)
    person.is_active = False


@transaction.atomic
def reactivate(person: User, by: User | None = None) -> None:
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        record.of_person("reactivated", person, by=by)
    person.is_active = True


def _lock() -> None:
    """One lock for every such change: two administrators can't remove each other at once."""
    Group.objects.select_for_update().get(name=Role.ADMINISTRATOR)


def _let_go(person: User, by: User | None) -> None:
    """Check that `person` may stop being an active administrator, and take their open links back.

    Otherwise somebody on the way out could come back in by an invitation of their own.
    """
    if person == by:
        raise Refused("You can't take your own rights away. Ask another administrator to do it.")
    administrators = User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR)
    if list(administrators) == [person]:
        raise Refused(f"{person} is the last active administrator. Make somebody else one first.")
    revoke(Invitation.objects.filter(invited_by=person), by)
