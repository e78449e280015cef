"""What somebody asked for once, so that asking again does not make it twice."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class WishQuerySet(models.QuerySet["Wish"]):
    """Conditional UPDATEs, as for avatars: False means that somebody else was first."""

    def take_over(
        self, wish: "Wish", *, fingerprint: str, claimed_by: str, avatar_ids: list[str]
    ) -> bool:
        """Go on with a wish whose process died."""
        rows = self.filter(pk=wish.pk, done_at=None, claimed_by=wish.claimed_by)
        return (
            rows.filter(claimed_at=wish.claimed_at).update(
                claimed_at=timezone.now(),
                claimed_by=claimed_by,
                fingerprint=fingerprint,
                avatar_ids=avatar_ids,
            )
            == 1
        )

    def finish(self, wish: "Wish", now: datetime) -> bool:
        """Say that its avatars are rows now; in the very transaction that makes them."""
        rows = self.filter(pk=wish.pk, done_at=None, claimed_by=wish.claimed_by)
        return rows.filter(avatar_ids=wish.avatar_ids).update(done_at=now) == 1

    def drop(self, wish: "Wish") -> bool:
        """Forget one that was not fulfilled, so that its key is free again."""
        rows = self.filter(pk=wish.pk, done_at=None, claimed_by=wish.claimed_by)
        return rows.filter(avatar_ids=wish.avatar_ids).delete()[0] == 1


class Wish(models.Model):
    """One form sent, or one API call with an `Idempotency-Key`.

    It is committed before the first file is written, with the ids of the avatars to be, so that a
    sweep can tell which files a killed process left behind.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishes"
    )
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    avatar_ids = models.JSONField(default=list)
    claimed_by = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects = WishQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "key"], name="one_wish_per_key")
        ]
        indexes: ClassVar = [models.Index(fields=["claimed_at"], name="wishes_by_age")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key} of {self.owner_id}"
