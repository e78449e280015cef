"""Sending a photo to Anam, once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from avatars import trace
from avatars.models import Avatar, Event, Kind, State, Weather
from avatars.upstream.client import connect
from avatars.upstream.errors import (
    Cause,
    Held,
    NotAllowed,
    NotSent,
    OutcomeUnknown,
    Refused,
    UpstreamError,
)
from avatars.upstream.wire import UpstreamAvatar

from . import presence, weather
from .line import turn

logger = logging.getLogger(__name__)

_PHOTO_PATIENCE = timedelta(minutes=5)  # until a missing photo is looked for again; it grows
_GRACE = timedelta(seconds=30)  # after the deadline of a create, before its sender counts as dead


def send_next(
    when_claimed: Callable[[Avatar], None] | None = None, *, only: Avatar | None = None
) -> Avatar | None:
    """Send whoever's turn it is, outside any transaction; None when nobody may be sent now.

    `when_claimed` is called before the photo goes out: others may be sent beside it. With `only`
    nobody but that one is sent, and not before its turn.
    """
    with turn(only) as avatar:
        if avatar is not None:
            if when_claimed:
                when_claimed(avatar)
            with trace.under(avatar.trace):
                _send(avatar)
    return avatar


def give_up_orphans() -> int:
    """Doubt the avatars that nobody sends any more; answers how many there were."""
    latest = timezone.now() - timedelta(seconds=settings.CREATE_SECONDS) - _GRACE
    given_up = 0
    for avatar in Avatar.objects.filter(state=State.SENDING):
        # By the clock only where no lock tells: clocks jump, and a living sender is no orphan.
        late = avatar.claimed_at is not None and avatar.claimed_at < latest
        untold = late and not presence.is_alive(avatar.claimed_by)
        if untold or presence.is_orphaned(avatar.claimed_by, avatar.pk):
            given_up += _lose(avatar, OutcomeUnknown(Cause.NO_ANSWER))
    return given_up


def _send(avatar: Avatar) -> None:
    try:
        photo = _photo_of(avatar)
        this = Avatar.objects.of_attempt(avatar).sending(rehearsal=avatar.rehearsal)
        if not this.consented(timezone.now()).exists():
            _call_back(avatar)
            return
        _let_go_of_the_database()
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


def _call_back(avatar: Avatar) -> None:
    """Consent was taken back since the claim: it waits for a yes, as if it had never been claimed.

    Or it was given up while the disk took its time: whoever did that settles it.
    """
    with transaction.atomic():
        if Avatar.objects.of_attempt(avatar).call_back(avatar.pk, timezone.now()):
            _record(avatar, Kind.RECALLED)


def _let_go_of_the_database() -> None:
    """A connection that was open all the while may be dead when the answer has to be kept.

    A server's, that is: a file does not go away, and tests may be in the middle of a transaction.
    """
    if connection.vendor != "sqlite" and not connection.in_atomic_block:
        connection.close()


def _photo_of(avatar: Avatar) -> bytes:
    try:
        with avatar.photo.open("rb") as stream:
            data: bytes = stream.read()
            return data
    except OSError:
        logger.exception("the photo of avatar %s can't be read", avatar.pk)
        raise Held(Cause.PHOTO_MISSING) from None


def record_created(
    avatar: Avatar, answer: UpstreamAvatar, kind: Kind = Kind.CREATED, actor: Any = None
) -> bool:
    """Write down that Anam has the avatar; False when the row has moved on meanwhile.

    Also False when another row has the same upstream avatar: one of Anam's is one of ours.
    `actor` is whoever said which one it is, if a person did.
    """
    now = timezone.now()
    seconds = None
    if kind == Kind.CREATED and avatar.claimed_at:
        seconds = (now - avatar.claimed_at).total_seconds()
    try:
        with transaction.atomic():
            moved = Avatar.objects.record_created(avatar.pk, answer, now, seconds)
            if moved:
                _record(avatar, kind, actor, upstream_id=answer.id)
                if answer.video_url:
                    _record(avatar, Kind.PREVIEW)
    except IntegrityError:
        logger.warning("avatar %s is not %s: another one is", avatar.pk, answer.id)
        if kind == Kind.CREATED:
            _refuse(avatar, Refused(Cause.SAME))
        return False
    if moved:
        weather.note_success(avatar)
    else:
        logger.warning("avatar %s has moved on; Anam also made %s", avatar.pk, answer.id)
    return moved


def _record_failure(avatar: Avatar, error: UpstreamError) -> None:
    """The weather changes first: whoever is killed in between has stopped the others at least."""
    if isinstance(error, OutcomeUnknown):
        weather.note_lost(avatar, error)
        _lose(avatar, error)
    elif error.cause == Cause.PHOTO_MISSING:
        _hold(avatar, error, timezone.now() + _PHOTO_PATIENCE * min(avatar.attempts, 12))
    elif _is_its_own_fault(avatar, error):
        _refuse(avatar, error)
    elif isinstance(error, NotSent | Held) or (
        isinstance(error, NotAllowed) and error.cause != Cause.MODEL
    ):
        _hold(avatar, error, weather.note_failure(avatar, error))
    else:
        _refuse(avatar, error)


def _is_its_own_fault(avatar: Avatar, error: UpstreamError) -> bool:
    """Whether others got through after Anam had denied this very photo: then it is the photo."""
    if error.cause not in (Cause.PERMISSION, Cause.PLAN):
        return False
    denied = avatar.events.filter(kind=Kind.HELD).order_by("-at").first()
    success = Weather.at(rehearsal=avatar.rehearsal).succeeded_at
    return denied is not None and success is not None and success > denied.at


def _hold(avatar: Avatar, error: UpstreamError, until: datetime) -> None:
    with transaction.atomic():
        if Avatar.objects.of_attempt(avatar).hold(
            avatar.pk, timezone.now(), cause=error.cause, said=error.said, retry_at=until
        ):
            _record(avatar, Kind.HELD, cause=error.cause, said=error.said)


def _refuse(avatar: Avatar, error: UpstreamError) -> None:
    with transaction.atomic():
        if Avatar.objects.of_attempt(avatar).refuse(
            avatar.pk, timezone.now(), cause=error.cause, said=error.said
        ):
            _record(avatar, Kind.REFUSED, cause=error.cause, said=error.said)


def _lose(avatar: Avatar, error: OutcomeUnknown) -> bool:
    with transaction.atomic():
        lost = Avatar.objects.of_attempt(avatar).lose(
            avatar.pk, timezone.now(), cause=error.cause, said=error.said
        )
        if lost:
            _record(avatar, Kind.LOST, said=error.said)
    return lost


def _record(avatar: Avatar, kind: Kind, actor: Any = None, **detail: str) -> None:
    told = {k: v for k, v in detail.items() if v}
    Event.objects.create(avatar=avatar, actor=actor, kind=kind, detail=told)
