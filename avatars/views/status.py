"""How it goes, for whoever runs this dashboard."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from avatars.access import can_operate
from avatars.causes import WORDS
from avatars.models import Avatar
from avatars.services import weather
from avatars.tasks import send_due

from .gauges import STUCK, gauges


@require_safe
@can_operate
def status(request: HttpRequest) -> HttpResponse:
    """The gauges, and the avatars that wait for something."""
    held = Avatar.objects.filter(state__in=STUCK).select_related("owner").order_by("changed_at")
    context = {"gauges": list(gauges()), "held": held[:50]}
    return render(request, "avatars/status.html", context)


@require_POST
@can_operate
def look(request: HttpRequest) -> HttpResponse:
    """Look at Anam at once, by a cheap read, and go on sending if that is possible."""
    error = weather.look_now(rehearsal=settings.REHEARSAL)
    send_due.enqueue()
    if error is None:
        messages.success(request, "Anam answered. Whatever waited is tried now.")
    else:
        words = WORDS[error.cause]
        messages.error(request, f"{words.title}. {words.next}")
    return redirect("status")
