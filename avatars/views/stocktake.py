"""The stock-take, for whoever runs this dashboard: what differs from Anam, and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from avatars.access import can_operate
from avatars.causes import WORDS
from avatars.models import Avatar, Difference, State, StockTake
from avatars.services import differences, stock_take
from avatars.tasks import run_errands, send_due
from avatars.tasks import take_stock as take_stock_task
from avatars.upstream.errors import Cause, UpstreamError

PAGE = 50
_Kind = Difference.Kind
_TEXTS = {
    _Kind.ONLY_THERE: ("Only at Anam", "Made in the Lab or elsewhere, and not known here yet."),
    _Kind.GONE: ("Gone at Anam", "Not known there any more. What Greenroom has is safe."),
    _Kind.RENAMED: ("Two names", "Anam and Greenroom call the same avatar differently."),
}


@dataclass(frozen=True)
class Group:
    """The open differences of one kind, the first of them to be shown."""

    kind: str
    title: str
    text: str
    total: int
    shown: list[Difference]


@require_safe
@can_operate
@never_cache
def stocktake(request: HttpRequest) -> HttpResponse:
    """The last run, a running one's progress, and what is open. `?after=…`: one was asked for."""
    runs = StockTake.objects.filter(rehearsal=settings.REHEARSAL)
    running = runs.filter(ended_at=None).first()
    context = {
        "running": running,
        "waiting": running is None and _is_awaited(request.GET.get("after", "")),
        "last": (last := runs.exclude(ended_at=None).select_related("asked_by").first()),
        "trouble": _trouble(last),
        "groups": _groups(),
        "news": _news(),
        "ignored": _of_here().filter(outcome=Difference.Outcome.IGNORED).count(),
        "is_first": not _has_avatars(),
        "most_are_gone": _most_are_gone(),
        "page_size": PAGE,
    }
    return render(request, "avatars/stocktake.html", context)


@require_POST
@can_operate
def take(request: HttpRequest) -> HttpResponse:
    """Begin one now."""
    if stock_take.is_running(settings.REHEARSAL):
        messages.info(request, "A stock-take is under way already.")
        return redirect("stocktake")
    latest = StockTake.objects.filter(rehearsal=settings.REHEARSAL).first()
    take_stock_task.enqueue(settings.REHEARSAL, str(request.user.pk))
    return redirect(f"{reverse('stocktake')}?after={latest.pk if latest else 0}")


@require_POST
@can_operate
def settle(request: HttpRequest, difference_id: int) -> HttpResponse:
    """Do what was chosen about one difference."""
    difference = get_object_or_404(_of_here(), pk=difference_id)
    chosen = _WAYS.get((difference.kind, request.POST.get("do", "")))
    if chosen is None:
        raise Http404
    way, sentence = chosen
    try:
        done = way(difference, request.user)
    except UpstreamError:
        messages.error(request, "Anam did not answer. Nothing was changed: try again in a minute.")
        return redirect("stocktake")
    if done:
        messages.success(request, sentence)
        send_due.enqueue()
        run_errands.enqueue()
    else:
        messages.info(request, "It has changed meanwhile, so nothing was done. Look once more.")
    return redirect("stocktake")


@require_POST
@can_operate
def settle_all(request: HttpRequest) -> HttpResponse:
    """Import or leave alone everything that is only there, or ask again about what was left."""
    open_ones = Difference.objects.open(rehearsal=settings.REHEARSAL)
    found = open_ones.filter(kind=_Kind.ONLY_THERE).values_list("pk", flat=True)
    match request.POST.get("do", ""):
        case "import":
            number = differences.import_these(list(found), request.user)
            review = " They wait for review." if number else ""
            messages.success(request, f"Taken over from Anam: {number}.{review}")
        case "ignore":
            number = differences.ignore(list(found), request.user)
            messages.success(request, f"Left alone: {number}. Greenroom won't ask again.")
        case "ask":
            differences.forget_ignored(rehearsal=settings.REHEARSAL)
            messages.success(request, "The next stock-take asks about them again.")
        case _:
            raise Http404
    return redirect("stocktake")


def _import(difference: Difference, actor: Any) -> bool:
    return bool(differences.import_these([difference.pk], actor))


def _ignore(difference: Difference, actor: Any) -> bool:
    return bool(differences.ignore([difference.pk], actor))


_AGAIN = "It is made anew: its photo goes to Anam as soon as nobody's yes is missing."
_WAYS: dict[tuple[str, str], tuple[Callable[[Difference, Any], bool], str]] = {
    (_Kind.ONLY_THERE, "import"): (_import, "Taken over. It waits for review."),
    (_Kind.ONLY_THERE, "ignore"): (_ignore, "Left alone. Greenroom won't ask again."),
    (_Kind.GONE, "keep"): (differences.keep_gone, "Kept without Anam, among the removed ones."),
    (_Kind.GONE, "again"): (differences.create_again, _AGAIN),
    (_Kind.RENAMED, "theirs"): (differences.take_their_name, "Anam's name counts now."),
    (_Kind.RENAMED, "ours"): (differences.keep_our_name, "The name stays, and Anam is told."),
}


def _of_here() -> Any:
    return Difference.objects.filter(rehearsal=settings.REHEARSAL)


def _has_avatars() -> bool:
    ours = Avatar.objects.filter(rehearsal=settings.REHEARSAL, stock=False)
    return ours.exclude(upstream_id=None).exists()


def _most_are_gone() -> bool:
    """More than anybody deletes by hand: rather somebody else's key."""
    made = Avatar.objects.filter(rehearsal=settings.REHEARSAL, stock=False, state=State.READY)
    gone = made.filter(cause=Cause.GONE).count()
    return gone > 5 and gone > made.count() / 2


def _is_awaited(after: str) -> bool:
    if not (after.isascii() and after.isdecimal() and len(after) < 18):
        return False
    return not StockTake.objects.filter(rehearsal=settings.REHEARSAL, pk__gt=int(after)).exists()


def _groups() -> list[Group]:
    found = []
    for kind, (title, text) in _TEXTS.items():
        rows = Difference.objects.open(rehearsal=settings.REHEARSAL).filter(kind=kind)
        # Whatever was removed or erased meanwhile is settled; the next stock-take says so.
        rows = rows.filter(Q(avatar=None) | Q(avatar__state=State.READY))
        if total := rows.count():
            shown = list(rows.select_related("avatar__owner")[:PAGE])
            found.append(Group(kind.value, title, text, total, shown))
    return found


def _news() -> Any:
    recorded = _of_here().filter(outcome=Difference.Outcome.RECORDED)
    return recorded.select_related("avatar").order_by("-found_at", "-id")[:10]


def _trouble(last: StockTake | None) -> str:
    """Why the last one ended early, in a sentence; "" when it did not."""
    if last is None or not last.cause:
        return ""
    if last.cause == StockTake.INTERRUPTED:
        return "Greenroom was stopped in the middle of it."
    if last.cause == Cause.NO_ANSWER or last.cause not in Cause:
        return "Anam did not answer, or not in a way that can be read."
    return f"{WORDS[Cause(last.cause)].title}."
