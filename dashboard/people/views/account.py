"""/account: what people see and change about themselves."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from .. import record
from ..forms import NameForm
from ..models import User
from ..requests import SignedInRequest
from ..roles import IN_WORDS


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    form = NameForm(request.POST or None, instance=request.user)
    if form.is_valid():
        _rename(request.user, form)
        messages.success(request, "Your name is changed.")
        return redirect("account")
    if form.is_bound:
        request.user.refresh_from_db()  # the page's frame must not show the refused name
    role = request.user.role
    context = {"form": form, "role": role, "may": IN_WORDS[role] if role else ""}
    return render(request, "people/account.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def _rename(person: User, form: NameForm) -> None:
    person.save(update_fields=["name"])
    record.renamed(person, form.initial["name"], by=person)
