"""The doors to changing a webhook, and to sending something once more."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from avatars.access import can_operate
from avatars.models import Webhook
from avatars.services import deliveries, webhooks
from avatars.tasks import wake_for_deliveries
from avatars.webhook_forms import WebhookForm

from .webhooks import find, page

_MEANWHILE = "Somebody else was faster, so nothing was changed. Look once more."


@require_POST
@can_operate
def change(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Another address, other topics."""
    found = find(webhook_id)
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return page(request, found, form, status=422)
    url, topics = form.cleaned_data["url"], form.cleaned_data["topics"]
    changed = webhooks.change(found, url, topics, request.user)
    return _done(request, found, "Saved." if changed else "")


@require_POST
@can_operate
def act(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Do what the button says: pause, resume, or send a test message."""
    found = find(webhook_id)
    chosen = _WAYS.get(request.POST.get("do", ""))
    if chosen is None:
        raise Http404
    way, words = chosen
    return _done(request, found, words if way(found, request.user) else "")


@require_POST
@can_operate
def remove(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Delete it for good."""
    webhooks.remove(find(webhook_id), request.user)
    messages.success(request, "The webhook is deleted. Nothing more is sent to it.")
    return redirect("webhooks")


@require_POST
@can_operate
def resend(request: HttpRequest, webhook_id: int, delivery_id: UUID) -> HttpResponse:
    """Post one message once more."""
    found = find(webhook_id)
    delivery = get_object_or_404(found.deliveries, pk=delivery_id)
    sent = deliveries.resend(delivery)
    return _done(request, found, "It is sent once more." if sent else "")


def _done(request: HttpRequest, found: Webhook, words: str) -> HttpResponse:
    if words:
        messages.success(request, words)
        wake_for_deliveries()
    else:
        messages.info(request, _MEANWHILE)
    return redirect("webhook", found.pk)


def _ping(found: Webhook, by: Any) -> Any:
    return found.is_active and webhooks.ping(found)


_WAYS: dict[str, tuple[Callable[[Webhook, Any], Any], str]] = {
    "pause": (webhooks.pause, "Paused. What happens from now on is not sent, also not later."),
    "resume": (webhooks.resume, "It goes on. What was waiting is sent now."),
    "ping": (_ping, "A test message is on its way. The log below says what came back."),
}
