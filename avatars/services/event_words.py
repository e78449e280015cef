"""What an event says, in words for people: who, what, why, and what changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime

from avatars.causes import WORDS
from avatars.models import (
    Approval,
    Creators,
    Event,
    Reason,
    ReviewTime,
    Right,
    Standing,
    State,
    Topic,
)
from avatars.models.event import SOMEBODY
from avatars.upstream.errors import Cause

NOTHING = "nothing"
_NAMES = {
    "active": "Active version",
    "address": "Address",
    "available": "Versions",
    "cause": "Why",
    "consent": "Consent needed",
    "creators": "Who may make avatars",
    "email": "E-mail address",
    "four_eyes": "Four eyes",
    "ids": "At Anam",
    "month_limit": "Avatars a month",
    "month_warning": "Warning from",
    "person": "In the name of",
    "private": "Private until approved",
    "rate": "Calls a minute",
    "review": "When avatars are reviewed",
    "said": "Anam said",
    "upstream_id": "At Anam",
    "usable": "Fit for use",
}
_LABELS: dict[str, type[models.TextChoices]] = {
    "creators": Creators,
    "reason": Reason,
    "review": ReviewTime,
    "rights": Right,
    "topics": Topic,
}
# What an event without names for its values may be about.
_STANDINGS: tuple[type[models.TextChoices], ...] = (Approval, Standing, State)
_IN_SENTENCE = ("feed",)
_TOLD = {*("before", "after", "from", "to"), *_IN_SENTENCE}


@dataclass(frozen=True)
class Change:
    """`name` is "" where the sentence says what changed, `before` where nothing was before."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Words:
    """What an event says. `name`: what it is about. `facts`: names and values, made of `detail`."""

    who: str
    sentence: str
    name: str
    note: str
    changes: list[Change]
    facts: list[tuple[str, str]]
    detail: Mapping[str, Any]


def words_of(event: Event) -> Words:
    """Of a face that is to be forgotten only what happened, also while the words are still here."""
    avatar = event.avatar
    if avatar and avatar.is_erased:
        who = SOMEBODY if event.visitor else event.actor_name
        return Words(who, event.sentence, avatar.state_words, "", [], [], {})
    return Words(
        who=event.actor_name,
        sentence=event.sentence,
        name=avatar.display_name if avatar else event.subject_name,
        note=event.note,
        changes=list(changes_in(event.detail)),
        facts=list(facts_in(event.detail)),
        detail=event.detail,
    )


def changes_in(detail: Mapping[str, Any]) -> Iterator[Change]:
    """What is otherwise now."""
    before, after = detail.get("before"), detail.get("after")
    if isinstance(before, dict) or isinstance(after, dict):
        yield from _named_changes(before or {}, after or {})
    elif before is not None or after is not None:
        yield Change("", _state(before), _state(after))
    if "to" in detail:
        yield Change("", str(detail.get("from", "")), str(detail["to"]))


def _named_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in {**before, **after}:
        was = _value(name, before[name]) if name in before else ""
        now = _value(name, after[name]) if name in after else ""
        if was != now:
            yield Change(_name(name), was, now)


def facts_in(detail: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What else there is to know, as names and values."""
    for name, value in detail.items():
        if name not in _TOLD:
            yield _name(name), _value(name, value)


def _name(name: str) -> str:
    return _NAMES.get(name) or name.replace("_", " ").capitalize()


def _value(name: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value(name, item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{_name(key)}: {_value(key, item)}" for key, item in value.items())
    return _text(name, str(value))


def _text(name: str, value: str) -> str:
    labels = _LABELS.get(name)
    if labels and value in labels.values:
        return str(labels(value).label)
    if name == "cause" and value in Cause:
        return WORDS[Cause(value)].title
    if name == "role":
        return value.capitalize()
    moment = parse_datetime(value) if name == "until" else None
    return formats.date_format(timezone.localtime(moment), "j F Y, H:i") if moment else value


def _state(value: Any) -> str:
    """The label of where something stands; a name stays as it is."""
    if value == Cause.GONE:
        return WORDS[Cause.GONE].title
    known = (choices(value).label for choices in _STANDINGS if value in choices.values)
    return str(next(known, "" if value is None else value))
