"""Pictures and videos, always under our own addresses."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image

from avatars.models import Avatar
from avatars.services.create import send_next
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, ScriptAnam, prepared
from tests.services.test_previews import Anam, signed
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client_of: ClientOf) -> Client:
    return client_of(Role.VIEWER)


def whole(response: Any) -> bytes:
    return b"".join(response) if response.streaming else bytes(response.content)


def age_in(response: Any) -> int:
    found = re.search(r"max-age=(\d+)", response["Cache-Control"])
    assert found
    return int(found[1])


def test_the_still_is_the_photo_that_was_kept(visitor: Client, accepted: MakeAvatar) -> None:
    response = visitor.get(f"/avatars/{accepted().pk}/still")
    assert whole(response) == prepared().data
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]


def test_a_still_that_the_browser_has_is_not_sent_again(
    visitor: Client, accepted: MakeAvatar
) -> None:
    address = f"/avatars/{accepted().pk}/still"
    first = visitor.get(address)
    whole(first)
    again = visitor.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    other = visitor.get(address, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    whole(other)


def test_a_still_that_is_lost_is_not_found(visitor: Client, accepted: MakeAvatar) -> None:
    avatar = accepted()
    default_storage.delete(str(avatar.photo))
    assert visitor.get(f"/avatars/{avatar.pk}/still").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("https://api.anam.ai/stills/1.jpg", 302),
        ("https://evil.example/1.jpg", 404),
        ("//evil.example/1.jpg", 404),
        ("", 404),
    ],
)
def test_without_a_photo_of_ours_anams_picture_is_shown_if_it_is_anams(
    visitor: Client, ready_avatar: MakeAvatar, address: str, status: int
) -> None:
    response = visitor.get(f"/avatars/{ready_avatar(image_url=address).pk}/still")
    assert response.status_code == status
    if status == 302:
        assert response["Location"] == address


@pytest.mark.parametrize("width", [96, 320, 640])
def test_thumbnails_are_square_and_never_change(
    visitor: Client, accepted: MakeAvatar, width: int
) -> None:
    response = visitor.get(accepted().thumbnail_url(width))
    with Image.open(BytesIO(whole(response))) as picture:
        assert (picture.format, picture.width) == ("WEBP", picture.height)
    assert response["Content-Type"] == "image/webp"
    assert {"private", "immutable"} <= set(response["Cache-Control"].split(", "))
    assert age_in(response) == 31_536_000


def test_a_lost_thumbnail_is_made_again(visitor: Client, accepted: MakeAvatar) -> None:
    avatar = accepted()
    name = avatar.thumbnail_name(96)
    with default_storage.open(name) as stream:
        original = stream.read()
    default_storage.delete(name)
    assert whole(visitor.get(avatar.thumbnail_url(96)))[:4] == b"RIFF"
    with default_storage.open(name) as stream:
        assert len(stream.read()) == pytest.approx(len(original), rel=0.2)


@pytest.mark.parametrize("data", [None, b"damaged"])
def test_a_thumbnail_of_a_lost_photo_is_not_found(
    visitor: Client, accepted: MakeAvatar, data: bytes | None
) -> None:
    avatar = accepted()
    default_storage.delete(avatar.thumbnail_name(96))
    if data is None:
        default_storage.delete(str(avatar.photo))
    else:
        with default_storage.open(str(avatar.photo), "wb") as stream:
            stream.write(data)
    assert visitor.get(avatar.thumbnail_url(96)).status_code == 404


def test_other_widths_and_other_photos_have_no_thumbnail(
    visitor: Client, accepted: MakeAvatar
) -> None:
    address = accepted().thumbnail_url(96)
    assert visitor.get(address.replace("96.webp", "97.webp")).status_code == 404
    other = re.sub(r"thumbnails/\w+/", "thumbnails/0123456789ab/", address)
    assert visitor.get(other).status_code == 404


def filmed(ready_avatar: MakeAvatar, url: str) -> Avatar:
    return ready_avatar(rehearsal=False, video_url=url, refreshed_at=timezone.now())


@pytest.mark.parametrize("age", [0, 1800, 2900])
def test_the_video_leads_to_the_link_and_is_remembered_for_less_than_it_lives(
    visitor: Client, ready_avatar: MakeAvatar, anam: ScriptAnam, age: int
) -> None:
    anam(Anam())
    avatar = filmed(ready_avatar, signed(age))
    response = visitor.get(f"/avatars/{avatar.pk}/video")
    assert (response.status_code, response["Location"]) == (302, avatar.video_url)
    assert "private" in response["Cache-Control"]
    assert 0 < age_in(response) < 3600 - age


def test_a_broken_link_that_is_reported_is_read_again(
    visitor: Client, ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    anam(Anam())
    avatar = filmed(ready_avatar, signed(60))
    Avatar.objects.update(refreshed_at=timezone.now() - timedelta(seconds=60))
    response = visitor.get(f"/avatars/{avatar.pk}/video?again=1")
    assert response.status_code == 302
    assert response["Location"] != avatar.video_url


def test_an_expired_link_while_anam_is_down_is_a_503_in_words(
    visitor: Client, ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    anam(lambda _: httpx.Response(500, text="<html>oops</html>"))
    avatar = filmed(ready_avatar, signed(4000))
    response = visitor.get(f"/avatars/{avatar.pk}/video")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Try again in a minute" in response.content.decode()
    assert "Location" not in response


def test_a_link_to_an_unknown_host_is_never_followed(
    visitor: Client, ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    anam(lambda _: httpx.Response(200, json=described(videoUrl="https://evil.example/v")))
    for url in ("https://evil.example/v", signed(4000), "javascript:alert(1)"):
        response = visitor.get(f"/avatars/{filmed(ready_avatar, url).pk}/video")
        assert response.status_code == 503
        assert "Location" not in response


def test_without_a_video_there_is_none(visitor: Client, ready_avatar: MakeAvatar) -> None:
    assert visitor.get(f"/avatars/{ready_avatar().pk}/video").status_code == 404


@pytest.fixture
def clip(visitor: Client, accepted: MakeAvatar) -> str:
    """The address of a rehearsed avatar's clip, as its video redirect gives it."""
    avatar = accepted()
    send_next()
    return str(visitor.get(f"/avatars/{avatar.pk}/video")["Location"])


def test_a_rehearsed_video_comes_from_this_very_server(visitor: Client, clip: str) -> None:
    assert clip.startswith("/rehearsal/media/")
    response = visitor.get(clip)
    assert response.status_code == 200
    assert response.content[:4] == b"\x1a\x45\xdf\xa3"  # Matroska, hence WebM
    assert response["Content-Type"] == "video/webm"


def test_players_get_the_part_of_the_clip_they_ask_for(visitor: Client, clip: str) -> None:
    everything = visitor.get(clip).content
    response = visitor.get(clip, headers={"Range": "bytes=100-199"})
    assert response.status_code == 206
    assert response.content == everything[100:200]
    assert response["Content-Range"] == f"bytes 100-199/{len(everything)}"


@pytest.mark.parametrize("change", [("X-Amz-Expires=", "X-Amz-Expires=9"), ("video", "idle")])
def test_a_link_that_was_tampered_with_opens_nothing(
    visitor: Client, clip: str, change: tuple[str, str]
) -> None:
    assert visitor.get(clip.replace(*change)).status_code == 403


@pytest.mark.parametrize("path", ["../secret", "a/../../secret", "%2e%2e/secret", "x", "secret"])
def test_nothing_else_of_the_sandbox_is_served(visitor: Client, clip: str, path: str) -> None:
    assert visitor.get(f"/rehearsal/media/{path}").status_code == 404
