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
from avatars.upstream.links import is_allowed, is_signed, life_of

from .news import new_versions

logger = logging.getLogger(__name__)

VIDEO = "videoUrl"  # Anam's name for the link to the preview
_SHORT_LIVED = "ideoUrl"  # of `videoUrl` and `idleVideoUrl`: Anam documents an hour for videos
_FOR_EVER = timedelta(minutes=6)  # as long as a browser remembers a link that has no end
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


def fresh_link(avatar: Avatar, field: str = VIDEO, *, reported_broken: bool = False) -> Link | None:
    """A link that surely works for a while; None when there is none.

    `field` is Anam's name for it. One caller re-reads the avatar; all others wait for it or get the
    old link while that lives.
    """
    now = timezone.now()
    if not _needs_reading(avatar, field, now, reported_broken=reported_broken):
        return _link(avatar, field)
    seen = avatar.refreshed_at
    if Avatar.objects.take_lease(avatar.pk, seen, now, _LEASE):
        _reread(avatar)
    elif reported_broken or not _lives(avatar, field):
        _wait_for_reader(avatar, seen)
    return _link(avatar, field)


def lives_on(avatar: Avatar, field: str) -> bool:
    """Whether the stored link works for a good while yet, or for ever."""
    life = _life(avatar, field)
    if life is None:
        return True
    began, ends = life
    return timezone.now() < ends - (ends - began) / _SPARE


def look(avatar: Avatar) -> UpstreamError | None:
    """Re-read an avatar now, unless somebody does at this moment; answers what went wrong, if so.

    Raises nothing: the next look is the remedy.
    """
    if Avatar.objects.take_lease(avatar.pk, avatar.refreshed_at, timezone.now(), _LEASE):
        return _reread(avatar)
    return None


def next_look(avatar: Avatar) -> datetime | None:
    """When to look for the preview again: soon at first, then ever more rarely; None for never."""
    if not avatar.preview_pending or avatar.ready_at is None:
        return None
    now = timezone.now()
    age = (now - avatar.ready_at).total_seconds()
    return now + timedelta(seconds=min(max(1.0, age / 3), 60.0))


def _needs_reading(avatar: Avatar, field: str, now: datetime, *, reported_broken: bool) -> bool:
    if avatar.state != State.READY or not _address(avatar, field):
        return False
    if not lives_on(avatar, field):
        return True
    return reported_broken and now - (avatar.refreshed_at or avatar.created_at) > _BELIEVED


def _reread(avatar: Avatar) -> UpstreamError | None:
    had_video = avatar.has_video
    try:
        answer = connect(rehearsal=avatar.rehearsal).get(avatar.upstream_id or "")
    except UpstreamError as error:
        logger.warning("avatar %s can't be re-read: %s", avatar.pk, error.cause)
        Avatar.objects.release_lease(avatar.pk, timezone.now() + _AFTER_FAILURE)
        return error
    versions = new_versions(avatar, answer)
    with transaction.atomic():
        seen = Avatar.objects.record_seen(avatar.pk, answer, timezone.now())
        if seen and answer.video_url and not had_video:
            Event.objects.create(avatar=avatar, kind=Kind.PREVIEW)
        if seen and versions and versions["before"]["active"]:
            # The row knows it from now on, so no stock-take will find it new.
            Event.objects.create(avatar=avatar, kind=Kind.VERSION, detail=versions)
    avatar.refresh_from_db()
    return None


def _wait_for_reader(avatar: Avatar, seen: datetime | None) -> None:
    """Until somebody else's reading is in the row, they gave up, or patience ends."""
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        avatar.refresh_from_db()
        gave_up = avatar.lease_until is None or avatar.lease_until < timezone.now()
        if avatar.refreshed_at != seen or gave_up:
            return
        time.sleep(0.05)


def _address(avatar: Avatar, field: str) -> str:
    found = avatar.video_url if field == VIDEO else avatar.upstream.get(field)
    return found if isinstance(found, str) else ""


def _life(avatar: Avatar, field: str) -> tuple[datetime, datetime] | None:
    """When the stored link began and when it ends; None for one without an end."""
    url = _address(avatar, field)
    if not is_signed(url) and not field.endswith(_SHORT_LIVED):
        return None
    return life_of(url, avatar.refreshed_at or avatar.created_at)


def _lives(avatar: Avatar, field: str) -> bool:
    life = _life(avatar, field)
    return bool(_address(avatar, field)) and (life is None or timezone.now() < life[1])


def _link(avatar: Avatar, field: str) -> Link | None:
    url = _address(avatar, field)
    if not _lives(avatar, field) or not leads_somewhere_known(url):
        return None
    began, ends = _life(avatar, field) or (timezone.now(), timezone.now() + _FOR_EVER)
    left = ends - timezone.now() - (ends - began) / _SPARE
    return Link(url, max(0, int(left.total_seconds())))


def leads_somewhere_known(url: str) -> bool:
    """Whether `url` leads to an allowed host, or to the sandbox on this very server."""
    allowed = is_allowed(url, [*settings.MEDIA_ORIGINS, f"{REHEARSAL_PATH}/media/"])
    if url and not allowed:
        logger.warning("a link leads to a host that ANAM_MEDIA_HOSTS does not name")
    return allowed
