"""The chunks of a PNG (W3C PNG, third edition)."""

import struct
import zlib
from collections.abc import Iterator

from avatars.photos.header import (
    ALTERED,
    CUT_SHORT,
    NO_PICTURE,
    TOO_MANY_PARTS,
    Header,
)
from avatars.photos.limits import PARTS_MAX

# Bytes a pixel: while it is turned, or while a smaller one is made of it and looked at for faces;
# and as stored, with its alpha, and laid on white.
_OPAQUE, _WITH_ALPHA = 10.8, 12.0
_ALPHA_BIT = 4  # of the kind of colour in IHDR

MAGIC = b"\x89PNG\r\n\x1a\n"


def read_png_header(data: bytes) -> Header:
    """Size, frames and completeness. Bytes behind the end chunk don't matter."""
    width = height = end = 0
    depth = 8
    frames = 1
    weight = _OPAQUE
    name = b""
    intact = True
    for parts, (name, body, is_intact) in enumerate(_chunks(data)):
        if parts > PARTS_MAX:
            return Header("PNG", width, height, frames, flaw=TOO_MANY_PARTS)
        intact = intact and is_intact
        end += 12 + len(body)
        if name == b"IHDR" and len(body) >= 10 and not width:
            width, height, depth, colour = struct.unpack_from(">IIBB", body)
            weight = _WITH_ALPHA if colour & _ALPHA_BIT else weight
        elif name == b"tRNS":
            weight = _WITH_ALPHA
        elif name == b"acTL" and len(body) >= 4:
            frames = max(1, int.from_bytes(body[:4]))
    return Header(
        "PNG",
        width,
        height,
        frames,
        lossless=True,
        flaw=_flaw(name == b"IEND", intact, width * height),
        depth=depth,
        end=len(MAGIC) + end,
        weight=weight,
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview, bool]]:
    """Name, body and whether the checksum holds, to the end chunk or to the last whole one.

    Pillow skips the checksums of picture data, so a changed byte would pass unseen. Only
    critical chunks (capital first letter) count: broken ones of the others do no harm.
    """
    view = memoryview(data)
    position = len(MAGIC)
    while position + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            return
        is_critical = not name[0] & 0x20
        stated = int.from_bytes(view[end - 4 : end])
        intact = not is_critical or zlib.crc32(view[position + 4 : end - 4]) == stated
        yield name, view[position + 8 : end - 4], intact
        if name == b"IEND":
            return
        position = end


def _flaw(whole: bool, intact: bool, pixels: int) -> str | None:
    if not whole:
        return CUT_SHORT
    if not pixels:
        return NO_PICTURE
    return None if intact else ALTERED
