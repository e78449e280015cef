"""Making avatars of what lies on a desk: each photo by itself, so that none keeps another back."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from avatars.desk_findings import ALREADY_ASKED, MADE_BEFORE, PHOTO_LOST
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
    ready = [card for card in cards if card.draft.is_good and not card.asks]
    for card in ready:
        if made.stop:
            break
        if finding := judge_name(card.draft.display_name):
            made.problems[card.draft.pk] = finding
        else:
            # One photo takes the place of one avatar: the newest, which was brought for it.
            own = choices if card is ready[-1] else replace(choices, replaces=None)
            _make_one(card, own, made)
    return made


def _make_one(card: Card, choices: Choices, made: Made) -> None:
    try:
        made.avatars.append(make(card.draft, choices))
    except MonthIsFull as full:
        made.stop = month_is_full(full)
    except StillRunning:
        made.problems[card.draft.pk] = ALREADY_ASKED
    except OtherContent:
        made.problems[card.draft.pk] = MADE_BEFORE
    except PhotoIsLost:
        made.problems[card.draft.pk] = PHOTO_LOST
    except OSError:
        logger.exception("draft %s could not be made an avatar", card.draft.pk)
        made.problems[card.draft.pk] = NO_ROOM
