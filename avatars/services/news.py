"""What is new at Anam about avatars of ours, and needs nobody's decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from avatars.models import Avatar, Difference, Event, Kind
from avatars.upstream.wire import UpstreamAvatar, lines_from, public_version

_VERSIONS = ("activeVersion", "availableVersions")


@dataclass(frozen=True)
class News:
    """What the list says of `row` that the row did not know."""

    row: Avatar
    item: UpstreamAvatar
    versions: dict[str, dict[str, Any]]
    preview: bool

    @property
    def kinds(self) -> list[tuple[Difference.Kind, Kind, dict[str, Any]]]:
        """The differences and events to write, with their details."""
        found: list[tuple[Difference.Kind, Kind, dict[str, Any]]] = []
        # The first version that is heard of is no new one.
        if self.versions and self.versions["before"]["active"]:
            found.append((Difference.Kind.VERSION, Kind.VERSION, self.versions))
        if self.preview:
            found.append((Difference.Kind.PREVIEW, Kind.PREVIEW, {}))
        return found


def news_of(rows: Iterable[Avatar], items: Mapping[str, UpstreamAvatar]) -> list[News]:
    found = []
    for row in rows:
        item = items.get(str(row.upstream_id))
        if item is not None:
            news = News(
                row, item, new_versions(row, item), bool(item.video_url and not row.video_url)
            )
            if news.versions or news.preview:
                found.append(news)
    return found


def new_versions(row: Avatar, item: UpstreamAvatar) -> dict[str, dict[str, Any]]:
    """`before` and `after`, or nothing; an answer without the fields says nothing."""
    told = {name: item.raw[name] for name in _VERSIONS if item.raw.get(name)}
    known = {name: row.upstream.get(name) for name in told}
    if not told or _comparable(told) == _comparable(known):
        return {}
    return {"before": _described(row.upstream), "after": _described({**row.upstream, **told})}


def write_down_news(news: Iterable[News], rehearsal: bool, read_at: datetime) -> int:
    """Write Anam's word into the rows at once; answers how much of it was news to people."""
    return sum(_write_down(each, rehearsal, read_at) for each in news)


def _write_down(news: News, rehearsal: bool, read_at: datetime) -> int:
    # A list may leave out what a single answer had, so nothing known is dropped.
    upstream = {**news.row.upstream, **news.item.raw}
    with transaction.atomic():
        if not Avatar.objects.record_listed(news.row.pk, news.item, upstream, read_at):
            return 0
        for difference, event, detail in news.kinds:
            Event.objects.create(avatar=news.row, kind=event, detail=detail)
            _record(news, difference, rehearsal, detail)
    return len(news.kinds)


def _record(news: News, kind: Difference.Kind, rehearsal: bool, detail: dict[str, Any]) -> None:
    Difference.objects.create(
        rehearsal=rehearsal,
        kind=kind,
        upstream_id=news.item.id,
        avatar=news.row,
        detail=detail,
        settled_at=timezone.now(),
        outcome=Difference.Outcome.RECORDED,
    )


def _comparable(versions: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: sorted(map(str, value)) if isinstance(value, list) else value
        for name, value in versions.items()
    }


def _described(upstream: Mapping[str, Any]) -> dict[str, Any]:
    active, available = (upstream.get(name) for name in _VERSIONS)
    return {
        "active": public_version(active) if isinstance(active, str) else "",
        "available": list(map(public_version, lines_from(available))),
    }
