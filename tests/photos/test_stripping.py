"""Of an upright JPEG the coded picture is kept to the bit, and nothing else of the file."""

import re
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from avatars.photos.inspect import inspect
from avatars.photos.prepare import prepare
from avatars.photos.stripping import stripped
from tests.photos import pictures
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
RESTARTING = jpeg(quality=85, restart_marker_rows=1)
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
    **{f"quality {quality}": jpeg(quality=quality) for quality in (30, 55, 75, 98)},
    "restart markers": RESTARTING,
    "progressive with restart markers": jpeg(progressive=True, restart_marker_blocks=7),
    "own tables": jpeg(qtables="web_high"),
    "optimised": jpeg(quality=85, optimize=True),
    "with a comment": jpeg(quality=85, comment=SECRET),
    "with Exif": jpeg(quality=85, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0" + SECRET),
    "with a zip behind it": PLAIN + b"PK\x03\x04" + SECRET,
    "with a second picture": PLAIN + PLAIN + SECRET,
    "from a phone with two lenses": pictures.mpo(640, 480),
    "filled up before its end": PLAIN[:-2] + b"\xff" * 5 + PLAIN[-2:],
    "filled up between the scans": between_the_scans(PROGRESSIVE, b"\xff" * 5),
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


@pytest.mark.parametrize(
    "more",
    [segment(0xDB, b"\x03" + SECRET.ljust(64)), segment(0xC4, b"\x13\1" + bytes(15) + b"!")],
    ids=["quantisation", "codes"],
)
def test_a_table_that_no_scan_asks_for_stays_behind(more: bytes) -> None:
    assert stripped(behind_the_start(PLAIN, more), None) == stripped(PLAIN, None)


@pytest.mark.parametrize("size", [20_000, 180_000])
def test_a_profile_comes_along_with_the_picture(size: int) -> None:
    profile = pictures.big_profile(size)
    data = jpeg(icc_profile=profile, comment=SECRET)
    photo = inspect(data).photo
    assert photo is not None
    written = prepare(photo, thumbnails=False).data
    assert written == stripped(jpeg(), profile)
    assert Image.open(BytesIO(written)).info["icc_profile"] == profile


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
        behind_the_start(PLAIN, b"\xff\x01"),  # a marker without a length
        behind_the_start(PLAIN, segment(0xC0, b"\x08")),
        behind_the_start(PLAIN, segment(0xC4, b"\0")),
        behind_the_start(PLAIN, segment(0xDB, SECRET)),
        behind_the_start(PLAIN, segment(0xDD, b"\0\0" + SECRET)),
        behind_the_start(PLAIN, PLAIN[PLAIN.index(b"\xff\xda") : -2]),  # before its frame
        behind_the_start(PLAIN, PLAIN[PLAIN.index(b"\xff\xc0") :][:19]),  # two frames
        PLAIN.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c"),  # twelve bits
        PLAIN.replace(b"\xff\xc0\0\x11\x08\1\x90", b"\xff\xc0\0\x11\x08\0\0"),  # no height
        jpeg(keep_rgb=True),
        PLAIN[:-2] + pictures.SCRIPT + PLAIN[-2:],
        PLAIN[:-2] + b"PK\5\6" + bytes(18) + PLAIN[-2:],
        PLAIN[:-2] + b"\xff\xd0" + PLAIN[-2:],  # a restart nobody asked for
        RESTARTING.replace(b"\xff\xd1", b"\xff\xd2"),
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


@settings(deadline=None)
@given(
    data=st.sampled_from([PLAIN, PROGRESSIVE]),
    changes=st.lists(st.tuples(st.integers(2, 900), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_a_spoilt_file_is_none_of_ours_or_shows_the_same(
    data: bytes, changes: list[tuple[int, int]]
) -> None:
    """900 bytes reach over the headers of both into the picture data."""
    spoilt = bytearray(data)
    for place, value in changes:
        spoilt[place] = value
    photo = inspect(bytes(spoilt)).photo
    if photo is not None and photo.untouched:
        written = prepare(photo, thumbnails=False).data
        if written == stripped(bytes(spoilt), photo.profile):
            assert (pixels(written) == np.asarray(photo.image)).all()
