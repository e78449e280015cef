"""An avatar: one wish of one person, from the photo to the talking face."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from avatars import trace
from avatars.causes import WORDS, Words
from avatars.upstream.errors import Cause
from avatars.upstream.wire import moment_from

from .described import Described
from .facts import facts_of
from .portrait import Portrait
from .reviewed import Reviewed
from .states import (
    BEFOREHAND,
    TONES,
    Approval,
    Errand,
    State,
)
from .transitions import AvatarQuerySet

# Anam writes the preview some time after the avatar; a null link later than this means "none".
PREVIEW_PATIENCE = timedelta(minutes=15)


class Avatar(Portrait, Described, Reviewed, models.Model):
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
    call = models.ForeignKey(
        "avatars.PhotoCall",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="avatars",
        help_text="By whose link it came in; none for people with an account.",
    )
    replaces = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaced_by",
        help_text="The one of which a reviewer asked for another photo.",
    )
    display_name = models.CharField(max_length=50)
    purpose = models.TextField(blank=True, help_text="What its maker wants it for.")
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

    trace = models.CharField(
        max_length=trace.LENGTH, blank=True, help_text="Of the request whose work is under way."
    )

    upstream_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    former_ids = models.JSONField(
        default=list, blank=True, help_text="Upstream avatars it had before it was created again."
    )
    ready_at = models.DateTimeField(null=True, blank=True)
    candidates = models.JSONField(
        default=list, blank=True, help_text="What could be this avatar at Anam, to choose from."
    )
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
            models.Index(fields=["approval", "asked_at", "id"], name="review_queue"),
            models.Index(
                fields=["photo_sha256"], condition=~models.Q(photo_sha256=""), name="same_photo"
            ),
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

    # Review and consent ------------------------------------------------------------------------
    @property
    def is_reviewable(self) -> bool:
        """Whether there is something that a reviewer can decide about."""
        if self.stock or self.is_erased:
            return False
        made = self.state == State.READY and not self.is_gone
        return made or (self.state == State.REVIEW and self.review in BEFOREHAND)

    @property
    def awaits_review(self) -> bool:
        return self.is_reviewable and self.approval == Approval.WAITING

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
        if self.state == State.REVIEW:
            return self.review_tone
        calm = "wait" if self.is_gone else TONES[State(self.state)]
        return "busy" if self.preview_pending else calm

    @property
    def state_words(self) -> str:
        if self.preview_pending:
            return "Preview coming"
        if self.is_erased:
            return "Erased" if self.erased_at else "Being erased"
        if self.state == State.REVIEW:
            return self._review_words
        stuck = self.is_gone or self.state in (State.HELD, State.UNKNOWN, State.REFUSED)
        if self.words and stuck:
            return self.words.title
        return State(self.state).label

    @property
    def _review_words(self) -> str:
        """What it waits for before it is sent."""
        if self.review in BEFOREHAND and self.approval != Approval.APPROVED:
            return Approval(self.approval).label
        return "Waiting for consent"

    @property
    def message(self) -> str:
        """What happened, what is safe and what comes next; "" when nothing needs saying."""
        if self.words is None:
            return self.review_message if self.state == State.REVIEW else ""
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
