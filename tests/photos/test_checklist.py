"""The list of checks: one line for everything that was looked at, and none that is made up."""

from dataclasses import replace

import pytest

from avatars.photos.checklist import Check, checklist
from avatars.photos.framing import Frame
from avatars.photos.inspect import inspect
from avatars.photos.rules import CHECKS, METADATA, TOO_NARROW
from tests.photos import pictures


def lines(data: bytes, frame: Frame | None = None) -> dict[str, Check]:
    """By key; of several lines of one check the first."""
    found = checklist(inspect(data, frame))
    return {check.key: check for check in reversed(found)}


def measured(data: bytes) -> dict[str, tuple[str, str]]:
    return {key: (check.state, check.measured) for key, check in lines(data).items()}


def test_every_line_of_a_good_photo_says_what_was_measured() -> None:
    found = checklist(inspect(pictures.portrait_jpeg()))
    assert [(check.title, check.measured) for check in found] == [
        ("Kind of file", "JPEG"),
        ("Size of the file", "0.2 MB"),
        ("In one piece", "read to its last pixel"),
        ("Pixels", "1200 x 1200 pixels"),
        ("Shape", "square"),
        ("Upright", "upright"),
        ("Colours", "in colour"),
        ("Hidden data", "nothing but the picture"),
        ("Small enough to send", "light enough as it is"),
        ("Framing", "a face, well in the picture"),
    ]
    assert {(check.state, check.wanted, check.code) for check in found} == {("good", "", "")}


def test_what_was_found_speaks_in_its_own_words() -> None:
    check = lines(pictures.portrait_jpeg(1600, 300))["shape"]
    assert check.as_dict() == {
        "key": "shape",
        "title": TOO_NARROW.title,
        "state": "error",
        "measured": "1600 x 300 pixels, 5.3 to 1",
        "wanted": TOO_NARROW.wanted,
        "how_to_fix": TOO_NARROW.how_to_fix,
        "code": "too-narrow",
    }


def test_what_is_put_in_order_is_neither_good_nor_wrong() -> None:
    found = measured(pictures.phone_jpeg(3))
    assert found["upright"] == ("fixed", "upside down")
    assert found["metadata"] == ("fixed", "place, camera")
    assert lines(pictures.phone_jpeg(3))["metadata"].title == METADATA.title


def test_lines_stand_in_one_order_and_the_worst_of_a_check_comes_first() -> None:
    found = checklist(inspect(pictures.palette_png()))
    assert [check.state for check in found if check.key == "colours"] == ["advice", "fixed"]
    places = [list(CHECKS).index(check.key) for check in found]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("data", "wrong", "known"),
    [
        (b"", "bytes", {}),
        (b"just words", "kind", {"bytes": "1 KB"}),
        (pictures.portrait_jpeg()[:20_000], "whole", {"kind": "JPEG", "bytes": "20 KB"}),
        (pictures.png_bomb(), "pixels", {"kind": "PNG", "bytes": "1 KB"}),
        (pictures.webp_bomb(), "pixels", {"kind": "WebP", "bytes": "1 KB"}),
    ],
    ids=["empty", "words", "cut-short", "png-bomb", "webp-bomb"],
)
def test_what_could_not_be_looked_at_is_unknown_and_not_good(
    data: bytes, wrong: str, known: dict[str, str]
) -> None:
    found = lines(data)
    assert found[wrong].state == "error"
    assert {key: c.measured for key, c in found.items() if c.state == "good"} == known
    rest = set(found) - {wrong, *known}
    assert {found[key].state for key in rest} == {"unknown"}
    assert all(check.measured for check in found.values())


def test_pixels_and_shape_are_those_of_the_frame() -> None:
    found = lines(pictures.portrait_jpeg(2000, 1300), Frame(0, 50, 60, 1200))
    assert found["pixels"].measured == "1200 x 1200 pixels"
    assert (found["shape"].state, found["shape"].measured) == ("good", "square")


def test_framing_has_a_line_when_faces_were_looked_for() -> None:
    inspection = inspect(pictures.portrait_jpeg())
    assert checklist(inspection)[-1].title == "Framing"
    unseen = replace(inspection, faces=None)
    assert "face" not in {check.key for check in checklist(unseen)}
