"""API tokens: what a program may do in somebody's name, how often, and until when."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from avatars import tokens

_WINDOW = timedelta(minutes=1)


class Right(models.TextChoices):
    """What a token may do, as far as its person may. The label is what people pick from."""

    READ = "avatars:read", "Read avatars"
    CREATE = "avatars:create", "Create avatars"
    WRITE = "avatars:write", "Rename avatars"
    DELETE = "avatars:delete", "Delete and erase avatars"
    REVIEW = "review", "Approve and reject avatars"
    FEED = "feed:read", "Read feeds"
    SESSIONS = "sessions:create", "Start conversations with approved avatars"


# The permission that the token's person must hold at the moment of each call.
NEEDS: dict[Right, str] = {
    Right.READ: "avatars.view_avatar",
    Right.CREATE: "avatars.add_avatar",
    Right.WRITE: "avatars.view_avatar",  # whose avatars is asked for each one
    Right.DELETE: "avatars.view_avatar",
    Right.REVIEW: "avatars.review_avatar",
    Right.FEED: "avatars.view_avatar",
    Right.SESSIONS: "avatars.view_avatar",
}


class TokenQuerySet(models.QuerySet["Token"]):
    """Conditional UPDATEs: False means that it was not, or is no more, to be had."""

    def open(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=now)

    def past(self, now: datetime) -> Self:
        return self.exclude(revoked_at=None, expires_at__gt=now)

    def count_call(self, token: "Token", now: datetime) -> bool:
        """Count one call against the rate; False when the minute is full, or the token over."""
        row = self.open(now).filter(pk=token.pk)
        began = now - _WINDOW
        # After a clock that jumped back, a minute in the future is none.
        minute = {"window_began__gt": began, "window_began__lt": now + _WINDOW}
        within = row.filter(**minute, window_count__lt=F("rate"))
        afresh = row.exclude(**minute)
        one_more = {"window_count": F("window_count") + 1, "last_used_at": now}
        return bool(
            within.update(**one_more)
            or afresh.update(window_began=now, window_count=1, last_used_at=now)
            or within.update(**one_more)  # another call began the minute between the two
        )

    def revoke(self, token_id: int, now: datetime, *, by: Any = None) -> bool:
        rows = self.filter(pk=token_id, revoked_at=None)
        return rows.update(revoked_at=now, revoked_by=by) == 1

    def by_text(self, text: str) -> "Token | None":
        """The token with this text, whatever its state; None for one that nobody made."""
        if not tokens.is_whole(text):
            return None
        return self.select_related("owner").filter(digest=tokens.digest(text)).first()

    def locked(self, token: "Token") -> Self:
        """Its row, for one transaction at a time to count what it has made."""
        return self.select_for_update().filter(pk=token.pk)


class Token(models.Model):
    """`digest` is all that is kept of its text; `hint` its first characters. Never deleted."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens"
    )
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=tokens.HINT, editable=False)
    rights = models.JSONField(default=list)
    rate = models.PositiveIntegerField(help_text="Calls a minute.")
    month_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Avatars it may make in a calendar month."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    window_began = models.DateTimeField(null=True, editable=False)
    window_count = models.PositiveIntegerField(default=0, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def is_over(self) -> str:
        """Why it opens nothing any more, in words; "" while it works."""
        if self.revoked_at:
            return "revoked"
        if self.expires_at <= timezone.now():
            return "expired"
        return "" if self.owner.is_active else "of somebody who was deactivated"

    def has(self, right: Right) -> bool:
        """Whether the token has it; what its person may do is another question."""
        return right in self.rights

    def seconds_to_next_window(self) -> int:
        """After a call too many: when the next one may come."""
        if self.window_began is None:
            return 1
        left = self.window_began + _WINDOW - timezone.now()
        return max(1, round(left.total_seconds()))

    def made_this_month(self, now: datetime) -> int:
        """How many avatars came in with it since the first of the month."""
        first = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        made: int = self.avatars.filter(created_at__gte=first).count()
        return made
