"""/call/<code>: somebody without an account sends their own photo, with their consent."""

import logging
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from avatars.call_forms import SendForm
from avatars.models import Avatar, How, PhotoCall, Wording
from avatars.origin import origin_of
from avatars.photos.inspect import FILE_BYTES_MAX
from avatars.services import photo_calls
from avatars.services.accept import CallIsOver
from avatars.services.wishes import BadKey, OtherContent, StillRunning, patiently
from avatars.tasks import mail_way_back

from .visitors import WORDS_MAX, by_code, over, page, unknown, weighs_more

logger = logging.getLogger(__name__)

BODY_MAX = FILE_BYTES_MAX + WORDS_MAX


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@by_code
def photo_call(request: HttpRequest, code: str) -> HttpResponse:
    """404 for a code that never was, 410 for a call that takes no photo any more."""
    call = photo_calls.find(code)
    if call is None:
        return unknown(request, code)
    # Who was the last may send the form twice, and is told the same twice.
    if call.is_over and (call.is_over != "full" or request.method != "POST"):
        return _over(request, call)
    if request.method != "POST":
        return _page(request, call, SendForm())
    if weighs_more(request, BODY_MAX):
        return over(request, "too-much", status=413)
    form = SendForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, call, form, status=422)
    return _taken(request, call, form)


def _taken(request: HttpRequest, call: PhotoCall, form: SendForm) -> HttpResponse:
    try:
        avatar = patiently(lambda: _take(call, form))
    except CallIsOver:
        call.refresh_from_db()
        return _over(request, call)
    except StillRunning:
        return _page(request, call, form, status=409)
    except (OtherContent, BadKey):
        form.refuse_as_used()
        return _page(request, call, form, status=422, fresh=True)
    except OSError:
        logger.exception("a photo of a call could not be stored")
        form.refuse_for_want_of_room()
        return _page(request, call, form, status=503)
    return _thanks(request, avatar)


def _take(call: PhotoCall, form: SendForm) -> Avatar:
    assert form.prepared
    terms, key = form.terms(call.purpose), form.cleaned_data["wish"] or uuid4().hex
    return photo_calls.take(call, form.prepared, terms, advice=form.advice, key=key)


def _thanks(request: HttpRequest, avatar: Avatar) -> HttpResponse:
    """On their own page, which can be loaded again and kept: it is where they take it back."""
    consent = avatar.consents.filter(how=How.CALL).exclude(withdrawal_digest=None).first()
    if consent is None:  # sent once more, long after it was erased
        return over(request, "unknown", status=404)
    mail_way_back(consent, origin_of(request))
    return redirect(f"{reverse('withdraw', args=[consent.withdrawal_code])}?sent")


def _over(request: HttpRequest, call: PhotoCall) -> HttpResponse:
    return over(request, "call-full" if call.is_over == "full" else "call-closed")


def _page(
    request: HttpRequest,
    call: PhotoCall,
    form: SendForm,
    *,
    status: int = 200,
    fresh: bool = False,
) -> HttpResponse:
    context = {
        "call": call,
        "form": form,
        "most": FILE_BYTES_MAX,
        "wording": Wording.current(),
        # Nothing was made of a refused form, so it stays the same wish.
        "wish": (not fresh and request.POST.get("wish")) or uuid4(),
        "running": status == 409,
    }
    return page(request, "visitors/call.html", context, status=status)
