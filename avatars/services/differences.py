"""Settling what a stock-take found: each difference once, by whoever is first."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from avatars.models import Avatar, Difference, Event, Kind
from avatars.models.avatar import PREVIEW_PATIENCE
from avatars.upstream.client import connect
from avatars.upstream.errors import Cause, Missing
from avatars.upstream.wire import avatar_from

from .release import release
from .stock_avatars import name_of

Outcome = Difference.Outcome
Move = Callable[[UUID, datetime], bool]
_BATCH = 200


# Only there --------------------------------------------------------------------------------------
def import_these(differences: Iterable[int], administrator: Any) -> int:
    """Make rows of avatars that are only there, owned by `administrator`; how many."""
    return sum(_import_some(some, administrator) for some in batched(differences, _BATCH))


def ignore(differences: Iterable[int], actor: Any) -> int:
    """Leave avatars that are only there alone, and don't ask again; how many."""
    now = timezone.now()
    return sum(
        _only_there(some).settle(now, outcome=Outcome.IGNORED, by=actor)
        for some in batched(differences, _BATCH)
    )


def forget_ignored(*, rehearsal: bool) -> int:
    """Let the next stock-take ask again about what was left alone; how many there were."""
    ignored = Difference.objects.filter(rehearsal=rehearsal, outcome=Outcome.IGNORED)
    return ignored.update(outcome=Outcome.VANISHED)


def _import_some(some: Iterable[int], administrator: Any) -> int:
    now = timezone.now()
    with transaction.atomic():
        # Locked until the rows are written, so that two administrators don't make them twice.
        open_ones = list(_only_there(some).select_for_update())
        rows = {one.pk: _row(one, administrator, now) for one in open_ones}
        # Where a row has that upstream avatar already, ours is left out.
        Avatar.objects.bulk_create(rows.values(), ignore_conflicts=True)
        candidates = [row.pk for row in rows.values()]
        made = set(Avatar.objects.filter(pk__in=candidates).values_list("pk", flat=True))
        Event.objects.bulk_create(
            Event(avatar_id=pk, actor=administrator, kind=Kind.IMPORTED) for pk in made
        )
        taken = {pk for pk, row in rows.items() if row.pk in made}
        for one in open_ones:
            one.avatar_id = rows[one.pk].pk if one.pk in taken else None
        Difference.objects.bulk_update(open_ones, ["avatar"])
        _only_there(taken).settle(now, outcome=Outcome.IMPORTED, by=administrator)
        _only_there(set(rows) - taken).settle(now, outcome=Outcome.VANISHED)
    return len(made)


def _only_there(some: Iterable[int]) -> Any:
    kind = Difference.Kind.ONLY_THERE
    return Difference.objects.filter(pk__in=list(some), kind=kind, settled_at=None)


def _row(difference: Difference, administrator: Any, now: datetime) -> Avatar:
    item = avatar_from({"id": difference.upstream_id, **difference.detail.get("upstream", {})})
    # As old as it is at Anam: then a missing preview is only waited for while it may still come.
    born = min(item.created_at or now, now)
    return Avatar(
        owner=administrator,
        rehearsal=difference.rehearsal,
        display_name=name_of(item),
        state=Avatar.State.READY,
        upstream_id=difference.upstream_id,
        upstream=item.raw,
        image_url=item.image_url,
        video_url=item.video_url,
        created_at=born,
        ready_at=born,
        refreshed_at=difference.found_at,
        look_again_at=now if not item.video_url and now - born < PREVIEW_PATIENCE else None,
    )


# Gone --------------------------------------------------------------------------------------------
def keep_gone(difference: Difference, actor: Any) -> bool:
    """The record and the photo stay here, without Anam."""
    return _settle(
        difference,
        Outcome.KEPT,
        actor,
        moved=lambda pk, now: Avatar.objects.keep_gone(pk, now, by=actor),
        event=Event(kind=Kind.REMOVED, detail={"before": Cause.GONE}),
    )


def create_again(difference: Difference, actor: Any) -> bool:
    """Have its photo sent once more; False also when there is none, or a reviewer rejected it.

    It goes on at once, or with the yes that it still needs. The caller wakes a worker.
    Raises `UpstreamError` when Anam can't be asked whether it is really gone; then, or when it is
    back, nothing is done.
    """
    row = difference.avatar
    if row is None:
        return False
    try:
        connect(rehearsal=difference.rehearsal).get(difference.upstream_id)
    except Missing:
        former = [*row.former_ids, difference.upstream_id]
        with transaction.atomic():
            again = _settle(
                difference,
                Outcome.CREATED_AGAIN,
                actor,
                moved=lambda pk, now: Avatar.objects.create_again(pk, now, former_ids=former),
                event=Event(kind=Kind.AGAIN, detail={"before": Cause.GONE}),
            )
            if again:
                release(row, actor)
        return again
    return False  # it is back, as the next stock-take will find


# Another name ------------------------------------------------------------------------------------
def take_their_name(difference: Difference, actor: Any) -> bool:
    """What it is called at Anam counts."""
    ours, theirs = difference.detail["ours"], difference.detail["theirs"]
    return _settle(
        difference,
        Outcome.THEIRS,
        actor,
        moved=lambda pk, now: Avatar.objects.take_name(pk, ours, theirs, now),
        event=Event(kind=Kind.RENAMED_THERE, detail={"from": ours, "to": theirs}),
    )


def keep_our_name(difference: Difference, actor: Any) -> bool:
    """What it is called here counts, and an errand tells Anam."""
    ours, theirs = difference.detail["ours"], difference.detail["theirs"]
    return _settle(
        difference,
        Outcome.OURS,
        actor,
        moved=lambda pk, now: Avatar.objects.keep_name(pk, ours, now),
        event=Event(kind=Kind.RENAMED, detail={"from": theirs, "to": ours}),
    )


def _settle(
    difference: Difference, outcome: Outcome, actor: Any, *, moved: Move, event: Event
) -> bool:
    """Both the avatar and the difference, or neither: somebody else may have been first."""
    now = timezone.now()
    avatar_id = difference.avatar_id
    if avatar_id is None:
        return False
    with transaction.atomic():
        this = Difference.objects.filter(pk=difference.pk)
        if not moved(avatar_id, now) or not this.settle(now, outcome=outcome, by=actor):
            transaction.set_rollback(True)
            return False
        event.avatar_id, event.actor = avatar_id, actor
        event.save()
    return True
