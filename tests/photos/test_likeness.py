"""Photos that look alike are told from others, and the mark says nothing of a face."""

import re

import pytest
from PIL import Image, ImageEnhance, ImageOps

from avatars.photos.inspect import inspect
from avatars.photos.likeness import ALIKE, likeness, looks, nearest
from avatars.photos.prepare import prepare
from tests.photos import pictures


def saved_again(image: Image.Image, kind: str, **options: int) -> Image.Image:
    return pictures.opened(pictures.saved(image, kind, **options)).convert("RGB")


ASTRONAUT = pictures.portrait(1200, 1200)
VARIANTS = {
    "saved at low quality": saved_again(ASTRONAUT, "JPEG", quality=25),
    "as WebP": saved_again(ASTRONAUT, "WEBP", quality=60),
    "a quarter of the size": ASTRONAUT.resize((300, 300)),
    "lighter": ImageEnhance.Brightness(ASTRONAUT).enhance(1.25),
    "without colours": ImageOps.grayscale(ASTRONAUT).convert("RGB"),
    "with less contrast": ImageEnhance.Contrast(ASTRONAUT).enhance(0.6),
    "a little cropped": ASTRONAUT.crop((24, 24, 1176, 1176)),
}
OTHERS = {
    "mirrored": ImageOps.mirror(ASTRONAUT),
    "upside down": ImageOps.flip(ASTRONAUT),
    "a wall": Image.effect_noise((600, 600), 80).convert("RGB"),
    "a gradient": Image.linear_gradient("L").resize((600, 600)).convert("RGB"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_the_same_picture_is_known_again(name: str) -> None:
    assert nearest(looks(likeness(ASTRONAUT)), looks(likeness(VARIANTS[name]))) is not None


@pytest.mark.parametrize("name", OTHERS)
def test_another_picture_is_not(name: str) -> None:
    one, other = (int(likeness(image), 16) for image in (ASTRONAUT, OTHERS[name]))
    assert (one ^ other).bit_count() > 2 * ALIKE
    assert nearest(frozenset({one}), frozenset({other})) is None


def test_it_is_64_bits_and_the_same_every_time() -> None:
    marks = {likeness(ASTRONAUT.copy()) for _ in range(3)}
    assert len(marks) == 1
    assert re.fullmatch("[0-9a-f]{16}", marks.pop())


def test_nothing_is_like_a_photo_whose_mark_is_unknown() -> None:
    known = looks(likeness(ASTRONAUT))
    assert nearest(looks(""), looks("")) is None
    assert nearest(known, looks("")) is None
    assert nearest(known, known) == 0


def test_of_a_whole_and_of_what_was_cut_out_of_it_the_nearest_counts() -> None:
    whole, cut = likeness(ASTRONAUT), likeness(ASTRONAUT.crop((300, 0, 900, 600)))
    assert nearest(looks(cut), looks(whole)) is None
    assert nearest(looks(cut), looks(whole, cut)) == 0
    assert nearest(looks(cut, whole), looks("", whole)) == 0


def test_every_way_of_saving_one_photo_prepares_to_one_likeness() -> None:
    """Also lying on its side, as phones save it: the mark is that of the upright picture."""
    marks = []
    for orientation in (1, 6):
        photo = inspect(pictures.phone_jpeg(orientation)).photo
        assert photo
        marks.append(prepare(photo).likeness)
    assert nearest(*map(looks, marks)) is not None
