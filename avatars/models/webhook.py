"""Webhooks: who outside is told what."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

_LONGEST = timedelta(minutes=5)  # busy or at rest; what says more was written by another clock


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Conditional UPDATEs: False means that somebody else was first."""

    def standing(self) -> Self:
        """All but the deleted ones."""
        return self.filter(deleted_at=None)

    def active(self) -> Self:
        return self.standing().filter(is_active=True)

    def free(self, now: datetime) -> Self:
        """Those that may be told something now, whoever was told longest ago first."""
        over = Q(busy_until__lte=now) | Q(busy_until__gt=now + _LONGEST)
        rows = self.active().filter(Q(busy_until=None) | over)
        return rows.order_by(F("busy_until").asc(nulls_first=True), "id")

    def take(self, webhook: "Webhook", until: datetime) -> bool:
        """Become the only one who tells it anything; who dies with it leaves it free `until`."""
        rows = self.active().filter(pk=webhook.pk, busy_until=webhook.busy_until)
        return rows.update(busy_until=until) == 1

    def leave(self, webhook_id: int, taken_until: datetime, *, until: datetime) -> bool:
        """Give it back, to be told the next thing `until` then at the earliest."""
        return self.filter(pk=webhook_id, busy_until=taken_until).update(busy_until=until) == 1

    def pause(self, webhook_id: int) -> bool:
        return self.active().filter(pk=webhook_id).update(is_active=False) == 1

    def resume(self, webhook_id: int) -> bool:
        rows = self.standing().filter(pk=webhook_id, is_active=False)
        return rows.update(is_active=True) == 1

    def change(self, webhook_id: int, **fields: Any) -> bool:
        return self.standing().filter(pk=webhook_id).update(**fields) == 1

    def remove(self, webhook_id: int, now: datetime) -> bool:
        return self.standing().filter(pk=webhook_id).update(deleted_at=now) == 1


class Webhook(models.Model):
    """One address that wants to hear of some topics.

    Its signing secret is not kept: it is derived from this installation's key, `id` and `salt`.
    """

    url = models.CharField(max_length=2000)
    topics = models.JSONField(default=list)
    salt = models.UUIDField(default=uuid.uuid4, editable=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    busy_until = models.DateTimeField(
        null=True, editable=False, help_text="Until then it is being told something, or rests."
    )
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.url
