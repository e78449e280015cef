"""Webhooks: who outside is told what, and what became of each telling."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from .kinds import Topic


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
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    PENDING = "pending", "To be delivered"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Given up"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def owe(self, told: Iterable[tuple[Topic, UUID, datetime]]) -> None:
        """For each topic, avatar and moment: one delivery to every webhook that wants it.

        Belongs into the transaction that makes it true.
        """
        hooks = list(Webhook.objects.filter(is_active=True, deleted_at=None))
        self.bulk_create(
            self.model(webhook=hook, topic=topic, avatar_id=avatar_id, happened_at=at, due_at=at)
            for topic, avatar_id, at in told
            for hook in hooks
            if topic in hook.topics
        )

    def due(self, now: datetime) -> "DeliveryQuerySet":
        rows = self.filter(state=DeliveryState.PENDING, due_at__lte=now)
        return rows.order_by("due_at", "created_at")

    def claim(self, delivery: "Delivery", now: datetime, lease: timedelta) -> bool:
        """Take a due one in hand; who dies with it leaves it due again after `lease`."""
        rows = self.filter(pk=delivery.pk, state=DeliveryState.PENDING, due_at=delivery.due_at)
        return rows.update(due_at=now + lease) == 1


class Delivery(models.Model):
    """One telling to one webhook. `body` is written at the first try, and stays as it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    topic = models.CharField(max_length=20, choices=Topic)
    avatar = models.ForeignKey(
        "avatars.Avatar", null=True, on_delete=models.PROTECT, related_name="+"
    )
    happened_at = models.DateTimeField()
    body = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    tries = models.JSONField(default=list, help_text="At, status and words of each try.")
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state=DeliveryState.PENDING),
                name="deliveries_due",
            ),
            models.Index(fields=["webhook", "-created_at", "-id"], name="delivery_log"),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.topic} to {self.webhook_id}"
