"""Anam's avatars and lists, as its answers hold them."""

from typing import Any
from uuid import uuid4

import httpx

from avatars.upstream.client import Upstream
from tests.conftest import KEY, Handler


def described(name: str = "Anna Berg", **fields: Any) -> dict[str, Any]:
    """One avatar as the reference of April 2026 shows it; fields are named as there."""
    return {
        "id": str(uuid4()),
        "displayName": name,
        "variantName": "default",
        "imageUrl": "https://api.anam.ai/stills/1.jpg",
        "videoUrl": None,
        "createdAt": "2026-04-22T10:00:00.000Z",
        "updatedAt": "2026-04-22T10:00:00.000Z",
        "createdByOrganizationId": "org-of-the-team",
        "availableVersions": ["cara-4"],
        "activeVersion": "cara-4",
        **fields,
    }


def listed(*avatars: dict[str, Any], following: int | None = None) -> httpx.Response:
    return httpx.Response(200, json={"data": list(avatars), "meta": {"next": following}})


def upstream(handler: Handler, base_url: str = "https://anam.test") -> Upstream:
    return Upstream(base_url, KEY, httpx.MockTransport(handler))


def create(anam: Upstream, **fields: Any) -> Any:
    wish = {
        "display_name": "Anna Berg",
        "model": "cara-4",
        "photo": b"the very bytes",
        "content_type": "image/jpeg",
        "filename": "portrait.jpg",
    }
    return anam.create(**{**wish, **fields})
