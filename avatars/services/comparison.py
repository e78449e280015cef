"""What differs between a list and the rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from avatars.models import Avatar, Difference, Event, Kind, State, StockTake
from avatars.upstream.errors import Cause
from avatars.upstream.wire import UpstreamAvatar

from .listing import Listing
from .news import news_of, write_down_news

NAME_MAX = 50  # characters of a name here; Anam's lists may hold longer ones
_BATCH = 500
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_CLOCK_SKEW = timedelta(minutes=2)  # between the vendor's clock and ours
_FIELDS = [
    "rehearsal",
    "upstream_id",
    "state",
    "stock",
    "display_name",
    "errand",
    "changed_at",
    "cause",
    "upstream",
    "video_url",
    "refreshed_at",
    "ready_at",
]

Key = tuple[str, str]


@dataclass
class Comparison:
    """Both sides, read one after the other: first the list, then what is on its way, then rows.

    In that order nothing that was made meanwhile looks as if it were only there.
    """

    rehearsal: bool
    read_at: datetime
    items: dict[str, UpstreamAvatar]
    windows: list[tuple[datetime, datetime]]
    rows: dict[str, Avatar]
    open: dict[Key, Difference]
    proves_absence: bool
    found: list[Difference] = field(default_factory=list)

    @classmethod
    def of(cls, listing: Listing, run: StockTake) -> "Comparison":
        open_ones = Difference.objects.open(rehearsal=run.rehearsal)
        return cls(
            rehearsal=run.rehearsal,
            read_at=run.started_at,
            items={item.id: item for item in listing.avatars},
            windows=_windows(run.rehearsal),
            rows=_rows(run.rehearsal),
            open={(one.kind, one.upstream_id): one for one in open_ones},
            # An empty list may come as a 404, and so does every answer of a wrong address.
            proves_absence=listing.is_complete and bool(listing.avatars),
        )

    def made(self) -> Iterator[Avatar]:
        """Our avatars that the upstream should have."""
        return (row for row in self.rows.values() if row.state == State.READY and not row.stock)

    def write_down(self) -> int:
        """Open, settle and record what was found; answers how much of it nobody knew."""
        self._bring_back()
        self._settle_vanished()
        self._add_only_there()
        self._add_gone()
        self._add_renamed()
        news = news_of(self.made(), self.items)
        with transaction.atomic():
            Difference.objects.bulk_create(self.found, batch_size=_BATCH)
        return len(self.found) + write_down_news(news, self.rehearsal, self.read_at)

    def _difference(self, kind: Difference.Kind, upstream_id: str, **fields: Any) -> Difference:
        return Difference(rehearsal=self.rehearsal, kind=kind, upstream_id=upstream_id, **fields)

    # Only there --------------------------------------------------------------------------------
    def _add_only_there(self) -> None:
        kind = Difference.Kind.ONLY_THERE
        ignored = set(
            Difference.objects.filter(
                rehearsal=self.rehearsal, kind=kind, outcome=Difference.Outcome.IGNORED
            ).values_list("upstream_id", flat=True)
        )
        for item in self.items.values():
            known = item.id in ignored or (kind, item.id) in self.open
            if not known and self._is_only_there(item) and not self._may_be_on_its_way(item):
                detail = {
                    "name": item.display_name,
                    "created_at": item.created_at.isoformat() if item.created_at else "",
                    "upstream": item.raw,
                }
                self.found.append(self._difference(kind, item.id, detail=detail))

    def _is_only_there(self, item: UpstreamAvatar) -> bool:
        return not item.is_stock and item.id not in self.rows

    def _may_be_on_its_way(self, item: UpstreamAvatar) -> bool:
        """Whether a wish whose answer is not here yet could be this one."""
        made = item.created_at
        if made is None:
            return bool(self.windows)
        return any(begin <= made <= end for begin, end in self.windows)

    # Another name ------------------------------------------------------------------------------
    def _add_renamed(self) -> None:
        kind = Difference.Kind.RENAMED
        settled = timezone.now() - timedelta(seconds=settings.SETTLING_SECONDS)
        renamed = [
            row
            for row in self.made()
            if self._has_another_name(row)
            and (kind, str(row.upstream_id)) not in self.open
            and row.changed_at < settled
        ]
        here = _renamed_here(renamed)
        for row in renamed:
            item = self.items[str(row.upstream_id)]
            unchanged = item.display_name == row.upstream.get("displayName")
            detail = {
                "theirs": item.display_name[:NAME_MAX],
                "ours": row.display_name,
                "changed": "here" if unchanged and row.pk in here else "there",
            }
            self.found.append(self._difference(kind, item.id, avatar=row, detail=detail))

    def _has_another_name(self, row: Avatar) -> bool:
        item = self.items.get(str(row.upstream_id))
        if item is None or not item.display_name or row.errand:
            return False
        return item.display_name[:NAME_MAX] != row.display_name

    # Gone and back -----------------------------------------------------------------------------
    def _bring_back(self) -> None:
        for row in self.made():
            if row.cause == Cause.GONE and row.upstream_id in self.items:
                with transaction.atomic():
                    if Avatar.objects.mark_back(row.pk, timezone.now()):
                        Event.objects.create(avatar=row, kind=Kind.BACK)
                row.cause = ""

    def _add_gone(self) -> None:
        """Whatever is marked as gone and asks nobody yet, also if we died in between last time."""
        kind = Difference.Kind.GONE
        for row in self.made():
            upstream_id = str(row.upstream_id)
            if row.cause == Cause.GONE and (kind, upstream_id) not in self.open:
                detail = {"ours": row.display_name}
                self.found.append(self._difference(kind, upstream_id, avatar=row, detail=detail))

    # What is over ------------------------------------------------------------------------------
    def _settle_vanished(self) -> None:
        over = [one.pk for one in self.open.values() if not self._holds(one)]
        for some in batched(over, _BATCH):
            rows = Difference.objects.filter(pk__in=some)
            rows.settle(timezone.now(), outcome=Difference.Outcome.VANISHED)
        self.open = {key: one for key, one in self.open.items() if self._holds(one)}

    def _holds(self, one: Difference) -> bool:
        row, item = self.rows.get(one.upstream_id), self.items.get(one.upstream_id)
        if one.kind == Difference.Kind.ONLY_THERE:
            return row is None and (item is not None or not self.proves_absence)
        if row is None or row.state != State.READY:
            return False
        if one.kind == Difference.Kind.GONE:
            return row.cause == Cause.GONE
        if item is None:
            return not self.proves_absence
        same = {"theirs": item.display_name[:NAME_MAX], "ours": row.display_name}
        return self._has_another_name(row) and same.items() <= one.detail.items()


def _windows(rehearsal: bool) -> list[tuple[datetime, datetime]]:
    """When the avatars would have been made whose answers are not here (yet)."""
    on_their_way = Avatar.objects.filter(
        rehearsal=rehearsal, state__in=(State.SENDING, State.UNKNOWN)
    )
    longest = timedelta(seconds=settings.CREATE_SECONDS)
    return [
        (at - _CLOCK_SKEW, at + longest + _CLOCK_SKEW) if at else (_FIRST, _LAST)
        for at in on_their_way.values_list("claimed_at", flat=True)
    ]


def _rows(rehearsal: bool) -> dict[str, Avatar]:
    known = Avatar.objects.filter(rehearsal=rehearsal).exclude(upstream_id=None)
    return {str(row.upstream_id): row for row in known.order_by().only(*_FIELDS)}


def _renamed_here(rows: list[Avatar]) -> set[UUID]:
    """Those whose last word on the name was ours. Anam's old name alone does not tell."""
    found: set[UUID] = set()
    for some in batched(rows, _BATCH):
        events = Event.objects.filter(avatar__in=some, kind=Kind.RENAMED)
        found.update(events.values_list("avatar", flat=True))
    return found
