"""A hundred people open the same video when its link has just ended."""

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from avatars.models import Avatar, State
from avatars.services.previews import Link, fresh_link

VIEWERS, UPSTREAM_SECONDS = 100, 0.2


def measure() -> Iterator[str]:
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        time.sleep(UPSTREAM_SECONDS)
        link = f"https://media.anam.ai/{len(calls)}.mp4"
        return httpx.Response(200, json={"id": "a", "displayName": "Mia", "videoUrl": link})

    live = {
        "REHEARSAL": False,
        "ANAM_API_KEY": "bench",
        "ANAM_TRANSPORT": httpx.MockTransport(answer),
    }
    with override_settings(**live):
        avatar = _with_a_dead_link()
        begun = time.perf_counter()
        with ThreadPoolExecutor(20) as pool:
            links = list(pool.map(_open, [avatar.pk] * VIEWERS))
        took = (time.perf_counter() - begun) * 1000
    assert all(links)
    yield (
        f"{VIEWERS} viewers of a dead link, {UPSTREAM_SECONDS * 1000:.0f} ms upstream: "
        f"{len(calls)} call, all served in {took:.0f} ms"
    )


def _open(avatar_id: uuid.UUID) -> Link | None:
    try:
        return fresh_link(Avatar.objects.get(pk=avatar_id))
    finally:
        connection.close()


def _with_a_dead_link() -> Avatar:
    owner = get_user_model().objects.create_user("viewer@example.com", "a-bench-in-the-park-9")
    ended = timezone.now() - timedelta(hours=2)
    return Avatar.objects.create(
        owner=owner,
        display_name="Mia Vale",
        rehearsal=False,
        state=State.READY,
        upstream_id="a",
        video_url="https://media.anam.ai/0.mp4",
        refreshed_at=ended,
        ready_at=ended,
    )
