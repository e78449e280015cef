"""The preview of a whole photo, on which somebody draws a frame."""

import pytest
from PIL import Image

from avatars.photos.framing import Frame
from avatars.photos.inspect import inspect
from avatars.photos.prepare import preview
from tests.photos import pictures
from tests.photos.pictures import difference, opened, portrait


def seen(data: bytes, frame: Frame | None = None) -> Image.Image:
    whole = inspect(data, frame).whole
    assert whole is not None
    return opened(preview(whole)).convert("RGB")


@pytest.mark.parametrize("orientation", pictures.HELD)
def test_all_of_the_photo_is_there_and_upright(orientation: int) -> None:
    picture = seen(pictures.phone_jpeg(orientation, 1500, 2000))
    assert picture.size == (960, 1280)
    assert difference(picture, portrait(1500, 2000).resize((960, 1280))) < 4


def test_a_frame_takes_nothing_off_it() -> None:
    assert seen(pictures.portrait_jpeg(), Frame(1, 100, 100, 300)).size == (1200, 1200)


def test_a_photo_too_narrow_can_be_seen_and_a_small_one_is_not_enlarged() -> None:
    assert seen(pictures.portrait_jpeg(1600, 300)).size == (1280, 240)
    assert seen(pictures.portrait_png(90, 120)).size == (90, 120)
    assert seen(pictures.strip_png()).size == (1280, 1)


def test_nothing_but_the_picture_is_in_it() -> None:
    whole = inspect(pictures.talkative_jpeg()).whole
    assert whole is not None
    made = preview(whole)
    assert pictures.GPS_WORDS not in made
    assert b"Exif" not in made


def test_its_colours_are_those_of_screens() -> None:
    """The profile swaps red and green, so the picture without it must have them swapped."""
    picture = seen(pictures.portrait_jpeg(600, 600, icc_profile=pictures.swapping_profile()))
    red, green, blue = portrait(600, 600).split()
    assert "icc_profile" not in picture.info
    assert difference(picture, Image.merge("RGB", (green, red, blue))) < 5
