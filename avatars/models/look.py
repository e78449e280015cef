"""Looks: which reviewer has which avatar open, and who has seen what they decide about."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models

# A page that is open says so every quarter of a minute; one without scripts only once.
HERE = timedelta(seconds=45)


class LookQuerySet(models.QuerySet["Look"]):
    def take(self, avatar_id: UUID, reviewer: Any, version: int, now: datetime) -> None:
        """They have it open, as it is in this version."""
        self.update_or_create(
            avatar_id=avatar_id,
            reviewer=reviewer,
            defaults={"version": version, "seen_at": now},
            create_defaults={"version": version, "opened_at": now, "seen_at": now},
        )

    def stay(self, avatar_id: UUID, reviewer: Any, now: datetime) -> None:
        """Their page is still open, and shows what it showed."""
        self.filter(avatar_id=avatar_id, reviewer=reviewer).update(seen_at=now)

    def leave(self, avatar_id: UUID, reviewer: Any) -> None:
        """They went on to another one: what they have seen stays."""
        self.filter(avatar_id=avatar_id, reviewer=reviewer).update(seen_at=None)

    def leave_all(self, reviewer: Any, *, but: UUID | None = None) -> None:
        """They look at nothing any more, or at this one alone."""
        rows = self.filter(reviewer=reviewer, seen_at__isnull=False)
        (rows.exclude(avatar_id=but) if but else rows).update(seen_at=None)

    def here(self, now: datetime) -> Self:
        return self.filter(seen_at__gt=now - HERE)

    def others(self, reviewer: Any, now: datetime) -> Self:
        """Who else is looking at this moment."""
        return self.here(now).exclude(reviewer=reviewer).select_related("reviewer")


class Look(models.Model):
    """`version` is the avatar's, as they saw it; `seen_at` the latest sign of their page."""

    avatar = models.ForeignKey("avatars.Avatar", on_delete=models.CASCADE, related_name="looks")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks"
    )
    version = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["avatar", "reviewer"], name="one_look_each")
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.reviewer_id} at {self.avatar_id}"

    def is_here(self, now: datetime) -> bool:
        """Whether they are looking at this moment."""
        return self.seen_at is not None and self.seen_at > now - HERE
