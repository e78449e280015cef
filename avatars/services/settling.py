"""What became of a photo whose answer was lost: found at Anam, surely absent, or a question."""

import logging
from datetime import datetime, timedelta
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
_ATTEMPTS_MAX = 3  # sendings whose answers were lost, before a person must ask for another
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
        for avatar in unknown:
            settle(avatar, listing, read_at)


def settle(avatar: Avatar, listing: Listing, read_at: datetime) -> None:
    """Adopt the one upstream avatar that fits, send again if surely absent, or ask a person."""
    candidates = _candidates(avatar, listing)
    ours = [item.display_name for item in candidates] == [avatar.display_name]
    if ours and not _has_rival(avatar):
        record_created(avatar, candidates[0], Kind.ADOPTED)
    elif candidates:
        _ask_to_choose(avatar, candidates)
    elif listing.is_complete and _is_surely_absent(avatar, read_at):
        _send_again_or_stop(avatar)


def choose(avatar: Avatar, upstream_id: str, actor: Any) -> bool:
    """An administrator says which upstream avatar it is; "" for none of them.

    Raises `UpstreamError` when the chosen one can't be read.
    """
    if not upstream_id:
        return send_again(avatar, Kind.ABSENT, actor)
    answer = connect(rehearsal=avatar.rehearsal).get(upstream_id)
    return record_created(avatar, answer, Kind.ADOPTED)


def send_again(avatar: Avatar, kind: Kind, actor: Any = None) -> bool:
    """Back to the queue, because it is known that Anam has no such avatar."""
    with transaction.atomic():
        moved = Avatar.objects.requeue_absent(avatar.pk, timezone.now())
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
    if avatar.attempts < _ATTEMPTS_MAX:
        send_again(avatar, Kind.ABSENT)
        return
    with transaction.atomic():
        if Avatar.objects.stop_asking(avatar.pk, timezone.now(), cause=Cause.LOST_OFTEN):
            Event.objects.create(avatar=avatar, kind=Kind.STOPPED)


def _candidates(avatar: Avatar, listing: Listing) -> list[UpstreamAvatar]:
    """The new avatars that nobody here owns: those of our name, or failing that any of them.

    A name may come back changed, and a create must never be repeated because of that.
    """
    found = [item for item in listing.avatars if _is_new(avatar, item)]
    ids = [item.id for item in found]
    owned = set(Avatar.objects.filter(upstream_id__in=ids).values_list("upstream_id", flat=True))
    unowned = [item for item in found if item.id not in owned]
    return [item for item in unowned if item.display_name == avatar.display_name] or unowned


def _is_new(avatar: Avatar, item: UpstreamAvatar) -> bool:
    """Whether it was made when ours would have been."""
    if item.is_stock:
        return False
    if item.created_at is None or avatar.claimed_at is None:
        return item.display_name == avatar.display_name
    latest = avatar.claimed_at + timedelta(seconds=settings.CREATE_SECONDS)
    return avatar.claimed_at - _CLOCK_SKEW <= item.created_at <= latest + _CLOCK_SKEW


def _is_surely_absent(avatar: Avatar, read_at: datetime) -> bool:
    if avatar.lost_at is None:
        return False
    settling = timedelta(seconds=settings.SETTLING_SECONDS)
    created_by = (avatar.claimed_at or avatar.lost_at) + settling * _CREATING
    return read_at >= max(avatar.lost_at, created_by) + settling


def _ask_to_choose(avatar: Avatar, candidates: list[UpstreamAvatar]) -> None:
    described = [
        {"id": item.id, "display_name": item.display_name, "created_at": item.raw.get("createdAt")}
        for item in candidates
    ]
    if {item["id"] for item in avatar.candidates} == {item.id for item in candidates}:
        return
    with transaction.atomic():
        if Avatar.objects.ask_to_choose(
            avatar.pk, timezone.now(), cause=Cause.SEVERAL_FIT, candidates=described
        ):
            Event.objects.create(avatar=avatar, kind=Kind.SEVERAL, detail={"candidates": described})
