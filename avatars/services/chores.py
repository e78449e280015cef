"""What waits for whoever reviews or operates, in sentences for a daily mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from avatars.models import FOR_ADMINISTRATORS, Avatar, Policy, Standing, State, Weather
from avatars.names import tidy_name

_AHEAD = timedelta(days=30)  # of which ends of consent are told


@dataclass(frozen=True)
class Chore:
    """`title` without a full stop; `path` leads to where it is done."""

    title: str
    path: str


def chores_of(person: Any, policy: Policy) -> list[Chore]:
    """By what they may do at this moment."""
    found: list[Chore] = []
    if person.has_perm("avatars.review_avatar"):
        found += _to_review(person, policy)
    if person.has_perm("avatars.operate_avatar"):
        found += [*_closed_way(), *_to_choose(), *_ending(timezone.now())]
    return found


def _to_review(person: Any, policy: Policy) -> Iterator[Chore]:
    queue = Avatar.objects.review_queue()
    if policy.four_eyes:
        queue = queue.exclude(owner=person)
    if count := queue.count():
        since = day_of(queue[0].asked_at)
        waits = "1 avatar waits" if count == 1 else f"{count} avatars wait"
        longest = "" if count == 1 else "the longest "
        yield Chore(f"{waits} for review, {longest}since {since}", reverse("review"))


def _closed_way() -> Iterator[Chore]:
    closed = Weather.objects.filter(rehearsal=settings.REHEARSAL, cause__in=FOR_ADMINISTRATORS)
    for weather in closed:
        if words := weather.words:
            yield Chore(f"Sending is paused: {words.title}", reverse("status"))


def _to_choose() -> Iterator[Chore]:
    asking = Avatar.objects.filter(state=State.UNKNOWN).exclude(candidates=[])
    if count := asking.count():
        one = "1 avatar needs somebody to say which one at Anam it is"
        several = f"{count} avatars need somebody to say which ones at Anam they are"
        yield Chore(one if count == 1 else several, reverse("status"))


def _ending(now: datetime) -> Iterator[Chore]:
    here = Avatar.objects.exclude(state=State.REMOVED).filter(consent=Standing.GIVEN)
    ending = here.filter(consent_until__gt=now, consent_until__lte=now + _AHEAD)
    first = ending.order_by("consent_until", "id").first()
    if first and first.consent_until:
        name, day = tidy_name(first.display_name), day_of(first.consent_until)
        more = ending.count() - 1
        others = f", and for {more} more within {_AHEAD.days} days" if more else ""
        yield Chore(f"Consent for {name} ends on {day}{others}", first.get_absolute_url())


def day_of(moment: datetime) -> str:
    """Such as `3 May`, where this server is."""
    here = timezone.localtime(moment)
    return f"{here.day} {here:%B}"
