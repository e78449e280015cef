"""What a stock-take writes down about an avatar, and what people make of it.

As in `transitions`, each method is one conditional UPDATE and answers whether it moved the row.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from .errand_transitions import ErrandQuerySet, renamed_to

if TYPE_CHECKING:
    from avatars.upstream.wire import UpstreamAvatar

_GONE = "gone"  # upstream.errors.Cause.GONE, as rows hold it
_MADE_ANEW: dict[str, Any] = {
    "state": "review",
    "approval": "waiting",  # what is made anew was seen by nobody
    "version": F("version") + 1,
    "cause": "",
    "said": "",
    "attempts": 0,
    "upstream_id": None,
    "upstream": {},
    "image_url": "",
    "video_url": "",
    "ready_at": None,
    "refreshed_at": None,
    "look_again_at": None,
}


class ComparedQuerySet[Row: models.Model](ErrandQuerySet[Row]):
    """Avatars, by how they differ from what an upstream has."""

    # What the list says ------------------------------------------------------------------------
    def mark_gone(self, avatar_id: UUID, upstream_id: str, now: datetime) -> bool:
        """The upstream doesn't know it any more."""
        rows = self._made(avatar_id).filter(upstream_id=upstream_id).exclude(cause=_GONE)
        return rows.update(cause=_GONE, said="", look_again_at=None, changed_at=now) == 1

    def mark_back(self, avatar_id: UUID, now: datetime) -> bool:
        """The upstream knows it again."""
        return self._gone(avatar_id).update(cause="", changed_at=now) == 1

    def record_listed(
        self, avatar_id: UUID, answer: UpstreamAvatar, upstream: dict[str, Any], read_at: datetime
    ) -> bool:
        """Write down what the list says, unless the avatar was re-read since."""
        older = Q(refreshed_at=None) | Q(refreshed_at__lt=read_at)
        # A list without a link is no proof that there is no video.
        told: dict[str, Any] = {"upstream": upstream}
        if answer.image_url:
            told["image_url"] = answer.image_url
        if answer.video_url:
            told |= {"video_url": answer.video_url, "refreshed_at": read_at, "look_again_at": None}
        return self._made(avatar_id).filter(older).update(**told) == 1

    # What people decide ------------------------------------------------------------------------
    def keep_gone(self, avatar_id: UUID, now: datetime, *, by: Any) -> bool:
        """Only the record and the photo remain."""
        kept = {"state": "removed", "removed_from": "ready", "removed_at": now, "removed_by": by}
        return self._gone(avatar_id).update(changed_at=now, **kept) == 1

    def create_again(self, avatar_id: UUID, now: datetime, *, former_ids: list[str]) -> bool:
        """Back to before the line with one that is gone, unless it was rejected.

        From there it goes on like any other: by `release`, once nobody's yes is missing.
        """
        rows = self._gone(avatar_id).exclude(photo="").exclude(approval="rejected")
        moved = rows.update(changed_at=now, asked_at=now, former_ids=former_ids, **_MADE_ANEW)
        return moved == 1

    def take_name(self, avatar_id: UUID, ours: str, theirs: str, now: datetime) -> bool:
        """Call it what Anam calls it, unless it has got yet another name here."""
        return self._named(avatar_id, ours).update(changed_at=now, **renamed_to(theirs)) == 1

    def keep_name(self, avatar_id: UUID, ours: str, now: datetime) -> bool:
        """Anam must be told what it is called here."""
        errand = {"errand": "rename", "errand_at": now, "errand_tries": 0, "errand_cause": ""}
        return self._named(avatar_id, ours).update(changed_at=now, **errand) == 1

    def _made(self, avatar_id: UUID) -> ComparedQuerySet[Row]:
        return self.filter(pk=avatar_id, state="ready", stock=False)

    def _gone(self, avatar_id: UUID) -> ComparedQuerySet[Row]:
        return self._made(avatar_id).filter(cause=_GONE)

    def _named(self, avatar_id: UUID, ours: str) -> ComparedQuerySet[Row]:
        return self._made(avatar_id).filter(errand="", display_name=ours)
