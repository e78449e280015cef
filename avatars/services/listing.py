"""The whole list of an upstream, read page by page."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from avatars.upstream.client import connect
from avatars.upstream.wire import Page, UpstreamAvatar

logger = logging.getLogger(__name__)

PAUSE = 0.2  # seconds between two pages of a long list, to be gentle on the upstream
_AT_ONCE = 5  # pages that are read without a pause: most accounts have no more
_PAGES_MAX = 1000  # of 100 avatars


@dataclass(frozen=True)
class Listing:
    """What an upstream has. Nothing may be concluded from absence unless `is_complete`."""

    avatars: tuple[UpstreamAvatar, ...]
    pages: int
    expected: int | None
    is_complete: bool


def read_all(
    rehearsal: bool,
    *,
    custom_only: bool,
    tell: Callable[[int, int, int | None], object] = lambda *_: None,
    pause: Callable[[float], None] = time.sleep,
) -> Listing:
    """Read every page; an avatar that shifts between pages and comes twice counts once.

    After each page `tell` hears of pages, avatars, and how many are expected if that is known.
    Raises `UpstreamError` when one can't be read.
    """
    upstream = connect(rehearsal=rehearsal)
    found: dict[str, UpstreamAvatar] = {}
    number: int | None = 1
    expected: int | None = None
    pages, doubtful = 0, False
    while number and pages < _PAGES_MAX:
        if pages >= _AT_ONCE:
            pause(PAUSE)
        page = upstream.list(page=number, custom_only=custom_only)
        found.update((item.id, item) for item in page.avatars)
        pages += 1
        if page.denied and custom_only:
            # Nobody has custom avatars, or nobody knows of lists. With Anam's own no list is empty.
            return read_all(rehearsal, custom_only=False, pause=pause, tell=tell)
        doubtful = doubtful or _leaves_doubt(page, expected)
        expected = page.total if page.total is not None else expected
        tell(pages, len(found), expected)
        if page.next is not None and page.next <= number:
            logger.warning("the list's page %s names %s as the next one", number, page.next)
            break
        number = page.next
    return Listing(
        avatars=tuple(found.values()),
        pages=pages,
        expected=expected,
        is_complete=number is None and not doubtful,
    )


def _leaves_doubt(page: Page, expected: int | None) -> bool:
    """Whether something may be hidden: an odd item, a list that shifted, an end that isn't told."""
    shifted = None not in (page.total, expected) and page.total != expected
    cut_off = page.next is None and not page.is_last
    return bool(page.skipped) or page.denied or shifted or cut_off
