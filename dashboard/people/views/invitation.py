"""/invitations/<code>: somebody who was invited makes their account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from .. import invitations
from ..entrance import let_in
from ..forms import NewPersonForm
from ..models import Invitation, User
from ..models.invitation import State
from ..roles import IN_WORDS, Role


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password1", "password2")
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """404 for a code that never was, 410 for one that is over, 409 for somebody signed in."""
    found = Invitation.objects.select_related("invited_by").with_code(code).first()
    if found is None:
        return _refused(request, None, 404)
    if (state := found.state(timezone.now())) is not State.OPEN:
        return _refused(request, state, 410)
    if request.user.is_authenticated:
        return render(request, "people/signed_in_already.html", status=409)
    form = NewPersonForm(request.POST or None, fixed_email=found.email)
    if form.is_valid():
        try:
            return _welcome(request, invitations.accept(found, form.save(commit=False)))
        except invitations.Gone:
            found.refresh_from_db()
            return _refused(request, found.state(timezone.now()), 410)
        except IntegrityError:
            form.add_error("email", "Somebody with this e-mail address has just come in.")
    context = {"form": form, "invitation": found, "may": IN_WORDS[Role(found.role)]}
    status = 422 if form.is_bound else 200
    return render(request, "people/invitation.html", context, status=status)


def _welcome(request: HttpRequest, person: User) -> HttpResponse:
    let_in(request, person, "invitation")
    messages.success(request, f"Welcome, {person.short_name}.")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _refused(request: HttpRequest, state: State | None, status: int) -> HttpResponse:
    return render(request, "people/invitation_refused.html", {"state": state}, status=status)
