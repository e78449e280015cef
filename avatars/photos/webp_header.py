"""The chunks of a WebP (RFC 9649)."""

from collections.abc import Iterator

from avatars.photos.header import CUT_SHORT, NO_PICTURE, TOO_MANY_PARTS, Header
from avatars.photos.limits import PARTS_MAX

# Bytes a pixel: the decoder keeps two canvases and hands out a third, then there are ours.
_WEIGHT = 20.0


def is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def read_webp_header(data: bytes) -> Header:
    """Size, frames and completeness. Bytes behind the stated length don't matter.

    The size is read as the decoder reads it, from the first chunk: it sets aside the
    memory for that size before it looks at any picture.
    """
    end = 8 + int.from_bytes(data[4:8], "little")
    width = height = frames = 0
    lossless = False
    position = 12
    for parts, (name, body, next_position) in enumerate(_chunks(data, min(end, len(data)))):
        if parts > PARTS_MAX:
            return Header("WEBP", width, height, flaw=TOO_MANY_PARTS, weight=_WEIGHT)
        if position == 12:
            width, height = _size(name, body)
        frames += name == b"ANMF"
        lossless = lossless or name == b"VP8L"
        position = next_position
    whole = end <= len(data) and position <= end + 1
    flaw = CUT_SHORT if not whole else None if width * height else NO_PICTURE
    return Header(
        "WEBP",
        width,
        height,
        max(1, frames),
        lossless,
        flaw,
        end=end + end % 2,
        weight=_WEIGHT,
    )


def _chunks(data: bytes, end: int) -> Iterator[tuple[bytes, memoryview, int]]:
    """Name, body (short when the file is) and where the next chunk begins."""
    view = memoryview(data)
    position = 12
    while position + 8 <= end:
        name = data[position : position + 4]
        length = int.from_bytes(data[position + 4 : position + 8], "little")
        body = view[position + 8 : min(position + 8 + length, end)]
        position += 8 + length + length % 2
        yield name, body, position


def _size(name: bytes, body: memoryview) -> tuple[int, int]:
    """Pixels as the first chunk states them, (0, 0) when it does not."""
    if name == b"VP8X" and len(body) >= 10:
        return _little(body[4:7]) + 1, _little(body[7:10]) + 1
    if name == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = _little(body[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and len(body) >= 10 and bytes(body[3:6]) == b"\x9d\x01\x2a":
        return _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF
    return 0, 0


def _little(body: memoryview) -> int:
    return int.from_bytes(body, "little")
