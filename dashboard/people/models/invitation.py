"""A link that lets one person in, once, for some days."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..codes import digest
from ..roles import Role
from .user import LowerCaseEmailField, User


class State(models.TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    REVOKED = "revoked", "Revoked"
    EXPIRED = "expired", "Expired"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)

    def past(self, now: datetime) -> Self:
        return self.exclude(accepted_at=None, revoked_at=None, expires_at__gt=now)

    def with_code(self, code: str) -> Self:
        return self.filter(digest=digest(code))

    def accept(self, by: User, now: datetime) -> bool:
        """One conditional UPDATE: False means that somebody or the clock was first."""
        return self.open(now).update(accepted_at=now, accepted_by=by) == 1

    def revoke(self, now: datetime) -> int:
        """How many were still open and are now revoked."""
        return self.open(now).update(revoked_at=now)


class Invitation(models.Model):
    digest = models.CharField(max_length=64, unique=True, editable=False)
    email = LowerCaseEmailField("e-mail address", blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="invitations_sent",
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations_accepted",
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="people_invitation_accepted_or_revoked",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.email or 'anybody with the link'}"

    def state(self, now: datetime) -> State:
        if self.accepted_at:
            return State.ACCEPTED
        if self.revoked_at:
            return State.REVOKED
        return State.OPEN if self.expires_at > now else State.EXPIRED
