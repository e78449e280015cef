"""Feeds: a stable name for whichever avatar is in use."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from .states import Approval, State

if TYPE_CHECKING:
    from .avatar import Avatar


class FeedQuerySet(models.QuerySet["Feed"]):
    def swap(self, feed: "Feed", now: datetime, *, avatar: "Avatar", model: str) -> bool:
        """Put another avatar on it; False when somebody else did since the caller looked."""
        rows = self.filter(pk=feed.pk, version=feed.version)
        changes = {"avatar": avatar, "model": model, "changed_at": now}
        return rows.update(version=F("version") + 1, **changes) == 1


class Feed(models.Model):
    """`version` counts the swaps; `model` is the Anam model that clients are to ask for."""

    slug = models.SlugField(max_length=60, unique=True)
    avatar = models.ForeignKey(
        "avatars.Avatar", null=True, on_delete=models.PROTECT, related_name="feeds"
    )
    model = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["slug"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.slug

    @property
    def current(self) -> "Avatar | None":
        """Its avatar, if that is one the team may use now."""
        return self.avatar if self.avatar and is_usable(self.avatar) else None


class FeedChange(models.Model):
    """One swap, never changed. `version` is the feed's after it."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    avatar = models.ForeignKey("avatars.Avatar", on_delete=models.PROTECT, related_name="+")
    model = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone = models.BooleanField(default=False, help_text="It undid the one before.")

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["feed", "version"], name="one_change_per_version")
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.feed_id} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises `TypeError` on an old one: the record is append-only."""
        if not self._state.adding:
            raise TypeError("a feed's change is never changed")
        super().save(*args, **kwargs)


def is_usable(avatar: "Avatar") -> bool:
    """Made, approved, with consent, neither gone nor erased, and of the upstream in use."""
    made = avatar.state == State.READY and avatar.rehearsal == settings.REHEARSAL
    there = made and not avatar.is_gone and not avatar.is_erased
    return there and avatar.approval == Approval.APPROVED and not avatar.lacks_consent
