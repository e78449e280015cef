"""The reviewers' queue: what waits for whom, in which order, and who is at it already."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from avatars.models import Avatar, Look, Policy
from avatars.models.transitions import AvatarQuerySet

MANY = 1000  # as far as it is counted: nobody acts on a larger number


class Part(StrEnum):
    """Which part of the queue: what they can decide about, what waits for consent, their own."""

    DECIDE = "decide"
    CONSENT = "consent"
    OWN = "own"

    @classmethod
    def read(cls, text: str) -> "Part":
        return cls(text) if text in cls else cls.DECIDE


@dataclass(frozen=True)
class Place:
    """The `number`-th of about `total`."""

    number: int
    total: int

    @property
    def many(self) -> bool:
        return self.total >= MANY


@dataclass(frozen=True)
class Queue:
    """One part of the queue, as a reviewer has it before them: the longest waiting first."""

    reviewer: Any
    policy: Policy
    part: Part = Part.DECIDE

    @property
    def rows(self) -> AvatarQuerySet:
        rows, now = Avatar.objects.review_queue(), timezone.now()
        if self.part == Part.OWN:
            return rows.filter(owner=self.reviewer)
        rows = rows.lacking_consent(now) if self.part == Part.CONSENT else rows.consented(now)
        return rows.exclude(owner=self.reviewer) if self.policy.four_eyes else rows

    def count(self) -> int:
        """At most `MANY`."""
        return self.rows[:MANY].count()

    def place_of(self, avatar: Avatar) -> Place | None:
        """None for one that does not wait in this part."""
        if not self.rows.filter(pk=avatar.pk).exists():
            return None
        ahead = before(self.rows, avatar)[: MANY - 1].count()
        return Place(ahead + 1, max(self.count(), ahead + 1))

    def next_after(self, avatar: Avatar | None) -> Avatar | None:
        """The next one that nobody else is looking at; after the last comes the first again."""
        rows = self._free()
        if avatar is None:
            return rows.first()
        others = rows.exclude(pk=avatar.pk)
        return after(others, avatar).first() or others.first()

    def last_before(self, avatar: Avatar) -> Avatar | None:
        """The same, backwards."""
        others = self._free().exclude(pk=avatar.pk)
        return before(others, avatar).last() or others.last()

    def _free(self) -> AvatarQuerySet:
        others = Look.objects.here(timezone.now()).exclude(reviewer=self.reviewer)
        return self.rows.exclude(Exists(others.filter(avatar=OuterRef("pk"))))


def after(rows: AvatarQuerySet, avatar: Avatar) -> AvatarQuerySet:
    """Those that wait less long than this one."""
    # The first condition is implied by the second and lets the index find the place.
    later = Q(asked_at__gt=avatar.asked_at) | Q(asked_at=avatar.asked_at, pk__gt=avatar.pk)
    return rows.filter(later, asked_at__gte=avatar.asked_at)


def before(rows: AvatarQuerySet, avatar: Avatar) -> AvatarQuerySet:
    """Those that wait longer."""
    sooner = Q(asked_at__lt=avatar.asked_at) | Q(asked_at=avatar.asked_at, pk__lt=avatar.pk)
    return rows.filter(sooner, asked_at__lte=avatar.asked_at)
