"""What became of a photo whose answer was lost: found at Anam, surely absent, or a question."""

import logging
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from avatars.models import Avatar, Event, Kind, State
from avatars.upstream.client import connect
from avatars.upstream.errors import Cause, UpstreamError
from avatars.upstream.wire import UpstreamAvatar

from .create import record_created
from .listing import Listing, read_all

logger = logging.getLogger(__name__)

_CLOCK_SKEW = timedelta(minutes=2)  # between the vendor's clock and ours
_NEAR = timedelta(seconds=10)  # what the two clocks may differ by where a face depends on it
_LOSSES_MAX = 3  # answers lost, before a person must ask for another try
_BATCH = 500
# A vendor whose line broke may go on creating: Anam's own app waits 300 s for that, 2.5 times the
# settling time that we take for usual. Only then does the list's own delay begin to count.
_CREATING = 2.5


def settle_unknown() -> None:
    """Look for every avatar whose outcome is unknown, and settle what can be settled."""
    for rehearsal in (False, True):
        unknown = Avatar.objects.filter(state=State.UNKNOWN, rehearsal=rehearsal)
        if not unknown.exists():
            continue
        # Before the list is read: what appears in it later proves nothing.
        read_at = timezone.now()
        try:
            listing = read_all(rehearsal, custom_only=True)
        except UpstreamError as error:
            # No list, no proof: they stay unknown until the next sweep.
            logger.warning("lost answers can't be settled yet: %s", error.cause)
            continue
        except Exception:
            # A sandbox without its folder, for instance, must not stop what is Anam's.
            logger.exception("lost answers of rehearsal=%s can't be settled", rehearsal)
            continue
        for avatar in unknown:
            settle(avatar, listing, read_at)


def settle(avatar: Avatar, listing: Listing, read_at: datetime) -> None:
    """Adopt the one upstream avatar that fits, send again if surely absent, or ask a person."""
    unowned = _unowned(listing)
    ours = [item for item in unowned if _is_new(avatar, item) and _has_our_name(avatar, item)]
    if len(ours) == 1 and _is_of_our_time(avatar, ours[0]) and not _has_rival(avatar):
        record_created(avatar, ours[0], Kind.ADOPTED)
    elif len(ours) > 1 or (ours and _has_rival(avatar)):
        _ask_to_choose(avatar, ours)
    elif read_at >= absent_from(avatar):
        if could_be := ours or _could_be(avatar, unowned):
            _ask_to_choose(avatar, could_be)
        elif listing.is_complete:
            _send_again_or_stop(avatar)


def absent_from(avatar: Avatar) -> datetime:
    """From when on an avatar that Anam's list doesn't show was surely not made."""
    settling = timedelta(seconds=settings.SETTLING_SECONDS)
    lost_at = avatar.lost_at or timezone.now()
    return max(lost_at, (avatar.claimed_at or lost_at) + settling * _CREATING) + settling


def choose(avatar: Avatar, upstream_id: str, actor: Any) -> bool:
    """An administrator says which upstream avatar it is; "" for none of them.

    False also for none of them before `absent_from`: Anam may still be making it.
    Raises `UpstreamError` when the chosen one can't be read.
    """
    if not upstream_id:
        return timezone.now() >= absent_from(avatar) and send_again(avatar, Kind.ABSENT, actor)
    answer = connect(rehearsal=avatar.rehearsal).get(upstream_id)
    return record_created(avatar, answer, Kind.ADOPTED, actor)


def send_again(avatar: Avatar, kind: Kind, actor: Any = None) -> bool:
    """Back to the queue, because it is known that Anam has no such avatar."""
    with transaction.atomic():
        moved = Avatar.objects.of_attempt(avatar).requeue_absent(avatar.pk, timezone.now())
        if moved:
            Event.objects.create(avatar=avatar, actor=actor, kind=kind)
    return moved


