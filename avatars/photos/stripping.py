"""A JPEG without anything but its picture, whose coded pixels stay as they are (ITU T.81, annex B).

Writing a photo anew costs time and a little of the picture. Where nothing has to change, it is
enough to copy what a decoder needs: no metadata, no second picture and no trailing bytes come
along, because nothing is copied that is not known, and no table that no scan asks for.
"""

import re
from collections.abc import Iterator
from itertools import cycle, islice

from avatars.photos.jpeg_frame import FRAMES, Frame, Scan, read_frame, read_scan, units
from avatars.photos.jpeg_tables import huffman_tables, quantisation_tables

_SEGMENT = re.compile(rb"\xff+([^\x00\xff])")
# Inside picture data, FF is followed by 00 or by a restart marker.
_MARKER = re.compile(rb"\xff[^\x00]")
_RESTARTS = [bytes((0xFF, number)) for number in range(0xD0, 0xD8)]
_END, _SCAN = 0xD9, 0xDA
_HUFFMAN, _QUANTISATION, _INTERVAL = 0xC4, 0xDB, 0xDD
_ADOBE = 0xEE
_FOREIGN = {*range(0xE0, 0xF0), 0xFE}  # what applications add, and comments
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_ICC = b"ICC_PROFILE\x00"
_ICC_PART = 65_519  # bytes of a profile that fit into one segment

# Bytes behind the last pixel of a scan can't be told from pixels without decoding them, but a
# text can: of a thousand honest photos one or two have so long a run of letters by chance.
_LETTERS = bytes(b"a"[0] if byte in b"\t\n\r" or 32 <= byte < 127 else 0 for byte in range(256))
_TEXT = b"a" * 20
# ZIP archives are read from this sign, which lies within so many bytes of their end (4.3.16).
_ZIP_END, _ZIP_REACH = b"PK\x05\x06", 22 + 65_535


def stripped(data: bytes, profile: bytes | None) -> bytes | None:
    """The same picture with `profile` and nothing else; None for a file that is odd in any way.

    For 8-bit pictures of brightness and chroma only: the new header says that they are.
    """
    try:
        picture = list(_Copy(data).parts())
    except ValueError:
        return None
    written = b"".join([b"\xff\xd8", _JFIF, *_profile_parts(profile), *picture])
    return None if _ZIP_END in written[-_ZIP_REACH:] else written


class _Copy:
    """One walk through a file, from segment to segment."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 2
        self._frame: Frame | None = None
        self._frame_segment = b""
        self._quantisation: dict[int, bytes] = {}
        self._codes: dict[int, bytes] = {}
        self._interval = 0
        self._written_codes: dict[int, bytes] = {}
        self._written_interval = 0
        self._seen: set[int] = set()

    def parts(self) -> Iterator[bytes]:
        """From the first table to the end of the picture. Raises ValueError."""
        while (marker := self._marker()) != _END:
            content = self._content()
            if marker == _SCAN:
                yield from self._scan(content)
            elif marker in _FOREIGN:
                _check_colours(marker, content)
            else:
                self._take(marker, content)
        if self._frame is None or self._seen != set(self._frame.components):
            raise ValueError("not the whole picture")
        yield b"\xff\xd9"

    def _marker(self) -> int:
        found = _SEGMENT.match(self._data, self._position)
        if found is None:
            raise ValueError("no marker where one belongs")
        self._position = found.end()
        return found[1][0]

    def _content(self) -> bytes:
        begin = self._position
        length = int.from_bytes(self._data[begin : begin + 2])
        self._position = begin + length
        if length < 2 or self._position > len(self._data):
            raise ValueError("a segment is cut short")
        return self._data[begin + 2 : self._position]

    def _take(self, marker: int, content: bytes) -> None:
        """What the scans to come are read with."""
        if marker == _HUFFMAN:
            self._codes |= huffman_tables(content)
        elif marker == _INTERVAL and len(content) == 2:
            self._interval = int.from_bytes(content)
        elif marker == _QUANTISATION and not self._seen:
            self._quantisation |= quantisation_tables(content)
        elif marker in FRAMES and self._frame is None:
            self._frame = read_frame(marker, content)
            self._frame_segment = _segment(marker, content)
        else:
            raise ValueError("not a plain JPEG")

    def _scan(self, content: bytes) -> Iterator[bytes]:
        if self._frame is None:
            raise ValueError("a scan before its frame")
        scan = read_scan(self._frame, content)
        if not self._seen:
            yield from self._beginning(self._frame)
        if not self._frame.progressive and self._seen & set(scan.components):
            raise ValueError("a component twice")
        self._seen.update(scan.components)
        yield from self._changed(scan)
        yield _segment(_SCAN, content)
        yield self._pixels(self._restarts(self._frame, scan))

    def _beginning(self, frame: Frame) -> Iterator[bytes]:
        for number in sorted({part.table for part in frame.components.values()}):
            yield _segment(_QUANTISATION, _known(self._quantisation, number))
        yield self._frame_segment

    def _changed(self, scan: Scan) -> Iterator[bytes]:
        """The tables of this scan that no earlier one has brought along."""
        for number in sorted(scan.codes):
            table = _known(self._codes, number)
            if self._written_codes.get(number) != table:
                self._written_codes[number] = table
                yield _segment(_HUFFMAN, table)
        if self._interval != self._written_interval:
            self._written_interval = self._interval
            yield _segment(_INTERVAL, self._interval.to_bytes(2))

    def _restarts(self, frame: Frame, scan: Scan) -> int:
        return (units(frame, scan) - 1) // self._interval if self._interval else 0

    def _pixels(self, restarts: int) -> bytes:
        """Up to the next marker, with just the restart markers that belong there."""
        begin, markers = self._position, _MARKER.finditer(self._data, self._position)
        for expected in islice(cycle(_RESTARTS), restarts):
            if (found := next(markers, None)) is None or found[0] != expected:
                raise ValueError("a restart marker is missing")
        # Anything but a segment's marker, also one restart too many, ends the walk there.
        if (end := next(markers, None)) is None or end[0] in _RESTARTS:
            raise ValueError("the picture does not end where it should")
        self._position = end.start()
        pixels = self._data[begin : self._position]
        if _TEXT in pixels.translate(_LETTERS):
            raise ValueError("a text among the pixels")
        return pixels


def _known(tables: dict[int, bytes], number: int) -> bytes:
    if number not in tables:
        raise ValueError("a table is missing")
    return tables[number]


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (2 + len(content)).to_bytes(2) + content


def _check_colours(marker: int, content: bytes) -> None:
    """Adobe's mark may say that the components are red, green and blue."""
    if marker == _ADOBE and content.startswith(b"Adobe") and content[11:12] != b"\x01":
        raise ValueError("colours of another kind")


def _profile_parts(profile: bytes | None) -> Iterator[bytes]:
    whole = profile or b""
    parts = [whole[start : start + _ICC_PART] for start in range(0, len(whole), _ICC_PART)]
    for number, part in enumerate(parts, start=1):
        yield _segment(0xE2, _ICC + bytes((number, len(parts))) + part)
