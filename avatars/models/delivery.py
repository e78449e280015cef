"""Deliveries: each telling to a webhook, and what became of it."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from .kinds import Topic
from .webhook import Webhook, WebhookQuerySet

PING = "ping"  # the topic of a test message, which is about no avatar


class DeliveryState(models.TextChoices):
    PENDING = "pending", "To be delivered"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Given up"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """What is owed to whom, and the conditional UPDATEs that say what became of it."""

    def owe(self, told: Iterable[tuple[Topic, UUID, datetime]]) -> None:
        """For each topic, avatar and moment: one delivery to every webhook that wants it.

        Belongs into the transaction that makes it true.
        """
        hooks = list(Webhook.objects.active())
        self.bulk_create(
            self.model(webhook=hook, topic=topic, avatar_id=avatar_id, happened_at=at, due_at=at)
            for topic, avatar_id, at in told
            for hook in hooks
            if topic in hook.topics
        )

    def due(self, now: datetime) -> Self:
        """To be posted now, in the order of happening; repetitions in that of their time."""
        rows = self.filter(state=DeliveryState.PENDING, due_at__lte=now)
        return rows.order_by("due_at", "created_at", "id")

    def receivers(self, now: datetime) -> WebhookQuerySet:
        """The webhooks whose turn it is, with something due and nobody at it."""
        # From the few webhooks to the many rows: what a paused or a busy one is owed costs nothing.
        theirs = self.due(now).order_by().filter(webhook=OuterRef("pk"))
        return Webhook.objects.free(now).filter(Exists(theirs))

    def tried_in_vain(self) -> Self:
        """Those that wait for another try."""
        return self.filter(state=DeliveryState.PENDING).exclude(tries=[])

    def locked(self) -> Self:
        """With their avatars, for one transaction at a time to add to what became of them."""
        return self.select_for_update(of=("self",)).select_related("avatar")

    def write(self, delivery: "Delivery", body: str) -> bool:
        """Keep what is posted at the first try and ever after."""
        return self.filter(pk=delivery.pk, body="").update(body=body) == 1

    def deliver(self, delivery: "Delivery", tries: list[Any], now: datetime) -> bool:
        """The receiver has it. That counts, however late it is heard of."""
        rows = self.filter(pk=delivery.pk).exclude(state=DeliveryState.DELIVERED)
        return rows.update(state=DeliveryState.DELIVERED, tries=tries, **_over(now)) == 1

    def postpone(self, delivery: "Delivery", tries: list[Any], until: datetime) -> bool:
        """Try it again then, unless somebody has asked for that sooner."""
        untouched = When(due_at=delivery.due_at, then=Value(until))
        due_at = Case(untouched, default=F("due_at"))
        rows = self.filter(pk=delivery.pk, state=DeliveryState.PENDING)
        return rows.update(tries=tries, due_at=due_at) == 1

    def give_up(self, delivery: "Delivery", tries: list[Any], now: datetime) -> bool:
        rows = self.filter(pk=delivery.pk, state=DeliveryState.PENDING)
        return rows.update(state=DeliveryState.FAILED, tries=tries, **_over(now)) == 1

    def repeat(self, delivery_id: UUID, now: datetime) -> bool:
        """Post it once more, whatever became of it; not while that is about to happen anyway."""
        waiting = Q(state=DeliveryState.PENDING, due_at__gt=now)
        rows = self.filter(waiting | ~Q(state=DeliveryState.PENDING), pk=delivery_id)
        listening = rows.filter(webhook__in=Webhook.objects.active())
        return listening.update(state=DeliveryState.PENDING, due_at=now, ended_at=None) == 1

    def hurry(self, webhook_id: int, now: datetime) -> int:
        """Wait no longer with what its receiver has not taken."""
        rows = self.filter(webhook=webhook_id, state=DeliveryState.PENDING, due_at__gt=now)
        return rows.update(due_at=now)

    def end_of_removed(self, now: datetime) -> int:
        """Nobody is left who could be told."""
        removed = Webhook.objects.exclude(deleted_at=None)
        rows = self.filter(webhook__in=removed, state=DeliveryState.PENDING)
        return rows.update(state=DeliveryState.FAILED, **_over(now))


def _over(now: datetime) -> dict[str, Any]:
    return {"due_at": None, "ended_at": now}


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
        verbose_name_plural: ClassVar = "deliveries"
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["webhook", "due_at"],
                condition=models.Q(state=DeliveryState.PENDING),
                name="deliveries_due",
            ),
            models.Index(fields=["webhook", "-created_at", "-id"], name="delivery_log"),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.topic} to {self.webhook_id}"
