"""The photo desk."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from avatars.access import can_create
from avatars.forms import UploadForm
from avatars.models import Avatar
from avatars.photos.inspect import (
    FILE_BYTES_MAX,
    PIXELS_MAX,
    SHORT_SIDE_ADVISED,
    SHORT_SIDE_MIN,
)
from avatars.services.accept import accept
from avatars.tasks import send_due

from .answers import wants_json

logger = logging.getLogger(__name__)

LIMITS = {
    "bytes_max": FILE_BYTES_MAX,
    "pixels_max": PIXELS_MAX,
    "short_side_min": SHORT_SIDE_MIN,
    "short_side_advised": SHORT_SIDE_ADVISED,
    "kinds": "JPEG, PNG or WebP",
}


@require_http_methods(["GET", "HEAD", "POST"])
@can_create
def upload(request: HttpRequest) -> HttpResponse:
    """Show the desk, or take photos: all of them, or none and every reason why."""
    if request.method != "POST":
        return _desk(request, UploadForm(initial=request.GET.dict()), status=200)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refusal(request, form, status=422)
    try:
        return _answer(request, _accept_all(request, form))
    except OSError:
        logger.exception("a photo could not be stored")
        form.refuse_for_want_of_room()
        return _refusal(request, form, status=503)


def _accept_all(request: HttpRequest, form: UploadForm) -> list[Avatar]:
    assert request.user.is_authenticated  # by can_create
    avatars = [
        accept(
            owner=request.user,
            display_name=name,
            model=form.cleaned_data["avatar_model"],
            prepared=prepared,
            advice=advice,
        )
        for name, prepared, advice in form.accepted
    ]
    for _ in avatars:  # a wake-up each, so that every slot takes one
        send_due.enqueue()
    return avatars


def _answer(request: HttpRequest, avatars: list[Avatar]) -> HttpResponse:
    if wants_json(request):
        made = [
            {"id": str(avatar.pk), "url": avatar.get_absolute_url(), "state": avatar.state}
            for avatar in avatars
        ]
        return JsonResponse({"avatars": made}, status=202)
    return redirect(avatars[0] if len(avatars) == 1 else "gallery")


def _refusal(request: HttpRequest, form: UploadForm, *, status: int) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"findings": form.findings}, status=status)
    return _desk(request, form, status=status)


def _desk(request: HttpRequest, form: UploadForm, *, status: int) -> HttpResponse:
    context = {"form": form, "findings": form.findings, "limits": LIMITS}
    return render(request, "avatars/upload.html", context, status=status)
