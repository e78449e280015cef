"""The doors to asking for consent, putting it on record, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from avatars.access import can_view, may_ask_consent
from avatars.consent_forms import AskForm, FileForm, OwnForm
from avatars.models import Avatar, Consent, Standing
from avatars.origin import origin_of
from avatars.services import consents
from avatars.services.consents import OtherTerms, SaidNo, TooLate
from avatars.tasks import mail_question, send_due

from .consent import consent_of, find, page

_ERASED = "The avatar is being erased, so nothing was written down."
_OTHER = (
    "This form was sent before, with other words or another file in it. That one counts, and "
    "nothing more was written down. Fill in the form on this page for another one."
)
_OVER = "That form was sent before, and what it put on record is over since then."
_SAID_NO = (
    "The person shown has said no. Only their own yes by a link, or their signature, brings the "
    "avatar back. Nothing was changed."
)
_REFUSALS = {OtherTerms: _OTHER, SaidNo: _SAID_NO, TooLate: _ERASED}


@require_POST
@can_view
def ask(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Make a link for the person who is shown."""
    found = _mine(request, avatar_id)
    form = AskForm(request.POST, auto_id="ask-%s")
    if not form.is_valid():
        return page(request, found, status=422, refused=form)
    try:
        asked = consents.ask(found, form.terms, request.user, wish=form.cleaned_data["wish"])
    except (OtherTerms, TooLate) as refusal:
        return _refused(request, found, refusal)
    mail_question(asked, origin_of(request))
    return redirect(f"{_place(found)}#consent-{asked.pk}")


@require_POST
@can_view
def state_own(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """It is the face of whoever says so."""
    found = _mine(request, avatar_id)
    form = OwnForm(request.POST, auto_id="own-%s")
    if not form.is_valid():
        return page(request, found, status=422, refused=form)
    try:
        own = consents.state_own(found, form.terms, request.user, wish=form.cleaned_data["wish"])
    except (OtherTerms, SaidNo, TooLate) as refusal:
        return _refused(request, found, refusal)
    return _given(request, found, own)


@require_POST
@can_view
def put_on_file(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """Keep what somebody signed."""
    found = _mine(request, avatar_id)
    form = FileForm(request.POST, request.FILES, auto_id="file-%s")
    if not form.is_valid():
        return page(request, found, status=422, refused=form)
    try:
        signed = consents.put_on_file(
            found,
            form.terms,
            request.user,
            data=form.data_of_file,
            extension=form.extension,
            wish=form.cleaned_data["wish"],
        )
    except (OtherTerms, TooLate) as refusal:
        return _refused(request, found, refusal)
    return _given(request, found, signed)


@require_POST
@can_view
def cancel(request: HttpRequest, avatar_id: UUID, consent_id: UUID) -> HttpResponse:
    """Take a question back."""
    found = find(request, avatar_id)
    row = consent_of(found, consent_id)
    _make_sure(request, row.avatar)
    if consents.cancel(row, request.user):
        return _said(request, found, "The question is taken back. Its link opens nothing any more.")
    return _said(request, found, "It was answered or taken back meanwhile.", good=False)


@require_POST
@can_view
def withdrawn(request: HttpRequest, avatar_id: UUID, consent_id: UUID) -> HttpResponse:
    """They told somebody of the team, by mouth or by mail, that they take it back."""
    found = find(request, avatar_id)
    row = consent_of(found, consent_id)
    _make_sure(request, row.avatar)
    erase = "erase" in request.POST
    if consents.withdraw(row, by=request.user, wants_erasure=erase):
        return _said(request, found, "Consent is withdrawn: the avatar is out of use from now on.")
    return _said(request, found, "That consent was over already.", good=False)


def _refused(request: HttpRequest, found: Avatar, refusal: Exception) -> HttpResponse:
    return _said(request, found, _REFUSALS[type(refusal)], good=False)


def _given(request: HttpRequest, found: Avatar, consent: Consent) -> HttpResponse:
    if consent.standing_now != Standing.GIVEN:
        return _said(request, found, _OVER, good=False)
    send_due.enqueue()  # it may have waited for nothing else
    return _said(request, found, "The consent is on record.")


def _mine(request: HttpRequest, avatar_id: UUID) -> Avatar:
    found = find(request, avatar_id)
    _make_sure(request, found)
    return found


def _make_sure(request: HttpRequest, avatar: Avatar) -> None:
    if avatar.is_erased:
        raise PermissionDenied(_ERASED)
    if not may_ask_consent(request.user, avatar):
        raise PermissionDenied("Only its maker or a reviewer changes that. Nothing was changed.")


def _place(found: Avatar) -> str:
    return reverse("avatar-consent", args=[found.pk])


def _said(request: HttpRequest, found: Avatar, words: str, *, good: bool = True) -> HttpResponse:
    (messages.success if good else messages.info)(request, words)
    return redirect(_place(found))
