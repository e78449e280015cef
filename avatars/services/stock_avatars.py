"""Anam's stock avatars, as rows that nobody owns."""

from datetime import datetime
from itertools import batched
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from avatars.models import Approval, Avatar, State
from avatars.upstream.wire import UpstreamAvatar

from .comparison import NAME_MAX
from .listing import Listing

_BATCH = 200
_WRITTEN = [
    "display_name",
    "state",
    "removed_from",
    "removed_at",
    "upstream",
    "image_url",
    "video_url",
    "refreshed_at",
    "changed_at",
]
_COMPARED = ("activeVersion", "availableVersions", "description", "displayTags")


def keep_stock(listing: Listing, rehearsal: bool, *, remove_absent: bool) -> None:
    """Make the stock rows what the list says; unchanged ones cost nothing."""
    now = timezone.now()
    rows = Avatar.objects.filter(rehearsal=rehearsal, stock=True).order_by()
    known = {str(row.upstream_id): row for row in rows}
    items = [item for item in listing.avatars if item.is_stock]
    new = [_row(item, rehearsal, now) for item in items if item.id not in known]
    Avatar.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
    changed = [
        _renewed(known[item.id], item, now)
        for item in items
        if item.id in known and _differs(known[item.id], item)
    ]
    Avatar.objects.bulk_update(changed, _WRITTEN, batch_size=_BATCH)
    if remove_absent:
        _remove_absent(known, {item.id for item in listing.avatars}, now)


def _row(item: UpstreamAvatar, rehearsal: bool, now: datetime) -> Avatar:
    avatar = Avatar(
        owner=None,
        stock=True,
        rehearsal=rehearsal,
        upstream_id=item.id,
        approval=Approval.APPROVED,
        created_at=item.created_at or now,
        ready_at=item.created_at or now,
    )
    return _renewed(avatar, item, now)


def _renewed(row: Avatar, item: UpstreamAvatar, now: datetime) -> Avatar:
    row.display_name = name_of(item)
    row.state = State.READY
    row.removed_from, row.removed_at = "", None
    row.upstream = item.raw
    row.image_url, row.video_url = item.image_url, item.video_url
    row.refreshed_at = row.changed_at = now
    return row


def name_of(item: UpstreamAvatar) -> str:
    """Cut to what fits; an avatar without a name gets its id for one."""
    return (item.display_name or item.id)[:NAME_MAX]


def _differs(row: Avatar, item: UpstreamAvatar) -> bool:
    """Signed links differ in every answer, so only whether there is one counts."""
    return row.state != State.READY or _facts(row.display_name, row.upstream) != _facts(
        name_of(item), item.raw
    )


def _facts(name: str, upstream: dict[str, Any]) -> tuple[Any, ...]:
    picture = urlsplit(str(upstream.get("imageUrl") or ""))._replace(query="").geturl()
    told = [upstream.get(field) for field in _COMPARED]
    return (name, picture, bool(upstream.get("videoUrl")), *told)


def _remove_absent(known: dict[str, Avatar], listed: set[str], now: datetime) -> None:
    absent = [
        row.pk
        for row in known.values()
        if row.state == State.READY and row.upstream_id not in listed
    ]
    for some in batched(absent, _BATCH):
        rows = Avatar.objects.filter(pk__in=some, state=State.READY)
        rows.update(state=State.REMOVED, removed_from=State.READY, removed_at=now, changed_at=now)
