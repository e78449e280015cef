"""Conversations with an avatar: who may hold one, for how long, and how many there were."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def of_session(self, digest: str, now: datetime) -> Self:
        """The one that a session token with this digest opens, while it does."""
        return self.filter(digest=digest, expires_at__gt=now)

    def tried_out(self, person: Any, since: datetime) -> Self:
        """What somebody began on the page of an avatar; programs have a token."""
        return self.filter(person=person, token=None, created_at__gte=since)


class Conversation(models.Model):
    """One session token that was handed out. `digest` (SHA-256) is all that is kept of it."""

    avatar = models.ForeignKey("avatars.Avatar", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conversations"
    )
    token = models.ForeignKey(
        "avatars.Token", null=True, on_delete=models.PROTECT, related_name="conversations"
    )
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    seconds = models.PositiveIntegerField(help_text="How long it may last.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(help_text="When the session token can't be used any more.")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["person", "-created_at"], name="conversations_of_people")
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.seconds} s with {self.avatar_id}"
