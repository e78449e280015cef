"""The reviewing desk: one face, everything about it, and the decision. Then the next one opens."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from avatars.access import can_review, policy_of
from avatars.models import Avatar, Event, Look
from avatars.review_forms import ReviewForm
from avatars.services.queue import Part, Queue

from .deciding import Say, in_words, latest_move, say_of, take_decision
from .desk_facts import facts_for, looking

_NO_REVIEWER = "Your role has changed, and reviewing is not part of it any more."
_CONSENT = "{} meanwhile: load this page again to decide by that"


@require_http_methods(["GET", "HEAD", "POST"])
@can_review
@never_cache
def desk(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Look at one, or decide about it."""
    found = _find(avatar_id)
    if request.method == "POST":
        return _decide(request, found)
    if not found.is_reviewable:
        messages.info(request, "There is nothing to decide about here.")
        return redirect(found)
    return _page(request, found, ReviewForm())


@require_POST
@never_cache
def here(request: HttpRequest, avatar_id: UUID) -> JsonResponse:
    """A page that is still open says so, and hears who else is here and what became of it."""
    if not request.user.has_perm("avatars.review_avatar"):
        return JsonResponse({"here": "", "over": _NO_REVIEWER}, status=403)
    found, now = _find(avatar_id), timezone.now()
    Look.objects.stay(found.pk, request.user, now)
    others = Look.objects.others(request.user, now).filter(avatar=found)
    seen = request.POST.get("version", "")
    over = "" if found.is_reviewable and seen == str(found.version) else _over(request, found)
    told = [looking(look.reviewer for look in others), _consent_meanwhile(request, found)]
    return JsonResponse({"here": ". ".join(filter(None, told)), "over": over})


def after(request: HttpRequest, avatar: Avatar | None, part: Part) -> str:
    """Where the next one is, or the end of the queue."""
    following = Queue(request.user, policy_of(request), part).next_after(avatar)
    return place_of(following, part) if following else f"{reverse('review-done')}?{_show(part)}"


def place_of(avatar: Avatar, part: Part) -> str:
    """The desk's address, in this part of the queue."""
    return f"{reverse('review-desk', args=[avatar.pk])}?{_show(part)}"


def _decide(request: HttpRequest, found: Avatar) -> HttpResponse:
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    cleaned = form.cleaned_data
    if cleaned["version"] != found.version or not found.is_reviewable:
        return _too_late(request, found, cleaned)
    if against := say_of(request.user, found, policy_of(request)).against(cleaned["decision"]):
        form.add_error(None, against)
        return _page(request, found, form, status=403)
    if not take_decision(request, found, cleaned, at_the_desk=True):
        return _too_late(request, _find(found.pk), cleaned)
    return redirect(after(request, found, _part(request)))


def _too_late(request: HttpRequest, found: Avatar, cleaned: dict[str, Any]) -> HttpResponse:
    """Somebody was first: who, when and with what; and what was typed is not lost."""
    move = latest_move(found)
    if _is_echo(request, found, cleaned, move):
        return redirect(after(request, found, _part(request)))
    Look.objects.leave(found.pk, request.user)
    context = {
        "avatar": found,
        "move": move,
        "words": in_words(move, request.user),
        "cleaned": cleaned,
        "next": after(request, found, _part(request)),
        "part": _part(request),
    }
    return render(request, "avatars/review_settled.html", context, status=409)


def _is_echo(
    request: HttpRequest, found: Avatar, cleaned: dict[str, Any], move: Event | None
) -> bool:
    """A button pressed twice is one decision."""
    mine = move is not None and move.actor == request.user and move.kind == cleaned["decision"]
    return mine and found.version == cleaned["version"] + 1


def _page(
    request: HttpRequest, found: Avatar, form: ReviewForm, *, status: int = 200
) -> HttpResponse:
    policy, part = policy_of(request), _part(request)
    facts = facts_for(request.user, found, policy, part)
    if request.method != "HEAD":  # which shows nobody anything
        _looked(request.user, found, facts["say"])
    return render(request, "avatars/review_desk.html", {**facts, "form": form}, status=status)


def _looked(reviewer: Any, found: Avatar, say: Say) -> None:
    Look.objects.leave_all(reviewer, but=found.pk)
    if not say.why_not:
        # Who may not decide about it keeps it from nobody.
        Look.objects.take(found.pk, reviewer, found.version, timezone.now())


def _over(request: HttpRequest, found: Avatar) -> str:
    return in_words(latest_move(found), request.user)


def _consent_meanwhile(request: HttpRequest, found: Avatar) -> str:
    seen = request.POST.get("consent", found.consent_now)
    return "" if seen == found.consent_now else _CONSENT.format(found.consent_now.label)


def _find(avatar_id: UUID) -> Avatar:
    """Also one that was erased while its desk was open."""
    rows = Avatar.objects.select_related("owner", "call", "replaces", "token")
    return get_object_or_404(rows.filter(stock=False), pk=avatar_id)


def _part(request: HttpRequest) -> Part:
    return Part.read(request.POST.get("show") or request.GET.get("show") or "")


def _show(part: Part) -> str:
    return urlencode({"show": part})
