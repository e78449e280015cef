"""How it goes, for whoever runs this dashboard."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from avatars.access import can_operate
from avatars.causes import WORDS
from avatars.models import Avatar, Weather
from avatars.services import weather
from avatars.tasks import run_errands, send_due
from avatars.upstream.errors import Cause

from .durations import clock
from .gauges import STUCK, gauges
from .managing import anam_knows


@require_safe
@can_operate
def status(request: HttpRequest) -> HttpResponse:
    """The gauges, and the avatars that wait for something."""
    held = Avatar.objects.filter(state__in=STUCK).select_related("owner").order_by("changed_at")
    untold = Avatar.objects.exclude(errand="").exclude(errand_cause="").select_related("owner")
    context = {
        "gauges": list(gauges()),
        "held": held[:50],
        "untold": [(avatar, anam_knows(avatar)) for avatar in untold.order_by("errand_at")[:50]],
    }
    return render(request, "avatars/status.html", context)


@require_POST
@can_operate
def look(request: HttpRequest) -> HttpResponse:
    """Look at Anam at once, by a cheap read, and go on sending if that is possible."""
    error = weather.look_now(rehearsal=settings.REHEARSAL)
    send_due.enqueue()
    run_errands.enqueue()
    if error is not None:
        words = WORDS[error.cause]
        messages.error(request, f"{words.title}. {words.next}")
    elif (gate := Weather.at(rehearsal=settings.REHEARSAL)).cause == Cause.RATE and gate.until:
        messages.info(request, f"Anam answered. It asked to wait until {clock(gate.until)}.")
    else:
        messages.success(request, "Anam answered. Whatever waited is tried now.")
    return redirect("status")
