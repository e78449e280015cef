"""The photo desk."""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from avatars.access import can_create, may_create, policy_of
from avatars.forms import UploadForm
from avatars.limit_findings import MAY_NOT_CREATE, month_is_full
from avatars.models import Avatar, State
from avatars.photos.inspect import (
    FILE_BYTES_MAX,
    PIXELS_MAX,
    SHORT_SIDE_ADVISED,
    SHORT_SIDE_MIN,
)
from avatars.services.accept import Wanted, accept
from avatars.services.limits import MayNotCreate, MonthIsFull, month_of
from avatars.services.wishes import BadKey, OtherContent, StillRunning, patiently
from avatars.tasks import send_due

from .answers import wants_json
from .policy_words import what_happens
from .resubmitting import replaced_by
from .waiting import usual_words

logger = logging.getLogger(__name__)

LIMITS = {
    "bytes_max": FILE_BYTES_MAX,
    "pixels_max": PIXELS_MAX,
    "short_side_min": SHORT_SIDE_MIN,
    "short_side_advised": SHORT_SIDE_ADVISED,
    "kinds": "JPEG, PNG or WebP",
}
STILL_RUNNING = (
    "Your photo is being taken in at this moment, by another request with this form. Nothing is "
    "made twice: try again in a moment, or look into the gallery."
)


@require_http_methods(["GET", "HEAD", "POST"])
@can_create
def upload(request: HttpRequest) -> HttpResponse:
    """Show the desk, or take photos: all of them, or none and every reason why."""
    try:
        if not may_create(request.user, policy_of(request)):
            raise MayNotCreate
        if request.method == "POST":
            return _taken_in(request)
        return _desk(request, UploadForm(initial=request.GET.dict()), status=200)
    except MayNotCreate:
        return _left_to_others(request)


def _taken_in(request: HttpRequest) -> HttpResponse:
    """Raises `MayNotCreate`."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refusal(request, form, status=422)
    try:
        return _answer(request, _accept_all(request, form))
    except StillRunning:
        return _still_running(request)
    except (OtherContent, BadKey, MonthIsFull, OSError) as problem:
        return _explained(request, form, problem)


def _explained(
    request: HttpRequest, form: UploadForm, problem: OtherContent | BadKey | MonthIsFull | OSError
) -> HttpResponse:
    if isinstance(problem, MonthIsFull):
        form.refuse_by_policy(month_is_full(problem))
        return _refusal(request, form, status=422)
    if isinstance(problem, OtherContent):
        form.refuse_as_used()
        return _refusal(request, form, status=422, made=problem.avatars)
    if isinstance(problem, BadKey):
        form.refuse_as_unknown()
        return _refusal(request, form, status=422)
    logger.error("a photo could not be stored", exc_info=problem)
    form.refuse_for_want_of_room()
    return _refusal(request, form, status=503)


def _accept_all(request: HttpRequest, form: UploadForm) -> list[Avatar]:
    model = form.cleaned_data["avatar_model"]
    purpose = form.cleaned_data["purpose"]
    replaces = replaced_by(request.user, request.POST.get("replaces", ""))
    wanted = [
        Wanted(name, model, prepared, advice, purpose, replaces)
        for name, prepared, advice in form.accepted
    ]
    key = request.POST.get("wish")
    avatars = patiently(lambda: accept(owner=request.user, wanted=wanted, key=key))
    waiting = [avatar for avatar in avatars if avatar.state == State.QUEUED]
    try:
        for _ in waiting:  # a wake-up each, so that every slot takes one
            send_due.enqueue()
    except DatabaseError:
        logger.exception("a wake-up was lost, which costs a sweep's minute")
    return avatars


def _answer(request: HttpRequest, avatars: list[Avatar]) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"avatars": _named(avatars)}, status=202)
    return redirect(avatars[0] if len(avatars) == 1 else "gallery")


def _still_running(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        body = {"error": "Still running", "message": STILL_RUNNING}
        response: HttpResponse = JsonResponse(body, status=409)
    else:
        response = render(request, "409.html", {"message": STILL_RUNNING}, status=409)
    response["Retry-After"] = "2"
    return response


def _refusal(
    request: HttpRequest, form: UploadForm, *, status: int, made: Sequence[Avatar] = ()
) -> HttpResponse:
    if not wants_json(request):
        return _desk(request, form, status=status, made=made)
    body: dict[str, Any] = {"findings": form.findings}
    if made:
        body["avatars"] = _named(made)
    return JsonResponse(body, status=status)


def _left_to_others(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        finding = {"field": "image_file", **MAY_NOT_CREATE.as_dict()}
        return JsonResponse({"findings": [finding]}, status=403)
    return render(request, "avatars/upload_closed.html", status=403)


def _named(avatars: Sequence[Avatar]) -> list[dict[str, str]]:
    return [
        {"id": str(avatar.pk), "url": avatar.get_absolute_url(), "state": avatar.state}
        for avatar in avatars
    ]


def _desk(
    request: HttpRequest, form: UploadForm, *, status: int, made: Sequence[Avatar] = ()
) -> HttpResponse:
    policy = policy_of(request)
    month = month_of(request.user, policy)
    if month and not month.left and not made:
        return render(request, "avatars/upload_closed.html", {"month": month}, status=status)
    codes = {finding["code"] for finding in form.findings}
    kept = "" if codes & {"wish-used", "wish-unknown"} else request.POST.get("wish")
    named = request.POST.get("replaces") or request.GET.get("replaces") or ""
    context = {
        "form": form,
        "findings": form.findings,
        "replaces": replaced_by(request.user, named),
        "limits": LIMITS,
        "month": month,
        "what_happens": what_happens(policy),
        "asks_consent": policy.consent,
        "usual": usual_words(rehearsal=settings.REHEARSAL),
        "made": made,
        # Nothing was made of a refused form, so it stays the same wish.
        "wish": kept or uuid4(),
    }
    return render(request, "avatars/upload.html", context, status=status)
