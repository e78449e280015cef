"""Photo calls: links by which people without an account send their own photo."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from avatars import codes

from .policy import Policy


class PhotoCallQuerySet(models.QuerySet["PhotoCall"]):
    """Conditional UPDATEs: False means that somebody, or the clock, was first."""

    def open(self, now: datetime, policy: Policy) -> Self:
        """Those that still take a photo: the rows for which `is_over` is "" by this policy."""
        return self.filter(_open(now, policy))

    def past(self, now: datetime, policy: Policy) -> Self:
        """The others."""
        return self.exclude(_open(now, policy))

    def with_makers(self, policy: Policy) -> Self:
        """Each with `maker_may`, for `why_over`."""
        makers = policy.makers().filter(pk=OuterRef("made_by"))
        return self.annotate(maker_may=Exists(makers))

    def by_code(self, code: str) -> Self:
        return self.filter(digest=codes.digest(code))

    def take_place(self, call: "PhotoCall", now: datetime, policy: Policy) -> bool:
        """In the transaction that makes the avatar."""
        return self.open(now, policy).filter(pk=call.pk).update(taken=F("taken") + 1) == 1

    def close(self, call_id: Any, now: datetime) -> bool:
        return self.filter(pk=call_id, closed_at=None, until__gt=now).update(closed_at=now) == 1


def _open(now: datetime, policy: Policy) -> Q:
    there_is_room = Q(closed_at=None, until__gt=now, taken__lt=F("places"))
    return there_is_room & Q(made_by__in=policy.makers().values("pk"))


class PhotoCall(models.Model):
    """`title` is what it is for, as visitors read it; `places` how many photos it takes.

    Its avatars belong to `made_by`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=100)
    purpose = models.TextField(help_text="What the avatars will be used for.")
    model = models.CharField(max_length=60, blank=True)
    places = models.PositiveIntegerField(default=1)
    taken = models.PositiveIntegerField(default=0, editable=False)
    salt = models.UUIDField(default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="photo_calls"
    )
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    maker_may: bool  # of rows `with_makers`

    objects = PhotoCallQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        return codes.code_for("photo-call", self.salt)

    @property
    def is_over(self) -> str:
        """Why it takes no photo any more, in words; "" while it does."""
        makers = Policy.current().makers()
        return self.why_over(maker_may=makers.filter(pk=self.made_by_id).exists())

    def why_over(self, *, maker_may: bool) -> str:
        """The same, where it is known whether its maker makes avatars now."""
        if self.closed_at:
            return "closed"
        if self.until <= timezone.now():
            return "over"
        if self.taken >= self.places:
            return "full"
        return "" if maker_may else "of somebody who makes no avatars any more"
