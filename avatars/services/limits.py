"""How many avatars somebody may make in a calendar month."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.contrib.auth import get_user_model
from django.utils import timezone

from avatars.models import Avatar, Creators, Policy, Token


class MonthIsFull(Exception):
    """As many as `limit` allows were made in this month, by the person or with their token."""

    def __init__(self, of: Literal["person", "token"], limit: int) -> None:
        super().__init__(f"{limit} avatars of the {of} are made")
        self.of = of
        self.limit = limit


class MayNotCreate(Exception):
    """The policy leaves making avatars to others."""


@dataclass(frozen=True)
class Month:
    """How much of a person's month is used. `warns`: it is nearly full, or full."""

    made: int
    limit: int
    warns: bool

    @property
    def left(self) -> int:
        return max(0, self.limit - self.made)


def month_of(person: Any, policy: Policy) -> Month | None:
    """None where the policy sets no limit."""
    if policy.month_limit is None or policy.warns_at is None:
        return None
    made = _made(person)
    return Month(made, policy.month_limit, warns=made >= policy.warns_at)


def make_sure_of_room(owner: Any, token: Token | None, wanted: int, policy: Policy) -> None:
    """Raises `MayNotCreate` and `MonthIsFull`. In the transaction that makes the avatars.

    Under a lock on the person and on the token, so that two at once don't both take the last place.
    """
    # Whether the role lets them at all is asked at the doors; the policy can only narrow that.
    if policy.creators != Creators.CREATORS and not policy.lets_create(owner):
        raise MayNotCreate
    if policy.month_limit is not None:
        get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
        if _made(owner) + wanted > policy.month_limit:
            raise MonthIsFull("person", policy.month_limit)
    if token is not None:
        limit = Token.objects.locked(token).get().month_limit
        if limit is not None and token.made_this_month(timezone.now()) + wanted > limit:
            raise MonthIsFull("token", limit)


def _made(person: Any) -> int:
    """What others sent in by a photo call of theirs has its own limit."""
    since = _first_of_the_month()
    return Avatar.objects.filter(owner=person, call=None, created_at__gte=since).count()


def _first_of_the_month() -> datetime:
    now = timezone.localtime()
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
