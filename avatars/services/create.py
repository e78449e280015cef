"""Sending a photo to Anam, once."""

import logging
import random
from datetime import datetime, timedelta
from pathlib import PurePath

from django.db import IntegrityError, transaction
from django.utils import timezone

from avatars.models import Avatar, Event, Kind
from avatars.upstream.client import connect
from avatars.upstream.errors import (
    Cause,
    Held,
    NotAllowed,
    NotSent,
    OutcomeUnknown,
    UpstreamError,
)
from avatars.upstream.wire import UpstreamAvatar

logger = logging.getLogger(__name__)

# Seconds until the next try where Anam names no time. An outage starts small and doubles.
_PATIENCE = {
    Cause.KEY: 300,
    Cause.ADDRESS: 300,
    Cause.PHOTO_MISSING: 300,
    Cause.QUOTA: 300,
    Cause.PERMISSION: 900,
    Cause.PLAN: 3600,
    Cause.RATE: 60,
    Cause.OUTAGE: 10,
}
_LONGEST_WAIT = 3600.0  # seconds; a vendor's "come back in a year" is not believed


def send_next() -> Avatar | None:
    """Send the avatar that has waited longest; None when nothing is due.

    Several workers may call this at once: one conditional UPDATE decides who sends what.
    """
    while avatar := Avatar.objects.due(timezone.now()).first():
        if Avatar.objects.claim(avatar.pk, timezone.now()):
            _record(avatar, Kind.SENDING)
            avatar.refresh_from_db()
            _send(avatar)
            return avatar
    return None


def give_up_stale(claimed_before: datetime) -> int:
    """Doubt the avatars whose sender died; answers how many there were."""
    stale = list(Avatar.objects.stale(claimed_before))
    for avatar in stale:
        _lose(avatar, OutcomeUnknown(Cause.NO_ANSWER))
    return len(stale)


def _send(avatar: Avatar) -> None:
    try:
        photo = _photo_of(avatar)
        answer = connect(rehearsal=avatar.rehearsal).create(
            display_name=avatar.display_name,
            model=avatar.model,
            photo=photo,
            content_type=avatar.photo_type,
            filename=f"portrait{PurePath(str(avatar.photo)).suffix}",
        )
    except UpstreamError as error:
        logger.warning("avatar %s was not created: %s", avatar.pk, error.cause)
        _record_failure(avatar, error)
    except Exception:
        # A bug of ours or an answer beyond imagination, maybe after the photo was sent.
        logger.exception("avatar %s: its sending failed in an unforeseen way", avatar.pk)
        _lose(avatar, OutcomeUnknown(Cause.NO_ANSWER))
    else:
        record_created(avatar, answer)


def _photo_of(avatar: Avatar) -> bytes:
    try:
        with avatar.photo.open("rb") as stream:
            data: bytes = stream.read()
            return data
    except OSError:
        logger.exception("the photo of avatar %s can't be read", avatar.pk)
        raise Held(Cause.PHOTO_MISSING) from None


def record_created(avatar: Avatar, answer: UpstreamAvatar, kind: Kind = Kind.CREATED) -> bool:
    """Write down that Anam has the avatar; False when the row has moved on meanwhile.

    Also False when another row has the same upstream avatar: one of Anam's is one of ours.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            moved = Avatar.objects.record_created(avatar.pk, answer, now)
            if moved:
                _record(avatar, kind, upstream_id=answer.id)
                if answer.video_url:
                    _record(avatar, Kind.PREVIEW)
    except IntegrityError:
        logger.warning("avatar %s is not %s: another one is", avatar.pk, answer.id)
        _lose(avatar, OutcomeUnknown(Cause.NO_ANSWER))
        return False
    return moved


def _record_failure(avatar: Avatar, error: UpstreamError) -> None:
    if isinstance(error, OutcomeUnknown):
        _lose(avatar, error)
    elif isinstance(error, NotSent | Held) or (
        isinstance(error, NotAllowed) and error.cause != Cause.MODEL
    ):
        _hold(avatar, error)
    else:
        _refuse(avatar, error)


def _hold(avatar: Avatar, error: UpstreamError) -> None:
    now = timezone.now()
    retry_at = now + timedelta(seconds=_wait_for(avatar, error))
    with transaction.atomic():
        if Avatar.objects.hold(
            avatar.pk, now, cause=error.cause, said=error.said, retry_at=retry_at
        ):
            _record(avatar, Kind.HELD, cause=error.cause, said=error.said)


def _wait_for(avatar: Avatar, error: UpstreamError) -> float:
    asked = error.retry_after if isinstance(error, Held) else None
    if asked is not None:
        return min(max(asked, 1.0), _LONGEST_WAIT)
    wait = float(_PATIENCE[error.cause])
    if error.cause == Cause.OUTAGE:
        # Jitter, so that the avatars of an outage don't all knock at the same second.
        wait = min(wait * 2 ** min(avatar.attempts - 1, 6), 600) * random.uniform(0.8, 1.2)  # noqa: S311
    return wait


def _refuse(avatar: Avatar, error: UpstreamError) -> None:
    with transaction.atomic():
        if Avatar.objects.refuse(avatar.pk, timezone.now(), cause=error.cause, said=error.said):
            _record(avatar, Kind.REFUSED, cause=error.cause, said=error.said)


def _lose(avatar: Avatar, error: OutcomeUnknown) -> None:
    with transaction.atomic():
        if Avatar.objects.lose(avatar.pk, timezone.now(), cause=error.cause, said=error.said):
            _record(avatar, Kind.LOST, said=error.said)


def _record(avatar: Avatar, kind: Kind, **detail: str) -> None:
    Event.objects.create(avatar=avatar, kind=kind, detail={k: v for k, v in detail.items() if v})
