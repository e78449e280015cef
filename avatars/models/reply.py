"""Replies: what reviewers write again and again, kept ready."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from .states import Approval, Reason


class ReplyQuerySet(models.QuerySet["Reply"]):
    def offered(self) -> Self:
        return self.filter(retired_at=None)

    def retire(self, reply_id: int, now: datetime) -> bool:
        """False when it was retired already."""
        return self.offered().filter(pk=reply_id).update(retired_at=now) == 1


class Reply(models.Model):
    """`decision` is the one it belongs to. Never changed: a better one takes its place."""

    name = models.CharField(max_length=60)
    decision = models.CharField(
        max_length=10, choices=[c for c in Approval.choices if c[0] in ("changes", "rejected")]
    )
    reason = models.CharField(max_length=10, choices=Reason)
    text = models.TextField(max_length=2000)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural: ClassVar = "replies"
        ordering: ClassVar = ["decision", "name", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
