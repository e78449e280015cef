"""A frame: what somebody chose of a photo is what is judged, prepared and sent."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from avatars.photos.framing import Frame, framed
from avatars.photos.inspect import Inspection, inspect
from avatars.photos.photo import Photo
from avatars.photos.prepare import prepare
from tests.photos import pictures
from tests.photos.pictures import difference, opened, portrait

# Quarter turns clockwise, as Pillow names them.
TURNS = {
    0: None,
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}
ANY_NUMBER = st.integers(-(10**9), 10**9) | st.integers(-50, 700)


def turned(turns: int, width: int = 400, height: int = 600) -> Image.Image:
    how = TURNS[turns]
    upright = portrait(width, height)
    return upright if how is None else upright.transpose(how)


def shown(frame: Frame, data: bytes | None = None) -> Photo:
    photo = inspect(data or pictures.portrait_png(400, 600), frame).photo
    assert photo is not None
    return photo


WHOLE = shown(Frame())


def codes(inspection: Inspection) -> list[str]:
    return [finding.code for finding in inspection.findings]


@pytest.mark.parametrize("turns", TURNS)
def test_a_frame_shows_its_square_of_the_turned_picture_to_the_pixel(turns: int) -> None:
    photo = shown(Frame(turns, left=30, top=70, side=300))
    assert (photo.width, photo.height) == photo.image.size == (300, 300)
    assert difference(photo.image, turned(turns).crop((30, 70, 330, 370))) == 0


@pytest.mark.parametrize("turns", TURNS)
def test_a_frame_without_a_square_only_turns(turns: int) -> None:
    photo = shown(Frame(turns))
    assert difference(photo.image, turned(turns)) == 0
    assert (photo.width, photo.height) == photo.image.size


def test_a_frame_lies_in_the_upright_picture_whatever_way_it_was_stored() -> None:
    data = pictures.phone_photo("PNG", 6, 400, 600)
    photo = shown(Frame(0, 30, 170, 300), data)
    assert difference(photo.image, turned(0).crop((30, 170, 330, 470))) == 0


@pytest.mark.parametrize(
    ("frame", "nearest"),
    [
        (Frame(0, -50, -1, 300), Frame(0, 0, 0, 300)),
        (Frame(0, 5000, 5000, 300), Frame(0, 100, 300, 300)),
        (Frame(0, 50, 250, 5000), Frame(0, 0, 200, 400)),
        (Frame(1, 5000, 5000, 300), Frame(1, 300, 100, 300)),
        (Frame(5, 10, 10, 300), Frame(1, 10, 10, 300)),
        (Frame(-1, 10, 10, 300), Frame(3, 10, 10, 300)),
        (Frame(4), Frame()),
        (Frame(2, 7, 7, -300), Frame(2)),
    ],
)
def test_a_frame_beyond_the_picture_becomes_the_nearest_within(
    frame: Frame, nearest: Frame
) -> None:
    assert frame.within(400, 600) == nearest
    assert difference(shown(frame).image, shown(nearest).image) == 0


@settings(max_examples=200, deadline=None)
@given(turns=ANY_NUMBER, left=ANY_NUMBER, top=ANY_NUMBER, side=ANY_NUMBER)
def test_any_numbers_at_all_make_a_frame(turns: int, left: int, top: int, side: int) -> None:
    frame = Frame(turns, left, top, side)
    assert framed(WHOLE, frame).image.size == frame.sides(WHOLE.width, WHOLE.height)


def test_the_frame_of_everything_is_the_photo_itself() -> None:
    inspection = inspect(pictures.portrait_jpeg(), Frame())
    assert inspection.photo is inspection.whole


def test_pixels_and_shape_are_judged_inside_the_frame() -> None:
    strip = pictures.portrait_jpeg(1600, 300)
    assert codes(inspect(strip)) == ["too-narrow"]
    inspection = inspect(strip, Frame(0, 600, 0, 300))
    assert codes(inspection)[0] == "small"
    assert inspection.findings[0].measured == "300 x 300 pixels"
    assert (inspection.facts.width, inspection.facts.height) == (1600, 300)
    assert inspection.sides == (300, 300)


def test_a_turned_frame_is_told_of_the_sides_that_people_see() -> None:
    finding, lying = inspect(pictures.portrait_jpeg(1800, 1200), Frame(turns=1)).findings
    assert lying.code == "face-sideways"
    assert finding.measured == "1200 x 1800 pixels"
    assert "top and bottom" in finding.how_to_fix


def test_a_frame_drawn_too_tightly_is_refused_and_can_be_drawn_again() -> None:
    inspection = inspect(pictures.portrait_jpeg(), Frame(0, 500, 500, 100))
    assert codes(inspection) == ["too-few-pixels"]
    assert inspection.photo is None
    assert inspection.whole is not None
    assert inspection.whole.image.size == (1200, 1200)


@pytest.mark.parametrize("data", [pictures.portrait_jpeg(1600, 300), pictures.portrait_png(90, 90)])
def test_a_photo_refused_for_its_shape_is_there_to_be_framed(data: bytes) -> None:
    inspection = inspect(data)
    assert inspection.photo is None
    assert inspection.whole is not None


@pytest.mark.parametrize(
    "data", [pictures.moving_png(), pictures.portrait_jpeg()[:-900], b"GIF89a"]
)
def test_a_file_that_is_refused_itself_is_not(data: bytes) -> None:
    assert inspect(data, Frame(1, 10, 10, 50)).whole is None


@pytest.mark.parametrize("turns", TURNS)
def test_a_framed_phone_photo_is_sent_square_upright_and_bare(turns: int) -> None:
    frame = Frame(turns, left=120, top=40, side=1100)
    photo = prepare(shown(frame, pictures.phone_jpeg(6, 1200, 1600)))
    picture = opened(photo.data)
    assert (photo.width, photo.height) == picture.size == (1100, 1100)
    width, height = (1600, 1200) if turns % 2 else (1200, 1600)
    left = min(120, width - 1100)
    top = min(40, height - 1100)
    expected = turned(turns, 1200, 1600).crop((left, top, left + 1100, top + 1100))
    assert difference(picture, expected) < 3
    assert not picture.getexif()
    for made in (photo.data, *photo.thumbnails.values()):
        assert pictures.GPS_WORDS not in made


def test_a_light_part_of_a_heavy_photo_is_sent_as_it_is() -> None:
    heavy = pictures.noise_png(1350)
    assert inspect(heavy).fixes
    inspection = inspect(heavy, Frame(0, 0, 0, 1160))
    assert not inspection.fixes
    assert inspection.photo is not None
    assert prepare(inspection.photo).content_type == "image/png"


def test_a_photo_turned_back_by_its_frame_keeps_its_tables() -> None:
    upright = shown(Frame(), pictures.portrait_jpeg(600, 600, quality=70))
    framed_twice = framed(framed(upright, Frame(1)), Frame(3))
    assert framed_twice.compression == upright.compression
    assert difference(framed_twice.image, upright.image) == 0
