"""/people/: administrators see everybody, invite, and change what people may do."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .. import invitations, membership
from ..forms import InvitationForm, RoleForm
from ..models import Invitation, User
from ..requests import SignedInRequest
from ..roles import IN_WORDS, Role

PAST_SHOWN = 20


@permission_required("people.view_user", raise_exception=True)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    return _page(request, InvitationForm())


@permission_required("people.add_invitation", raise_exception=True)
@require_POST
@never_cache
def invite(request: SignedInRequest) -> HttpResponse:
    """Answers with the link itself, not with a redirect: nothing keeps the code for a next page."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    asked = {name: form.cleaned_data[name] for name in ("email", "days", "wish")}
    try:
        invitation, code = invitations.invite(request.user, form.chosen(), **asked)
    except invitations.Gone:
        messages.info(request, "The invitation that this form made is over. Nothing was changed.")
        return redirect("people")
    path = reverse("invitation", args=[code])
    link = settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path)
    return render(request, "people/invited.html", {"invitation": invitation, "link": link})


@permission_required("people.change_invitation", raise_exception=True)
@require_POST
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    if invitations.revoke(Invitation.objects.filter(pk=pk), request.user):
        messages.success(request, "The invitation is revoked. Its link no longer works.")
    else:
        messages.info(request, "That invitation was over already.")
    return redirect("people")


@permission_required("people.change_user", raise_exception=True)
@require_POST
def change_role(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person, form = get_object_or_404(User, pk=pk), RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "There is no such role.")
        return redirect("people")
    try:
        membership.change_role(person, form.chosen(), by=request.user)
        messages.success(request, f"{person} is now {form.chosen().label.lower()}.")
    except membership.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("people")


@permission_required("people.change_user", raise_exception=True)
@require_POST
def deactivate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    try:
        membership.deactivate(person, by=request.user)
        messages.success(request, f"{person} is signed out and can't come back until reactivated.")
    except membership.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("people")


@permission_required("people.change_user", raise_exception=True)
@require_POST
def reactivate(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    membership.reactivate(person, by=request.user)
    messages.success(request, f"{person} may sign in again.")
    return redirect("people")


def _page(request: HttpRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    found = Invitation.objects.select_related("invited_by", "accepted_by")
    past = list(found.past(now)[:PAST_SHOWN])
    context = {
        "people": User.objects.prefetch_related("groups").order_by("-is_active", "name", "email"),
        "roles": [(role, IN_WORDS[role]) for role in Role],
        "form": form,
        "open_invitations": found.open(now),
        "past_invitations": [(invitation, invitation.state(now)) for invitation in past],
    }
    return render(request, "people/people.html", context, status=status)
