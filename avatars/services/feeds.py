"""Feeds: which avatar stands behind a stable name, and every change of it."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from avatars.models import (
    Approval,
    Avatar,
    Errand,
    Event,
    Feed,
    FeedChange,
    Kind,
    State,
    Subject,
    is_usable,
)
from avatars.upstream.errors import Cause

from . import record


class Taken(Exception):
    """Another feed has this name already."""


class NotUsable(Exception):
    """Programs may not be sent to this avatar: it is not approved, or not there (any more)."""


class NothingToUndo(Exception):
    """No other avatar was on the feed before."""


def open_feed(slug: str, avatar: Avatar, model: str, by: Any) -> Feed:
    """A new name for programs. Raises `Taken` and `NotUsable`."""
    _check(avatar)
    try:
        with transaction.atomic():
            feed = Feed.objects.create(slug=slug, created_by=by)
            record.write(Kind.FEED_OPENED, (Subject.FEED, feed.pk, slug), actor=by)
            _put_on(feed, avatar, model, by)
    except IntegrityError:
        raise Taken from None
    return feed


def swap(feed: Feed, avatar: Avatar, model: str, by: Any, *, undoes: bool = False) -> bool:
    """Put another avatar on it; False when somebody else did since `feed` was read.

    The one before stays usable: whoever talks to it goes on. Raises `NotUsable`.
    """
    _check(avatar)
    if (feed.avatar, feed.model) == (avatar, model):
        return True  # it is there already: nothing to write down, and nothing to undo
    with transaction.atomic():
        return _put_on(feed, avatar, model, by, undoes=undoes)


def undo(feed: Feed, by: Any) -> bool:
    """Back to what was before the latest change, so that undoing twice brings that back.

    Raises `NothingToUndo` and `NotUsable`.
    """
    before = earlier(feed)
    if before is None:
        raise NothingToUndo
    return swap(feed, before.avatar, before.model, by, undoes=True)


def usable(search: str = "") -> QuerySet[Avatar]:
    """What may be put on a feed, newest first: the rows for which `is_usable` holds."""
    made = Avatar.objects.filter(state=State.READY, rehearsal=settings.REHEARSAL, stock=False)
    there = made.exclude(cause=Cause.GONE).exclude(errand=Errand.ERASE).filter(erased_at=None)
    approved = there.filter(approval=Approval.APPROVED, display_name__icontains=search)
    return approved.consented(timezone.now())


def earlier(feed: Feed) -> FeedChange | None:
    """The change before the latest one."""
    changes = feed.changes.filter(version__lt=feed.version).select_related("avatar")
    return changes.order_by("-version").first()


def latest_changes(count: int) -> dict[int, list[FeedChange]]:
    """The newest first, so many of each feed by its id; in one query for all of them."""
    place = Window(RowNumber(), partition_by=F("feed"), order_by="-version")
    changes = FeedChange.objects.annotate(place=place).filter(place__lte=count)
    latest: dict[int, list[FeedChange]] = {}
    for change in changes.select_related("avatar", "actor"):
        latest.setdefault(change.feed_id, []).append(change)
    return latest


def _check(avatar: Avatar) -> None:
    if not is_usable(avatar):
        raise NotUsable


def _put_on(feed: Feed, avatar: Avatar, model: str, by: Any, *, undoes: bool = False) -> bool:
    if not Feed.objects.swap(feed, timezone.now(), avatar=avatar, model=model):
        return False
    before = feed.avatar
    FeedChange.objects.create(
        feed=feed, version=feed.version + 1, avatar=avatar, model=model, actor=by, undone=undoes
    )
    if before is not None and before != avatar:
        _record(Kind.FEED_OFF, before, feed, by)
    if before != avatar:
        _record(Kind.FEED_ON, avatar, feed, by)
    return True


def _record(kind: Kind, avatar: Avatar, feed: Feed, by: Any) -> None:
    Event.objects.create(avatar=avatar, actor=by, kind=kind, detail={"feed": feed.slug})
