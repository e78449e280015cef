"""Inviting people, and coming in by an invitation."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .codes import digest, new_code
from .models import Invitation, User
from .roles import Role, give


class Gone(Exception):
    """The invitation was accepted, revoked or expired meanwhile."""


def invite(by: User, role: Role, *, email: str, days: int) -> tuple[Invitation, str]:
    """An open invitation and its code. The code can't be had again: show it now."""
    code, now = new_code(), timezone.now()
    invitation = Invitation.objects.create(
        digest=digest(code),
        email=email,
        role=role,
        invited_by=by,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return invitation, code


@transaction.atomic
def accept(invitation: Invitation, person: User) -> User:
    """Save `person` (new, password set) with the invited role. Raises Gone.

    An invitation that names an address makes an account for that address only.
    IntegrityError: somebody with this e-mail address came in at the same moment.
    """
    person.email = invitation.email or person.email
    person.save()
    if not Invitation.objects.filter(pk=invitation.pk).accept(person, timezone.now()):
        raise Gone
    give(person, Role(invitation.role))
    return person
