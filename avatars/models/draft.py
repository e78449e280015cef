"""Photos on somebody's desk: looked at and put in order, and not sent anywhere yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from .avatar import Avatar
from .portrait import Portrait

KEPT = timedelta(days=7)  # after somebody last touched it
NEW_NAME_MAX = 200  # characters of a file's own name that are kept


def now_in_milliseconds() -> int:
    return int(timezone.now().timestamp() * 1000)


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, owner: Any) -> Self:
        """In the order in which they were picked, whichever came first."""
        return self.filter(owner=owner).order_by("place", "created_at", "pk")

    def forgotten(self, now: datetime) -> Self:
        """Those that nobody has touched for so long that nobody will miss them."""
        return self.filter(touched_at__lt=now - KEPT)

    def change(self, draft: "Draft", now: datetime, **facts: Any) -> bool:
        """Put facts on the version that was looked at; False when somebody else was first.

        What kept the older one from being made no longer counts.
        """
        rows = self.filter(pk=draft.pk, version=draft.version)
        changed = {**facts, "version": draft.version + 1, "touched_at": now, "problem": {}}
        return rows.update(**changed) == 1

    def blame(self, draft: "Draft", problem: dict[str, str]) -> None:
        """Keep with it what kept it from being made; not with a version that came meanwhile."""
        self.filter(pk=draft.pk, version=draft.version).update(problem=problem)

    def call(self, owner: Any, names: dict[UUID, str], now: datetime) -> None:
        """Give each the name that was typed for it."""
        for draft in self.filter(owner=owner, pk__in=names):
            name = names[draft.pk]
            if draft.display_name != name:
                rows = self.filter(pk=draft.pk)
                rows.update(display_name=name, touched_at=now, problem={})


class Draft(Portrait):
    """One photo. What it has as a portrait is what would be sent; `advice` holds every finding.

    `original` are the bytes as they came, "" for a file that will not do whatever is done to it.
    `preview` is the whole picture upright, for the frame to be chosen in, and `square` a small one
    of what would be sent. Sides are pixels of the whole upright picture, 0 where unknown. `frame`
    holds the chosen one, `suggested` the one around the face, as fields of `photos.framing.Frame`;
    {} for none. `keeps_both` is said of the photo, whatever the frame. `whole_likeness` is that of
    the whole picture. `problem` is the finding that kept it from being made when that was last
    tried, {} for none.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    key = models.CharField(max_length=40, help_text="The browser's, so that a repetition is one.")
    version = models.PositiveIntegerField(default=1)
    display_name = models.CharField(max_length=50, blank=True)
    place = models.BigIntegerField(
        default=now_in_milliseconds, help_text="Milliseconds, by the clock of who picked it."
    )
    file_name = models.CharField(max_length=NEW_NAME_MAX, blank=True)
    original = models.FileField(upload_to="drafts/", blank=True)
    preview = models.FileField(upload_to="drafts/", blank=True)
    square = models.FileField(upload_to="drafts/", blank=True)
    kind = models.CharField(max_length=10, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    original_bytes = models.PositiveIntegerField(default=0)
    frame = models.JSONField(default=dict, blank=True)
    suggested = models.JSONField(default=dict, blank=True)
    checks = models.JSONField(default=list, blank=True)
    keeps_both = models.BooleanField(default=False)
    problem = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "key"], name="one_draft_per_key")
        ]
        indexes: ClassVar = [models.Index(fields=["touched_at"], name="drafts_by_age")]
        default_permissions = ()

    def __str__(self) -> str:
        return self.display_name or self.file_name

    @property
    def files(self) -> Sequence[str]:
        """The names of all that is stored for it."""
        all_of_them = (self.original, self.preview, self.photo, self.square)
        return [str(file) for file in all_of_them if file]


class DeskQuerySet(models.QuerySet["Desk"]):
    def of(self, owner: Any) -> "Desk | None":
        return self.filter(owner=owner).select_related("replaces").first()

    def write(self, owner: Any, **chosen: Any) -> None:
        """Put their choices down, as those of this moment."""
        self.update_or_create(owner=owner, defaults=chosen)

    def hear_taken_off(self, owner: Any, count: int) -> None:
        """They have seen that so many photos were taken off, which need not be told again."""
        self.filter(owner=owner, taken_off__gte=count).update(taken_off=F("taken_off") - count)

    def tell_taken_off(self, owner_id: Any) -> None:
        """They find on their desk that one more photo was taken off it."""
        self.get_or_create(owner_id=owner_id)
        self.filter(owner=owner_id).update(taken_off=F("taken_off") + 1)


class Desk(models.Model):
    """What one person has chosen for all photos on their desk.

    `taken_off` counts photos that went because a face is to be forgotten, until somebody has seen
    the number and pressed something.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk"
    )
    model = models.CharField(max_length=60, blank=True)
    purpose = models.TextField(blank=True)
    replaces = models.ForeignKey(
        Avatar, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_off = models.PositiveIntegerField(default=0)

    objects = DeskQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"desk of {self.owner_id}"
