"""Telling Anam what was changed here, until it knows."""

import logging
import random
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from avatars import trace
from avatars.models import Avatar, Errand, Event, Kind
from avatars.names import tidy_name
from avatars.upstream.client import connect
from avatars.upstream.errors import (
    Cause,
    Held,
    Missing,
    OutcomeUnknown,
    Refused,
    UpstreamError,
)
from avatars.upstream.wire import UpstreamAvatar

from . import weather
from .erasing import erase_here

logger = logging.getLogger(__name__)

_FIRST_WAIT = 5.0  # seconds; each try doubles it
_LONGEST_WAIT = 3600.0


def run_next() -> Avatar | None:
    """Run the errand that has waited longest; None when none is due.

    A new name or a removal that Anam hears twice does no harm, so whoever finds an errand whose
    runner died simply runs it again.
    """
    while avatar := Avatar.objects.errands_due(timezone.now()).first():
        if Avatar.objects.claim_errand(avatar.pk, avatar.errand, timezone.now()):
            avatar.refresh_from_db()
            with trace.under(avatar.trace):
                _run(avatar)
            return avatar
    return None


def _run(avatar: Avatar) -> None:
    try:
        match avatar.errand:
            case Errand.RENAME:
                _tell_name(avatar)
            case Errand.REMOVE:
                _delete_there(avatar, hard=False)
                _finish(avatar, Kind.REMOVAL_TOLD)
            case Errand.ERASE:
                _erase(avatar)
    except UpstreamError as error:
        logger.warning("errand %s of avatar %s: %s", avatar.errand, avatar.pk, error.cause)
        _postpone(avatar, error)
    except Exception:
        logger.exception("errand %s of avatar %s failed unforeseen", avatar.errand, avatar.pk)
        _postpone(avatar, OutcomeUnknown(Cause.NO_ANSWER))


def _tell_name(avatar: Avatar) -> None:
    name = avatar.display_name
    try:
        if avatar.upstream_id is None:  # to be made anew since, under this very name
            raise Missing(Cause.GONE)
        answer = connect(rehearsal=avatar.rehearsal).rename(avatar.upstream_id, name)
    except Refused as error:
        _take_name_back(avatar, error)
    except Missing:
        # Nobody there to be renamed. That it is gone is for the stock-take to find and to say.
        Avatar.objects.finish_rename(avatar.pk, name, timezone.now())
    else:
        _record_name(avatar, answer)


def _record_name(avatar: Avatar, answer: UpstreamAvatar) -> None:
    # Added to what is known, because an answer to a rename may be shorter than one to a reading.
    there = {**avatar.upstream, "displayName": avatar.display_name, **answer.raw}
    with transaction.atomic():
        if Avatar.objects.finish_rename(
            avatar.pk, avatar.display_name, timezone.now(), upstream=there
        ):
            Event.objects.create(avatar=avatar, kind=Kind.RENAME_TOLD)


def _take_name_back(avatar: Avatar, error: Refused) -> None:
    there = avatar.upstream.get("displayName")
    known = tidy_name(there)[:50] if isinstance(there, str) else ""
    kept = known or avatar.display_name
    with transaction.atomic():
        if Avatar.objects.take_name_back(avatar.pk, avatar.display_name, kept, timezone.now()):
            Event.objects.create(
                avatar=avatar,
                kind=Kind.RENAME_REFUSED,
                note=error.said,
                detail={"name": avatar.display_name, "cause": error.cause},
            )


def _erase(avatar: Avatar) -> None:
    # Anam need not wait for our disk, nor our disk for Anam.
    gone_here = erase_here(avatar)
    _delete_there(avatar, hard=True)
    if gone_here:
        _finish(avatar, Kind.ERASURE_TOLD)
    else:
        _put_off(avatar, "", _doubling(avatar))


def _delete_there(avatar: Avatar, *, hard: bool) -> None:
    # What it was before it was created again is hidden there, and may have to be purged as well.
    former = avatar.former_ids if hard else []
    for upstream_id in filter(None, [avatar.upstream_id, *former]):
        try:
            connect(rehearsal=avatar.rehearsal).delete(upstream_id, hard=hard)
        except Missing:
            logger.info("avatar %s is not there any more", avatar.pk)


def _finish(avatar: Avatar, kind: Kind) -> None:
    with transaction.atomic():
        told = Avatar.objects.finish_errand(avatar.pk, avatar.errand) and avatar.upstream_id
        if told:
            Event.objects.create(avatar=avatar, kind=kind)
    if told:
        weather.open_slot(rehearsal=avatar.rehearsal)


def _postpone(avatar: Avatar, error: UpstreamError) -> None:
    asked = error.retry_after if isinstance(error, Held) else None
    if asked is not None:
        wait = min(max(asked, 1.0), _LONGEST_WAIT)
    else:
        wait = _LONGEST_WAIT if isinstance(error, Refused) else _doubling(avatar)
    _put_off(avatar, error.cause, wait)


def _put_off(avatar: Avatar, cause: str, seconds: float) -> None:
    until = timezone.now() + timedelta(seconds=seconds)
    Avatar.objects.postpone_errand(
        avatar.pk, avatar.errand, avatar.errand_tries, until=until, cause=cause
    )


def _doubling(avatar: Avatar) -> float:
    # Jitter, so that the errands of an outage don't all knock at the same second.
    doubled = _FIRST_WAIT * (1 << min(avatar.errand_tries, 10))
    wait = doubled * random.uniform(0.8, 1.2)  # noqa: S311
    return min(wait, _LONGEST_WAIT)
