"""Finding events: those that fit what somebody looks for, the newest first."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from avatars.models import Avatar
from avatars.models.event import Event, EventQuerySet
from avatars.record_forms import GREENROOM, VISITORS, RecordFilters

# What no line of the record shows, and much of it.
_HEAVY = ("avatar__upstream", "avatar__advice", "avatar__candidates", "avatar__former_ids")


def filters_of(request: HttpRequest) -> RecordFilters:
    people = get_user_model().objects.order_by("name", "email").values_list("pk", "name", "email")
    choices = [(str(pk), f"{name}, {email}") for pk, name, email in people]
    return RecordFilters(request.GET, people=choices)


def found(filters: RecordFilters) -> EventQuerySet:
    """What fits valid `filters`."""
    rows = Event.objects.with_people().defer(*_HEAVY).order_by("-at", "-id")
    chosen = filters.chosen
    if kinds := filters.kinds:
        rows = rows.filter(kind__in=kinds)
    if about := chosen.get("about"):
        rows = rows.filter(subject=about)
    if trace := chosen.get("trace"):
        rows = rows.filter(trace=trace)
    if avatar := chosen.get("avatar"):
        rows = rows.filter(avatar__in=Avatar.objects.filter(_called(avatar)).order_by())
    return _between(_done_by(rows, chosen.get("who", "")), chosen.get("since"), chosen.get("until"))


def _done_by(rows: EventQuerySet, who: str) -> EventQuerySet:
    if who == GREENROOM:
        return rows.filter(actor=None, visitor="")
    if who == VISITORS:
        return rows.exclude(visitor="")
    return rows.filter(actor=UUID(who)) if who else rows


def _between(rows: EventQuerySet, since: date | None, until: date | None) -> EventQuerySet:
    """Whole days, in the time zone of the pages."""
    if since:
        rows = rows.filter(at__gte=_midnight(since))
    if until:
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1)))
    return rows


def _called(text: str) -> Q:
    """By its id here, by its id at Anam, or by a part of its name."""
    try:
        here = Q(pk=UUID(text))
    except ValueError:
        here = Q(display_name__icontains=text)
    return here | Q(upstream_id=text)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
