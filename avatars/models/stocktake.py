"""Comparisons with what Anam has, and what they found."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime


class StockTakeQuerySet(models.QuerySet["StockTake"]):
    """Conditional UPDATEs, as for avatars: False means that somebody else was first."""

    def running(self, *, rehearsal: bool) -> "StockTakeQuerySet":
        return self.filter(rehearsal=rehearsal, ended_at=None)

    def progress(self, run: "StockTake", **numbers: int | None) -> bool:
        """How far it has come; False when somebody has closed it."""
        return self.filter(pk=run.pk, ended_at=None).update(**numbers) == 1

    def end(self, run: "StockTake", now: datetime, *, cause: str = "", found: int = 0) -> bool:
        rows = self.filter(pk=run.pk, ended_at=None)
        return rows.update(ended_at=now, cause=cause, found=found) == 1


class StockTake(models.Model):
    """One comparison of all rows with the whole list of an upstream."""

    INTERRUPTED = "interrupted"  # a cause of ours: its process died

    rehearsal = models.BooleanField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=32, blank=True)
    pages = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0, help_text="Avatars read from the list.")
    expected = models.PositiveIntegerField(null=True, help_text="Avatars the list says it has.")
    found = models.PositiveIntegerField(default=0, help_text="Differences nobody knew before.")
    cause = models.CharField(max_length=20, blank=True, help_text="Why it ended early.")

    objects = StockTakeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-started_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rehearsal"],
                condition=models.Q(ended_at=None),
                name="one_stock_take_at_a_time",
            )
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"stock-take of {self.started_at:%Y-%m-%d %H:%M:%S}"


class DifferenceQuerySet(models.QuerySet["Difference"]):
    """Conditional UPDATEs, as for avatars."""

    def open(self, *, rehearsal: bool) -> "DifferenceQuerySet":
        return self.filter(rehearsal=rehearsal, settled_at=None)

    def settle(self, now: datetime, *, outcome: str, by: Any = None) -> int:
        """Close those of these that are open still; how many."""
        rows = self.filter(settled_at=None)
        return rows.update(settled_at=now, settled_by=by, outcome=outcome)


class Difference(models.Model):
    """One thing in which an upstream and the rows differ, open until it is settled."""

    class Kind(models.TextChoices):
        ONLY_THERE = "only-there", "Only at Anam"
        GONE = "gone", "Gone at Anam"
        RENAMED = "renamed", "Another name at Anam"
        VERSION = "version", "New version at Anam"
        PREVIEW = "preview", "New preview at Anam"

    class Outcome(models.TextChoices):
        IMPORTED = "imported", "taken over"
        IGNORED = "ignored", "left alone"
        KEPT = "kept", "kept without Anam"
        CREATED_AGAIN = "again", "created again"
        THEIRS = "theirs", "Anam's name taken"
        OURS = "ours", "our name kept"
        RECORDED = "recorded", "written down"
        VANISHED = "vanished", "gone by itself"

    rehearsal = models.BooleanField()
    kind = models.CharField(max_length=12, choices=Kind)
    upstream_id = models.CharField(max_length=100)
    avatar = models.ForeignKey(
        "avatars.Avatar", null=True, on_delete=models.CASCADE, related_name="differences"
    )
    detail = models.JSONField(default=dict, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["found_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rehearsal", "kind", "upstream_id"],
                condition=models.Q(settled_at=None),
                name="one_open_difference_each",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["settled_at", "found_at"], name="differences")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.upstream_id}"

    @property
    def name(self) -> str:
        """What people know it by."""
        if self.avatar is not None:
            return self.avatar.display_name
        return str(self.detail.get("name") or "Without a name")

    @property
    def made_at(self) -> datetime | None:
        """When Anam made it, as far as that is known."""
        if self.avatar is not None:
            return self.avatar.created_at
        return parse_datetime(str(self.detail.get("created_at", "")))
