"""Pictures and videos, always under our own addresses."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from avatars.access import can_view, may_see_face
from avatars.models import Avatar, State
from avatars.photos.prepare import THUMBNAIL_WIDTHS
from avatars.services import passes
from avatars.services.previews import fresh_link, leads_somewhere_known
from avatars.services.thumbnails import make_missing
from avatars.upstream.client import REHEARSAL_PATH, embedded_sandbox

from .finding import find

_YEAR = 31_536_000  # seconds
_BLOCKED = "Whoever is shown does not agree, or not any more: only reviewers see the face."


@require_safe
@can_view
def video(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """302 to a link that works now; 404 when there is no video, 503 when Anam doesn't answer.

    `?again=…` says that the player could not use the last link.
    """
    avatar = _shown(request, avatar_id)
    if not avatar.has_video:
        raise Http404("There is no preview video (yet).")
    link = fresh_link(avatar, reported_broken="again" in request.GET)
    _shown(request, avatar_id)  # once more: Anam may have taken seconds, and a no counts at once
    if link is None:
        return _no_link()
    response = HttpResponseRedirect(link.url)
    patch_cache_control(response, private=True, max_age=link.seconds)
    return response


@require_safe
@can_view
def still(request: HttpRequest, avatar_id: UUID) -> HttpResponseBase:
    """Our own copy of the photo, or Anam's picture of an avatar that wasn't made here."""
    avatar = _shown(request, avatar_id)
    if not avatar.photo:
        return _vendor_still(avatar)
    etag = f'"{avatar.photo_sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    response = _file(str(avatar.photo), avatar.photo_type)
    response["ETag"] = etag
    patch_cache_control(response, private=True, max_age=300)
    return response


@require_safe
@can_view
def thumbnail(request: HttpRequest, avatar_id: UUID, digest: str, width: int) -> HttpResponseBase:
    """A square WebP. The address holds the photo's digest, so it never changes its picture."""
    avatar = _shown(request, avatar_id)
    if width not in THUMBNAIL_WIDTHS or not avatar.photo_sha256.startswith(digest):
        raise Http404
    try:
        response: HttpResponseBase = _file(avatar.thumbnail_name(width), "image/webp")
    except Http404:
        response = _remade(avatar, width)
    patch_cache_control(response, private=True, max_age=_YEAR, immutable=True)
    return response


@require_safe
@can_view
def rehearsal(request: HttpRequest, path: str) -> HttpResponse:
    """The sandbox's pictures and clips, byte ranges included, from this very server."""
    return _from_sandbox(request, f"/media/{path}", request.META.get("QUERY_STRING", ""))


@login_not_required
@require_safe
def linked(request: HttpRequest, text: str) -> HttpResponse:
    """What a pass of the gateway leads to: open to whoever has one, for an hour."""
    told = passes.read(text)
    if told is None:
        raise Http404("This link is over.")
    avatar_id, field = told
    link = fresh_link(_passed(avatar_id), field)
    _passed(avatar_id)  # as above
    if link is None:
        return _no_link()
    if link.url.startswith("/"):
        parts = urlsplit(link.url)
        return _from_sandbox(request, parts.path.removeprefix(REHEARSAL_PATH), parts.query)
    response = HttpResponseRedirect(link.url)
    patch_cache_control(response, private=True, max_age=link.seconds)
    return response


def _from_sandbox(request: HttpRequest, path: str, query: str) -> HttpResponse:
    answer = HttpResponse()

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        answer.status_code = int(status.split(maxsplit=1)[0])
        for name, value in headers:
            answer[name] = value

    place = {"SCRIPT_NAME": REHEARSAL_PATH, "PATH_INFO": path, "QUERY_STRING": query}
    environ = {**request.META, **place}
    answer.content = b"".join(embedded_sandbox()(environ, start_response))
    return answer


def _shown(request: HttpRequest, avatar_id: UUID) -> Avatar:
    avatar = _unerased(find(request, avatar_id))
    if not may_see_face(request.user, avatar):
        raise PermissionDenied(_BLOCKED)
    return avatar


def _passed(avatar_id: UUID) -> Avatar:
    """For whoever has a pass, reviewer or not."""
    avatar = _unerased(get_object_or_404(Avatar, pk=avatar_id))
    if avatar.state != State.READY:
        raise Http404("It was removed.")
    if avatar.is_blocked:
        raise PermissionDenied(_BLOCKED)
    return avatar


def _unerased(avatar: Avatar) -> Avatar:
    if avatar.is_erased:
        raise Http404("It was erased.")
    return avatar


def _file(name: str, content_type: str) -> FileResponse:
    try:
        return FileResponse(default_storage.open(name), content_type=content_type)
    except FileNotFoundError as error:
        raise Http404("The file is not there.") from error


def _remade(avatar: Avatar, width: int) -> HttpResponse:
    """The thumbnail made anew from the photo, for instance after a backup without thumbnails."""
    pictures = make_missing(avatar)
    if not pictures:
        raise Http404("The photo is not there.")
    return HttpResponse(pictures[width], content_type="image/webp")


def _vendor_still(avatar: Avatar) -> HttpResponse:
    if not leads_somewhere_known(avatar.image_url):
        raise Http404("There is no picture.")
    response = HttpResponseRedirect(avatar.image_url)
    patch_cache_control(response, private=True, max_age=300)
    return response


def _no_link() -> HttpResponse:
    text = "Anam does not give a link to this video at the moment. Try again in a minute."
    return HttpResponse(text, status=503, content_type="text/plain", headers={"Retry-After": "5"})
