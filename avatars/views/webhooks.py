"""Webhooks, for administrators: who outside is told what, and how that goes."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from avatars.access import can_operate
from avatars.models import Delivery, DeliveryState, Topic, Webhook
from avatars.services import webhooks as services
from avatars.services.signatures import secret_of
from avatars.webhook_forms import WebhookForm

from .delivery_log import Log, about, words_of


@dataclass(frozen=True)
class Shown:
    """A webhook in the list, with the latest of what it was told."""

    webhook: Webhook
    topics: str
    tone: str
    words: str
    last: Delivery | None
    last_about: str
    last_words: str


@require_safe
@can_operate
@never_cache
def webhooks(request: HttpRequest) -> HttpResponse:
    """All of them, and a form for another."""
    return _list(request, WebhookForm(), status=200)


@require_POST
@can_operate
def add(request: HttpRequest) -> HttpResponse:
    """One more. Its page has the secret, which is wanted next."""
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    made = services.add(form.cleaned_data["url"], form.cleaned_data["topics"], request.user)
    return redirect("webhook", made.pk)


@require_safe
@can_operate
@never_cache
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One of them: its secret, what can be done about it, and its log. `?before=…`: older."""
    found = find(webhook_id)
    form = WebhookForm(initial={"url": found.url, "topics": found.topics})
    return page(request, found, form, status=200)


def find(webhook_id: int) -> Webhook:
    """Raises `Http404` also for a deleted one."""
    rows = Webhook.objects.standing().select_related("created_by")
    return get_object_or_404(rows, pk=webhook_id)


def page(request: HttpRequest, found: Webhook, form: WebhookForm, *, status: int) -> HttpResponse:
    context = {
        "webhook": found,
        "topics": _labels(found),
        "secret": secret_of(found),
        "form": form,
        "log": Log.of(found, request.GET.get("before", "")),
        "is_older": "before" in request.GET,
    }
    return render(request, "avatars/webhook.html", context, status=status)


def _list(request: HttpRequest, form: WebhookForm, *, status: int) -> HttpResponse:
    context = {"shown": _shown(), "form": form}
    return render(request, "avatars/webhooks.html", context, status=status)


def _shown() -> list[Shown]:
    latest, failing = _latest(), _failing()
    rows = Webhook.objects.standing()
    return [_described(row, latest.get(row.pk), failing.get(row.pk, 0)) for row in rows]


def _latest() -> dict[int, Delivery]:
    """The newest message of each webhook."""
    theirs = Delivery.objects.filter(webhook=OuterRef("pk")).order_by("-created_at", "-id")
    newest = Webhook.objects.standing().annotate(newest=Subquery(theirs.values("pk")[:1]))
    ids = [pk for pk in newest.values_list("newest", flat=True) if pk]
    return {delivery.webhook_id: delivery for delivery in Delivery.objects.filter(pk__in=ids)}


def _failing() -> dict[int, int]:
    """How many messages of each webhook wait for another try."""
    counted = Delivery.objects.tried_in_vain().order_by().values("webhook").annotate(n=Count("pk"))
    return dict(counted.values_list("webhook", "n"))


def _described(webhook: Webhook, last: Delivery | None, failing: int) -> Shown:
    tone, words = _standing(webhook, last, failing)
    return Shown(
        webhook=webhook,
        topics=_in_short(webhook),
        tone=tone,
        words=words,
        last=last,
        last_about=about(last) if last else "",
        last_words=words_of(last) if last else "",
    )


def _standing(webhook: Webhook, last: Delivery | None, failing: int) -> tuple[str, str]:
    if not webhook.is_active:
        return "plain", "Paused"
    if failing:
        return "wait", f"{failing} to be tried again"
    if last and last.state == DeliveryState.FAILED:
        return "bad", "Last one given up"
    return "good", "Active"


def _labels(webhook: Webhook) -> list[str]:
    return [Topic(topic).label for topic in webhook.topics if topic in Topic]


def _in_short(webhook: Webhook) -> str:
    names = [topic.removeprefix("avatar.") for topic in webhook.topics]
    return "everything" if len(names) == len(Topic) else ", ".join(names)
