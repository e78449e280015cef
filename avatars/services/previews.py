"""Links to the vendor's videos that never die, although each lives an hour."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from avatars.models import Avatar, Event, Kind, State
from avatars.upstream.client import REHEARSAL_PATH, connect
from avatars.upstream.errors import UpstreamError
from avatars.upstream.links import is_allowed

from .news import new_versions

logger = logging.getLogger(__name__)

_SPARE = 6  # a link is renewed when less than a sixth of its life is left
_LEASE = timedelta(seconds=25)  # longer than the deadline of one read
_AFTER_FAILURE = timedelta(seconds=2)  # nobody asks again sooner while Anam is in trouble
_PATIENCE = 8.0  # seconds a viewer waits for the one who re-reads
_BELIEVED = timedelta(seconds=3)  # a link this young is not re-read because a player complains


@dataclass(frozen=True)
class Link:
    """An address to send a browser to, and for how many seconds it may be remembered."""

    url: str
    seconds: int


def fresh_link(avatar: Avatar, *, reported_broken: bool = False) -> Link | None:
    """A link to the preview video that surely works for a while; None when there is none.

    One caller re-reads the avatar; all others wait for it or get the old link while that lives.
    """
    now = timezone.now()
    if not _needs_reading(avatar, now, reported_broken=reported_broken):
        return _link(avatar)
    seen = avatar.refreshed_at
    if Avatar.objects.take_lease(avatar.pk, seen, now, _LEASE):
        _reread(avatar)
    elif reported_broken or not _lives(avatar):
        _wait_for_reader(avatar, seen)
    return _link(avatar)


def look(avatar: Avatar) -> None:
    """Re-read an avatar that has no preview yet. Raises nothing: the next look is the remedy."""
    if Avatar.objects.take_lease(avatar.pk, avatar.refreshed_at, timezone.now(), _LEASE):
        _reread(avatar)


def next_look(avatar: Avatar) -> datetime | None:
    """When to look for the preview again: soon at first, then ever more rarely; None for never."""
    if not avatar.preview_pending or avatar.ready_at is None:
        return None
    now = timezone.now()
    age = (now - avatar.ready_at).total_seconds()
    return now + timedelta(seconds=min(max(1.0, age / 3), 60.0))


def _needs_reading(avatar: Avatar, now: datetime, *, reported_broken: bool) -> bool:
    if avatar.state != State.READY or not avatar.video_url:
        return False
    began, ends = avatar.link_life()
    if now >= ends - (ends - began) / _SPARE:
        return True
    return reported_broken and now - (avatar.refreshed_at or began) > _BELIEVED


def _reread(avatar: Avatar) -> None:
    had_video = avatar.has_video
    try:
        answer = connect(rehearsal=avatar.rehearsal).get(avatar.upstream_id or "")
    except UpstreamError as error:
        logger.warning("avatar %s can't be re-read: %s", avatar.pk, error.cause)
        Avatar.objects.release_lease(avatar.pk, timezone.now() + _AFTER_FAILURE)
        return
    versions = new_versions(avatar, answer)
    with transaction.atomic():
        seen = Avatar.objects.record_seen(avatar.pk, answer, timezone.now())
        if seen and answer.video_url and not had_video:
            Event.objects.create(avatar=avatar, kind=Kind.PREVIEW)
        if seen and versions and versions["before"]["active"]:
            # The row knows it from now on, so no stock-take will find it new.
            Event.objects.create(avatar=avatar, kind=Kind.VERSION, detail=versions)
    avatar.refresh_from_db()


def _wait_for_reader(avatar: Avatar, seen: datetime | None) -> None:
    """Until somebody else's reading is in the row, they gave up, or patience ends."""
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        avatar.refresh_from_db()
        gave_up = avatar.lease_until is None or avatar.lease_until < timezone.now()
        if avatar.refreshed_at != seen or gave_up:
            return
        time.sleep(0.05)


def _lives(avatar: Avatar) -> bool:
    return bool(avatar.video_url) and timezone.now() < avatar.link_life()[1]


def _link(avatar: Avatar) -> Link | None:
    if not _lives(avatar) or not leads_somewhere_known(avatar.video_url):
        return None
    began, ends = avatar.link_life()
    left = ends - timezone.now() - (ends - began) / _SPARE
    return Link(avatar.video_url, max(0, int(left.total_seconds())))


def leads_somewhere_known(url: str) -> bool:
    """Whether `url` leads to an allowed host, or to the sandbox on this very server."""
    allowed = is_allowed(url, [*settings.MEDIA_ORIGINS, f"{REHEARSAL_PATH}/media/"])
    if url and not allowed:
        logger.warning("a link leads to a host that ANAM_MEDIA_HOSTS does not name")
    return allowed
