"""Inviting people, and coming in by an invitation."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .codes import code_for, digest, new_code
from .models import Invitation, User
from .roles import Role, give


class Gone(Exception):
    """The invitation was accepted, revoked or expired meanwhile."""


def invite(
    by: User, role: Role, *, email: str, days: int, wish: str = ""
) -> tuple[Invitation, str]:
    """An open invitation and its code. The code can't be had again: show it now.

    All the same with the same `wish`, as by a double click, gets the same ones. Raises Gone when
    that invitation is over.
    """
    code = code_for(f"{by.pk} {wish} {role} {email} {days}") if wish else new_code()
    now = timezone.now()
    invitation, made = Invitation.objects.get_or_create(
        digest=digest(code),
        defaults={
            "email": email,
            "role": role,
            "invited_by": by,
            "created_at": now,
            "expires_at": now + timedelta(days=days),
        },
    )
    if not made and not Invitation.objects.open(now).filter(pk=invitation.pk).exists():
        raise Gone
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
