"""What is hidden inside the coded picture of a JPEG, where a walk over its segments sees nothing.

Every one of these files is a good photo to a decoder, so it is accepted; what is kept of it shows
the same picture and brings nothing along.
"""

import struct

import numpy as np
import pytest

from avatars.photos.inspect import inspect
from avatars.photos.prepare import prepare
from avatars.photos.stripping import stripped
from tests.photos.pictures import SCRIPT, difference, grey_jpeg, opened, portrait_jpeg

PLAIN = portrait_jpeg(400, 320)
PROGRESSIVE = portrait_jpeg(400, 320, progressive=True)
RESTARTING = portrait_jpeg(400, 320, restart_marker_rows=1)
SIXTY_FOUR = (SCRIPT * 2)[:64]


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", 2 + len(content)) + content


def before(data: bytes, sign: bytes, more: bytes) -> bytes:
    """With more before the last place of a sign."""
    place = data.rindex(sign)
    return data[:place] + more + data[place:]


def first(data: bytes, more: bytes) -> bytes:
    return data[:2] + more + data[2:]


HIDDEN = {
    "in a table of steps that no scan uses": first(PLAIN, segment(0xDB, b"\x03" + SIXTY_FOUR)),
    "in a table of steps that is replaced": first(PLAIN, segment(0xDB, b"\x00" + SIXTY_FOUR)),
    "in a table of codes that no scan uses": first(
        PLAIN, segment(0xC4, b"\x13" + bytes(15) + bytes([len(SCRIPT)]) + SCRIPT)
    ),
    "in steps between the scans": before(
        PROGRESSIVE, b"\xff\xc4", segment(0xDB, b"\x00" + SIXTY_FOUR)
    ),
    "behind the last pixel": before(PLAIN, b"\xff\xd9", SCRIPT),
    "behind the pixels of a scan": before(PROGRESSIVE, b"\xff\xc4", SCRIPT),
    "behind a restart that has no business there": before(PLAIN, b"\xff\xd9", b"\xff\xd0" + SCRIPT),
    "behind one restart too many": before(RESTARTING, b"\xff\xd9", b"\xff\xd3" + SCRIPT),
    "behind the pixels of a restart interval": before(RESTARTING, b"\xff\xd1", SCRIPT),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_page_is_not_kept(how: str) -> None:
    photo = inspect(HIDDEN[how]).photo
    assert photo is not None
    assert photo.untouched
    kept = prepare(photo, thumbnails=False).data
    assert SCRIPT[:20] not in kept
    assert difference(opened(kept), photo.image) < 1


def test_restart_intervals_that_are_set_and_set_again_leave_the_last_one() -> None:
    chatter = b"".join(segment(0xDD, bytes((65, letter))) for letter in b"secrets")
    place = RESTARTING.index(b"\xff\xdd")
    assert stripped(RESTARTING[:place] + chatter + RESTARTING[place:], None) == stripped(
        RESTARTING, None
    )


@pytest.mark.parametrize("data", [PLAIN, PROGRESSIVE], ids=["plain", "progressive"])
def test_a_table_that_a_scan_needs_is_not_made_up(data: bytes) -> None:
    for marker in (b"\xff\xc4", b"\xff\xdb"):
        place = data.index(marker)
        length = int.from_bytes(data[place + 2 : place + 4])
        assert stripped(data[:place] + data[place + 2 + length :], None) is None


def test_a_table_of_codes_that_names_a_value_twice_is_odd() -> None:
    twice = segment(0xC4, b"\x13" + b"\x00\x02" + bytes(14) + b"!!")
    assert stripped(first(PLAIN, twice), None) is None


def test_a_picture_scanned_twice_or_in_part_is_odd() -> None:
    scan = PLAIN[PLAIN.index(b"\xff\xda") : -2]
    assert stripped(PLAIN[:-2] + scan + PLAIN[-2:], None) is None
    brightness_alone = scan[:2] + b"\0\x08\x01\x01\x00\x00\x3f\x00" + scan[14:]
    assert stripped(PLAIN.replace(scan, brightness_alone), None) is None


@pytest.mark.parametrize("transform", [b"\x00", b"\x02", b""])
def test_colours_that_adobe_calls_something_else_are_odd(transform: bytes) -> None:
    mark = segment(0xEE, b"Adobe\0d\0\0\0\0" + transform)
    assert stripped(first(PLAIN, mark), None) is None


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0", "4:1:1"])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("size", [(257, 263), (400, 320)])
def test_restarts_are_counted_whatever_the_sampling(
    subsampling: str, progressive: bool, size: tuple[int, int]
) -> None:
    data = portrait_jpeg(
        *size, subsampling=subsampling, progressive=progressive, restart_marker_blocks=5
    )
    kept = stripped(data, None)
    assert kept is not None
    assert (np.asarray(opened(kept)) == np.asarray(opened(data))).all()


def test_grey_is_sent_in_the_colours_of_all_other_photos() -> None:
    data = grey_jpeg(400, 320)
    photo = inspect(data).photo
    assert photo is not None
    kept = opened(prepare(photo, thumbnails=False).data)
    assert kept.mode == "RGB"
    assert difference(kept, opened(data).convert("RGB")) < 1
