"""Signed links: how long they live and where they may lead."""

from datetime import UTC, datetime, timedelta

import pytest

from avatars.upstream.links import DOCUMENTED_LIFE, is_allowed, life_of

FETCHED = datetime(2026, 4, 22, 12, 0, tzinfo=UTC)
ORIGINS = [
    "https://*.anam.ai",
    "https://*.r2.cloudflarestorage.com",
    "https://media.example.com:8443",
    "http://127.0.0.1:9000",
    "/rehearsal/media/",
]


def test_the_life_of_a_link_stands_in_its_query() -> None:
    url = "https://x.anam.ai/v.mp4?X-Amz-Date=20260422T113000Z&X-Amz-Expires=900"
    signed = datetime(2026, 4, 22, 11, 30, tzinfo=UTC)
    assert life_of(url, FETCHED) == (signed, signed + timedelta(minutes=15))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "X-Amz-Date=20260422T113000Z",
        "X-Amz-Expires=900",
        "X-Amz-Date=yesterday&X-Amz-Expires=900",
        "X-Amz-Date=20260422T113000Z&X-Amz-Expires=long",
    ],
)
def test_a_link_that_does_not_say_lives_an_hour_from_the_fetch(query: str) -> None:
    assert life_of(f"https://x.anam.ai/v?{query}", FETCHED) == (FETCHED, FETCHED + DOCUMENTED_LIFE)


@pytest.mark.parametrize(("seconds", "days"), [("999999999999", 7), ("-5", 0)])
def test_absurd_lives_are_cut_to_what_signatures_allow(seconds: str, days: int) -> None:
    url = f"https://x.anam.ai/v?X-Amz-Date=20260422T113000Z&X-Amz-Expires={seconds}"
    began, ends = life_of(url, FETCHED)
    assert ends - began == timedelta(days=days)


def test_a_number_beyond_all_dates_is_cut_too() -> None:
    url = f"https://x.anam.ai/v?X-Amz-Date=20260422T113000Z&X-Amz-Expires={'9' * 30}"
    began, ends = life_of(url, FETCHED)
    assert timedelta() < ends - began <= timedelta(days=7)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.anam.ai/stills/1.jpg",
        "https://API.ANAM.AI/stills/1.jpg",
        "https://a.b.anam.ai:443/x",
        "https://bucket.r2.cloudflarestorage.com/v.mp4?X-Amz-Expires=1",
        "https://media.example.com:8443/x",
        "http://127.0.0.1:9000/v",
        "/rehearsal/media/1/video.webm?X-Amz-Date=1",
    ],
)
def test_known_hosts_are_allowed(url: str) -> None:
    assert is_allowed(url, ORIGINS)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://anam.ai/x",
        "https://anam.ai.evil.com/x",
        "https://evil.com/.anam.ai",
        "https://evilanam.ai/x",
        "https://evil.com?x=.anam.ai",
        "https://evil.com#.anam.ai",
        "https://api.anam.ai@evil.com/x",
        "https://evil.com:443@api.anam.ai/x",
        "https://@api.anam.ai/x",
        "https://evil.com\\@api.anam.ai/x",
        "https://evil.com\\.anam.ai/x",
        "https://evil.com\n.anam.ai/x",
        " https://api.anam.ai/x",
        "https://api.anam.ai/\x00",
        "//evil",
        "//api.anam.ai/x",
        "///evil.com",
        "/\\evil.com",
        "http://api.anam.ai/x",
        "https://api.anam.ai:8443/x",
        "https://api.anam.ai:99999/x",
        "https://api.anam.ai:port/x",
        "https://media.example.com/x",
        "http://media.example.com:8443/x",
        "https://127.0.0.1:9000/v",
        "http://127.0.0.1/v",
        "https://[::1/x",
        "javascript:alert(1)",
        "data:text/html,hello",
        "ftp://api.anam.ai/x",
        "https:api.anam.ai",
        "https:///api.anam.ai/x",
        "/rehearsal/media/../../accounts/logout/",
        "/rehearsal/media/%2e%2e/%2e%2e/accounts/logout/",
        "/accounts/logout/",
        "rehearsal/media/1",
    ],
)
def test_everything_else_is_not_allowed(url: str) -> None:
    assert not is_allowed(url, ORIGINS)
