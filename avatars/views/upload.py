"""The photo desk."""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from avatars.access import can_create, may_create, policy_of
from avatars.desk_findings import OTHER_DESK
from avatars.desk_forms import drafts_in, is_of
from avatars.forms import ChoicesForm, UploadForm
from avatars.limit_findings import MAY_NOT_CREATE, month_is_full
from avatars.models import Avatar, Desk, Draft, State
from avatars.services.accept import Wanted, accept
from avatars.services.limits import MayNotCreate, MonthIsFull
from avatars.services.making import Choices, made_of
from avatars.services.wishes import BadKey, OtherContent, StillRunning, patiently, was_wished
from avatars.tasks import send_due

from .answers import wants_json
from .desk import fetch, put
from .desk_cards import cards_of
from .desk_making import Made, make_all
from .desk_page import blank_form, desk_page, hear, refused, write_down
from .resubmitting import replaced_by

logger = logging.getLogger(__name__)

STILL_RUNNING = (
    "Your photo is being taken in at this moment, by another request with this form. Nothing is "
    "made twice: try again in a moment, or look into the gallery."
)

_LOOK = "what lies on the desk needs a look first."
_GONE = "those photos are no longer on your desk."


@require_http_methods(["GET", "HEAD", "POST"])
@can_create
def upload(request: HttpRequest) -> HttpResponse:
    """Show the desk, or make avatars of what lies on it.

    A form with photos in it, as browsers without scripts send it, makes them at once: all of them,
    or none and every reason why. Where one of them is known here, they lie on the desk first.
    """
    try:
        if not may_create(request.user, policy_of(request)):
            raise MayNotCreate
        if request.method != "POST":
            return desk_page(request, blank_form(request), status=200)
        if not is_of(request.POST, request.user):
            return refused(request, OTHER_DESK, status=409)
        return _door(request)(request)
    except MayNotCreate:
        return refused(request, MAY_NOT_CREATE, status=403)


def _door(request: HttpRequest) -> Callable[[HttpRequest], HttpResponse]:
    """What a sent form asks for by what is in it.

    What nobody has looked at yet is looked at first: photos that were picked beside those on the
    desk, and an address, which Enter sends in browsers without scripts.
    """
    if request.FILES:
        return put if "draft" in request.POST else _taken_in
    if request.POST.get("address", "").strip():
        return fetch
    return _made_of_drafts if "draft" in request.POST else _taken_in


def _made_of_drafts(request: HttpRequest) -> HttpResponse:
    """Raises `MayNotCreate`."""
    write_down(request)
    form = ChoicesForm(request.POST)
    if not form.is_valid():
        return desk_page(request, form, status=422)
    shown = drafts_in(request.POST)
    cards = cards_of(request, list(Draft.objects.of(request.user).filter(pk__in=shown)))
    made = make_all(cards, _choices(request, form))
    _wake(made.avatars)
    left = Draft.objects.of(request.user).exists() or "waiting" in request.POST
    # When the same form comes again, the same avatars are its answer.
    avatars = made.avatars or made_of(request.user, shown)
    if avatars:
        _put_away(request, avatars, left=left)
    if made.is_full or made.problems:
        return _not_all(request, made)
    return _onward(request, avatars, left=left)


def _choices(request: HttpRequest, form: ChoicesForm) -> Choices:
    return Choices(
        model=form.cleaned_data["avatar_model"],
        purpose=form.cleaned_data["purpose"],
        replaces=replaced_by(request.user, request.POST.get("replaces", "")),
    )


def _put_away(request: HttpRequest, avatars: Sequence[Avatar], *, left: bool) -> None:
    """What was chosen for these photos is not chosen for the next ones; but often the model is."""
    if not left:
        Desk.objects.write(request.user, purpose="", replaces=None)
    elif any(avatar.replaces_id for avatar in avatars):  # a place is taken once
        Desk.objects.write(request.user, replaces=None)


def _not_all(request: HttpRequest, made: Made) -> HttpResponse:
    if made.avatars:
        messages.success(request, f"{_count(made.avatars)} on the way. The rest is still here.")
    elif made.is_full:
        messages.error(request, "Nothing was made: this month is full.")
    else:
        messages.info(request, "Nothing was made yet. What is named here comes first.")
    return redirect("upload")


