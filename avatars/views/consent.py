"""/avatars/<id>/consent: how it stands with the person who is shown."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from avatars import codes
from avatars.access import (
    can_view,
    may_ask_consent,
    may_read_consent_file,
    may_see_face,
    policy_of,
)
from avatars.consent_forms import AskForm, FileForm, OwnForm, TermsForm
from avatars.models import Avatar, Consent, Wording
from avatars.origin import absolute
from avatars.photos.signed import TYPES
from avatars.services.consent_mail import organisation

from .consent_summary import summary_of
from .finding import find as find_avatar

FORMS: dict[str, type[TermsForm]] = {"ask": AskForm, "own": OwnForm, "file": FileForm}


@require_safe
@can_view
@never_cache
def consent(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    found = find(request, avatar_id)
    return redirect(found) if found.is_erased else page(request, found)


@require_safe
@can_view
@never_cache
def form(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """To be printed and signed by hand."""
    found = find(request, avatar_id)
    if not may_ask_consent(request.user, found):
        raise PermissionDenied("Only its maker or a reviewer asks for consent.")
    context = {
        "avatar": found,
        "face": found.thumbnail_url_320 if may_see_face(request.user, found) else "",
        "wording": Wording.current(),
        "organisation": organisation(request.get_host()),
    }
    return render(request, "avatars/consent_form.html", context)


@require_safe
@can_view
@never_cache
def file(request: HttpRequest, avatar_id: UUID, consent_id: UUID) -> HttpResponseBase:
    """The signed form, to be kept on disk and opened there: never inside a page of ours."""
    signed = consent_of(find(request, avatar_id), consent_id)
    if not may_read_consent_file(request.user, signed.avatar):
        raise PermissionDenied("Only its owner and reviewers read what was signed.")
    extension = next((end for end in TYPES if str(signed.file).endswith(end)), "")
    try:
        stream = default_storage.open(str(signed.file)) if extension else None
    except FileNotFoundError:
        stream = None
    if stream is None:
        raise Http404("There is no file.")
    name = f"consent-{signed.asked_at:%Y-%m-%d}{extension}"
    response = FileResponse(
        stream, as_attachment=True, filename=name, content_type=TYPES[extension]
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def find(request: HttpRequest, avatar_id: UUID) -> Avatar:
    """404 also for Anam's stock, which asks nobody here."""
    found = find_avatar(request, avatar_id, "owner", "call")
    if found.stock:
        raise Http404
    return found


def consent_of(avatar: Avatar, consent_id: UUID) -> Consent:
    """Of this very photo, for whichever of its avatars it was asked."""
    return get_object_or_404(_of_photo(avatar), pk=consent_id)


def page(
    request: HttpRequest, found: Avatar, *, status: int = 200, refused: TermsForm | None = None
) -> HttpResponse:
    """`refused` is the one of the forms that was sent and will not do."""
    may = may_ask_consent(request.user, found)
    rows = [_shown(request, row) for row in _of_photo(found)]
    asked = request.GET.get("again")
    again = next((row["it"] for row in rows if row["mine"] and str(row["it"].pk) == asked), None)
    context = {
        "avatar": found,
        "consent": summary_of(request.user, found),
        "rows": rows,
        "may_change": may,
        "forms": _forms(request, found, refused, again) if may else {},
        "opened": _opened(refused) or ("ask" if again or not rows else ""),
        "wording": Wording.current(),
        "nameless": not settings.ORGANISATION,
    }
    return render(request, "avatars/consent.html", context, status=status)


def _of_photo(avatar: Avatar) -> QuerySet[Consent]:
    rows = Consent.objects.of_photo(avatar.photo_sha256)
    return rows.select_related("wording", "asked_by", "withdrawn_by", "avatar")


def _shown(request: HttpRequest, row: Consent) -> dict[str, Any]:
    """With its link, as often as they like while it can be answered.

    It may have been asked for another avatar of the same photo, which is somebody else's. Where the
    policy hides that one, how it stands with the consent is all they learn: it counts for theirs.
    """
    hidden = not policy_of(request).shows(row.avatar, request.user)
    who = "Somebody" if hidden else row.who or "Somebody"
    mine = may_ask_consent(request.user, row.avatar)
    shown = mine and row.is_open and codes.known(row.code, row.digest)
    link = absolute(request, reverse("consent", args=[row.code])) if shown else ""
    file = bool(row.file) and may_read_consent_file(request.user, row.avatar)
    return {"it": row, "mine": mine, "link": link, "file": file, "who": who, "hidden": hidden}


def _forms(
    request: HttpRequest, found: Avatar, refused: TermsForm | None, again: Consent | None
) -> dict[str, TermsForm]:
    """Those that can be filled in, with what is known; one was `refused`, the others are fresh."""
    scope = again.scope if again else found.purpose
    them = {"who": again.who, "email": again.email} if again else {}
    me = {"who": str(request.user)}
    known = {"ask": them, "own": me, "file": them}
    return {
        name: refused
        if isinstance(refused, form)
        else form(initial={"scope": scope, **known[name]}, auto_id=f"{name}-%s")
        for name, form in FORMS.items()
    }


def _opened(refused: TermsForm | None) -> str:
    return next((name for name, form in FORMS.items() if isinstance(refused, form)), "")
