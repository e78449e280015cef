"""Approving several at once, each of which the reviewer has seen."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from avatars.access import can_review, policy_of
from avatars.models import Approval, Avatar, State
from avatars.services import review
from avatars.tasks import send_due

from .deciding import in_words, latest_move, say_of

_NAMED = 5  # of those that went well; the others are counted


@require_POST
@can_review
def approve(request: HttpRequest) -> HttpResponse:
    """Approve the chosen; each that went wrong is named, with the reason."""
    if "enter" in request.POST:
        return HttpResponse(status=204)  # the page and its ticks stay
    chosen = _chosen(request.POST.getlist("chosen"))
    rows = Avatar.objects.select_related("owner").in_bulk(list(chosen))
    policy = policy_of(request)
    why = {pk: say_of(request.user, row, policy).against("approved") for pk, row in rows.items()}
    allowed = {pk: version for pk, version in chosen.items() if why.get(pk) == ""}
    done, _ = review.approve_seen(allowed, request.user)
    if any(rows[pk].state == State.REVIEW for pk in done):
        send_due.enqueue()
    _say(request, chosen, rows, why, done)
    return redirect("review")


def _chosen(values: Iterable[str]) -> dict[UUID, int]:
    """Id and version, from `id:version`; what was made up is left out."""
    found = {}
    for value in values:
        identifier, _, version = value.partition(":")
        try:
            found[UUID(identifier)] = int(version)
        except ValueError:
            continue
    return found


def _say(
    request: HttpRequest,
    chosen: dict[UUID, int],
    rows: dict[UUID, Avatar],
    why: dict[UUID, str],
    done: list[Any],
) -> None:
    if not chosen:
        messages.info(request, "Choose some first. Nothing was changed.")
    if done:
        names = [rows[pk].display_name for pk in done]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        messages.success(request, f"Approved {len(names)}: {', '.join(names[:_NAMED])}{more}.")
    for pk, version in chosen.items():
        if pk not in rows:
            messages.warning(request, "One of them is not here any more.")
        elif pk not in done:
            words = why[pk] or _why_left(request.user, rows[pk], version)
            messages.warning(request, f"Not approved: {rows[pk].display_name}. {words}")


def _why_left(reviewer: Any, row: Avatar, version: int) -> str:
    row.refresh_from_db()
    if row.version != version or row.approval != Approval.WAITING:
        return in_words(latest_move(row), reviewer)
    return "Open it first: you have not seen it as it is now."
