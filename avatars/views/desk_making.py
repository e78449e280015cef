"""Making avatars of what lies on a desk: each photo by itself, so that none keeps another back."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from avatars.desk_findings import ALREADY_ASKED, MADE_BEFORE, PHOTO_LOST
from avatars.forms import NO_ROOM, judge_name
from avatars.models import Avatar, Draft
from avatars.photos.finding import Finding
from avatars.services.limits import MonthIsFull
from avatars.services.making import Choices, PhotoIsLost, make
from avatars.services.wishes import TWIN_SECONDS, OtherContent, StillRunning

from .desk_cards import Card

logger = logging.getLogger(__name__)


@dataclass
class Made:
    """What came of it: avatars, what kept single photos back, and whether the month is full."""

    avatars: list[Avatar] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    is_full: bool = False


def make_all(cards: Sequence[Card], choices: Choices) -> Made:
    """Those that are good and ask nothing. What keeps one on the desk is written down with it.

    Raises `MayNotCreate`.
    """
    made = Made()
    good = [card for card in cards if card.draft.has_photo]
    for card in good:
        if card.asks:
            continue
        # One photo takes the place of one avatar: the newest, which was brought for it. No other
        # one does so because that one asks something first.
        replaces = choices.replaces if card is good[-1] else None
        try:
            problem = _make_one(card.draft, replace(choices, replaces=replaces), made)
        except MonthIsFull:
            made.is_full = True
            break
        if problem:
            made.problems.append(problem)
            Draft.objects.blame(card.draft, problem.as_dict())
    return made


def _make_one(draft: Draft, choices: Choices, made: Made) -> Finding | None:
    """What keeps it on the desk, if anything does. Raises `MonthIsFull` and `MayNotCreate`."""
    if finding := judge_name(draft.display_name):
        return finding
    # Other requests are waited for once, not once for each of twenty photos.
    patience = 0 if ALREADY_ASKED in made.problems else TWIN_SECONDS
    try:
        made.avatars.append(make(draft, choices, patience))
    except StillRunning:
        return ALREADY_ASKED
    except OtherContent:
        return MADE_BEFORE
    except PhotoIsLost:
        return PHOTO_LOST
    except OSError:
        logger.exception("draft %s could not be made an avatar", draft.pk)
        return NO_ROOM
    return None
