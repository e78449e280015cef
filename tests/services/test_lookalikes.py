"""Other avatars whose photo is the same, or looks alike."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import ImageEnhance, ImageOps

from avatars.models import Avatar, State
from avatars.photos.inspect import inspect
from avatars.photos.likeness import looks, nearest
from avatars.photos.prepare import Prepared, likeness_of, prepare
from avatars.services.lookalikes import SHOWN, fill_missing, lookalikes_of
from avatars.tasks import tidy
from tests.conftest import MakeAvatar
from tests.photos.pictures import portrait, saved

pytestmark = pytest.mark.django_db


def photo_of(image: object) -> Prepared:
    photo = inspect(saved(image, "JPEG", quality=88)).photo  # type: ignore[arg-type]
    assert photo
    return prepare(photo)


def found_beside(avatar: Avatar) -> list[tuple[Avatar, bool]]:
    return lookalikes_of(avatar).pairs


def test_the_same_photo_is_found_and_then_what_looks_like_it(accepted: MakeAvatar) -> None:
    image = portrait(800, 800)
    first = accepted(prepared=photo_of(image))
    darker = accepted(prepared=photo_of(ImageEnhance.Brightness(image).enhance(0.8)))
    smaller = accepted(prepared=photo_of(image.resize((500, 500)).crop((5, 5, 495, 495))))
    mirrored = accepted(prepared=photo_of(ImageOps.mirror(image)))
    twin = accepted(prepared=photo_of(image))
    pairs = found_beside(first)
    assert pairs[0] == (twin, True)
    assert set(pairs[1:]) == {(darker, False), (smaller, False)}
    assert found_beside(mirrored) == []


@pytest.mark.parametrize(
    "gone",
    [
        {"state": State.REMOVED},
        {"erased_at": timezone.now()},
        {"errand": "erase"},
        {"photo_sha256": ""},
    ],
)
def test_nobody_is_reminded_of_what_was_removed_or_erased(
    accepted: MakeAvatar, gone: dict[str, object]
) -> None:
    first, twin = accepted(), accepted()
    assert found_beside(first) == [(twin, True)]
    Avatar.objects.filter(pk=twin.pk).update(**gone)
    assert found_beside(first) == []


def test_the_nearest_are_named_and_the_others_counted(accepted: MakeAvatar) -> None:
    first = accepted()
    for _ in range(SHOWN + 2):
        accepted()
    found = lookalikes_of(first)
    assert (len(found.pairs), found.more) == (SHOWN, 2)


def test_an_avatar_without_a_photo_of_ours_looks_like_nobody(ready_avatar: MakeAvatar) -> None:
    ready_avatar()
    assert found_beside(ready_avatar()) == []


def test_photos_from_before_are_looked_at_later(accepted: MakeAvatar) -> None:
    first, second = accepted(), accepted()
    known = first.photo_likeness
    Avatar.objects.filter(pk=first.pk).update(photo_likeness="")
    tidy()
    first.refresh_from_db()
    bits = nearest(looks(first.photo_likeness), looks(known))
    assert bits is not None
    assert bits <= 2
    assert fill_missing() == 0
    second.refresh_from_db()
    assert second.photo_likeness == known


def test_a_photo_that_can_not_be_read_keeps_no_other_from_its_turn(
    accepted: MakeAvatar, rooms: Path
) -> None:
    lost, damaged, good = accepted(), accepted(), accepted()
    default_storage.delete(str(lost.photo))
    (rooms / "media" / str(damaged.photo)).write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    Avatar.objects.update(photo_likeness="")
    assert fill_missing() == 1
    good.refresh_from_db()
    assert good.photo_likeness
    assert Avatar.objects.filter(photo_likeness="").count() == 2


def test_what_is_read_from_the_file_again_looks_the_same(accepted: MakeAvatar) -> None:
    prepared = photo_of(portrait(2600, 2000))
    bits = nearest(looks(likeness_of(prepared.data)), looks(prepared.likeness))
    assert bits is not None
    assert bits <= 2
