"""The reviewers' queue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from avatars.access import can_review
from avatars.models import Approval, Avatar, State

PAGE = 12


@require_safe
@can_review
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the longest waiting first, and the latest decisions."""
    ready = Avatar.objects.filter(state=State.READY, stock=False).select_related("owner")
    waiting = ready.filter(approval=Approval.WAITING).order_by("created_at", "id")
    decided = ready.exclude(approval=Approval.WAITING).order_by("-changed_at", "-id")
    shown = list(waiting[: PAGE + 1])
    context = {"waiting": shown[:PAGE], "more": len(shown) > PAGE, "decided": decided[:10]}
    return render(request, "avatars/review.html", context)
