"""The photo desk as a page: what lies on it, what was chosen for all, and what is not right yet."""

import json
from collections.abc import Sequence
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from avatars.access import policy_of
from avatars.desk_forms import names_in, taken_off_in
from avatars.forms import ChoicesForm, UploadForm
from avatars.limit_findings import MAY_NOT_CREATE
from avatars.models import Avatar, Desk, Draft
from avatars.photos.finding import Finding
from avatars.photos.kinds import ACCEPT, KINDS
from avatars.photos.limits import (
    FILE_BYTES_MAX,
    PIXELS_MAX,
    SHORT_SIDE_ADVISED,
    SHORT_SIDE_MIN,
)
from avatars.photos.recognition import looks_like
from avatars.photos.rule import Rule
from avatars.photos.rules import RULES
from avatars.services import drafts
from avatars.services.limits import month_of

from .answers import wants_json
from .desk_cards import Card, cards_of
from .instead import instead_of
from .policy_words import what_happens
from .resubmitting import replaced_by
from .waiting import usual_words

LIMITS = {
    "bytes_max": FILE_BYTES_MAX,
    "pixels_max": PIXELS_MAX,
    "short_side_min": SHORT_SIDE_MIN,
    "short_side_advised": SHORT_SIDE_ADVISED,
    "kinds": KINDS,
    "accept": ACCEPT,
}
# What a browser finds out by itself, before it uploads anything, in the words of the rules.
CHEAP_RULES = ("empty-file", "not-a-photo", "too-many-bytes", "too-many-pixels", "too-few-pixels")
# And what it recognises by its first bytes, to be told apart from other files that are no photos.
LOOKALIKES = {
    "GIF": b"GIF89a",
    "PDF": b"%PDF",
    "AVIF": b"\0\0\0\x18ftypavif",
    "HEIC": b"\0\0\0\x18ftypheic",
    "video": b"\0\0\0\x18ftypisom",
}
_FRESH = {"wish-used", "wish-unknown"}  # after these a form is another wish


def desk_page(
    request: HttpRequest,
    form: ChoicesForm,
    *,
    status: int,
    made: Sequence[Avatar] = (),
) -> HttpResponse:
    """The whole desk of whoever asks; a closed one, when their month is full."""
    policy = policy_of(request)
    month = month_of(request.user, policy)
    desk = Desk.objects.of(request.user)
    drafts_here = list(Draft.objects.of(request.user))
    full = bool(month and not month.left)
    if full and not made and not drafts_here:
        return render(request, "avatars/upload_closed.html", {"month": month}, status=status)
    codes = {finding["code"] for finding in form.findings}
    kept = "" if codes & _FRESH else request.POST.get("wish")
    cards = cards_of(request, drafts_here)
    context = {
        "form": form,
        "findings": [*form.findings, *_told_of(cards)],
        "full": full,
        "cards": cards,
        "good": sum(card.state in ("good", "failed") for card in cards),
        "replaces": _replaced(request, desk),
        "taken_off": desk.taken_off if desk else 0,
        "limits": LIMITS,
        "cheap_rules": json.dumps({code: _words(RULES[code]) for code in CHEAP_RULES}),
        "lookalikes": json.dumps({name: _recognised(sign) for name, sign in LOOKALIKES.items()}),
        "month": month,
        "what_happens": what_happens(policy),
        "asks_consent": policy.consent,
        "usual": usual_words(rehearsal=settings.REHEARSAL),
        "made": made,
        # Nothing was made of a refused form, so it stays the same wish.
        "wish": kept or uuid4(),
    }
    return render(request, "avatars/upload.html", context, status=status)


def _told_of(cards: Sequence[Card]) -> list[dict[str, str]]:
    """What kept single photos from being made, by their files, for the top of the page."""
    drafts = [card.draft for card in cards if card.draft.problem]
    return [{**draft.problem, "file": draft.file_name or draft.display_name} for draft in drafts]


def _words(rule: Rule) -> dict[str, str]:
    return {"title": rule.title, "wanted": rule.wanted, "how_to_fix": rule.how_to_fix}


def _recognised(beginning: bytes) -> dict[str, str]:
    lookalike = looks_like(beginning)
    return {"measured": lookalike.name, "how_to_fix": lookalike.how_to_fix}


def blank_form(request: HttpRequest) -> UploadForm:
    """With what was chosen for this desk before, unless the address says otherwise.

    `?instead=<id>` takes everything but the photo from an avatar of theirs.
    """
    desk = Desk.objects.of(request.user)
    chosen = {"avatar_model": desk.model, "purpose": desk.purpose} if desk else {}
    again = instead_of(request.user, request.GET.get("instead", ""))
    typed = {"display_name": request.POST.get("display_name", "")} if request.POST else {}
    return UploadForm(initial={**chosen, **request.GET.dict(), **(again or {}), **typed})


def write_down(request: HttpRequest) -> None:
    """Keep what is typed: names and choices survive a reload and go to other devices."""
    drafts.call(request.user, names_in(request.POST))
    hear(request)
    form = ChoicesForm(request.POST)
    if "avatar_model" not in request.POST or not form.is_valid():
        return
    Desk.objects.write(
        request.user,
        model=form.cleaned_data["avatar_model"],
        purpose=form.cleaned_data["purpose"],
        replaces=replaced_by(request.user, request.POST.get("replaces", "")),
    )


def hear(request: HttpRequest) -> None:
    """They have seen how many photos were taken off their desk, and went on."""
    if seen := taken_off_in(request.POST):
        Desk.objects.hear_taken_off(request.user, seen)


def refused(request: HttpRequest, finding: Finding, *, status: int) -> HttpResponse:
    """The desk with one thing that is wrong, or that thing alone for a script."""
    if wants_json(request):
        found = {"field": "image_file", **finding.as_dict()}
        return JsonResponse({"findings": [found]}, status=status)
    if finding is MAY_NOT_CREATE:
        return render(request, "avatars/upload_closed.html", status=status)
    form = blank_form(request)
    form.findings.append({"field": "image_file", **finding.as_dict()})
    return desk_page(request, form, status=status)


def _replaced(request: HttpRequest, desk: Desk | None) -> Avatar | None:
    """Whose place the photo is to take: as the form says, or the address, or the desk."""
    if request.method == "POST":
        return replaced_by(request.user, request.POST.get("replaces", ""))
    if named := request.GET.get("instead") or request.GET.get("replaces"):
        return replaced_by(request.user, named)
    return replaced_by(request.user, str(desk.replaces_id)) if desk else None
