"""What is done with one photo on the desk. Each door takes the whole form, typed names too."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from hashlib import sha256
from itertools import count
from logging import getLogger
from typing import Any
from uuid import UUID, uuid4

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from avatars.access import can_create, may_create, policy_of
from avatars.desk_findings import DESK_IS_FULL, NO_ADDRESS, OTHER_DESK, PHOTO_LOST, no_picture
from avatars.desk_forms import frame_in, is_of, place_in
from avatars.forms import NO_FILE, NO_ROOM, numbered
from avatars.limit_findings import MAY_NOT_CREATE
from avatars.models import Draft
from avatars.models.draft import KEPT
from avatars.names import MAX, tidy_name
from avatars.services import drafts
from avatars.services.web_photos import Busy, put_from_the_web
from avatars.upstream.fetch import TooManyBytes, Unreachable
from avatars.upstream.web_address import BadAddress

from .answers import wants_json
from .desk_cards import card_as_html
from .desk_page import refused, write_down
from .finding import find

logger = getLogger(__name__)

_KEPT = int(KEPT.total_seconds())
# By name: the type that a browser is told, where it is not the portrait's own.
_PICTURES = {"preview": "image/webp", "square": "image/webp", "photo": "", "original": ""}
_KEY_MAX = 40
View = Callable[..., HttpResponse]


def at_the_desk(view: View) -> View:
    """For whoever may make avatars, from their own desk."""
    return _guarded(view, by_policy=True)


def at_any_time(view: View) -> View:
    """From their own desk, whatever the policy says by now."""
    return _guarded(view, by_policy=False)


def _guarded(view: View, *, by_policy: bool) -> View:
    """What they typed is written down first. Whoever comes by an address sees the desk instead."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect("upload")
        if by_policy and not may_create(request.user, policy_of(request)):
            return refused(request, MAY_NOT_CREATE, status=403)
        if not is_of(request.POST, request.user):
            return refused(request, OTHER_DESK, status=409)
        write_down(request)
        return view(request, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(can_create(guarded))


@at_the_desk
def put(request: HttpRequest) -> HttpResponse:
    """Take photos in, look at each, and keep them until they are made or a week has passed."""
    files = request.FILES.getlist("image_file")
    if not files:
        return refused(request, NO_FILE, status=422)
    place = place_in(request.POST)

    def put_all() -> Draft:
        for number, (file, name) in enumerate(zip(files, _names(request), strict=False)):
            data = file.read()
            key = _key(request, number, data)
            draft = drafts.put(request.user, key, file.name or "", data, name, place)
        return draft

    return _kept(request, put_all)


@at_the_desk
def fetch(request: HttpRequest) -> HttpResponse:
    """Get the picture at an address, as if it had been dropped here."""
    address = request.POST.get("address", "").strip()
    if not address:
        return refused(request, NO_ADDRESS, status=422)
    key, name = _key(request, 0, address.encode()), next(_names(request))
    place = place_in(request.POST)
    return _kept(request, lambda: put_from_the_web(request.user, key, address, name, place))


def _kept(request: HttpRequest, put_there: Callable[[], Draft]) -> HttpResponse:
    """The card of what was put there (the last one's), or why that could not be."""
    try:
        draft = put_there()
    except (BadAddress, Unreachable, TooManyBytes, Busy) as problem:
        return refused(request, no_picture(problem), status=422)
    except drafts.DeskIsFull:
        return refused(request, DESK_IS_FULL, status=422)
    except OSError:
        logger.exception("a photo could not be put on the desk")
        return refused(request, NO_ROOM, status=503)
    return _answer(request, draft, status=201)


@at_the_desk
def keep(request: HttpRequest) -> HttpResponse:
    """Write down what is typed, which every door here does."""
    return HttpResponse(status=204) if wants_json(request) else redirect("upload")


@at_the_desk
def frame(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Cut the photo as the pressed button says."""
    draft = _find(request, draft_id)
    try:
        drafts.reframe(draft, frame_in(request.POST, draft))
    except FileNotFoundError:  # taken off meanwhile, or lost
        _find(request, draft_id)
        return refused(request, PHOTO_LOST, status=409)
    except OSError:
        logger.exception("draft %s could not be cut", draft.pk)
        return refused(request, NO_ROOM, status=503)
    return _answer(request, _find(request, draft_id))


@at_the_desk
def keep_both(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """They have seen the avatars that look alike, and want this one too."""
    drafts.keep_both(_find(request, draft_id))
    return _answer(request, _find(request, draft_id))


@at_the_desk
def use(request: HttpRequest, draft_id: UUID, avatar_id: UUID) -> HttpResponse:
    """Use the avatar that is there already: the photo leaves the desk."""
    known = find(request, avatar_id)
    drafts.take_off(Draft.objects.of(request.user).filter(pk=draft_id))
    return redirect(known)


@at_any_time
def take_off(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Forget it. Twice is as good as once."""
    taken = Draft.objects.of(request.user).filter(pk=draft_id).first()
    drafts.take_off([taken] if taken else [])
    if not wants_json(request):
        return redirect("upload")
    return JsonResponse({"card": "", "twins": _twins(request, taken) if taken else []})


@require_safe
@can_create
def picture(request: HttpRequest, draft_id: UUID, which: str, version: int) -> FileResponse:
    """A file of a draft. The address holds its version, so that of today never changes.

    Browsers keep no original, which may tell where it was taken, and no picture for longer than
    a draft is kept that nobody touches.
    """
    draft = _find(request, draft_id)
    file = getattr(draft, which) if which in _PICTURES else None
    if not file:
        raise Http404("There is no such picture.")
    try:
        stream = default_storage.open(str(file))
    except FileNotFoundError as error:
        raise Http404("The file is not there.") from error
    kind = f"image/{draft.kind.lower()}" if which == "original" else draft.photo_type
    response = FileResponse(stream, content_type=_PICTURES[which] or kind)
    if which == "original" or version != draft.version:
        patch_cache_control(response, private=True, no_store=True)
    else:
        patch_cache_control(response, private=True, max_age=_KEPT, immutable=True)
    return response


def _find(request: HttpRequest, draft_id: UUID) -> Draft:
    """Nobody sees another one's desk."""
    return get_object_or_404(Draft, owner=request.user, pk=draft_id)


def _key(request: HttpRequest, number: int, data: bytes) -> str:
    """The browser's own mark for its one photo; without scripts the same for the same form.

    A form that was refused keeps its wish and may bring another photo, which is another mark.
    """
    if key := tidy_name(request.POST.get("key", ""))[:_KEY_MAX]:
        return key
    if not (wish := request.POST.get("wish")):
        return str(uuid4())
    return sha256(f"{wish} {number} ".encode() + data).hexdigest()[:_KEY_MAX]


def _names(request: HttpRequest) -> Iterator[str]:
    """What the avatars are to be called, where that was known before the photos were; else ""."""
    name = tidy_name(request.POST.get("display_name", ""))
    return (numbered(name, number)[:MAX].strip() if name else "" for number in count(1))


def _twins(request: HttpRequest, draft: Draft) -> list[str]:
    """The other cards of that photo: they may be twice here since now, or alone."""
    cards: list[str] = []
    if not draft.photo_sha256:
        return cards
    same = Draft.objects.of(request.user).filter(photo_sha256=draft.photo_sha256)
    for twin in same.exclude(pk=draft.pk):
        with suppress(Http404):  # taken off a moment ago
            cards.append(card_as_html(request, twin))
    return cards


def _answer(request: HttpRequest, draft: Draft, *, status: int = 200) -> HttpResponse:
    if wants_json(request):
        told = {
            "id": str(draft.pk),
            "card": card_as_html(request, draft),
            "twins": _twins(request, draft),
        }
        return JsonResponse(told, status=status)
    return redirect(f"{reverse('upload')}#draft-{draft.pk}")
