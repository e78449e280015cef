"""/withdraw/<code>: whoever agreed takes it back."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from avatars.models import Consent, Standing
from avatars.services import consents

from .question import photo_of
from .visitors import WORDS_MAX, by_code, over, page, unknown, weighs_more


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@by_code
def withdrawal(request: HttpRequest, code: str) -> HttpResponse:
    """What they agreed to, and a button. Afterwards it says that it is taken back."""
    found = _find(code)
    if found is None:
        return unknown(request, code)
    if request.method == "POST":
        return _taken(request, found)
    given = found.standing_now == Standing.GIVEN
    photo = reverse("withdraw-photo", args=[code]) if given else ""
    return page(request, "visitors/withdraw.html", {"consent": found, "photo": photo})


@login_not_required
@require_safe
@by_code
def photo(request: HttpRequest, code: str) -> HttpResponseBase:
    """The photo that they agreed to, while they do."""
    found = _find(code)
    if found is None or found.standing_now != Standing.GIVEN:
        return unknown(request, code)
    return photo_of(request, found)


def _find(code: str) -> Consent | None:
    rows = Consent.objects.by_withdrawal_code(code).select_related("avatar", "wording")
    found = rows.first()
    return None if found is None or found.avatar.is_erased else found


def _taken(request: HttpRequest, found: Consent) -> HttpResponse:
    if weighs_more(request, WORDS_MAX):
        return over(request, "too-much", status=413)
    erase = "erase" in request.POST
    if not consents.withdraw(found, wants_erasure=erase) and erase:
        consents.wish_erasure(found)
    return redirect(request.path)
