"""An account at Anam, as the Lab shows it: scripted, changeable, and counting its calls."""

import json
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
from django.utils import timezone

from avatars.models import Avatar, State
from tests.upstream.answers import described

_numbers = count(1)


class Lab:
    """Put `lab.answer` into the fixture `anam`."""

    def __init__(self, *avatars: dict[str, Any]) -> None:
        self.avatars = {avatar["id"]: avatar for avatar in avatars}
        self.failing: dict[str, httpx.Response] = {}
        self.hidden: set[str] = set()
        self.calls: list[str] = []

    def add(self, name: str = "Anna Berg", **fields: Any) -> dict[str, Any]:
        avatar = described(name, **{"id": f"lab-{next(_numbers)}", **fields})
        self.avatars[avatar["id"]] = avatar
        return avatar

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v1/avatars").removeprefix("/")
        self.calls.append(path or f"page {request.url.params['page']}")
        if self.calls[-1] in self.failing:
            return self.failing[self.calls[-1]]
        if not path:
            return self._page(int(request.url.params["page"]))
        found = self.avatars.get(path)
        return _ok(found) if found else httpx.Response(404)

    def _page(self, number: int) -> httpx.Response:
        shown = [avatar for avatar in self.avatars.values() if avatar["id"] not in self.hidden]
        end = number * 100
        following = number + 1 if end < len(shown) else None
        meta = {"total": len(shown), "next": following}
        return _ok({"data": shown[end - 100 : end], "meta": meta})


def _ok(said: dict[str, Any]) -> httpx.Response:
    # In ASCII, which can say more than UTF-8: half characters, for instance.
    return httpx.Response(200, content=json.dumps(said))


def row_of(avatar: dict[str, Any], **fields: Any) -> Avatar:
    """The row that knows exactly what the Lab says; long untouched, and not saved."""
    earlier = timezone.now() - timedelta(days=1)
    defaults = {
        "display_name": avatar["displayName"],
        "rehearsal": False,
        "state": State.READY,
        "upstream_id": avatar["id"],
        "upstream": avatar,
        "image_url": avatar["imageUrl"],
        "video_url": avatar["videoUrl"] or "",
        "created_at": earlier,
        "changed_at": earlier,
        "ready_at": earlier,
        "refreshed_at": earlier,
    }
    return Avatar(**{**defaults, **fields})
