"""Inviting people, and coming in by an invitation."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import record
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
    facts = {"email": email, "role": role, "invited_by": by, "created_at": now}
    until = now + timedelta(days=days)
    with transaction.atomic():
        invitation, made = Invitation.objects.get_or_create(
            digest=digest(code), defaults={**facts, "expires_at": until}
        )
        if made:
            detail = {"role": str(role), "until": until.isoformat()}
            record.of_invitation("invited", invitation, by=by, detail=detail)
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
    inviter = invitation.invited_by
    record.of_invitation(
        "invitation-accepted",
        invitation,
        by=person,
        detail={"role": invitation.role},
        tell=[inviter] if inviter else [],
    )
    return person


@transaction.atomic
def revoke(invitations: QuerySet[Invitation], by: User | None) -> int:
    """Close those of them that are still open, and answer how many those were.

    `by`: who asks on a page; None is somebody at the command line.
    """
    now = timezone.now()
    revoked = 0
    for invitation in Invitation.objects.open(now).filter(pk__in=invitations.values("pk")):
        if Invitation.objects.filter(pk=invitation.pk).revoke(now):
            record.of_invitation("invitation-revoked", invitation, by=by)
            revoked += 1
    return revoked
