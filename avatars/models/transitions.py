"""Every way an avatar can go from one state to another, each one conditional UPDATE.

A method answers whether it was the one that moved the row: False means that somebody else was
first, and the caller must leave it alone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from avatars import trace

from .states import BEFOREHAND, BLOCKING, Approval, ReviewTime, Standing
from .stocktake_transitions import ComparedQuerySet

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


# Proof beats doubt: an answer counts, however late it comes.
_MAY_EXIST = ("sending", "unknown", "queued", "held", "refused")
_COUNT = models.PositiveIntegerField()
_TWICE = Q(review=ReviewTime.BOTH)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class AvatarQuerySet(ComparedQuerySet["Avatar"]):
    """Avatars, by what is to be done with them."""

    # What is to be done ------------------------------------------------------------------------
    def due(self, now: datetime) -> AvatarQuerySet:
        """To be sent now, the longest waiting first."""
        held = Q(state="held", retry_at__lte=now)
        rows = self.filter(Q(state="queued") | held).consented(now)
        return rows.order_by("created_at", "id")

    def by_turn(self) -> AvatarQuerySet:
        """In the order in which they are sent: people take turns.

        Who was served longest ago comes first. Within one person's, a photo that has been tried
        lets the others pass, so that one that always fails keeps nobody back.
        """
        claims = self.model._default_manager.filter(owner=OuterRef("owner"), claimed_at__gt=_NEVER)
        latest = claims.order_by("-claimed_at").values("claimed_at")[:1]
        turn = Coalesce(Subquery(latest), Value(_NEVER))
        return self.annotate(turn=turn).order_by("turn", "attempts", "created_at", "id")

    def in_line(self, *, rehearsal: bool) -> AvatarQuerySet:
        """Everybody who waits for a place at one upstream, due or not."""
        held = Q(state="held") & ~Q(cause="photo-missing")
        return self.filter(Q(state="queued") | held, rehearsal=rehearsal)

    def sending(self, *, rehearsal: bool) -> AvatarQuerySet:
        return self.filter(state="sending", rehearsal=rehearsal)

    def preview_overdue(self, now: datetime) -> AvatarQuerySet:
        """Without a preview, and nobody looked when it was time."""
        return self.filter(state="ready", video_url="", look_again_at__lt=now)

    def of_attempt(self, avatar: Avatar) -> AvatarQuerySet:
        """This one, as long as it is in the very sending that the caller knows of."""
        return self.filter(pk=avatar.pk, attempts=avatar.attempts)

    # The way to Anam ---------------------------------------------------------------------------
    def claim(self, avatar_id: UUID, now: datetime, *, claimed_by: str) -> bool:
        """Take a due avatar for sending."""
        return self._move(
            self.due(now).order_by().filter(pk=avatar_id),
            now,
            state="sending",
            claimed_at=now,
            claimed_by=claimed_by,
            attempts=F("attempts") + 1,
            **_NO_CAUSE,
        )

    def record_created(
        self, avatar_id: UUID, answer: UpstreamAvatar, now: datetime, seconds: float | None
    ) -> bool:
        """Write down the avatar that Anam made.

        `seconds`: how long Anam took, where that is known.
        """
        return self._move(
            self.filter(pk=avatar_id, state__in=_MAY_EXIST, upstream_id=None),
            now,
            state="ready",
            upstream_id=answer.id,
            ready_at=now,
            creating_seconds=seconds,
            look_again_at=now,
            asked_at=now,
            # Who is reviewed twice waits once more, now that there is something to see.
            approval=Case(When(_TWICE, then=Value("waiting")), default=F("approval")),
            version=F("version") + Case(When(_TWICE, then=1), default=0, output_field=_COUNT),
            **_NO_CAUSE,
            **_what_anam_says(answer, now),
        )

    def hold(
        self, avatar_id: UUID, now: datetime, *, cause: str, said: str, retry_at: datetime
    ) -> bool:
        """Put a sent one back: surely nothing was made, and later it may work."""
        rows = self.filter(pk=avatar_id, state="sending")
        return self._move(rows, now, state="held", cause=cause, said=said, retry_at=retry_at)

    def postpone_held(
        self, causes: Collection[str], now: datetime, *, rehearsal: bool, until: datetime
    ) -> int:
        """Whoever waits for what the whole organisation waits for, waits until then."""
        held = self.filter(state="held", cause__in=causes, rehearsal=rehearsal)
        return held.update(retry_at=until, changed_at=now)

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
        return self._move(rows, now, state="queued", trace=trace.current(), **_NO_CAUSE)

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
    def reviewable(self) -> AvatarQuerySet:
        """What a reviewer can decide about: the rows for which `is_reviewable` holds."""
        made = Q(state="ready") & ~Q(cause="gone")
        rows = self.filter(made | Q(state="review", review__in=BEFOREHAND), stock=False)
        return rows.filter(erased_at=None).exclude(errand="erase")

    def review_queue(self) -> AvatarQuerySet:
        """What waits for a decision, the longest waiting first."""
        return self.reviewable().filter(approval="waiting").order_by("asked_at", "id")

    def consented(self, now: datetime) -> AvatarQuerySet:
        """Those that no want of consent keeps back: the rows for which not `lacks_consent`."""
        return self.exclude(_lacking_consent(now))

    def lacking_consent(self, now: datetime) -> AvatarQuerySet:
        """The others: the rows for which `lacks_consent`."""
        return self.filter(_lacking_consent(now))

    def decide(
        self, avatar_id: UUID, version: int, now: datetime, *, approval: str, **words: str
    ) -> bool:
        """Record a decision made on the version that the reviewer saw.

        `words`: `review_reason` and `review_note`. What lacks consent is not approved.
        """
        rows = self.reviewable().filter(pk=avatar_id, version=version)
        if approval == Approval.APPROVED:
            rows = rows.consented(now)
        return self._move(rows, now, approval=approval, version=F("version") + 1, **words)

    def resubmit(self, avatar_id: UUID, version: int, now: datetime) -> bool:
        """Its maker has done what a reviewer asked for, or has an answer."""
        rows = self.reviewable().filter(pk=avatar_id, version=version, approval="changes")
        return self._move(rows, now, approval="waiting", version=F("version") + 1, asked_at=now)

    def releasable(self, now: datetime) -> AvatarQuerySet:
        """Those that nothing keeps from being sent any more."""
        reviewed = Q(approval="approved") | ~Q(review__in=BEFOREHAND)
        return self.filter(reviewed, state="review", stock=False).consented(now)

    def release(self, avatar_id: UUID, now: datetime) -> bool:
        """Send it on its way; False while somebody's word is missing."""
        rows = self.releasable(now).filter(pk=avatar_id)
        # A sweep is no request: it goes on with the work of the latest one.
        return self._move(rows, now, state="queued", trace=trace.current() or F("trace"))

    # Consent -----------------------------------------------------------------------------------
    def set_consent(self, standing: str, until: datetime | None, now: datetime) -> int:
        """What counts for these from now on; for how many of them something else did."""
        others = self.exclude(consent=standing, consent_until=until)
        return others.update(consent=standing, consent_until=until, changed_at=now)

    def call_back(self, avatar_id: UUID, now: datetime) -> bool:
        """Out of a sending of which not one byte has left: as if it had never been claimed."""
        rows = self.filter(pk=avatar_id, state="sending")
        claim = {"claimed_at": None, "claimed_by": "", "attempts": F("attempts") - 1}
        return self._move(rows, now, state="review", **claim)

    def recallable(self, now: datetime) -> AvatarQuerySet:
        """Those in the line that may not be sent (any more)."""
        return self.lacking_consent(now).filter(state__in=("queued", "held"), stock=False)

    def recall(self, avatar_id: UUID, now: datetime) -> bool:
        """Out of the line; it goes on its way again when consent is given."""
        rows = self.recallable(now).filter(pk=avatar_id)
        return self._move(rows, now, state="review", **_NO_CAUSE)

    @staticmethod
    def _move(rows: models.QuerySet[Avatar], now: datetime, **changes: Any) -> bool:
        return rows.update(changed_at=now, **changes) == 1


def _lacking_consent(now: datetime) -> Q:
    ended = Q(consent=Standing.GIVEN, consent_until__lte=now)
    wanted = Q(needs_consent=True) & ~Q(consent=Standing.GIVEN)
    return Q(consent__in=BLOCKING) | ended | wanted


def _what_anam_says(answer: UpstreamAvatar, now: datetime) -> dict[str, Any]:
    return {
        "upstream": answer.raw,
        "image_url": answer.image_url,
        "video_url": answer.video_url,
        "refreshed_at": now,
    }
