"""The segments of a JPEG (ITU T.81, annex B)."""

import re
import struct
from dataclasses import dataclass
from operator import mul

from avatars.photos.header import (
    CUT_SHORT,
    NO_PICTURE,
    TOO_MANY_PARTS,
    UPRIGHT_AND_TURNED,
    Header,
)
from avatars.photos.limits import HALVED_ABOVE, PARTS_MAX, SCANS_MAX

MAGIC = b"\xff\xd8\xff"

# Inside picture data FF is followed by 00 or by a restart marker; anything else is a
# real marker. One FF at a time: a repeat would make long fillings cost their square.
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_END = 0xD9
_SCAN = 0xDA
_WITHOUT_LENGTH = {0x01, 0xD8}
_PIXEL_BYTES, _VALUE_BYTES = 4, 2  # decoded, and as it was coded
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def read_jpeg_header(data: bytes) -> Header:
    """Walk to the end of the first picture; later ones and trailing bytes don't matter.

    Phones put a second picture (depth, gain map) behind the first, so the last two bytes
    of the file prove nothing.
    """
    parts = scans = 0
    frame = _NO_FRAME
    whole = False
    position = 2
    while not whole and parts <= PARTS_MAX and (found := _MARKER.search(data, position)):
        marker, position = found[1][0], found.end()
        parts += 1
        if marker == _END:
            whole = True
        elif marker not in _WITHOUT_LENGTH:
            if marker in _FRAMES and not frame.width:
                frame = _frame(data, position)
            scans += marker == _SCAN
            position += int.from_bytes(data[position : position + 2])
    if parts > PARTS_MAX or scans > SCANS_MAX:
        return Header("JPEG", frame.width, frame.height, flaw=TOO_MANY_PARTS)
    return _header(frame, scans, position, _flaw(whole, scans * frame.width * frame.height))


@dataclass(frozen=True)
class _Frame:
    """Sides in pixels; how many values are coded for each pixel, of all colours together."""

    width: int = 0
    height: int = 0
    values: float = 0.0


_NO_FRAME = _Frame()


def _header(frame: _Frame, scans: int, end: int, flaw: str | None) -> Header:
    """A picture in several scans is kept as it was coded, until the last one has been read."""
    kept = _VALUE_BYTES * frame.values if scans > 1 else 0.0
    weight = max(UPRIGHT_AND_TURNED, _PIXEL_BYTES + kept)
    halved = weight * frame.width * frame.height > HALVED_ABOVE
    return Header(
        "JPEG",
        frame.width,
        frame.height,
        flaw=flaw,
        end=end,
        weight=UPRIGHT_AND_TURNED / 4 + kept if halved else weight,
        passes=max(1, scans),
        halved=halved,
    )


def _frame(data: bytes, position: int) -> _Frame:
    """The segment SOF (B.2.2), from its length on."""
    if position + 8 > len(data):
        return _NO_FRAME
    height, width, count = struct.unpack_from(">HHB", data, position + 3)
    sampling = data[position + 9 : position + 8 + 3 * count : 3]
    across, down = [part >> 4 for part in sampling], [part & 15 for part in sampling]
    whole = max(across, default=0) * max(down, default=0)
    return _Frame(width, height, sum(map(mul, across, down)) / whole if whole else 0.0)


def _flaw(whole: bool, pixels: int) -> str | None:
    if not whole:
        return CUT_SHORT
    return None if pixels else NO_PICTURE