def _has_rival(avatar: Avatar) -> bool:
    """Whether another wish of the same name is on its way: either could own what is there."""
    on_their_way = Avatar.objects.filter(state__in=(State.SENDING, State.UNKNOWN))
    twins = on_their_way.filter(display_name=avatar.display_name, rehearsal=avatar.rehearsal)
    return twins.exclude(pk=avatar.pk).exists()


def _send_again_or_stop(avatar: Avatar) -> None:
    """A few times by itself; after that something is wrong that sending does not mend."""
    if _losses(avatar) < _LOSSES_MAX:
        send_again(avatar, Kind.ABSENT)
        return
    now = timezone.now()
    with transaction.atomic():
        this = Avatar.objects.of_attempt(avatar)
        if this.stop_asking(avatar.pk, now, cause=Cause.LOST_OFTEN):
            Event.objects.create(avatar=avatar, kind=Kind.STOPPED)


def _losses(avatar: Avatar) -> int:
    """How many answers were lost since a person asked for it."""
    kinds = avatar.events.order_by("at", "id").values_list("kind", flat=True)
    losses = 0
    for kind in kinds:
        losses = 0 if kind == Kind.AGAIN else losses + (kind == Kind.LOST)
    return losses


def _unowned(listing: Listing) -> list[UpstreamAvatar]:
    ids = [item.id for item in listing.avatars]
    owned: set[str | None] = set()
    for some in batched(ids, _BATCH):
        rows = Avatar.objects.filter(upstream_id__in=some)
        owned.update(rows.values_list("upstream_id", flat=True))
    return [item for item in listing.avatars if item.id not in owned]


def _could_be(avatar: Avatar, unowned: list[UpstreamAvatar]) -> list[UpstreamAvatar]:
    """What may be ours in spite of its name, its flags or its clock: never a reason to adopt.

    Only for a person to judge, because a create must not be repeated for a name that came back
    changed. What is called like another wish on its way is left to that one.
    """
    on_their_way = Avatar.objects.filter(state__in=(State.SENDING, State.UNKNOWN))
    others = set(on_their_way.values_list("display_name", flat=True)) - {avatar.display_name}
    return [
        item
        for item in unowned
        if (_is_new(avatar, item) and item.display_name not in others)
        or (_has_our_name(avatar, item) and _is_of_that_day(avatar, item))
    ]


def _has_our_name(avatar: Avatar, item: UpstreamAvatar) -> bool:
    return item.display_name == avatar.display_name


def _is_of_our_time(avatar: Avatar, item: UpstreamAvatar) -> bool:
    """Not before it was sent: that one may have been made in the Lab, by somebody else."""
    if item.created_at is None or avatar.claimed_at is None:
        return True
    return item.created_at >= avatar.claimed_at - _NEAR


def _is_of_that_day(avatar: Avatar, item: UpstreamAvatar) -> bool:
    if item.created_at is None or avatar.claimed_at is None:
        return True
    return abs(item.created_at - avatar.claimed_at) < timedelta(days=1)


def _is_new(avatar: Avatar, item: UpstreamAvatar) -> bool:
    """Whether it was made when ours would have been."""
    if item.is_stock:
        return False
    if item.created_at is None or avatar.claimed_at is None:
        return _has_our_name(avatar, item)
    latest = avatar.claimed_at + timedelta(seconds=settings.CREATE_SECONDS)
    return avatar.claimed_at - _CLOCK_SKEW <= item.created_at <= latest + _CLOCK_SKEW


def _ask_to_choose(avatar: Avatar, candidates: list[UpstreamAvatar]) -> None:
    described = [
        {"id": item.id, "display_name": item.display_name, "created_at": item.raw.get("createdAt")}
        for item in candidates
    ]
    ids = [item.id for item in candidates]
    if {item["id"] for item in avatar.candidates} == set(ids):
        return
    with transaction.atomic():
        if Avatar.objects.of_attempt(avatar).ask_to_choose(
            avatar.pk, timezone.now(), cause=Cause.SEVERAL_FIT, candidates=described
        ):
            # Ids alone: a record must not keep the names of people who are erased later.
            Event.objects.create(avatar=avatar, kind=Kind.SEVERAL, detail={"ids": ids})
