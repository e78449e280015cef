"""Every way an avatar can go from one state to another, each one conditional UPDATE.

A method answers whether it was the one that moved the row: False means that somebody else was
first, and the caller must leave it alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from avatars.upstream.wire import UpstreamAvatar

    from .avatar import Avatar

_NO_CAUSE: dict[str, Any] = {
    "cause": "",
    "said": "",
    "retry_at": None,
    "lost_at": None,
    "candidates": [],
}


class AvatarQuerySet(models.QuerySet["Avatar"]):
    """Avatars, by what is to be done with them."""

    # What is to be done ------------------------------------------------------------------------
    def due(self, now: datetime) -> AvatarQuerySet:
        """To be sent now, the longest waiting first."""
        held = Q(state="held", retry_at__lte=now)
        return self.filter(Q(state="queued") | held).order_by("created_at", "id")

    def stale(self, claimed_before: datetime) -> AvatarQuerySet:
        """Claimed so long ago that whoever sent them is gone."""
        return self.filter(state="sending", claimed_at__lt=claimed_before)

    def preview_overdue(self, now: datetime) -> AvatarQuerySet:
        """Without a preview, and nobody looked when it was time."""
        return self.filter(state="ready", video_url="", look_again_at__lt=now)

    # The way to Anam ---------------------------------------------------------------------------
    def claim(self, avatar_id: UUID, now: datetime) -> bool:
        """Take a due avatar for sending."""
        return self._move(
            self.due(now).order_by().filter(pk=avatar_id),
            now,
            state="sending",
            claimed_at=now,
            attempts=F("attempts") + 1,
            **_NO_CAUSE,
        )

    def record_created(self, avatar_id: UUID, answer: UpstreamAvatar, now: datetime) -> bool:
        """Write down the avatar that Anam made; proof beats doubt, so `unknown` may become it."""
        return self._move(
            self.filter(pk=avatar_id, state__in=("sending", "unknown"), upstream_id=None),
            now,
            state="ready",
            upstream_id=answer.id,
            ready_at=now,
            look_again_at=now,
            **_NO_CAUSE,
            **_what_anam_says(answer, now),
        )

    def hold(
        self, avatar_id: UUID, now: datetime, *, cause: str, said: str, retry_at: datetime
    ) -> bool:
        """Put a sent one back: surely nothing was made, and later it may work."""
        rows = self.filter(pk=avatar_id, state="sending")
        return self._move(rows, now, state="held", cause=cause, said=said, retry_at=retry_at)

    def refuse(self, avatar_id: UUID, now: datetime, *, cause: str, said: str) -> bool:
        rows = self.filter(pk=avatar_id, state="sending")
        return self._move(rows, now, state="refused", cause=cause, said=said)

    def lose(self, avatar_id: UUID, now: datetime, *, cause: str, said: str) -> bool:
        """No clean answer came: it may have been made."""
        rows = self.filter(pk=avatar_id, state="sending")
        return self._move(rows, now, state="unknown", cause=cause, said=said, lost_at=now)

    def ask_to_choose(
        self, avatar_id: UUID, now: datetime, *, cause: str, candidates: list[dict[str, Any]]
    ) -> bool:
        """Several upstream avatars fit an unknown one: a person must choose."""
        rows = self.filter(pk=avatar_id, state="unknown")
        return self._move(rows, now, cause=cause, said="", candidates=candidates)

    def stop_asking(self, avatar_id: UUID, now: datetime, *, cause: str) -> bool:
        """Too many answers were lost: surely absent, and a person decides about another try."""
        rows = self.filter(pk=avatar_id, state="unknown")
        return self._move(rows, now, **{**_NO_CAUSE, "state": "refused", "cause": cause})

    def requeue_absent(self, avatar_id: UUID, now: datetime) -> bool:
        """Send an unknown one again, once it is surely absent upstream."""
        rows = self.filter(pk=avatar_id, state="unknown")
        return self._move(rows, now, state="queued", **_NO_CAUSE)

    def requeue_on_request(self, avatar_id: UUID, now: datetime) -> bool:
        """Send a held or refused one again because a person asks; never one in doubt."""
        rows = self.filter(pk=avatar_id, state__in=("held", "refused"))
        return self._move(rows, now, state="queued", **_NO_CAUSE)

    # Previews ----------------------------------------------------------------------------------
    def take_lease(
        self, avatar_id: UUID, seen: datetime | None, now: datetime, length: timedelta
    ) -> bool:
        """Become the one who re-reads the avatar, unless somebody has since it was `seen`."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        rows = self.filter(free, pk=avatar_id, refreshed_at=seen)
        return rows.update(lease_until=now + length) == 1

    def release_lease(self, avatar_id: UUID, until: datetime | None = None) -> None:
        """Give the lease back, or keep everybody out `until` then after a failure."""
        self.filter(pk=avatar_id).update(lease_until=until)

    def record_seen(self, avatar_id: UUID, answer: UpstreamAvatar, now: datetime) -> bool:
        """Write down a fresh reading and give the lease back."""
        rows = self.filter(pk=avatar_id, state="ready")
        return rows.update(lease_until=None, **_what_anam_says(answer, now)) == 1

    # Review ------------------------------------------------------------------------------------
    def decide(
        self, avatar_id: UUID, version: int, now: datetime, *, approval: str, note: str
    ) -> bool:
        """Record a decision made on the version that the reviewer saw."""
        rows = self.filter(pk=avatar_id, version=version)
        return self._move(rows, now, approval=approval, review_note=note, version=F("version") + 1)

    @staticmethod
    def _move(rows: models.QuerySet[Avatar], now: datetime, **changes: Any) -> bool:
        return rows.update(changed_at=now, **changes) == 1


def _what_anam_says(answer: UpstreamAvatar, now: datetime) -> dict[str, Any]:
    return {
        "upstream": answer.raw,
        "image_url": answer.image_url,
        "video_url": answer.video_url,
        "refreshed_at": now,
    }
