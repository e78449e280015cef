"""How many avatars somebody may make in a calendar month."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.contrib.auth import get_user_model
from django.utils import timezone

from avatars.models import Avatar, Creators, Kind, Policy, Token


class MonthIsFull(Exception):
    """No more than `left` of the `limit` of this month are to be had by the person or the token."""

    def __init__(self, of: Literal["person", "token"], limit: int, left: int = 0) -> None:
        super().__init__(f"{left} of {limit} avatars of the {of} are left")
        self.of = of
        self.limit = limit
        self.left = left


class MayNotCreate(Exception):
    """The policy leaves making avatars to others."""


@dataclass(frozen=True)
class Month:
    """How much of a person's month is used. `warns`: it is nearly full, or full."""

    made: int
    limit: int
    warns: bool
    ends: datetime

    @property
    def left(self) -> int:
        return max(0, self.limit - self.made)


def month_of(person: Any, policy: Policy) -> Month | None:
    """None where the policy sets no limit."""
    if policy.month_limit is None or policy.warns_at is None:
        return None
    made = _made(person)
    warns = made >= policy.warns_at
    return Month(made, policy.month_limit, warns=warns, ends=first_of_the_next_month())


def make_sure_of_room(owner: Any, token: Token | None, wanted: int, policy: Policy) -> None:
    """Raises `MayNotCreate` and `MonthIsFull`. In the transaction that makes the avatars.

    Under a lock on the person and on the token, so that two at once don't both take the last place.
    """
    # Whether the role lets them at all is asked at the doors; the policy can only narrow that.
    if policy.creators != Creators.CREATORS and not policy.lets_create(owner):
        raise MayNotCreate
    if policy.month_limit is not None:
        get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
        left = max(0, policy.month_limit - _made(owner))
        if wanted > left:
            raise MonthIsFull("person", policy.month_limit, left)
    if token is not None:
        limit = Token.objects.locked(token).get().month_limit
        if limit is not None and token.made_this_month(timezone.now()) + wanted > limit:
            raise MonthIsFull("token", limit)


def _made(person: Any) -> int:
    """What others sent in by a photo call of theirs has its own limit, and imports cost nothing."""
    made = Avatar.objects.filter(owner=person, call=None, created_at__gte=_first_of_the_month())
    return made.exclude(events__kind=Kind.IMPORTED).count()


def _first_of_the_month() -> datetime:
    now = timezone.localtime()
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def first_of_the_next_month() -> datetime:
    """When there is room again."""
    in_the_next = _first_of_the_month() + timedelta(days=32)
    return in_the_next.replace(day=1)
