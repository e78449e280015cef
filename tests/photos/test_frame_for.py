"""“Frame it for me” puts the mouth at half the height, and never leaves the picture."""

from io import BytesIO

import pytest
from PIL import Image, ImageOps

from avatars.photos.face_advice import face_findings
from avatars.photos.faces import Face, find_faces
from avatars.photos.framing import Frame, frame_for, framed
from avatars.photos.inspect import inspect
from tests.photos.faces import face_at
from tests.photos.pictures import astronaut


def main_face(image: Image.Image) -> Face:
    faces = find_faces(image)
    assert faces
    return faces[0]


def proposed(image: Image.Image) -> Frame:
    frame = frame_for(main_face(image), *image.size)
    assert frame == frame.within(*image.size)
    assert frame.side
    return frame


def shown(image: Image.Image) -> Image.Image:
    """What a person sees who takes the proposal."""
    target = BytesIO()
    image.save(target, "JPEG", quality=90)
    photo = inspect(target.getvalue()).photo
    assert photo is not None
    return framed(photo, proposed(image)).image


@pytest.mark.parametrize("x", [0.3, 0.5, 0.68])
@pytest.mark.parametrize("y", [0.35, 0.5, 0.6])
def test_the_mouth_comes_to_half_the_height_and_the_face_to_the_middle(x: float, y: float) -> None:
    image = shown(face_at(x, y, head=0.14, side=2000))
    face = main_face(image)
    assert image.width == image.height >= 800
    assert face.middle[0] / image.width == pytest.approx(0.5, abs=0.03)
    assert face.mouth_middle[1] / image.height == pytest.approx(0.5, abs=0.03)
    assert face_findings([face], *image.size) == []


def test_a_quarter_stays_free_above_the_hair_where_pixels_are_plenty() -> None:
    """Her hair stands high: what is free above it is a little less."""
    image = shown(face_at(head=0.2, side=3000))
    face = main_face(image)
    assert (face.mouth_middle[1] - face.mouth_to_hair) / image.height == pytest.approx(
        0.25, abs=0.03
    )


def test_where_pixels_are_short_it_takes_more_of_the_picture_and_keeps_the_face() -> None:
    assert proposed(face_at(head=0.25, side=1400)).side == 1152
    image = shown(face_at(head=0.1, side=1400))
    assert face_findings([main_face(image)], *image.size) == []


@pytest.mark.parametrize("size", [(1200, 1200), (900, 1200), (1600, 1200), (300, 400)])
def test_where_the_picture_ends_too_soon_it_comes_as_near_as_it_can(size: tuple[int, int]) -> None:
    image = ImageOps.fit(astronaut(), size)
    frame = proposed(image)
    before, after = main_face(image).mouth_middle[1] / image.height, main_face(shown(image))
    assert frame.top == 0
    assert before < after.mouth_middle[1] / frame.side < 0.5
    assert after.middle[0] / frame.side == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("how", "turns"),
    [
        (Image.Transpose.ROTATE_90, 1),
        (Image.Transpose.ROTATE_180, 2),
        (Image.Transpose.ROTATE_270, 3),
    ],
)
def test_a_photo_on_its_side_is_turned_too(how: Image.Transpose, turns: int) -> None:
    lying = face_at(0.4, 0.45, head=0.2, side=2000).crop((0, 0, 1500, 2000)).transpose(how)
    assert proposed(lying).turns == turns
    image = shown(lying)
    face = main_face(image)
    assert face_findings([face], *image.size) == []
    assert face.mouth_middle[1] / image.height == pytest.approx(0.5, abs=0.05)


def test_no_frame_is_smaller_than_a_photo_may_be_unless_the_picture_is() -> None:
    assert proposed(face_at(head=0.05)).side == 256
    assert proposed(face_at(side=200)).side == 200
