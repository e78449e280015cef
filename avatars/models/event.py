"""What happened to an avatar, in the order in which it happened. Written once, never changed."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Kind(models.TextChoices):
    """Everything that can happen. The label is the sentence that people read."""

    UPLOADED = "uploaded", "uploaded the photo"
    SENDING = "sending", "began to send the photo to Anam"
    CREATED = "created", "got the avatar from Anam"
    ADOPTED = "adopted", "found the avatar at Anam and took it over"
    HELD = "held", "put the avatar on hold"
    LOST = "lost", "lost Anam's answer"
    SEVERAL = "several", "found several avatars that could be this one"
    ABSENT = "absent", "made sure that Anam has no such avatar"
    STOPPED = "stopped", "stopped trying after too many lost answers"
    REFUSED = "refused", "was told no by Anam"
    AGAIN = "again", "asked for another try"
    PREVIEW = "preview", "got the preview video"
    IMPORTED = "imported", "took the avatar over from the Anam Lab"
    VERSION = "version", "saw a new version at Anam"
    GONE = "gone", "found the avatar gone at Anam"
    BACK = "back", "found the avatar at Anam again"
    RENAMED_THERE = "renamed-there", "found a new name at Anam"
    RENAMED = "renamed", "renamed the avatar"
    RENAME_TOLD = "rename-told", "told Anam the new name"
    RENAME_REFUSED = "rename-refused", "was told by Anam that the new name will not do"
    REMOVED = "removed", "removed the avatar"
    RESTORED = "restored", "brought the avatar back"
    REMOVAL_TOLD = "removal-told", "removed the avatar at Anam"
    ERASURE = "erasure", "asked to erase the avatar"
    ERASED = "erased", "erased the photo and everything that shows the face"
    ERASURE_TOLD = "erasure-told", "erased the avatar at Anam"
    APPROVED = "approved", "approved the avatar"
    CHANGES = "changes", "asked for changes"
    REJECTED = "rejected", "rejected the avatar"


class Event(models.Model):
    """One thing that happened. `actor` is None when Greenroom did it by itself."""

    avatar = models.ForeignKey("avatars.Avatar", on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    note = models.TextField(blank=True)
    detail = models.JSONField(default=dict, blank=True)

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

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises `TypeError`: the record is append-only."""
        raise TypeError("an event is never deleted")

    @property
    def actor_name(self) -> str:
        """Who did it, in words."""
        return str(self.actor) if self.actor else "Greenroom"

    @property
    def sentence(self) -> str:
        """What happened, as the rest of a sentence that begins with the actor's name."""
        return Kind(self.kind).label
