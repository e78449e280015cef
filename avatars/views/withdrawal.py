"""/withdraw/<code>: whoever agreed takes it back."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from avatars.models import Consent, Standing
from avatars.origin import absolute
from avatars.services import consents
from avatars.services.consent_mail import is_mailed

from .question import photo_of
from .visitors import WORDS_MAX, by_code, over, page, unknown, weighs_more


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@by_code
def withdrawal(request: HttpRequest, code: str) -> HttpResponse:
    """What they agreed to, and a button. Afterwards it says that it is taken back.

    Also the way out for whoever's own word is over, and whose face the team uses by another one.
    """
    found = _find(code)
    if found is None:
        return unknown(request, code)
    if request.method == "POST":
        return _taken(request, found)
    if "sent" in request.GET and found.standing_now == Standing.GIVEN:
        return _thanks(request, found)
    in_use = consents.counts(found)
    photo = reverse("withdraw-photo", args=[code]) if in_use else ""
    context = {"consent": found, "in_use": in_use, "photo": photo}
    return page(request, "visitors/withdraw.html", context)


@login_not_required
@require_safe
@by_code
def photo(request: HttpRequest, code: str) -> HttpResponseBase:
    """The photo that was agreed to, while it is."""
    found = _find(code)
    if found is None or not consents.counts(found):
        return unknown(request, code)
    return photo_of(request, found)


def _thanks(request: HttpRequest, consent: Consent) -> HttpResponse:
    """For whoever has just sent their photo in by a photo call."""
    context = {
        "consent": consent,
        "advice": consent.avatar.tips,
        "way_back": absolute(request, request.path),
        "mailed": is_mailed(consent),
    }
    return page(request, "visitors/thanks.html", context)


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
