"""/setup/<code>: the first administrator makes their account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from .. import first_run
from ..entrance import let_in
from ..forms import NewPersonForm


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password1", "password2")
def set_up(request: HttpRequest, code: str) -> HttpResponse:
    if not first_run.is_open(code):
        return _closed(request)
    form = NewPersonForm(request.POST or None)
    if not form.is_valid():
        return render(
            request, "people/set_up.html", {"form": form}, status=422 if form.is_bound else 200
        )
    try:
        administrator = first_run.make_administrator(code, form.save(commit=False))
    except first_run.Closed:
        return _closed(request)
    let_in(request, administrator, "set-up link")
    messages.success(request, f"Welcome, {administrator.short_name}. Greenroom is yours to fill.")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "people/set_up_closed.html", status=404)
