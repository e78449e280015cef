"""/consent/<code>: whoever is shown sees their photo, reads what it is for, and answers."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from avatars import codes
from avatars.consent_forms import AnswerForm
from avatars.models import Consent, Standing
from avatars.origin import absolute, origin_of
from avatars.services import consents
from avatars.services.consent_mail import is_mailed
from avatars.tasks import mail_way_back, send_due

from .visitors import WORDS_MAX, by_code, over, page, unknown, weighs_more


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@by_code
def question(request: HttpRequest, code: str) -> HttpResponse:
    """404 for a code that never was, 410 for one that is over. A GET changes only "seen"; a HEAD,
    by which programs look at links before people do, nothing.
    """
    found = _find(code)
    if found is None:
        return unknown(request, code)
    if not found.is_readable:
        return _over(request, found)
    if request.method == "POST":
        return _taken(request, found)
    if not found.is_open:
        return _answered(request, found)
    if request.method == "GET":
        consents.see(found)
    return _asked(request, found, AnswerForm(initial=_begun(found)))


@login_not_required
@require_safe
@by_code
def photo(request: HttpRequest, code: str) -> HttpResponseBase:
    """The one photo that the question is about, while it or its yes counts."""
    found = _find(code)
    if found is None:
        return unknown(request, code)
    counts = found.is_readable and (found.is_open or consents.counts(found))
    return photo_of(request, found) if counts else _over(request, found)


def photo_of(request: HttpRequest, consent: Consent) -> HttpResponseBase:
    """As it was prepared, for nobody's page but ours."""
    avatar = consent.avatar
    try:
        stream = default_storage.open(str(avatar.photo))
    except FileNotFoundError:
        return over(request, "unknown", status=404)
    own = {"Cross-Origin-Resource-Policy": "same-origin"}
    return FileResponse(stream, content_type=avatar.photo_type, headers=own)


def _find(code: str) -> Consent | None:
    rows = Consent.objects.by_code(code).select_related("avatar", "asked_by", "wording")
    found = rows.first()
    return None if found is None or found.avatar.is_erased else found


def _over(request: HttpRequest, found: Consent) -> HttpResponse:
    return over(request, "cancelled" if found.cancelled_at else "late")


def _begun(consent: Consent) -> dict[str, Any]:
    return {"length": AnswerForm.OPEN, **{k: v for k, v in consent.draft.items() if v}}


def _taken(request: HttpRequest, found: Consent) -> HttpResponse:
    """Once more as a page of its own, so that loading it again sends nothing again."""
    if weighs_more(request, WORDS_MAX):
        return over(request, "too-much", status=413)
    form = AnswerForm(request.POST)
    if not found.is_open:
        return _behind(request, found, form)
    if not form.is_valid():
        return _asked(request, found, form, status=422)
    if form.wanted not in (form.YES, form.NO):
        return _kept(request, found, form)
    _answer(request, found, form)
    return redirect(request.path)


def _behind(request: HttpRequest, found: Consent, form: AnswerForm) -> HttpResponse:
    """It was answered meanwhile, maybe on another page of theirs: what was said there counts."""
    if _goes_by_itself(request):
        return JsonResponse({"kept": False}, status=410)
    said = {form.YES: (Standing.GIVEN,), form.NO: (Standing.DENIED, Standing.WITHDRAWN)}
    agrees = found.standing in said.get(form.wanted, ())
    return redirect(request.path if agrees else f"{request.path}?behind")


def _goes_by_itself(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _kept(request: HttpRequest, found: Consent, form: AnswerForm) -> HttpResponse:
    kept = Consent.objects.keep_draft(found, form.draft, timezone.now())
    if _goes_by_itself(request):
        return JsonResponse({"kept": kept}, status=200 if kept else 410)
    return redirect(f"{request.path}?kept")


def _answer(request: HttpRequest, found: Consent, form: AnswerForm) -> None:
    said, yes = form.cleaned_data, form.wanted == form.YES
    answered = consents.answer(
        found,
        yes=yes,
        who=said.get("who") or found.who,
        valid_until=said.get("until"),
        wants_erasure=said["erase"],
    )
    if answered and yes:
        send_due.enqueue()  # it may have waited for nothing else
        mail_way_back(found, origin_of(request))


def _asked(
    request: HttpRequest, found: Consent, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "consent": found,
        "form": form,
        "photo": reverse("consent-photo", args=[found.code]),
        "kept": "kept" in request.GET,
    }
    return page(request, "visitors/question.html", context, status=status)


def _answered(request: HttpRequest, found: Consent) -> HttpResponse:
    in_use = consents.counts(found)
    way_back = reverse("withdraw", args=[found.withdrawal_code])
    known = codes.known(found.withdrawal_code, found.withdrawal_digest)
    context = {
        "consent": found,
        "in_use": in_use,
        "behind": "behind" in request.GET,
        "photo": reverse("consent-photo", args=[found.code]) if in_use else "",
        "way_back": absolute(request, way_back) if known else "",
        "mailed": is_mailed(found),
    }
    return page(request, "visitors/answered.html", context)
