"""Of an upright JPEG the coded picture is kept to the bit, and nothing else of the file."""

import re
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from avatars.photos.inspect import inspect
from avatars.photos.prepare import prepare
from avatars.photos.stripping import stripped
from tests.photos.pictures import portrait

PICTURE = portrait(320, 400)
SECRET = b"SECRET-47.11N-8.55E"


def jpeg(**options: Any) -> bytes:
    target = BytesIO()
    PICTURE.save(target, "JPEG", **options)
    return target.getvalue()


def pixels(data: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(data)))


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content


def behind_the_start(data: bytes, more: bytes) -> bytes:
    return data[:2] + more + data[2:]


def between_the_scans(data: bytes, more: bytes) -> bytes:
    """Before the third scan of a progressive picture."""
    start = [found.start() for found in re.finditer(rb"\xff\xda", data)][2]
    return data[:start] + more + data[start:]


PLAIN = jpeg(quality=90)
PROGRESSIVE = jpeg(quality=90, progressive=True)
FOREIGN = [
    (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
    (0xE2, b"FPXR\0" + SECRET),
    (0xED, SECRET),
    (0xFE, SECRET),
]
WAYS = {
    "plain": PLAIN,
    "progressive": PROGRESSIVE,
    "full chroma": jpeg(quality=95, subsampling="4:4:4"),
    "half chroma": jpeg(quality=80, subsampling="4:2:2"),
    "low quality": jpeg(quality=30),
    "restart markers": jpeg(quality=85, restart_marker_rows=1),
    "own tables": jpeg(qtables="web_high"),
    "optimised": jpeg(quality=85, optimize=True),
    "with a comment": jpeg(quality=85, comment=SECRET),
    "with Exif": jpeg(quality=85, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0" + SECRET),
    "with a zip behind it": PLAIN + b"PK\x03\x04" + SECRET,
    "with a second picture": PLAIN + PLAIN + SECRET,
    "with filling bytes": behind_the_start(PLAIN, b"\xff" * 9),
    "with Adobe's mark": behind_the_start(PLAIN, segment(0xEE, b"Adobe\0d\0\0\0\0\x01")),
    "with more between the scans": between_the_scans(PROGRESSIVE, segment(0xFE, SECRET)),
    **{
        f"with segment {marker:X}": behind_the_start(PLAIN, segment(marker, content))
        for marker, content in FOREIGN
    },
}


@pytest.mark.parametrize("name", WAYS)
def test_the_picture_stays_to_the_bit_and_nothing_else_does(name: str) -> None:
    written = stripped(WAYS[name], None)
    assert written is not None
    assert (pixels(written) == pixels(WAYS[name])).all()
    assert SECRET not in written
    assert len(written) <= len(WAYS[name]) + 18
    assert stripped(written, None) == written


@pytest.mark.parametrize("name", WAYS)
def test_a_prepared_photo_is_that_picture(name: str) -> None:
    photo = inspect(WAYS[name]).photo
    assert photo is not None
    assert prepare(photo, thumbnails=False).data == stripped(WAYS[name], None)


@pytest.mark.parametrize("size", [500, 65_519, 65_520, 150_000])
def test_the_profile_is_written_anew(size: int) -> None:
    profile = bytes(range(250)) * (size // 250)
    written = stripped(PLAIN, profile)
    assert written is not None
    assert Image.open(BytesIO(written)).info["icc_profile"] == profile
    assert (pixels(written) == pixels(PLAIN)).all()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        PLAIN[:-2],
        PLAIN[:300],
        PLAIN.replace(b"\xff\xc0", b"\xff\xc9"),  # arithmetic codes
        PLAIN.replace(b"\xff\xc0", b"\xff\xc3"),  # lossless
        behind_the_start(PLAIN, b"\0\0"),
        behind_the_start(PLAIN, segment(0xDC, b"\1\x90")),  # the height in a place of its own
        behind_the_start(PLAIN, b"\xff\xd0"),
        behind_the_start(PLAIN, b"\xff\xe1\0\1"),
    ],
)
def test_an_odd_file_is_none_of_ours(data: bytes) -> None:
    assert stripped(data, None) is None


def test_colours_of_another_kind_are_written_anew() -> None:
    target = BytesIO()
    PICTURE.convert("CMYK").save(target, "JPEG")
    assert stripped(target.getvalue(), None) is None
    grey = BytesIO()
    PICTURE.convert("L").save(grey, "JPEG")
    photo = inspect(grey.getvalue()).photo
    assert photo is not None
    assert not photo.untouched


@given(
    marker=st.sampled_from([*range(0xE0, 0xEE), 0xEF, 0xFE]),
    content=st.binary(max_size=2_000),
    fill=st.integers(0, 5),
)
def test_whatever_is_put_in_does_not_come_out(marker: int, content: bytes, fill: int) -> None:
    data = behind_the_start(PLAIN, b"\xff" * fill + segment(marker, content))
    assert stripped(data, None) == stripped(PLAIN, None)
