"""Every write fails once, in turn, as on a full disk: there is never half an avatar."""

import hashlib
from contextlib import suppress
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from PIL import Image

from avatars.models import Avatar, Draft, Event, Wish
from avatars.photos.prepare import THUMBNAIL_WIDTHS
from avatars.services import drafts
from avatars.services.wishes import clean_up_after_the_dead
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakePerson, files_in, time_passes, wipe
from tests.faults import Writes, counted, failing_at
from tests.photos import pictures

pytestmark = pytest.mark.django_db(transaction=True)
TWO = [pictures.portrait_jpeg(300, 300), pictures.portrait_png(280, 300)]


@pytest.fixture
def desk(client_of: ClientOf) -> Client:
    """Not the first upload of its process: folders and locks are there."""
    client = client_of(Role.CREATOR)
    post(client, str(uuid4()))
    forget_everything()
    return client


def post(desk: Client, wish: str, json: bool = False) -> Any:
    photos = [SimpleUploadedFile(f"{n}.jpg", data) for n, data in enumerate(TWO)]
    form = {"display_name": "Anna Berg", "image_file": photos, "wish": wish}
    return desk.post(
        "/upload", form, headers={"Accept": "application/json" if json else "text/html"}
    )


def assert_nothing_is_half_saved(rooms: Path) -> None:
    expected = set()
    for avatar in Avatar.objects.all():
        assert hashlib.sha256(avatar.photo.read()).hexdigest() == avatar.photo_sha256
        avatar.photo.close()
        expected.add(Path(avatar.photo.path))
        for width in THUMBNAIL_WIDTHS:
            name = avatar.thumbnail_name(width)
            with default_storage.open(name) as stream, Image.open(BytesIO(stream.read())) as image:
                image.load()
            expected.add(Path(default_storage.path(name)))
        assert avatar.events.count() == 1
    assert set(files_in(rooms / "media")) == expected
    assert Event.objects.count() == Avatar.objects.count()
    assert not Wish.objects.filter(done_at=None).exists()


def assert_the_same_post_succeeds_once(desk: Client, wish: str, rooms: Path) -> None:
    answer = post(desk, wish)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Avatar.objects.filter(owner__isnull=False).count() == len(TWO)
    assert Wish.objects.filter(key=wish).count() == 1
    assert_nothing_is_half_saved(rooms)


def forget_everything() -> None:
    wipe(Avatar.objects.all())
    Wish.objects.all().delete()
    for folder in ("photos", "thumbnails"):
        for path in files_in(Path(default_storage.path(folder))):
            path.unlink()


def test_every_write_of_an_upload_fails_once_in_turn(desk: Client, rooms: Path) -> None:
    n, statuses = 0, []
    while True:
        n, wish = n + 1, str(uuid4())
        with failing_at(n) as writes:
            answer = post(desk, wish, json=n % 2 == 0)
        if not writes.failed:
            break
        statuses.append(answer.status_code)
        told = answer.content.decode()
        if answer.status_code == 503:
            assert "disk" in told or "could not be stored" in told, writes.seen[-1]
            assert Avatar.objects.count() in (0, len(TWO))
        else:  # only a wake-up was lost
            assert answer.status_code in (202, 302), writes.seen[-1]
            assert Avatar.objects.count() == len(TWO)
        assert_nothing_is_half_saved(rooms)
        assert_the_same_post_succeeds_once(desk, wish, rooms)
        forget_everything()
    assert statuses.count(503) > 40
    assert "COMMIT" in writes.seen


def test_a_disk_that_stays_full_for_a_while_leaves_nothing_once_it_is_cleaned_up(
    desk: Client, rooms: Path
) -> None:
    with counted(Writes()) as all_writes:
        post(desk, str(uuid4()))
    forget_everything()
    for n in range(1, len(all_writes.seen) + 1, 3):
        wish = str(uuid4())
        with failing_at(n, for_good=True) as writes:
            answer = post(desk, wish)
        assert writes.failed
        assert answer.status_code in (302, 503), writes.seen[-1]
        assert Avatar.objects.count() == (len(TWO) if answer.status_code == 302 else 0)
        assert_the_same_post_succeeds_once_room_is_made(desk, wish, rooms)
        forget_everything()


def assert_the_same_post_succeeds_once_room_is_made(desk: Client, wish: str, rooms: Path) -> None:
    """At once, by the same process: nobody waits for a dead claim to grow old."""
    answer = post(desk, wish)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Avatar.objects.count() == len(TWO)
    assert not Wish.objects.filter(done_at=None).exists()


def test_what_a_failed_farewell_left_behind_is_cleaned_up(desk: Client, rooms: Path) -> None:
    """The database takes neither the avatars nor the end of the wish, and nobody tries again."""
    with counted(Writes()) as all_writes:
        post(desk, str(uuid4()))
    forget_everything()
    finish = next(n for n, what in enumerate(all_writes.seen, 1) if "UPDATE" in what)
    with failing_at(finish, for_good=True):
        assert post(desk, str(uuid4())).status_code == 503
    assert files_in(rooms / "media")
    time_passes(301)
    assert clean_up_after_the_dead() == 1
    assert_nothing_is_half_saved(rooms)
    assert files_in(rooms / "media") == []


def test_a_photo_too_large_for_memory_needs_the_disk_before_it_is_looked_at(
    desk: Client, rooms: Path
) -> None:
    desk.raise_request_exception = False  # Django parses the form before any view is asked
    data = TWO[0] + bytes(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
    form = {"display_name": "Anna Berg", "image_file": SimpleUploadedFile("a.jpg", data)}
    with failing_at(1) as writes:
        answer = desk.post("/upload", form)
    assert writes.failed
    assert answer.status_code == 503
    assert "disk is full" in answer.content.decode()
    assert_nothing_is_half_saved(rooms)


def test_a_photo_that_the_desk_could_not_keep_leaves_no_file(
    person: MakePerson, rooms: Path
) -> None:
    owner, photo = person(role=Role.CREATOR), pictures.portrait_jpeg(300, 300)
    drafts.take_off([drafts.put(owner, "first", "a.jpg", photo)])
    for n in count(1):
        with failing_at(n) as writes, suppress(OSError, OperationalError):
            drafts.put(owner, str(n), "a.jpg", photo)
        if not writes.failed:
            break
        named = {name for draft in Draft.objects.all() for name in draft.files}
        there = {str(file.relative_to(rooms / "media")) for file in files_in(rooms / "media")}
        assert there == named
        drafts.take_off(Draft.objects.all())
    assert n > 20
