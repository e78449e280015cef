"""The segments of a JPEG (ITU T.81, annex B)."""

import re
import struct

from avatars.photos.header import CUT_SHORT, NO_PICTURE, TOO_MANY_PARTS, Header
from avatars.photos.limits import PARTS_MAX, SCANS_MAX

MAGIC = b"\xff\xd8\xff"

# Inside picture data FF is followed by 00 or by a restart marker; anything else is a
# real marker. One FF at a time: a repeat would make long fillings cost their square.
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_END = 0xD9
_SCAN = 0xDA
_WITHOUT_LENGTH = {0x01, 0xD8}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def read_jpeg_header(data: bytes) -> Header:
    """Walk to the end of the first picture; later ones and trailing bytes don't matter.

    Phones put a second picture (depth, gain map) behind the first, so the last two bytes
    of the file prove nothing.
    """
    width = height = parts = scans = 0
    whole = False
    position = 2
    while not whole and parts <= PARTS_MAX and (found := _MARKER.search(data, position)):
        marker, position = found[1][0], found.end()
        parts += 1
        if marker == _END:
            whole = True
        elif marker not in _WITHOUT_LENGTH:
            if marker in _FRAMES and not width:
                width, height = _size(data, position)
            scans += marker == _SCAN
            position += int.from_bytes(data[position : position + 2])
    if parts > PARTS_MAX or scans > SCANS_MAX:
        return Header("JPEG", width, height, flaw=TOO_MANY_PARTS)
    flaw = _flaw(whole, scans * width * height)
    return Header("JPEG", width, height, flaw=flaw, end=position)


def _size(data: bytes, position: int) -> tuple[int, int]:
    if position + 7 > len(data):
        return 0, 0
    height, width = struct.unpack_from(">HH", data, position + 3)
    return width, height


def _flaw(whole: bool, pixels: int) -> str | None:
    if not whole:
        return CUT_SHORT
    return None if pixels else NO_PICTURE
