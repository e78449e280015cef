"""A stock-take: the whole list of an upstream, compared with our rows in both directions."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from avatars.models import StockTake
from avatars.upstream.errors import UpstreamError

from .comparison import Comparison
from .gone import look_for_gone
from .listing import read_all
from .presence import is_gone, our_token
from .stock_avatars import keep_stock

logger = logging.getLogger(__name__)

_LONGEST = timedelta(hours=1)  # after that, one that is still running counts as dead


def take_stock(
    rehearsal: bool, asked_by: Any = None, *, pause: Callable[[float], None] = time.sleep
) -> StockTake | None:
    """Compare everything with everything; None while another stock-take runs.

    Raises no `UpstreamError`: when the list can't be read, the row says why, and nothing is
    concluded from what was not seen.
    """
    _close_dead(rehearsal)
    run = _begin(rehearsal, asked_by)
    if run is None:
        return None
    try:
        _take(run, pause)
    except UpstreamError as error:
        logger.warning("the stock-take ended early: %s", error.cause)
        StockTake.objects.end(run, timezone.now(), cause=error.cause)
    except BaseException:
        StockTake.objects.end(run, timezone.now(), cause=StockTake.INTERRUPTED)
        raise
    run.refresh_from_db()
    return run


def is_running(rehearsal: bool) -> bool:
    return StockTake.objects.running(rehearsal=rehearsal).exists()


def _close_dead(rehearsal: bool) -> None:
    now = timezone.now()
    for run in StockTake.objects.running(rehearsal=rehearsal):
        if is_gone(run.claimed_by) or run.started_at < now - _LONGEST:
            StockTake.objects.end(run, now, cause=StockTake.INTERRUPTED)


def _begin(rehearsal: bool, asked_by: Any) -> StockTake | None:
    try:
        with transaction.atomic():
            return StockTake.objects.create(
                rehearsal=rehearsal, asked_by=asked_by, claimed_by=our_token()
            )
    except IntegrityError:
        return None  # the database lets one run at a time


def _take(run: StockTake, pause: Callable[[float], None]) -> None:
    def tell(pages: int, seen: int, expected: int | None) -> None:
        StockTake.objects.progress(run, pages=pages, seen=seen, expected=expected)

    listing = read_all(run.rehearsal, custom_only=False, tell=tell, pause=pause)
    if not StockTake.objects.progress(run, seen=len(listing.avatars)):
        return  # closed as dead meanwhile: another one may be at work
    comparison = Comparison.of(listing, run)
    if comparison.proves_absence:
        look_for_gone(comparison)
    keep_stock(listing, run.rehearsal, remove_absent=comparison.proves_absence)
    found = comparison.write_down()
    StockTake.objects.end(run, timezone.now(), found=found)
