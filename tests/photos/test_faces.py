"""Faces are found where they are, however the photo lies, and nothing that happens there raises."""

import logging
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from hashlib import sha256
from math import dist
from pathlib import Path
from typing import Any

import pytest
import skimage.data
from PIL import Image, ImageEnhance, ImageOps

from avatars.photos import yunet
from avatars.photos.face import Face
from avatars.photos.faces import find_faces
from avatars.photos.framing import Frame, framed
from avatars.photos.inspect import inspect
from tests.photos.faces import beside, face_at
from tests.photos.pictures import portrait, saved

ROOT = Path(__file__).parents[2]
HASH = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
FACELESS = [
    "brick",
    "cat",
    "coffee",
    "coins",
    "grass",
    "gravel",
    "horse",
    "hubble_deep_field",
    "logo",
    "moon",
    "page",
    "retina",
    "rocket",
    "text",
]


def found(image: Image.Image) -> list[Face]:
    faces = find_faces(image)
    assert faces is not None
    return faces


def only(image: Image.Image) -> Face:
    (face,) = found(image)
    return face


def scene(name: str) -> Image.Image:
    pixels: Any = getattr(skimage.data, name)()
    return Image.fromarray(pixels if pixels.dtype != bool else pixels.astype("uint8") * 255)


def test_the_model_is_the_one_that_its_readme_names() -> None:
    assert sha256(yunet.MODEL.read_bytes()).hexdigest() == HASH
    assert HASH in yunet.MODEL.with_name("README.md").read_text()
    assert yunet.MODEL.with_name("LICENSE").read_text().startswith("MIT License")


@pytest.mark.parametrize("side", [128, 512, 1200, 3000])
def test_eyes_nose_and_mouth_are_where_they_are_in_a_photo_of_any_size(side: int) -> None:
    face = only(portrait(side, side))
    points = [*face.eyes, face.nose, *face.mouth]
    known = [(204, 182), (247, 181), (221, 203), (201, 221), (241, 221)]  # of 442 pixels
    for (x, y), place in zip(points, known, strict=True):
        assert dist((x * 442 / side, y * 442 / side), place) < 10
    assert face.left < 204 * side / 442 < 247 * side / 442 < face.right
    assert face.top < 181 * side / 442 < 221 * side / 442 < face.bottom
    assert 0.9 < face.score <= 1


def test_looking_changes_no_picture() -> None:
    image = portrait().copy()
    assert found(image) == found(portrait())
    assert image.tobytes() == portrait().tobytes()


def test_of_a_mirrored_photo_the_face_is_mirrored() -> None:
    face, mirrored = only(portrait()), only(ImageOps.mirror(portrait()))
    assert mirrored.middle[0] == pytest.approx(1200 - face.middle[0], abs=15)
    assert mirrored.mouth_middle[1] == pytest.approx(face.mouth_middle[1], abs=15)
    assert mirrored.eyes[0][0] < mirrored.eyes[1][0]


def test_a_dark_photo_has_its_face_too() -> None:
    assert only(ImageEnhance.Brightness(face_at()).enhance(0.2)).score > 0.9


@pytest.mark.parametrize("lean", [-30, -20, 20, 30])
def test_a_head_that_leans_is_known_by_its_side_and_roughly_by_its_angle(lean: float) -> None:
    tilt = only(face_at(lean=lean)).tilt
    assert tilt * lean > 0
    assert tilt == pytest.approx(lean, abs=12)


@pytest.mark.parametrize(
    ("how", "turns"),
    [
        (Image.Transpose.ROTATE_90, 1),
        (Image.Transpose.ROTATE_180, 2),
        (Image.Transpose.ROTATE_270, 3),
    ],
)
@pytest.mark.parametrize("size", [(1200, 1200), (900, 1200)])
def test_a_photo_that_lies_on_its_side_says_how_to_turn_it(
    how: Image.Transpose, turns: int, size: tuple[int, int]
) -> None:
    upright, lying = only(portrait(*size)), portrait(*size).transpose(how)
    face = only(lying)
    assert (upright.turns, face.turns) == (0, turns)
    turned = face.turned(face.turns, *lying.size)
    assert dist(turned.middle, upright.middle) < 15
    assert abs(turned.tilt) < 15


