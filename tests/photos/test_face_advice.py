"""The framing doctor tells what is wrong in words, and says nothing about a photo that is fine."""

import pytest
import skimage.data
from PIL import Image, ImageOps

from avatars.photos.face_advice import face_findings
from avatars.photos.face_rules import FACE_RULES
from avatars.photos.faces import find_faces
from avatars.photos.finding import Finding
from avatars.photos.framing import Frame
from avatars.photos.inspect import inspect
from tests.photos.faces import beside, face_at
from tests.photos.pictures import astronaut, portrait, saved


def advice(image: Image.Image) -> dict[str, str]:
    """What was measured, by code."""
    return {finding.code: finding.measured for finding in findings(image)}


def findings(image: Image.Image) -> list[Finding]:
    faces = find_faces(image)
    assert faces is not None
    return face_findings(faces, *image.size)


@pytest.mark.parametrize("x", [0.41, 0.5, 0.59])
@pytest.mark.parametrize("y", [0.4, 0.5, 0.6])
def test_a_face_about_where_it_belongs_is_fine(x: float, y: float) -> None:
    assert findings(face_at(x, y)) == []
    assert findings(ImageOps.mirror(face_at(x, y))) == []


@pytest.mark.parametrize("head", [0.22, 0.33, 0.45, 0.6])
def test_heads_of_many_sizes_are_fine(head: float) -> None:
    assert findings(face_at(head=head)) == []


def test_a_face_at_the_side_is_told_with_its_place() -> None:
    assert advice(face_at(0.25)) == {"face-off-centre": "the face is at 26 % of the width"}
    assert advice(face_at(0.75)) == {"face-off-centre": "the face is at 75 % of the width"}


def test_a_face_too_high_or_too_low_is_told_by_its_mouth() -> None:
    assert advice(face_at(y=0.3)) == {"face-high": "the mouth is at 30 % of the height"}
    assert advice(face_at(y=0.7)) == {"face-low": "the mouth is at 70 % of the height"}


def test_her_own_picture_has_too_little_room_above_the_hair() -> None:
    (finding,) = findings(astronaut())
    assert finding.code == "face-high"
    assert (
        finding.wanted
        == "the mouth at about 50 % of the height, a quarter of it free above " + ("the hair")
    )


def test_small_and_large_heads_are_told_with_their_part_of_the_height() -> None:
    assert advice(face_at(head=0.1)) == {"face-small": "the head takes about 9 % of the height"}
    large = advice(face_at(head=0.8))
    assert large["face-large"].endswith("% of the height")


@pytest.mark.parametrize(
    ("place", "edge"),
    [((0.02, 0.5), "left"), ((0.98, 0.5), "right"), ((0.5, 0.05), "top"), ((0.5, 0.97), "bottom")],
)
def test_a_face_that_is_cut_off_is_told_with_the_edge_and_nothing_more(
    place: tuple[float, float], edge: str
) -> None:
    assert advice(face_at(*place)) == {
        "face-cut": f"the face ends at the {edge} edge of the picture"
    }


def test_a_face_in_a_corner_is_cut_at_two_edges() -> None:
    measured = advice(face_at(0.03, 0.06))["face-cut"]
    assert measured == "the face ends at the top and the left edge of the picture"


@pytest.mark.parametrize(("lean", "side"), [(-30, "left"), (25, "right")])
def test_a_tilted_head_is_told_with_angle_and_side(lean: float, side: str) -> None:
    (measured,) = advice(face_at(lean=lean)).values()
    assert measured.startswith("tilted by about ")
    assert measured.endswith(f" degrees to the {side}")


@pytest.mark.parametrize("lean", [-10, -5, 5])
def test_a_head_held_as_people_hold_it_is_fine(lean: float) -> None:
    assert findings(face_at(lean=lean)) == []


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (Image.Transpose.ROTATE_90, "the face lies on its side, with the hair to the left"),
        (Image.Transpose.ROTATE_180, "the face stands on its head"),
        (Image.Transpose.ROTATE_270, "the face lies on its side, with the hair to the right"),
    ],
)
def test_a_photo_on_its_side_is_told_before_anything_else(how: Image.Transpose, words: str) -> None:
    assert advice(face_at(0.2, 0.3).transpose(how)) == {"face-sideways": words}


def test_two_people_are_one_too_many() -> None:
    assert advice(beside(face_at(side=600), ImageOps.mirror(face_at(side=600)))) == {
        "several-faces": "2 faces"
    }


def test_somebody_far_behind_does_not_count() -> None:
    assert "several-faces" not in advice(beside(face_at(side=600), face_at(side=600, head=0.08)))


def test_no_face_is_told() -> None:
    assert advice(Image.linear_gradient("L")) == {"no-face": "no face that could be made out"}


def test_a_face_lost_in_a_huge_picture_is_told_one_way_or_the_other() -> None:
    canvas = Image.new("RGB", (6000, 6000), "white")
    canvas.paste(astronaut().resize((900, 900)), (3000, 2500))
    assert advice(canvas).keys() <= {"no-face", "face-small"}
    assert advice(canvas)


def test_somebody_who_looks_to_the_side_is_told_so() -> None:
    profile = Image.fromarray(skimage.data.camera())  # type: ignore[no-untyped-call]
    assert advice(profile)["face-turned"] == "it looks to the right of the picture"
    assert advice(ImageOps.mirror(profile))["face-turned"] == "it looks to the left of the picture"


def test_the_verdict_about_a_photo_has_it_and_the_faces_of_what_the_frame_shows() -> None:
    photo = saved(face_at(0.25, side=1600), "PNG")
    inspection = inspect(photo)
    assert [finding.code for finding in inspection.advice] == ["face-off-centre"]
    centred = inspect(photo, Frame(0, 0, 400, 800))
    assert [finding.code for finding in centred.advice] == ["small"]
    assert inspection.faces
    assert centred.faces
    assert inspection.faces[0].middle[1] - centred.faces[0].middle[1] == pytest.approx(400, abs=10)


def test_of_a_photo_that_is_refused_nobody_looks_for_faces() -> None:
    assert inspect(saved(portrait(200, 200), "PNG")).faces is None


def test_all_of_it_is_advice_under_the_line_of_framing_with_words_for_people() -> None:
    assert len({rule.code for rule in FACE_RULES}) == len(FACE_RULES)
    for rule in FACE_RULES:
        assert (rule.severity, rule.check) == ("advice", "face")
        assert rule.how_to_fix.endswith(".")
        assert rule.why.count(".") >= 2
