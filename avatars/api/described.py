"""An avatar of ours in the vendor's own words."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from avatars.models import Avatar
from avatars.origin import absolute
from avatars.services.passes import pass_for
from avatars.services.previews import lives_on

# Anam's reference of April 2026; an answer that lacks one of them must not surprise a client.
# `anam-mcp` takes no null for the name of a variant, and null for the other as Anam's own.
_OURS = "greenroom"
_ALWAYS: dict[str, Any] = {
    "variantName": "",
    "imageUrl": None,
    "videoUrl": None,
    "createdAt": None,
    "updatedAt": None,
    "createdByOrganizationId": None,
    "availableVersions": [],
    "activeVersion": None,
}


def described(request: HttpRequest, avatar: Avatar) -> dict[str, Any]:
    """Anam's last answer about it, field for field, with our name for it and links that work."""
    said = {**_ALWAYS, **avatar.upstream}
    for field, value in said.items():
        if field.endswith("Url") and isinstance(value, str) and value:
            works = lives_on(avatar, field) and not value.startswith("/")
            said[field] = value if works else _pass(request, avatar, field)
    if not said["createdByOrganizationId"] and not avatar.stock:
        said["createdByOrganizationId"] = _OURS  # null would say that it is Anam's
    return {**said, "id": avatar.upstream_id, "displayName": avatar.display_name}


def _pass(request: HttpRequest, avatar: Avatar, field: str) -> str:
    return absolute(request, reverse("linked", args=[pass_for(avatar, field)]))


def creation_of(request: HttpRequest, avatar: Avatar) -> dict[str, Any]:
    """What became of a wish so far."""
    return {
        "id": str(avatar.pk),
        "state": avatar.state,
        "approval": avatar.approval,
        "message": avatar.message or f"{avatar.state_words}.",
        "avatarId": avatar.upstream_id,
        "displayName": avatar.display_name,
        "createdAt": avatar.created_at,
        "url": absolute(request, reverse("gateway:creation", args=[avatar.pk])),
        "page": absolute(request, avatar.get_absolute_url()),
        "advice": avatar.advice,
    }
