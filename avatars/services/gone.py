"""Avatars of ours that the list does not show: gone, or only shifted while it was read?"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from avatars.models import Avatar, Event, Kind
from avatars.upstream.client import connect
from avatars.upstream.errors import Cause, Missing, Refused, UpstreamError

from .comparison import Comparison
from .weather import open_slot

logger = logging.getLogger(__name__)

_AT_ONCE = 200  # looked for one by one in a stock-take; the next one goes on


def look_for_gone(comparison: Comparison) -> None:
    """Ask for each missing one by its id, and mark those that the upstream denies."""
    upstream = connect(rehearsal=comparison.rehearsal)
    for row in _missing(comparison)[:_AT_ONCE]:
        upstream_id = str(row.upstream_id)
        try:
            comparison.items[upstream_id] = upstream.get(upstream_id)
        except Missing:
            _mark(row, upstream_id)
        except Refused as error:
            logger.warning("avatar %s can't be asked for: %s", row.pk, error.cause)
        except UpstreamError as error:
            logger.warning("the missing ones can't be looked for now: %s", error.cause)
            return


def _missing(comparison: Comparison) -> list[Avatar]:
    """Not the youngest: a list may lag, and so may a reading."""
    settled = timezone.now() - timedelta(seconds=settings.SETTLING_SECONDS)
    return [
        row
        for row in comparison.made()
        if row.upstream_id not in comparison.items
        and row.cause != Cause.GONE
        and (row.ready_at is None or row.ready_at < settled)
    ]


def _mark(row: Avatar, upstream_id: str) -> None:
    with transaction.atomic():
        gone = Avatar.objects.mark_gone(row.pk, upstream_id, timezone.now())
        if gone:
            Event.objects.create(avatar=row, kind=Kind.GONE)
            row.cause = Cause.GONE
    if gone:
        open_slot(rehearsal=row.rehearsal)
