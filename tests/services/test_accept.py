"""From a prepared photo to a row that can't be lost."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from pytest_django import Settings

from avatars.models import Avatar, Event, Kind, State
from avatars.photos.prepare import THUMBNAIL_WIDTHS
from tests.conftest import KEY, MakeAvatar, files_in, prepared

pytestmark = pytest.mark.django_db


def test_an_accepted_photo_is_on_disk_with_a_queued_row_and_an_event(
    accepted: MakeAvatar, rooms: Path
) -> None:
    avatar = accepted(display_name="Anna Berg", advice=[{"code": "small"}])
    avatar.refresh_from_db()
    assert (avatar.state, avatar.display_name, avatar.attempts) == (State.QUEUED, "Anna Berg", 0)
    with avatar.photo.open() as stream:
        assert stream.read() == prepared().data
    assert (avatar.photo_width, avatar.photo_height, avatar.photo_bytes) == (
        prepared().width,
        prepared().height,
        len(prepared().data),
    )
    assert (avatar.photo_sha256, avatar.advice) == (prepared().sha256, [{"code": "small"}])
    assert [(event.kind, event.actor) for event in avatar.events.all()] == [
        (Kind.UPLOADED, avatar.owner)
    ]
    for width in THUMBNAIL_WIDTHS:
        assert default_storage.exists(avatar.thumbnail_name(width))
    assert len(files_in(rooms / "media")) == 1 + len(THUMBNAIL_WIDTHS)


def test_whether_it_is_a_rehearsal_is_written_down_once_and_for_all(
    accepted: MakeAvatar, settings: Settings
) -> None:
    rehearsed = accepted()
    settings.ANAM_API_KEY, settings.REHEARSAL = KEY, False
    assert rehearsed.rehearsal
    assert not accepted().rehearsal


def test_equal_photos_have_files_of_their_own(accepted: MakeAvatar) -> None:
    assert accepted().photo.name != accepted().photo.name


def test_when_the_row_can_not_be_saved_the_files_are_gone(
    accepted: MakeAvatar, rooms: Path
) -> None:
    with pytest.raises(IntegrityError):
        accepted(display_name=None)
    assert files_in(rooms / "media") == []


def test_when_the_disk_refuses_half_way_nothing_is_left(accepted: MakeAvatar, rooms: Path) -> None:
    (rooms / "media").mkdir()
    (rooms / "media" / "thumbnails").write_text("a file where a folder should be")
    with pytest.raises(OSError, match="thumbnails"):
        accepted()
    assert [path.name for path in files_in(rooms / "media")] == ["thumbnails"]
    assert not Avatar.objects.exists()
    assert not Event.objects.exists()
