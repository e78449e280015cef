"""The boxes of an ISO base media file (ISO/IEC 14496-12, 4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass

from avatars.photos.limits import PARTS_MAX

_FILLING = {b"free", b"skip", b"uuid"}  # what there may be any number of


class Numbers:
    """Reads one number after the other, highest byte first. Raises ValueError at the end."""

    def __init__(self, body: memoryview) -> None:
        self._body = body
        self._position = 0

    def take(self, size: int) -> int:
        """The number in the next `size` bytes; 0 for none."""
        return int.from_bytes(self.take_bytes(size))

    def take_bytes(self, size: int) -> bytes:
        begin, self._position = self._position, self._position + size
        if self._position > len(self._body):
            raise ValueError("a box is too short for what it says")
        return bytes(self._body[begin : self._position])

    def rest(self) -> memoryview:
        return self._body[self._position :]

    @property
    def has_more(self) -> bool:
        return self._position < len(self._body)


@dataclass(frozen=True)
class Box:
    """Its name and what is in it; `is_whole` is False when the file ends before it does."""

    name: bytes
    body: memoryview
    is_whole: bool


def boxes(view: memoryview) -> Iterator[Box]:
    """One after the other. Raises ValueError for sizes that can't be and for too many boxes."""
    position = parts = 0
    while position + 8 <= len(view):
        numbers = Numbers(view[position:])
        size, name, head = numbers.take(4), numbers.take_bytes(4), 8
        if size == 1:
            size, head = numbers.take(8), 16
        size = size or len(view) - position
        parts += 1
        if size < head or parts > PARTS_MAX:
            raise ValueError("boxes that can't be")
        end = position + size
        yield Box(name, view[position + head : min(end, len(view))], end <= len(view))
        position = end


def inside(view: memoryview) -> dict[bytes, memoryview]:
    """The bodies of the boxes by name. Raises ValueError as above, and for two of one name."""
    found: dict[bytes, memoryview] = {}
    for box in boxes(view):
        if box.name in found and box.name not in _FILLING:
            raise ValueError("two boxes where one belongs")
        found[box.name] = box.body
    return found
