"""What goes with the policy: the replies that reviewers pick from, and the wording of consent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from avatars.access import can_operate, can_review, can_view
from avatars.models import Consent, Reply, Standing, Wording
from avatars.policy_forms import ReplyForm, WordingForm
from avatars.services import wordings
from avatars.services.replies import Draft, Offered, Retired, add, retire

_GONE = (
    "Somebody has retired that reply meanwhile, so nothing was saved. Save once more to add yours "
    "beside the others."
)
_OFFERED = "There is a reply of this name already. Nothing was saved: name yours otherwise."
_LATE = (
    "Somebody else has changed the wording meanwhile, so nothing was saved. Below stand theirs, "
    "which counts now, and yours."
)
_SAME = "These are the words that count already, so nothing was saved."


@require_safe
@can_review
@never_cache
def replies(request: HttpRequest) -> HttpResponse:
    """All of them. `?instead_of=…`: a form that begins with one, for a better one."""
    asked = request.GET.get("instead_of", "")
    old = Reply.objects.offered().filter(pk=asked).first() if _is_id(asked) else None
    facts = {} if old is None else {**_facts(old), "instead_of": old.pk}
    return _replies(request, ReplyForm(initial=facts), old=old)


@require_POST
@can_operate
def add_reply(request: HttpRequest) -> HttpResponse:
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _replies(request, form, status=422)
    facts = dict(form.cleaned_data)
    instead_of = facts.pop("instead_of")
    try:
        made = add(Draft(**facts), request.user, instead_of=instead_of)
    except Offered:
        form.add_error("name", _OFFERED)
        return _replies(request, form, status=422)
    except Retired:
        messages.warning(request, _GONE)
        return _replies(request, ReplyForm(initial=facts), status=409)
    messages.success(request, f"“{made}” is offered to reviewers now.")
    return redirect("policy-replies")


@require_POST
@can_operate
def retire_reply(request: HttpRequest, reply_id: int) -> HttpResponse:
    found = get_object_or_404(Reply, pk=reply_id)
    if retire(found, request.user):
        messages.success(request, f"“{found}” is offered no longer. What was written stays.")
    else:
        messages.info(request, f"“{found}” was retired already.")
    return redirect("policy-replies")


@require_safe
@can_view
@never_cache
def wording(request: HttpRequest) -> HttpResponse:
    """The text that counts, and every one before it."""
    current = Wording.current()
    return _wording(request, WordingForm(initial={"text": current.text, "number": current.number}))


@require_POST
@can_operate
def change_wording(request: HttpRequest) -> HttpResponse:
    """A new text is a new number, and counts for questions from now on."""
    form = WordingForm(request.POST)
    if not form.is_valid():
        return _wording(request, form, status=422)
    text, number = form.cleaned_data["text"], form.cleaned_data["number"]
    if text == Wording.current().text:
        messages.info(request, _SAME)
        return redirect("policy-wording")
    if wordings.renew(number, text, request.user) is None:
        messages.warning(request, _LATE)
        fresh = {"text": text, "number": Wording.current().number}
        return _wording(request, WordingForm(initial=fresh), status=409)
    messages.success(request, f"Version {number + 1} counts for questions from now on.")
    return redirect("policy-wording")


def _replies(
    request: HttpRequest, form: ReplyForm, *, status: int = 200, old: Reply | None = None
) -> HttpResponse:
    everything = list(Reply.objects.select_related("made_by"))
    context = {
        "form": form,
        "old": old,
        "replies": [reply for reply in everything if reply.retired_at is None],
        "retired": [reply for reply in everything if reply.retired_at],
        "may_change": _may_change(request),
    }
    return render(request, "avatars/policy_replies.html", context, status=status)


def _wording(request: HttpRequest, form: WordingForm, *, status: int = 200) -> HttpResponse:
    current, *earlier = Wording.objects.select_related("made_by")
    asked = Consent.objects.filter(standing=Standing.ASKED, cancelled_at=None)
    context = {
        "form": form,
        "current": current,
        "earlier": earlier,
        "under_way": sum(consent.is_open for consent in asked),
        "may_change": _may_change(request),
    }
    return render(request, "avatars/policy_wording.html", context, status=status)


def _may_change(request: HttpRequest) -> bool:
    return request.user.has_perm("avatars.operate_avatar")


def _facts(reply: Reply) -> dict[str, Any]:
    return {name: getattr(reply, name) for name in ("name", "decision", "reason", "text")}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
