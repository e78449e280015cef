"""A JPEG without anything but its picture, whose coded pixels stay as they are (ITU T.81, annex B).

Writing a photo anew costs time and a little of the picture. Where nothing has to change, it is
enough to copy what a decoder needs: no metadata, no second picture and no trailing bytes come
along, because nothing is copied that is not known.
"""

import re
from collections.abc import Iterator

from avatars.photos.jpeg_header import read_jpeg_header

_SEGMENT = re.compile(rb"\xff+([^\x00\xff])")
# Inside picture data, FF is followed by 00 or by a restart marker.
_NEXT = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_END, _SCAN = 0xD9, 0xDA
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive; all with Huffman codes
_TABLES = {0xC4, 0xDB, 0xDD}  # Huffman, quantisation, restart interval
_FOREIGN = {*range(0xE0, 0xF0), 0xFE}  # what applications add, and comments
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_ICC = b"ICC_PROFILE\x00"
_ICC_PART = 65_519  # bytes of a profile that fit into one segment


def stripped(data: bytes, profile: bytes | None) -> bytes | None:
    """The same picture with `profile` and nothing else; None for a file that is odd in any way.

    For 8-bit pictures of brightness and chroma only: the new header says that they are.
    """
    try:
        kept = b"".join(_kept(data))
    except ValueError:
        return None
    written = b"".join([b"\xff\xd8", _JFIF, *_profile_parts(profile), kept])
    before, after = read_jpeg_header(data), read_jpeg_header(written)
    return written if before == after else None


def _kept(data: bytes) -> Iterator[bytes]:
    """From the first table to the end of the picture. Raises ValueError."""
    position, frames = 2, 0
    while found := _SEGMENT.match(data, position):
        marker, position = found[1][0], found.end()
        if marker == _END and frames == 1:
            yield b"\xff\xd9"
            return
        segment = _segment(data, position)
        position += len(segment)
        if marker in _FOREIGN:
            continue
        if marker in _FRAMES:
            _check_frame(segment)
            frames += 1
        elif marker not in _TABLES and marker != _SCAN:
            break
        yield bytes((0xFF, marker)) + segment
        if marker == _SCAN:
            end = _end_of_scan(data, position)
            # Bytes that only fill up to the next marker are no part of the picture.
            yield data[position:end].rstrip(b"\xff")
            position = end
    raise ValueError("not a plain JPEG")


def _segment(data: bytes, position: int) -> bytes:
    """With the two bytes of its length."""
    length = int.from_bytes(data[position : position + 2])
    segment = data[position : position + length]
    if length < 2 or len(segment) < length:
        raise ValueError("a segment is cut short")
    return segment


def _check_frame(segment: bytes) -> None:
    """Eight bits, a height, and one or three components that are not named R, G and B."""
    precision, height, components = segment[2], segment[3:5], segment[7]
    names = segment[8::3]
    if precision != 8 or height == b"\x00\x00" or components not in (1, 3) or names == b"RGB":
        raise ValueError("a picture of another kind")


def _end_of_scan(data: bytes, position: int) -> int:
    found = _NEXT.search(data, position)
    if found is None:
        raise ValueError("the picture does not end")
    return found.start()


def _profile_parts(profile: bytes | None) -> Iterator[bytes]:
    whole = profile or b""
    parts = [whole[start : start + _ICC_PART] for start in range(0, len(whole), _ICC_PART)]
    for number, part in enumerate(parts, start=1):
        length = (2 + len(_ICC) + 2 + len(part)).to_bytes(2)
        yield b"\xff\xe2" + length + _ICC + bytes((number, len(parts))) + part
