"""/calls: links by which people without an account send their own photo."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from avatars import codes
from avatars.access import calls_for, can_create, may_close_call, may_create, policy_of
from avatars.call_forms import CallForm
from avatars.models import PhotoCall
from avatars.origin import absolute
from avatars.services import photo_calls

PAST_SHOWN = 20


@require_safe
@can_create
@never_cache
def calls(request: HttpRequest) -> HttpResponse:
    return _page(request, CallForm())


@require_POST
@can_create
def open_call(request: HttpRequest) -> HttpResponse:
    if not may_create(request.user, policy_of(request)):
        raise PermissionDenied("The policy leaves making avatars to others.")
    form = CallForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    call = photo_calls.open_call(request.user, **form.cleaned_data)
    messages.success(request, f"“{call.title}” is open. Pass its link on.")
    return redirect(f"{reverse('calls')}#call-{call.pk}")


@require_POST
@can_create
def close(request: HttpRequest, call_id: UUID) -> HttpResponse:
    call = get_object_or_404(calls_for(request.user), pk=call_id)
    if not may_close_call(request.user, call.made_by_id):
        raise PermissionDenied("Only its maker or an administrator closes it.")
    if photo_calls.close(call, request.user):
        messages.success(request, f"“{call.title}” is closed. What came in stays.")
    else:
        messages.info(request, f"“{call.title}” was over already.")
    return redirect("calls")


def _page(request: HttpRequest, form: CallForm, status: int = 200) -> HttpResponse:
    now, policy = timezone.now(), policy_of(request)
    rows = calls_for(request.user).select_related("made_by").order_by("-made_at")
    past = rows.past(now, policy).with_makers(policy)[:PAST_SHOWN]
    context = {
        "form": form,
        "calls": [_shown(request, row) for row in rows.open(now, policy)],
        "past": [{"it": row, "why": row.why_over(maker_may=row.maker_may)} for row in past],
        "may_open": may_create(request.user, policy),
        "nameless": not settings.ORGANISATION,
    }
    return render(request, "avatars/calls.html", context, status=status)


def _shown(request: HttpRequest, call: PhotoCall) -> dict[str, Any]:
    """With its link, as often as they like."""
    known = codes.known(call.code, call.digest)
    link = absolute(request, reverse("call", args=[call.code])) if known else ""
    return {"it": call, "link": link}
