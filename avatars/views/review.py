"""The reviewers' queue, and the ways through it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from avatars.access import can_review, policy_of
from avatars.models import Avatar, Event, Kind, Look, Policy
from avatars.services import queue as queues
from avatars.services.queue import Part, Queue

from .deciding import Say, say_of
from .desk_facts import looking
from .review_desk import after, place_of

PAGE = 25
DECIDED = 10
_WORDS = {Kind.APPROVED: "approved", Kind.CHANGES: "sent back", Kind.REJECTED: "rejected"}
_LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """One that waits. `opened`: this reviewer has seen it as it is now."""

    avatar: Avatar
    say: Say
    opened: bool
    looking: str

    @property
    def may_be_chosen(self) -> bool:
        return self.opened and not self.say.why_not and not self.say.why_no_yes


@require_safe
@can_review
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the longest waiting first, and the latest decisions."""
    policy, part = policy_of(request), Part.read(request.GET.get("show", ""))
    if request.method == "GET":
        Look.objects.leave_all(request.user)
    start = _found(request.GET.get("after"))
    rows = Queue(request.user, policy, part).rows.select_related("owner", "call")
    page = list((queues.after(rows, start) if start else rows)[: PAGE + 1])
    context = {
        "part": part,
        "parts": [(each, Queue(request.user, policy, each).count()) for each in Part],
        "many": queues.MANY,
        "four_eyes": policy.four_eyes,
        "rows": _rows(page[:PAGE], request.user, policy),
        "more_after": page[PAGE - 1].pk if len(page) > PAGE else None,
        "start": start,
        "decided": _decisions().filter(at__gt=timezone.now() - _LATELY)[:DECIDED],
    }
    return render(request, "avatars/review.html", context)


@require_safe
@can_review
@never_cache
def onward(request: HttpRequest) -> HttpResponse:
    """To the next one that nobody else is looking at; `before` instead of `after` goes back."""
    part = Part.read(request.GET.get("show", ""))
    if behind := _found(request.GET.get("before")):
        found = Queue(request.user, policy_of(request), part).last_before(behind)
        return redirect(place_of(found or behind, part))
    return redirect(after(request, _found(request.GET.get("after")), part))


@require_safe
@can_review
@never_cache
def done(request: HttpRequest) -> HttpResponse:
    """The end of the queue: what was decided today, and what is left for others."""
    policy = policy_of(request)
    if request.method == "GET":
        Look.objects.leave_all(request.user)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = _decisions().filter(actor=request.user.pk, at__gte=today)
    queues_left = {part.value: Queue(request.user, policy, part) for part in Part}
    context = {
        "mine": mine[:DECIDED],
        "counts": _counts(mine),
        "left": {part: queue.count() for part, queue in queues_left.items()},
        "free": queues_left[Part.DECIDE].next_after(None),
        "four_eyes": policy.four_eyes,
    }
    return render(request, "avatars/review_done.html", context)


def _rows(page: list[Avatar], reviewer: Any, policy: Policy) -> list[Row]:
    now = timezone.now()
    looks: dict[UUID, list[Look]] = {avatar.pk: [] for avatar in page}
    for look in Look.objects.filter(avatar__in=page).select_related("reviewer").order_by("pk"):
        looks[look.avatar_id].append(look)
    return [
        Row(
            avatar,
            say_of(reviewer, avatar, policy),
            any(_saw(look, avatar, reviewer) for look in looks[avatar.pk]),
            looking(_others(looks[avatar.pk], reviewer, now)),
        )
        for avatar in page
    ]


def _saw(look: Look, avatar: Avatar, reviewer: Any) -> bool:
    return look.reviewer == reviewer and look.version == avatar.version


def _others(looks: Iterable[Look], reviewer: Any, now: datetime) -> list[Any]:
    return [look.reviewer for look in looks if look.reviewer != reviewer and look.is_here(now)]


def _decisions() -> QuerySet[Event]:
    """The latest first."""
    events = Event.objects.filter(kind__in=_WORDS, avatar__erased_at=None)
    events = events.exclude(avatar__errand="erase").select_related("actor", "token", "avatar")
    return events.order_by("-at", "-id")


def _counts(events: QuerySet[Event]) -> list[tuple[str, int]]:
    """How many of each, as (word, number), in the order of the buttons."""
    rows = events.order_by().values_list("kind").annotate(Count("pk"))
    found = dict(rows)
    return [(word, found[kind]) for kind, word in _WORDS.items() if kind in found]


def _found(text: str | None) -> Avatar | None:
    """The avatar that an address names; None for anything else."""
    try:
        return Avatar.objects.filter(pk=UUID(text)).first() if text else None
    except ValueError:
        return None
