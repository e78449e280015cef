"""What happened to an avatar, in the order in which it happened. Written once, never changed."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from .delivery import Delivery
from .kinds import Kind, Topic, topic_of


class EventManager(models.Manager["Event"]):
    def bulk_create(self, objs: Iterable["Event"], *args: Any, **kwargs: Any) -> list["Event"]:
        """Write several new events, and owe them to whoever listens."""
        events = super().bulk_create(objs, *args, **kwargs)
        _owe(events)
        return events


class Event(models.Model):
    """One thing that happened. `actor` is None when Greenroom did it by itself.

    With the event, in the same transaction, come the deliveries that webhooks are owed for it.
    """

    avatar = models.ForeignKey("avatars.Avatar", on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    token = models.ForeignKey(
        "avatars.Token", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    note = models.TextField(blank=True)
    detail = models.JSONField(default=dict, blank=True)

    objects = EventManager()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["avatar", "at"])]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.sentence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new event. Raises `TypeError` on an old one: the record is append-only."""
        if not self._state.adding:
            raise TypeError("an event is never changed")
        super().save(*args, **kwargs)
        _owe([self])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises `TypeError`: the record is append-only."""
        raise TypeError("an event is never deleted")

    @property
    def actor_name(self) -> str:
        """Who did it, in words; a program that did it for somebody is named with them."""
        person = str(self.actor) if self.actor else "Greenroom"
        return f"{person} (by the token “{self.token.name}”)" if self.token else person

    @property
    def sentence(self) -> str:
        """What happened, as the rest of a sentence that begins with the actor's name."""
        label = Kind(self.kind).label
        feed = self.detail.get("feed")
        return label.replace("a feed", f"the feed {feed}") if feed else label

    @property
    def topic(self) -> Topic | None:
        """What webhooks tell of it; None when it is nobody's business outside."""
        return topic_of(Kind(self.kind), self.detail)


def _owe(events: Iterable[Event]) -> None:
    told = [(event.topic, event.avatar_id, event.at) for event in events if event.topic]
    if told:
        Delivery.objects.owe(told)
