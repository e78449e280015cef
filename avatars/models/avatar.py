"""An avatar: one wish of one person, from the photo to the talking face."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from avatars.causes import WORDS, Words
from avatars.upstream.errors import Cause
from avatars.upstream.wire import moment_from, public_version

from .facts import facts_of
from .states import APPROVAL_TONES, TONES, Approval, Errand, State
from .transitions import AvatarQuerySet

# Anam writes the preview some time after the avatar; a null link later than this means "none".
PREVIEW_PATIENCE = timedelta(minutes=15)


class Avatar(models.Model):
    """The row is the truth; tasks, pages and files follow it."""

    State = State
    Approval = Approval

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="avatars",
        help_text="Nobody owns Anam's stock avatars.",
    )
    token = models.ForeignKey(
        "avatars.Token",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="avatars",
        help_text="With which it came in; none for a page.",
    )
    display_name = models.CharField(max_length=50)
    model = models.CharField(max_length=60, blank=True)
    rehearsal = models.BooleanField(help_text="Lives in the sandbox, not at Anam.")
    stock = models.BooleanField(default=False, help_text="Made by Anam for everybody.")

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    cause = models.CharField(max_length=20, blank=True)
    said = models.TextField(blank=True, help_text="Anam's own sentence about the cause.")
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=32, blank=True, help_text="Process that sends it.")
    creating_seconds = models.FloatField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    approval = models.CharField(max_length=10, choices=Approval, default=Approval.WAITING)
    review_note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0, help_text="Counts the review's decisions.")

    photo = models.FileField(upload_to="photos/", blank=True)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    photo_type = models.CharField(max_length=20, blank=True)
    photo_width = models.PositiveIntegerField(default=0)
    photo_height = models.PositiveIntegerField(default=0)
    photo_bytes = models.PositiveIntegerField(default=0)
    advice = models.JSONField(default=list, blank=True)

    upstream_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    former_ids = models.JSONField(
        default=list, blank=True, help_text="Upstream avatars it had before it was created again."
    )
    upstream = models.JSONField(default=dict, blank=True, help_text="Anam's last answer, whole.")
    ready_at = models.DateTimeField(null=True, blank=True)
    candidates = models.JSONField(
        default=list, blank=True, help_text="What could be this avatar at Anam, to choose from."
    )
    image_url = models.TextField(blank=True)
    video_url = models.TextField(blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    look_again_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    errand = models.CharField(
        max_length=10, choices=Errand, blank=True, help_text="What Anam must still be told."
    )
    errand_at = models.DateTimeField(null=True, blank=True)
    errand_tries = models.PositiveIntegerField(default=0)
    errand_cause = models.CharField(max_length=20, blank=True)
    removed_from = models.CharField(max_length=10, choices=State, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = AvatarQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-created_at", "-id"], name="gallery_page"),
            models.Index(fields=["owner", "-created_at", "-id"], name="owners_page"),
            models.Index(fields=["state", "created_at"], name="work_to_do"),
            models.Index(fields=["approval", "created_at"], name="review_queue"),
            models.Index(fields=["owner", "-claimed_at"], name="owners_turn"),
            models.Index(
                fields=["token", "created_at"],
                condition=models.Q(token__isnull=False),
                name="made_by_tokens",
            ),
            models.Index(
                fields=["errand_at"], condition=~models.Q(errand=""), name="errands_to_run"
            ),
            models.Index(
                fields=["rehearsal", "-ready_at"],
                condition=models.Q(creating_seconds__isnull=False),
                name="creating_times",
            ),
            models.Index(
                fields=["rehearsal", "state", "-created_at", "-id"],
                condition=models.Q(stock=True),
                name="stock_page",
            ),
        ]
        permissions: ClassVar = [
            ("review_avatar", "Can approve and reject avatars"),
            ("operate_avatar", "Can settle avatars and see the status page"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return reverse("avatar", args=[self.pk])

    # The photo ---------------------------------------------------------------------------------
    @property
    def has_photo(self) -> bool:
        return bool(self.photo)

    @property
    def photo_kind(self) -> str:
        """`JPEG`, `PNG`, `WEBP` or ""."""
        return self.photo_type.removeprefix("image/").upper()

    def thumbnail_name(self, width: int) -> str:
        """Where the thumbnail lies in the storage."""
        return f"thumbnails/{self.pk}/{self.photo_sha256[:12]}-{width}.webp"

    def thumbnail_url(self, width: int) -> str:
        """An address whose picture never changes, or "" without a photo of ours."""
        if not self.photo or self.is_erased:
            return ""
        return reverse("avatar-thumbnail", args=[self.pk, self.photo_sha256[:12], width])

    @property
    def thumbnail_url_96(self) -> str:
        return self.thumbnail_url(96)

    @property
    def thumbnail_url_320(self) -> str:
        return self.thumbnail_url(320)

    @property
    def thumbnail_url_640(self) -> str:
        return self.thumbnail_url(640)

    # What Anam says ----------------------------------------------------------------------------
    @property
    def model_name(self) -> str:
        return self.model or self.active_version

    @property
    def versions(self) -> list[str]:
        """Public names, as in `cara-4`; Anam also uses internal ones."""
        found = self.upstream.get("availableVersions")
        names = found if isinstance(found, list) else []
        return [public_version(name) for name in names if isinstance(name, str)]

    @property
    def active_version(self) -> str:
        found = self.upstream.get("activeVersion")
        return public_version(found) if isinstance(found, str) else ""

    @property
    def description(self) -> str:
        found = self.upstream.get("description")
        return found[:1000] if isinstance(found, str) else ""

    @property
    def tags(self) -> list[str]:
        found = self.upstream.get("displayTags")
        return [tag for tag in found if isinstance(tag, str)] if isinstance(found, list) else []

    # The preview -------------------------------------------------------------------------------
    @property
    def has_video(self) -> bool:
        return bool(self.video_url) and not self.is_erased

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The candidates, with the moment in which Anam made them."""
        return [
            {**item, "made_at": moment_from(item.get("created_at"))} for item in self.candidates
        ]

    @property
    def preview_pending(self) -> bool:
        """Derived, not stored: no link yet, and young enough to hope for one."""
        if self.state != State.READY or self.has_video or self.ready_at is None or self.is_gone:
            return False
        return timezone.now() < self.ready_at + PREVIEW_PATIENCE

    # The end -----------------------------------------------------------------------------------
    @property
    def is_erased(self) -> bool:
        """From the moment somebody asked for it: not even what is still here may be shown."""
        return self.erased_at is not None or self.errand == Errand.ERASE

    # In words ----------------------------------------------------------------------------------
    @property
    def in_progress(self) -> bool:
        """Whether its page will change by itself."""
        moving = (State.QUEUED, State.SENDING, State.HELD, State.UNKNOWN)
        return self.state in moving or self.preview_pending

    @property
    def is_gone(self) -> bool:
        """Ready here, and Anam does not know it any more."""
        return self.state == State.READY and self.cause == Cause.GONE

    @property
    def owner_name(self) -> str:
        return str(self.owner) if self.owner else "Anam"

    @property
    def words(self) -> Words | None:
        known = self.cause in Cause and self.state != State.REMOVED
        return WORDS[Cause(self.cause)] if known else None

    @property
    def tone(self) -> str:
        calm = "wait" if self.is_gone else TONES[State(self.state)]
        return "busy" if self.preview_pending else calm

    @property
    def approval_tone(self) -> str:
        return APPROVAL_TONES[Approval(self.approval)]

    @property
    def state_words(self) -> str:
        if self.preview_pending:
            return "Preview coming"
        if self.is_erased:
            return "Erased" if self.erased_at else "Being erased"
        stuck = self.is_gone or self.state in (State.HELD, State.UNKNOWN, State.REFUSED)
        if self.words and stuck:
            return self.words.title
        return State(self.state).label

    @property
    def message(self) -> str:
        """What happened, what is safe and what comes next; "" when nothing needs saying."""
        if self.words is None:
            return ""
        parts = [self.words.happened, self._said_sentence, self.words.next, self._retry_sentence]
        return " ".join(part for part in parts if part)

    @property
    def _said_sentence(self) -> str:
        return f"Anam says: “{self.said.rstrip('.')}.”" if self.said else ""

    @property
    def _retry_sentence(self) -> str:
        if self.state != State.HELD or self.retry_at is None:
            return ""
        return f"Next try at {timezone.localtime(self.retry_at):%H:%M:%S}."

    def facts(self) -> dict[str, Any]:
        """The avatar as `GET /avatars/<id>` answers it in JSON."""
        return facts_of(self)
