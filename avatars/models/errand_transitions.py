"""Changing and removing: what happens here at once, and what Anam must still be told.

As in `transitions`, each method is one conditional UPDATE and answers whether it moved the row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Least

from avatars import trace

ERASED_NAME = "Erased avatar"
LEASE = timedelta(seconds=60)  # longer than any call of an errand may take

# Not those on their way: what is sent, and what is looked for by its name, must stay as it is.
_UNSENT = ("queued", "held", "refused", "review")
_IN_DOUBT = ("sending", "unknown")
_NO_ERRAND: dict[str, Any] = {
    "errand": "",
    "errand_at": None,
    "errand_tries": 0,
    "errand_cause": "",
}
_NOTHING_SAID: dict[str, Any] = {
    "display_name": ERASED_NAME,
    "advice": [],
    "cause": "",
    "said": "",
    "candidates": [],
    "upstream": {},
    "image_url": "",
    "video_url": "",
    "review_reason": "",
    "review_note": "",
    "purpose": "",
}
_NO_PHOTO: dict[str, Any] = {
    "photo": "",
    "photo_sha256": "",
    "photo_type": "",
    "photo_width": 0,
    "photo_height": 0,
    "photo_bytes": 0,
    "photo_likeness": "",
    "whole_likeness": "",
}


def renamed_to(name: str) -> dict[str, Any]:
    """A name is part of what is approved: who has seen the old one has not seen what this is."""
    unseen = Case(
        When(approval="approved", then=0), default=1, output_field=models.PositiveIntegerField()
    )
    return {"display_name": name, "version": F("version") + unseen}


class ErrandQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Avatars, by what Anam must still be told about them."""

    def errands_due(self, now: datetime) -> ErrandQuerySet[Row]:
        """To be told to Anam now, the longest waiting first."""
        return self.exclude(errand="").filter(errand_at__lte=now).order_by("errand_at", "id")

    # What people ask for -----------------------------------------------------------------------
    def rename_unsent(self, avatar_id: UUID, name: str, now: datetime) -> bool:
        """Anam has no such avatar yet, so there is nobody to tell."""
        rows = self.filter(pk=avatar_id, state__in=_UNSENT, stock=False)
        return rows.update(changed_at=now, **renamed_to(name)) == 1

    def rename_ready(self, avatar_id: UUID, name: str, now: datetime) -> bool:
        # While an older name may be on the wire, the newer one waits, or it could arrive first.
        after_the_last = When(errand="rename", then=Least("errand_at", Value(now + LEASE)))
        rows = self.filter(pk=avatar_id, state="ready", stock=False)
        moved = rows.update(
            changed_at=now,
            trace=trace.current(),
            errand="rename",
            errand_at=Case(after_the_last, default=Value(now)),
            errand_tries=0,
            errand_cause="",
            **renamed_to(name),
        )
        return moved == 1

    def remove(
        self,
        avatar_id: UUID,
        upstream_id: str | None,
        now: datetime,
        *,
        by: Any,
        tell_at: datetime,
    ) -> bool:
        """Take it out of sight; Anam is told at `tell_at`, if it has the avatar at all."""
        errand = {"errand": "remove", "errand_at": tell_at} if upstream_id else {}
        rows = self.filter(pk=avatar_id, upstream_id=upstream_id, stock=False)
        moved = rows.filter(state__in=("ready", *_UNSENT)).update(
            state="removed",
            trace=trace.current(),
            removed_from=F("state"),
            removed_at=now,
            removed_by=by,
            changed_at=now,
            **{**_NO_ERRAND, **errand},
        )
        return moved == 1

    def restorable(self, now: datetime, removed_after: datetime) -> ErrandQuerySet[Row]:
        """Removed, and Anam has surely not been told."""
        untold = Q(errand="remove", errand_tries=0, errand_at__gt=now)
        never_there = Q(upstream_id=None, errand="", removed_at__gt=removed_after)
        return self.filter(untold | never_there, state="removed", erased_at=None)

    def restore(
        self, avatar_id: UUID, now: datetime, removed_after: datetime, *, renamed: bool
    ) -> bool:
        """Bring it back; `renamed` when Anam had not heard of its latest name."""
        errand = {"errand": "rename", "errand_at": now} if renamed else {}
        rows = self.restorable(now, removed_after).filter(pk=avatar_id)
        moved = rows.update(
            trace=trace.current(),
            state=F("removed_from"),
            removed_from="",
            removed_at=None,
            removed_by=None,
            changed_at=now,
            **{**_NO_ERRAND, **errand},
        )
        return moved == 1

    def hurry_removal(self, avatar_id: UUID, now: datetime) -> bool:
        """Wait no longer with telling Anam; there is no way back then."""
        rows = self.filter(pk=avatar_id, errand="remove", errand_at__gt=now)
        return rows.update(errand_at=now) == 1

    def begin_erasure(self, avatar_id: UUID, now: datetime, *, by: Any) -> bool:
        """The point of no return, committed before the first file goes: its name goes with it.

        A disk may take long to let go of the files, and nobody shall read whose they are meanwhile.
        """
        rows = self.filter(pk=avatar_id, erased_at=None, stock=False).exclude(errand="erase")
        removed_already = When(state="removed", then=F("removed_from"))
        moved = rows.exclude(state__in=_IN_DOUBT).update(
            state="removed",
            removed_from=Case(removed_already, default=F("state")),
            removed_at=Coalesce("removed_at", Value(now)),
            trace=trace.current(),
            removed_by=by,
            changed_at=now,
            version=F("version") + 1,  # a reviewer who has the page open comes too late
            **{**_NO_ERRAND, **_NOTHING_SAID, "errand": "erase", "errand_at": now},
        )
        return moved == 1

    def blank(self, avatar_id: UUID, now: datetime) -> bool:
        """Forget what shows the face. Anam's id stays, or a late list would bring it back."""
        rows = self.filter(pk=avatar_id, errand="erase", erased_at=None)
        changes = {**_NOTHING_SAID, **_NO_PHOTO}
        return rows.update(erased_at=now, changed_at=now, **changes) == 1

    # The errand --------------------------------------------------------------------------------
    def claim_errand(self, avatar_id: UUID, errand: str, now: datetime) -> bool:
        """Become the one who runs it. Should that one die, the next may after the lease."""
        rows = self.filter(pk=avatar_id, errand=errand, errand_at__lte=now)
        return rows.update(errand_at=now + LEASE, errand_tries=F("errand_tries") + 1) == 1

    def postpone_errand(
        self, avatar_id: UUID, errand: str, tries: int, *, until: datetime, cause: str
    ) -> bool:
        """Try again later, unless people asked for something newer meanwhile."""
        rows = self.filter(pk=avatar_id, errand=errand, errand_tries=tries)
        return rows.update(errand_at=until, errand_cause=cause) == 1

    def hurry_errands(self, now: datetime, *, rehearsal: bool) -> int:
        """Anam answers again: whatever could not be told is told at once."""
        failing = self.filter(rehearsal=rehearsal, errand_at__gt=now).exclude(errand_cause="")
        return failing.exclude(errand="").update(errand_at=now, errand_cause="")

    def finish_errand(self, avatar_id: UUID, errand: str) -> bool:
        """Anam knows."""
        return self.filter(pk=avatar_id, errand=errand).update(**_NO_ERRAND) == 1

    def finish_rename(self, avatar_id: UUID, name: str, now: datetime, **changes: Any) -> bool:
        """Anam's word on `name`; False when the avatar has got yet another one meanwhile."""
        rows = self.filter(pk=avatar_id, errand="rename", display_name=name)
        return rows.update(changed_at=now, **_NO_ERRAND, **changes) == 1

    def take_name_back(self, avatar_id: UUID, name: str, kept: str, now: datetime) -> bool:
        """Anam won't have `name`: `kept` counts again. False as for `finish_rename`."""
        back = renamed_to(kept) if kept != name else {}
        return self.finish_rename(avatar_id, name, now, **back)
