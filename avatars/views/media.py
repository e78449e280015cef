"""Pictures and videos, always under our own addresses."""

import errno
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
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

from avatars.access import can_view
from avatars.models import Avatar
from avatars.photos.prepare import THUMBNAIL_WIDTHS, thumbnails
from avatars.services.previews import fresh_link, leads_somewhere_known
from avatars.upstream.client import REHEARSAL_PATH, embedded_sandbox

_YEAR = 31_536_000  # seconds


@require_safe
@can_view
def video(request: HttpRequest, avatar_id: UUID) -> HttpResponse:
    """302 to a link that works now; 404 when there is no video, 503 when Anam doesn't answer.

    `?again=…` says that the player could not use the last link.
    """
    avatar = _find(avatar_id)
    if not avatar.has_video:
        raise Http404("There is no preview video (yet).")
    link = fresh_link(avatar, reported_broken="again" in request.GET)
    if link is None:
        return _no_link()
    response = HttpResponseRedirect(link.url)
    patch_cache_control(response, private=True, max_age=link.seconds)
    return response


@require_safe
@can_view
def still(request: HttpRequest, avatar_id: UUID) -> HttpResponseBase:
    """Our own copy of the photo, or Anam's picture of an avatar that wasn't made here."""
    avatar = _find(avatar_id)
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
    avatar = _find(avatar_id)
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
    answer = HttpResponse()

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        answer.status_code = int(status.split(maxsplit=1)[0])
        for name, value in headers:
            answer[name] = value

    environ = {**request.META, "SCRIPT_NAME": REHEARSAL_PATH, "PATH_INFO": f"/media/{path}"}
    answer.content = b"".join(embedded_sandbox()(environ, start_response))
    return answer


def _find(avatar_id: UUID) -> Avatar:
    avatar = get_object_or_404(Avatar, pk=avatar_id)
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
    try:
        with default_storage.open(str(avatar.photo)) as stream:
            pictures = thumbnails(stream.read())
    except OSError as error:
        if error.errno not in (None, errno.ENOENT):  # a disk in trouble, not a photo
            raise
        raise Http404("The photo is not there.") from error
    name = avatar.thumbnail_name(width)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(pictures[width]))
        if Avatar.objects.get(pk=avatar.pk).is_erased:
            # Erased while it was being made, maybe after its folder was emptied.
            default_storage.delete(name)
            raise Http404("It was erased.")
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
