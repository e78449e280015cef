"""The gateway's papers: the OpenAPI document for tools, and the reference for people."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from avatars.access import can_view
from avatars.origin import absolute

from .gateway import document
from .reference import groups, shapes


@login_not_required
@require_safe
@conditional_page
@cache_control(public=True, max_age=300)
def openapi(request: HttpRequest) -> HttpResponse:
    """Open: it says what every installation of Greenroom says."""
    return HttpResponse(document(), content_type="application/json")


@require_safe
@can_view
def reference(request: HttpRequest) -> HttpResponse:
    """Every call, with something to copy and a form to try it."""
    host = absolute(request, reverse("gallery")).rstrip("/")
    context = {"groups": groups(host), "shapes": shapes(), "host": host}
    return render(request, "avatars/reference.html", context)
