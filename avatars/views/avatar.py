"""One avatar: its page, its progress, and the buttons on it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from avatars.access import (
    can_operate,
    can_review,
    can_view,
    may_choose,
    may_resubmit,
    may_retry,
    may_see_face,
    policy_of,
)
from avatars.forms import RenameForm
from avatars.models import Avatar, State
from avatars.review_forms import ResubmitForm, ReviewForm
from avatars.services import review, settling
from avatars.tasks import send_due
from avatars.upstream.errors import Cause, Missing, UpstreamError

from .answers import wants_json
from .consent_summary import summary_of
from .deciding import Say, in_words, latest_move, say_of, take_decision
from .durations import clock
from .finding import find
from .managing import management_of
from .notices import read_about
from .record_lines import lines_of
from .steps import steps_of
from .talking import policy, talk_of
from .waiting import usual_words, waiting_of


@require_safe
@can_view
@never_cache
def avatar(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """The avatar's page, or its facts as JSON."""
    found = _find(request, avatar_id)
    if wants_json(request):
        waiting = waiting_of(request.user, found)
        place = {"number": waiting["number"], "of": waiting["of"]} if waiting else None
        shown = {} if may_see_face(request.user, found) else {"still_url": None, "video_url": None}
        return JsonResponse({**found.facts(), **shown, "line": place})
    read_about(request, found)
    return page(request, found)


@require_safe
@can_view
@never_cache
def progress(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """The part of the page that changes by itself."""
    found = _find(request, avatar_id)
    read_about(request, found)
    return render(request, f"{_template(found)}#progress", _context(request, found))


@require_POST
@can_view
def again(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Send a held or refused avatar once more."""
    found = _find(request, avatar_id)
    if found.state in (State.HELD, State.REFUSED) and not may_retry(request.user, found):
        raise PermissionDenied("Only its maker or an administrator can send it again.")
    if review.ask_again(found, request.user):
        send_due.enqueue()
        messages.success(request, "It is in line for Anam again.")
    else:
        messages.info(request, "It has moved on meanwhile, so nothing was sent.")
    return redirect(found)


@require_POST
@can_review
def decide(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Approve, ask for changes, or reject."""
    found = _find(request, avatar_id)
    say = say_of(request.user, found, policy_of(request))
    form = ReviewForm(request.POST)
    if not say.why_not and not form.is_valid():
        return page(request, found, status=422, review_form=form)
    if against := say.why_not or say.against(form.cleaned_data["decision"]):
        messages.info(request, against)
    elif not take_decision(request, found, form.cleaned_data):
        move = in_words(latest_move(found), request.user)
        messages.warning(request, f"Somebody else was first, so nothing was changed. {move}")
    return redirect(found)


@require_POST
@can_operate
def choose(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Say which upstream avatar an unknown one is, or that it is none of them."""
    found = _find(request, avatar_id)
    if not may_choose(request.user, found):
        # "None of them" without a choice would send a photo that may have arrived.
        messages.info(request, "There is nothing to choose any more.")
        return redirect(found)
    upstream_id = request.POST.get("upstream_id")
    if upstream_id and upstream_id not in {item["id"] for item in found.candidates}:
        raise Http404
    if upstream_id is None or (obstacle := _obstacle(request, found, upstream_id)):
        nothing = "Choose one of them first, or none. Nothing was changed."
        messages.info(request, nothing if upstream_id is None else obstacle)
        return redirect(found)
    return _choose(request, found, upstream_id)


def _choose(request: HttpRequest, found: Avatar, upstream_id: str) -> HttpResponse:
    try:
        done = settling.choose(found, upstream_id, request.user)
    except Missing:
        messages.error(request, "Anam has no such avatar any more. Choose another one, or none.")
    except UpstreamError:
        messages.error(request, "Anam did not answer. Nothing was changed: try again in a minute.")
    else:
        words = "That is it, then." if upstream_id else "It is in line once more."
        messages.success(request, words if done else "Somebody else was first.")
        send_due.enqueue()
    return redirect(found)


def page(request: HttpRequest, found: Avatar, *, status: int = 200, **more: Any) -> HttpResponse:
    """The avatar's page, or its tombstone; `more` takes the place of parts of what it shows."""
    context = {**_context(request, found), **more}
    show = csp_override(policy())(render) if context["talk"] else render
    return show(request, _template(found), context, status=status)


def _template(found: Avatar) -> str:
    return "avatars/erased.html" if found.is_erased else "avatars/avatar.html"


def _obstacle(request: HttpRequest, found: Avatar, upstream_id: str) -> str:
    """Why the choice can't count now, in words."""
    if request.POST.get("shown") != _shown(found):
        return "The list has changed meanwhile. Please look once more."
    if not upstream_id and (moment := _none_of_them_from(found)):
        return f"Anam may still be making it. Say so again from {clock(moment)} on."
    return ""


def _shown(found: Avatar) -> str:
    """What the form showed: which candidates, at which sending."""
    return " ".join([*(item["id"] for item in found.candidates), str(found.attempts)])


def _none_of_them_from(found: Avatar) -> datetime | None:
    """When "none of them" will be certain enough, if it isn't yet."""
    moment = settling.absent_from(found)
    return moment if moment > timezone.now() else None


def _find(request: HttpRequest, avatar_id: UUID) -> Avatar:
    return find(request, avatar_id, "owner", "removed_by", "call")


def _say(request: HttpRequest, found: Avatar) -> Say | None:
    """What they may say as a reviewer; None for anybody else, and before there is anything."""
    if not found.is_reviewable or not request.user.has_perm("avatars.review_avatar"):
        return None
    return say_of(request.user, found, policy_of(request))


def _instead(request: HttpRequest, found: Avatar) -> str:
    """What its maker can do about a refusal, beside trying the same again; "" for anybody else."""
    if found.state != State.REFUSED or found.owner_id != request.user.pk:
        return ""
    return "Choose another model" if found.cause == Cause.MODEL else "Try another photo"


def _context(request: HttpRequest, found: Avatar) -> dict[str, Any]:
    return {
        "avatar": found,
        "steps": steps_of(found, usual_words(rehearsal=found.rehearsal)),
        "waiting": waiting_of(request.user, found),
        "events": lines_of(found.events.select_related("actor", "token")),
        "feeds": list(found.feeds.all()),
        "can_retry": may_retry(request.user, found),
        "instead": _instead(request, found),
        "say": _say(request, found),
        "can_resubmit": may_resubmit(request.user, found),
        "resubmit_form": ResubmitForm(),
        "can_choose": may_choose(request.user, found),
        "none_of_them_from": _none_of_them_from(found),
        "review_form": ReviewForm(initial={"version": found.version}),
        "rename_form": RenameForm(initial={"display_name": found.display_name}),
        "manage": management_of(request.user, found),
        "talk": talk_of(request.user, found),
        "consent": summary_of(request.user, found),
    }
