"""An avatar of ours in the vendor's own words."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from avatars.models import Avatar, State
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
    """Anam's last answer about it, field for field, with our name for it and links that work.

    No links while it is out of use for want of consent: programs don't decide about that.
    """
    said = {**_ALWAYS, **avatar.upstream}
    for field, value in said.items():
        if field.endswith("Url") and isinstance(value, str) and value:
            said[field] = None if avatar.is_blocked else _link(request, avatar, field, value)
    if not said["createdByOrganizationId"] and not avatar.stock:
        said["createdByOrganizationId"] = _OURS  # null would say that it is Anam's
    return {**said, "id": avatar.upstream_id, "displayName": avatar.display_name}


def _link(request: HttpRequest, avatar: Avatar, field: str, value: str) -> str:
    """Anam's own while it lives, else a pass of ours."""
    if lives_on(avatar, field) and not value.startswith("/"):
        return value
    return absolute(request, reverse("linked", args=[pass_for(avatar, field)]))


def creation_of(request: HttpRequest, avatar: Avatar) -> dict[str, Any]:
    """What became of a wish so far."""
    return {
        "id": str(avatar.pk),
        "state": avatar.state,
        "approval": avatar.approval,
        "message": _message(avatar),
        "avatarId": avatar.upstream_id,
        "displayName": avatar.display_name,
        "createdAt": avatar.created_at,
        "url": absolute(request, reverse("gateway:creation", args=[avatar.pk])),
        "page": absolute(request, avatar.get_absolute_url()),
        "advice": avatar.advice,
    }


def _message(avatar: Avatar) -> str:
    """With a reviewer's words, while their answer keeps it from being sent."""
    said = avatar.review_note if avatar.state == State.REVIEW else ""
    words = avatar.message or f"{avatar.state_words}."
    return f"{words} The reviewer wrote: “{said}”" if said else words