def _onward(request: HttpRequest, avatars: Sequence[Avatar], *, left: bool) -> HttpResponse:
    """To what was made, unless something is left that somebody has to look at."""
    if not avatars:
        messages.info(request, f"Nothing was made: {_LOOK if left else _GONE}")
        return redirect("upload")
    if left:
        messages.success(request, f"{_count(avatars)} on the way. What is left needs a look.")
        return redirect("upload")
    return redirect(avatars[0] if len(avatars) == 1 else "gallery")


def _count(avatars: Sequence[Avatar]) -> str:
    return "1 avatar is" if len(avatars) == 1 else f"{len(avatars)} avatars are"


def _taken_in(request: HttpRequest) -> HttpResponse:
    """Raises `MayNotCreate`."""
    hear(request)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refusal(request, form, status=422)
    if not wants_json(request) and _is_known(request, form):
        return _asked_first(request)
    try:
        return _answer(request, _accept_all(request, form))
    except StillRunning:
        return _still_running(request)
    except (OtherContent, BadKey, MonthIsFull, OSError) as problem:
        return _explained(request, form, problem)


def _is_known(request: HttpRequest, form: UploadForm) -> bool:
    """Whether a photo is an avatar already or comes twice; of a form that comes again, never."""
    looked_at = [
        Draft(photo_sha256=prepared.sha256, photo_likeness=prepared.likeness)
        for _, prepared, _ in form.accepted
    ]
    asks = any(card.asks for card in cards_of(request, looked_at))
    # In this order: the avatar that is found may be the one that this form has made a moment ago.
    return asks and not was_wished(request.user, request.POST.get("wish", ""))


def _asked_first(request: HttpRequest) -> HttpResponse:
    """Onto the desk instead, where they see the avatars beside the photo, and say."""
    for file in request.FILES.getlist("image_file"):
        file.seek(0)
    answer = put(request)
    if answer.status_code == HTTPStatus.FOUND:  # it lies there
        said = "Nothing was made yet: a photo is known here. Say at its card what to do."
        messages.info(request, said)
    return answer


def _explained(
    request: HttpRequest, form: UploadForm, problem: OtherContent | BadKey | MonthIsFull | OSError
) -> HttpResponse:
    if isinstance(problem, MonthIsFull):
        form.refuse_by_policy(month_is_full(problem))
        return _refusal(request, form, status=422)
    if isinstance(problem, OtherContent):
        form.refuse_as_used()
        return _refusal(request, form, status=422, made=problem.avatars)
    if isinstance(problem, BadKey):
        form.refuse_as_unknown()
        return _refusal(request, form, status=422)
    logger.error("a photo could not be stored", exc_info=problem)
    form.refuse_for_want_of_room()
    return _refusal(request, form, status=503)


def _accept_all(request: HttpRequest, form: UploadForm) -> list[Avatar]:
    model = form.cleaned_data["avatar_model"]
    purpose = form.cleaned_data["purpose"]
    replaces = replaced_by(request.user, request.POST.get("replaces", ""))
    wanted = [
        Wanted(name, model, prepared, advice, purpose, replaces)
        for name, prepared, advice in form.accepted
    ]
    key = request.POST.get("wish")
    avatars = patiently(lambda: accept(owner=request.user, wanted=wanted, key=key))
    _wake(avatars)
    return avatars


def _wake(avatars: Sequence[Avatar]) -> None:
    waiting = [avatar for avatar in avatars if avatar.state == State.QUEUED]
    try:
        for _ in waiting:  # a wake-up each, so that every slot takes one
            send_due.enqueue()
    except DatabaseError:
        logger.exception("a wake-up was lost, which costs a sweep's minute")


def _answer(request: HttpRequest, avatars: list[Avatar]) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"avatars": _named(avatars)}, status=202)
    return redirect(avatars[0] if len(avatars) == 1 else "gallery")


def _still_running(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        body = {"error": "Still running", "message": STILL_RUNNING}
        response: HttpResponse = JsonResponse(body, status=409)
    else:
        response = render(request, "409.html", {"message": STILL_RUNNING}, status=409)
    response["Retry-After"] = "2"
    return response


def _refusal(
    request: HttpRequest, form: UploadForm, *, status: int, made: Sequence[Avatar] = ()
) -> HttpResponse:
    if not wants_json(request):
        return desk_page(request, form, status=status, made=made)
    body: dict[str, Any] = {"findings": form.findings}
    if made:
        body["avatars"] = _named(made)
    return JsonResponse(body, status=status)


def _named(avatars: Sequence[Avatar]) -> list[dict[str, str]]:
    return [
        {"id": str(avatar.pk), "url": avatar.get_absolute_url(), "state": avatar.state}
        for avatar in avatars
    ]