@pytest.mark.parametrize("frame", [Frame(1), Frame(0, 100, 50, 700), Frame(3, 200, 100, 900)])
def test_of_a_framed_photo_the_faces_are_where_the_frame_shows_them(frame: Frame) -> None:
    lying = portrait().rotate(90 * frame.turns)
    photo = inspect(saved(lying, "PNG")).photo
    assert photo is not None
    faces, cut_out = find_faces(lying, frame), only(framed(photo, frame).image)
    assert faces is not None
    assert faces[0].turns == 0
    assert dist(faces[0].middle, cut_out.middle) < 10


def test_turning_a_face_four_times_leaves_it_as_it_was() -> None:
    face = only(portrait(900, 1200))
    assert face.turned(4, 900, 1200) == face
    assert face.turned(1, 900, 1200).turned(3, 1200, 900).middle == pytest.approx(face.middle)


def test_two_people_are_two_faces_and_the_larger_one_comes_first() -> None:
    large, small = found(beside(face_at(side=600, head=0.2), face_at(side=600, head=0.4)))
    assert large.middle[0] == pytest.approx(900, abs=15)
    assert small.middle[0] == pytest.approx(300, abs=15)
    assert large.head_height > 1.5 * small.head_height


def test_a_face_from_the_side_looks_beyond_its_eyes() -> None:
    assert 0.3 < only(portrait()).nose_between_eyes < 0.7
    assert only(scene("camera")).nose_between_eyes > 1.1


@pytest.mark.parametrize("name", FACELESS)
def test_no_face_is_seen_where_there_is_none(name: str) -> None:
    assert found(scene(name)) == []


@pytest.mark.parametrize("sigma", [20, 80, 160])
def test_no_face_is_seen_in_noise_and_none_in_gradients(sigma: int) -> None:
    assert found(Image.effect_noise((700, 500), sigma).convert("RGB")) == []
    assert found(Image.radial_gradient("L").resize((sigma * 5, sigma * 5))) == []


@pytest.mark.parametrize("size", [(1, 1), (2, 7), (30_000, 1), (1, 30_000), (641, 640)])
def test_a_picture_of_an_odd_size_has_no_face_and_breaks_nothing(size: tuple[int, int]) -> None:
    assert found(Image.new("RGB", size, "grey")) == []


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "F", "I;16"])
def test_every_way_of_keeping_colours_will_do(mode: str) -> None:
    grey = portrait().convert("L").convert("I") if mode == "I;16" else portrait()
    assert len(found(grey.convert(mode))) == 1


def test_whatever_goes_wrong_is_written_down_and_means_that_nobody_knows(
    caplog: pytest.LogCaptureFixture,
) -> None:
    closed = portrait(300, 300).copy()
    closed.close()
    with caplog.at_level(logging.WARNING, "avatars.photos.faces"):
        assert find_faces(closed) is None
    assert "could not be looked for" in caplog.text


def test_sixteen_at_once_get_the_answers_of_one() -> None:
    pictures = [face_at(0.3 + 0.1 * place, side=400) for place in range(4)] * 4
    alone = [find_faces(image) for image in pictures[:4]] * 4
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(find_faces, pictures)) == alone


@pytest.mark.parametrize("missing", ["onnxruntime", "numpy"])
def test_without_the_extra_nobody_looks_and_everything_else_works(missing: str) -> None:
    code = (
        f"import sys; sys.modules['{missing}'] = None\n"
        "from PIL import Image\n"
        "from avatars.photos.faces import find_faces\n"
        "print(find_faces(Image.new('RGB', (9, 9))))"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.stdout.strip(), result.stderr) == ("None", "")


def test_what_is_known_of_a_face_is_where_it_is_and_nothing_to_know_it_again_by() -> None:
    """15 numbers: a box, five points, how sure it is. Two people in one place would be equal."""
    face = only(portrait())
    assert [field.name for field in fields(face)] == [
        *("left", "top", "width", "height"),
        *("eyes", "nose", "mouth", "score"),
    ]
    assert len(pickle.dumps(face)) < 400
