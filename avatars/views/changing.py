"""The doors to renaming, removing, bringing back and erasing an avatar."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from avatars.access import (
    can_view,
    may_erase,
    may_remove,
    may_rename,
    may_restore,
    policy_of,
)
from avatars.forms import RenameForm
from avatars.models import Avatar, State
from avatars.names import tidy_name
from avatars.services import changing, erasing
from avatars.tasks import send_due, wake_for_errand

from .answers import wants_json
from .avatar import page
from .consent_summary import summary_of
from .finding import find
from .same_photo import alike, erase_all, others_of

_NOT_YOURS = "Only its maker or an administrator can do that. Nothing was changed."
_NAMELESS = "erase"  # to be typed where an avatar has no name that could be


@require_POST
@can_view
def rename(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Give it another name."""
    found = find(request, avatar_id, "owner")
    if not may_rename(request.user, found):
        return _closed(request)
    form = RenameForm(request.POST)
    if not form.is_valid():
        return _misnamed(request, found, form)
    if not changing.rename(found, form.cleaned_data["display_name"], request.user):
        return _too_late(request, found)
    wake_for_errand(found)
    return _done(request, found, f"Its name is {found.display_name} now.")


@require_POST
@can_view
def remove(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Take it out of the gallery; to be undone for a while."""
    found = find(request, avatar_id, "owner")
    if not may_remove(request.user, found):
        return _closed(request)
    removed = changing.remove(found, request.user)
    found.refresh_from_db()
    if removed:
        wake_for_errand(found)
    elif found.state != State.REMOVED:
        return _too_late(request, found)
    return _done(request, found, "It is removed.")


@require_POST
@can_view
def restore(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Undo a removal."""
    found = find(request, avatar_id, "owner")
    if not may_restore(request.user, found):
        return _closed(request)
    if not changing.restore(found, request.user):
        found.refresh_from_db()
        if found.state != State.REMOVED:
            return _done(request, found, "It is back.")
        return _conflict(request, found, "The time for bringing it back is over.")
    wake_for_errand(found)
    if found.state in (State.QUEUED, State.HELD):
        send_due.enqueue()
    return _done(request, found, "It is back.")


@require_POST
@can_view
def remove_now(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Tell Anam at once, which frees the slot there."""
    found = find(request, avatar_id, "owner")
    if not may_remove(request.user, found):
        return _closed(request)
    if not changing.remove_now(found):
        return _conflict(request, found, "Nothing is left to be told to Anam, or it is being told.")
    wake_for_errand(found)
    return _done(request, found, "Anam is told now. It can't be brought back any more.")


@require_http_methods(["GET", "HEAD", "POST"])
@can_view
@never_cache
def erase(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Ask whether it is meant, and then forget the face for good."""
    found = find(request, avatar_id, "owner")
    if not may_erase(request.user, found):
        return _closed(request)
    if found.is_erased:
        return _done(request, found, "It is erased already.")
    if found.state in changing.IN_DOUBT:
        return _too_late(request, found)
    if request.method != "POST":
        return _confirmation(request, found, status=200)
    return _erase(request, found)


def _erase(request: HttpRequest, found: Avatar) -> HttpResponse:
    if tidy_name(request.POST.get("display_name", "")) != _to_be_typed(found):
        return _mistyped(request, found)
    wanted = "others" in request.POST
    others = others_of(request.user, found, policy_of(request))[0] if wanted else []
    if not erasing.erase(found, request.user):
        return _too_late(request, found)
    wake_for_errand(found)
    more = erase_all(request.user, others)
    too = f" So {'is one more' if more == 1 else f'are {more} more'} of the same photo."
    return _done(request, found, f"It is erased.{too if more else ''}")


def _to_be_typed(found: Avatar) -> str:
    return tidy_name(found.display_name) or _NAMELESS


def _confirmation(request: HttpRequest, found: Avatar, *, status: int) -> HttpResponse:
    others, kept = others_of(request.user, found, policy_of(request))
    context = {
        "avatar": found,
        "name": _to_be_typed(found),
        "mistyped": status != 200,
        "feeds": found.feeds.all(),
        "others": others,
        "others_kept": kept,
        "alike": alike(request.user, found, policy_of(request)),
        # Whoever took their consent back wants no copy to stay.
        "with_others": "others" in request.POST if status != 200 else found.is_blocked,
        "consent": summary_of(request.user, found),
    }
    return render(request, "avatars/erase.html", context, status=status)


def _mistyped(request: HttpRequest, found: Avatar) -> HttpResponse:
    if wants_json(request):
        words = "display_name must be the avatar's name. Nothing was erased."
        return JsonResponse({"message": words}, status=422)
    return _confirmation(request, found, status=422)


def _misnamed(request: HttpRequest, found: Avatar, form: RenameForm) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(
            {"message": " ".join(map(str, form.errors["display_name"]))}, status=422
        )
    return page(request, found, status=422, rename_form=form)


def _done(request: HttpRequest, found: Avatar, words: str) -> HttpResponse:
    if wants_json(request):
        until = changing.undo_until(found) if changing.may_be_restored(found) else None
        return JsonResponse({"state": found.state, "message": words, "undo_until": until})
    messages.success(request, words)
    return redirect(found)


def _closed(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": _NOT_YOURS}, status=403)
    raise PermissionDenied(_NOT_YOURS)


def _too_late(request: HttpRequest, found: Avatar) -> HttpResponse:
    found.refresh_from_db()
    if found.state in changing.IN_DOUBT:
        return _conflict(request, found, changing.WAIT)
    removed = found.state == State.REMOVED
    what = "It was removed meanwhile" if removed else "It has moved on meanwhile"
    return _conflict(request, found, f"{what}, so nothing was changed.")


def _conflict(request: HttpRequest, found: Avatar, words: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": words}, status=409)
    messages.info(request, words)
    return redirect(found)
