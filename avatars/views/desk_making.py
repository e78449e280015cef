"""Making avatars of what lies on a desk: each photo by itself, so that none keeps another back."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from avatars.desk_findings import ALREADY_ASKED, PHOTO_LOST
from avatars.forms import NO_ROOM, judge_name
from avatars.limit_findings import month_is_full
from avatars.models import Avatar
from avatars.photos.finding import Finding
from avatars.services.limits import MonthIsFull
from avatars.services.making import Choices, PhotoIsLost, make
from avatars.services.wishes import OtherContent, StillRunning

from .desk_cards import Card

logger = logging.getLogger(__name__)


@dataclass
class Made:
    """What came of it: avatars, what kept single drafts on the desk, and what stopped it all."""

    avatars: list[Avatar] = field(default_factory=list)
    problems: dict[UUID, Finding] = field(default_factory=dict)
    stop: Finding | None = None


def make_all(cards: Sequence[Card], choices: Choices) -> Made:
    """Those that are good and ask nothing. Raises `MayNotCreate`."""
    made = Made()
    for card in cards:
        if not card.draft.is_good or card.asks or made.stop:
            continue
        if finding := judge_name(card.draft.display_name):
            made.problems[card.draft.pk] = finding
        else:
            _make_one(card, choices, made)
    return made


def _make_one(card: Card, choices: Choices, made: Made) -> None:
    try:
        made.avatars.append(make(card.draft, choices))
    except MonthIsFull as full:
        made.stop = month_is_full(full)
    except (StillRunning, OtherContent):
        made.problems[card.draft.pk] = ALREADY_ASKED
    except PhotoIsLost:
        made.problems[card.draft.pk] = PHOTO_LOST
    except OSError:
        logger.exception("draft %s could not be made an avatar", card.draft.pk)
        made.problems[card.draft.pk] = NO_ROOM
