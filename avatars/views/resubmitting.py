"""The maker's answer to a reviewer who asked for changes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from avatars.access import can_view, may_resubmit
from avatars.models import Approval, Avatar
from avatars.review_forms import ResubmitForm
from avatars.services import review

from .avatar import page
from .finding import find


@require_POST
@can_view
def resubmit(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Hand it in again, with a word about what was done if they like."""
    found = find(request, avatar_id, "owner", "removed_by", "call")
    if not may_resubmit(request.user, found):
        if found.approval == Approval.CHANGES and found.is_reviewable:
            raise PermissionDenied("Only its maker or an administrator can hand it in again.")
        return _too_late(request, found)
    form = ResubmitForm(request.POST)
    if not form.is_valid():
        return page(request, found, status=422, resubmit_form=form)
    if not review.resubmit(found, request.user, form.cleaned_data["note"]):
        return _too_late(request, found)
    messages.success(request, "It is with the reviewers again. You are told what they say.")
    return redirect(found)


def replaced_by(user: Any, text: str) -> Avatar | None:
    """The one whose place a new photo is to take: one of their own, or none."""
    try:
        rows = Avatar.objects.filter(pk=UUID(text), owner=user)
    except ValueError:
        return None
    return rows.filter(erased_at=None).exclude(errand="erase").first()


def _too_late(request: HttpRequest, found: Avatar) -> HttpResponse:
    messages.info(request, "Nobody waits for an answer about it any more, so nothing was changed.")
    return redirect(found)
