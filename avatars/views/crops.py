"""The two cuts of a face that conversations show."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from avatars.access import can_review
from avatars.models import Avatar
from avatars.services.previews import fresh_link

# By shape: Anam's name for its link, width and height (Anam reference, July 2026).
SHAPES = {
    "landscape": ("landscapeImageUrl", 1152, 768),
    "portrait": ("portraitImageUrl", 768, 1152),
}


@require_safe
@can_review
def crop(request: HttpRequest, avatar_id: UUID, shape: str) -> HttpResponse:
    """302 to the picture as Anam cut it; to our own square where it has none to give now."""
    if shape not in SHAPES:
        raise Http404("There is no such picture.")
    found = _unerased(avatar_id)
    link = fresh_link(found, SHAPES[shape][0])
    _unerased(avatar_id)  # once more: Anam may have taken seconds
    place = link.url if link else found.thumbnail_url_640
    if not place:
        raise Http404("There is no picture.")
    response = HttpResponseRedirect(place)
    patch_cache_control(response, private=True, max_age=link.seconds if link else 0)
    return response


def _unerased(avatar_id: UUID) -> Avatar:
    found = get_object_or_404(Avatar, pk=avatar_id)
    if found.is_erased:
        raise Http404("It was erased.")
    return found


def crops_of(avatar: Avatar) -> list[dict[str, Any]]:
    """Each as {"shape", "width", "height", "src", "told"}; `told` says that Anam cut it.

    Before Anam has done so, and where it keeps its cuts to itself, it is our own square, to be cut
    by the page. Of a very wide picture Anam makes no portrait.
    """
    told = {shape for shape, (name, _, _) in SHAPES.items() if avatar.upstream.get(name)}
    return [
        {"shape": shape, "width": width, "height": height, "told": bool(told), "src": src}
        for shape, (_, width, height) in SHAPES.items()
        if (src := _source(avatar, shape, told))
    ]


def _source(avatar: Avatar, shape: str, told: set[str]) -> str:
    if shape in told:
        return reverse("avatar-crop", args=[avatar.pk, shape])
    return "" if told else avatar.thumbnail_url_640
