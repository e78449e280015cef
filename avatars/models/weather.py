"""How it stands with an upstream: whether photos may be sent to it now, and if not, why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from avatars.causes import WORDS, Words
from avatars.upstream.errors import Cause

# A read that works proves that these are over. Of all others only a create can tell.
READABLE = frozenset({Cause.KEY, Cause.ADDRESS, Cause.OUTAGE})
# What one avatar meets, all others would meet too.
FOR_ALL = READABLE | {Cause.PERMISSION, Cause.PLAN, Cause.QUOTA, Cause.RATE, Cause.NO_ANSWER}
# Nothing but an administrator ends these.
FOR_ADMINISTRATORS = frozenset({Cause.KEY, Cause.ADDRESS, Cause.PERMISSION, Cause.PLAN})


class WeatherQuerySet(models.QuerySet["Weather"]):
    """Conditional UPDATEs, as for avatars: False means that somebody else was first."""

    def close(
        self, *, rehearsal: bool, cause: str, said: str, now: datetime, until: datetime
    ) -> bool:
        """Send nothing before `until`. A later end that somebody else knows of stays."""
        rows = self.filter(rehearsal=rehearsal)
        rows.filter(cause="").update(since=now)
        rows.update(failures=F("failures") + 1)
        bad_key = {"key_checked_at": now, "key_cause": cause} if cause == Cause.KEY else {}
        later = rows.filter(Q(until=None) | Q(until__lte=until) | Q(cause=""))
        return later.update(cause=cause, said=said, until=until, **bad_key) == 1

    def stay_closed(self, *, rehearsal: bool, cause: str, said: str, until: datetime) -> bool:
        """It is not over yet, says the one who looked; False when something else is known now."""
        closed = self.filter(rehearsal=rehearsal, cause__in=READABLE)
        changes = {"cause": cause, "said": said, "until": until}
        return closed.update(failures=F("failures") + 1, **changes) == 1

    def open(self, causes: Collection[str], *, rehearsal: bool) -> bool:
        """Send again; False when none of `causes` kept anybody from it."""
        closed = self.filter(rehearsal=rehearsal, cause__in=causes)
        return closed.update(cause="", said="", since=None, until=None) == 1

    def succeed(self, *, rehearsal: bool, now: datetime) -> None:
        """A create went well: only that ends a row of failures, and may be told anew."""
        rows = self.filter(rehearsal=rehearsal)
        changes = {"succeeded_at": now, "key_checked_at": now, "key_cause": ""}
        rows.update(failures=0, told=False, **changes)

    def count_failure(self, *, rehearsal: bool) -> None:
        self.filter(rehearsal=rehearsal).update(failures=F("failures") + 1)

    def take_probe(self, *, rehearsal: bool, now: datetime, until: datetime) -> bool:
        """Become the one who looks whether it is over."""
        due = self.filter(rehearsal=rehearsal, cause__in=READABLE, until__lte=now)
        return due.update(until=until) == 1

    def hurry(self, *, rehearsal: bool, now: datetime) -> bool:
        """Look at once whether it is over; never where Anam named the time."""
        closed = self.filter(rehearsal=rehearsal, until__gt=now).exclude(cause__in=("", Cause.RATE))
        return closed.update(until=now) == 1

    def take_telling(self, *, rehearsal: bool) -> bool:
        """Become the one who tells the administrators; once for each time it closes."""
        untold = self.filter(rehearsal=rehearsal, cause__in=FOR_ADMINISTRATORS, told=False)
        return untold.update(told=True) == 1

    def key_checked(self, *, rehearsal: bool, now: datetime, cause: str) -> None:
        self.filter(rehearsal=rehearsal).update(key_checked_at=now, key_cause=cause)


class Weather(models.Model):
    """One row for Anam and one for the sandbox. `cause` is empty while photos may be sent."""

    rehearsal = models.BooleanField(primary_key=True)
    cause = models.CharField(max_length=20, blank=True)
    said = models.TextField(blank=True)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True, help_text="Nothing is sent before.")
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    told = models.BooleanField(default=False, help_text="The administrators know.")
    succeeded_at = models.DateTimeField(null=True)
    key_checked_at = models.DateTimeField(null=True)
    key_cause = models.CharField(max_length=20, blank=True)

    objects = WeatherQuerySet.as_manager()

    class Meta:
        verbose_name_plural: ClassVar = "weather"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{'sandbox' if self.rehearsal else 'Anam'}: {self.cause or 'fair'}"

    @classmethod
    def at(cls, *, rehearsal: bool, **options: Any) -> Weather:
        """The row of one upstream, made when it is asked for the first time."""
        return cls.objects.get_or_create(rehearsal=rehearsal, **options)[0]

    @property
    def is_closed(self) -> bool:
        return bool(self.cause)

    @property
    def words(self) -> Words | None:
        return WORDS[Cause(self.cause)] if self.cause in Cause else None
