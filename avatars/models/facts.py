"""An avatar in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from .states import State

if TYPE_CHECKING:
    from .avatar import Avatar


def facts_of(avatar: Avatar) -> dict[str, Any]:
    """The avatar as `GET /avatars/<id>` answers it in JSON."""
    if avatar.is_erased:
        return _tombstone(avatar)
    return {
        "id": str(avatar.pk),
        "display_name": avatar.display_name,
        "owner": avatar.owner_name,
        "state": avatar.state,
        "state_words": avatar.state_words,
        "message": avatar.message,
        "cause": avatar.cause,
        "retry_at": avatar.retry_at,
        "upstream_id": avatar.upstream_id,
        "approval": avatar.approval,
        "review_note": avatar.review_note,
        "model": avatar.model_name,
        "versions": avatar.versions,
        "rehearsal": avatar.rehearsal,
        "preview": _preview_word(avatar),
        "advice": avatar.advice,
        "created_at": avatar.created_at,
        "url": avatar.get_absolute_url(),
        "still_url": reverse("avatar-still", args=[avatar.pk]),
        "video_url": reverse("avatar-video", args=[avatar.pk]) if avatar.has_video else None,
    }


def _tombstone(avatar: Avatar) -> dict[str, Any]:
    return {
        "id": str(avatar.pk),
        "state": avatar.state,
        "state_words": avatar.state_words,
        "upstream_id": avatar.upstream_id,
        "erased_at": avatar.erased_at,
        "erased_by": str(avatar.removed_by),
        "url": avatar.get_absolute_url(),
    }


def _preview_word(avatar: Avatar) -> str:
    if avatar.has_video:
        return "ready"
    done = avatar.state in (State.READY, State.REFUSED, State.REMOVED)
    return "none" if done and not avatar.preview_pending else "coming"
