"""`/v1/feed`: the avatar in use behind a stable name. Greenroom's own addition."""

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.http import parse_etags

from avatars.models import Feed, Right

from .answers import meaning
from .bearer import needing
from .doors import router
from .places import Slug
from .refusals import Refusal
from .shapes import Feed as FeedShape
from .shapes import Problem

_EXTRA = {
    "parameters": [
        {
            "in": "header",
            "name": "If-None-Match",
            "required": False,
            "schema": {"type": "string"},
            "description": "The ETag of the answer you have: 304 if it still holds.",
        }
    ],
    "responses": {
        200: meaning("What to use now.", "ETag"),
        304: meaning("What you have still holds.", "ETag"),
        404: meaning("There is no such feed, or its avatar may not be used now: keep yours."),
    },
}

_FRESH = {"Cache-Control": "private, no-cache"}  # to be kept, and asked about before each use


@router.get(
    "/feed/{slug}",
    **needing(Right.FEED, **_EXTRA),
    tags=["Feeds"],
    operation_id="getFeed",
    summary="Get the avatar in use",
    url_name="feed",
    response={200: FeedShape, **dict.fromkeys((400, 401, 403, 404, 429, 503), Problem)},
)
def get_feed(request: HttpRequest, slug: Slug) -> HttpResponse:
    """The approved avatar and model to use now. A swap is seen with the next call."""
    feed = Feed.objects.select_related("avatar").filter(slug=slug).first() if _ok(slug) else None
    if feed is None:
        raise Refusal(404, "Not found", "There is no feed of this name.")
    avatar = feed.current
    if avatar is None:
        words = "The avatar of this feed may not be used at the moment. Ask again in a minute."
        raise Refusal(404, "No avatar", words)
    said = {
        "slug": feed.slug,
        "avatarId": avatar.upstream_id,
        "avatarModel": feed.model or avatar.model_name or None,
        "displayName": avatar.display_name,
        "version": feed.version,
        "changedAt": feed.changed_at,
    }
    etag = _etag(said)
    if _has(request, etag):
        return HttpResponseNotModified(headers={"ETag": etag, **_FRESH})
    return JsonResponse(said, headers={"ETag": etag, **_FRESH})


def _etag(said: dict[str, Any]) -> str:
    """Of everything that the answer tells."""
    return f'"{sha256(repr(said).encode()).hexdigest()[:32]}"'


def _ok(slug: str) -> bool:
    return slug.isprintable()


def _has(request: HttpRequest, etag: str) -> bool:
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    # Proxies that pack an answer weaken its tag, and a weak one will do here.
    return etag in [tag.removeprefix("W/") for tag in asked] or asked == ["*"]
