"""The picture of a HEIC file: its size and what decoding it costs, read from boxes alone.

The decoder sets aside whatever the coded pictures ask for, not what the file says about them. So
the parameter sets of every picture that would be decoded are read as well.
"""

from collections.abc import Iterator

from avatars.photos.header import CUT_SHORT, NO_PICTURE, UNUSUAL, Header
from avatars.photos.heif_boxes import Numbers, boxes
from avatars.photos.heif_items import Item, Items, read_items
from avatars.photos.hevc import Coded, coded
from avatars.photos.limits import HALVED_ABOVE

_STILLS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
_MOVING = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"}
_AVIF = {b"avif", b"avis"}
_BRANDS_MAX = 128  # bytes of the first box that are looked at

# A phone's photo of fifty tiles has a list of 4,000 bytes.
_META_BYTES_MAX = 500_000

# Coded pictures are padded to whole blocks and tiles: 4 % for a phone's. What is coded beyond
# this can't be meant to be seen.
_PADDING, _PADDING_PIXELS = 1.25, 1_000_000
_TURNS_MAX = 3  # a crop, a turn and a mirror
_TURNS = (b"clap", b"irot", b"imir")
_ALPHA = (b"urn:mpeg:hevc:2015:auxid:1\0", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")

# Bytes for each pixel: the coded picture as brightness and chroma, once more as RGB, then ours.
_WEIGHT, _FINE_WEIGHT, _ALPHA_WEIGHT = 8.0, 12.0, 14.0
_HALVED_WEIGHT = 5.2  # without ours, of which a quarter is left


def is_heif(data: bytes) -> bool:
    """A photo or a sequence of them in HEVC, by its brands."""
    if data[4:8] != b"ftyp":
        return False
    box = data[8 : min(int.from_bytes(data[:4]), _BRANDS_MAX)]
    brands = {box[place : place + 4] for place in range(0, len(box), 4)}
    return bool(brands & (_STILLS | _MOVING)) and not brands & _AVIF


def read_heif_header(data: bytes) -> Header:
    """Size as shown (the decoder turns the picture), cost, sequences and completeness."""
    try:
        return _read(data)
    except _CutShort:
        return Header("HEIF", 0, 0, flaw=CUT_SHORT)
    except ValueError:
        return Header("HEIF", 0, 0, flaw=UNUSUAL)


class _CutShort(Exception):
    """The file ends before the picture does."""


def _read(data: bytes) -> Header:
    meta = None
    for box in boxes(memoryview(data)):
        if box.name == b"moov":
            return Header("HEIF", 0, 0, frames=_frames(bytes(box.body)))
        if box.name == b"meta":
            if not box.is_whole:
                raise _CutShort
            if meta is not None or len(box.body) > _META_BYTES_MAX:
                raise ValueError("two lists of items, or one that is far too long")
            meta = box.body
    if meta is None:
        raise _CutShort
    return _picture(_File(data, read_items(meta)))


def _frames(moov: bytes) -> int:
    """As the box stsz of the first track says (14496-12, 8.7.3.2); two when it does not."""
    place = moov.find(b"stsz")
    return max(2, int.from_bytes(moov[place + 12 : place + 16])) if place >= 0 else 2


def _picture(file: "_File") -> Header:
    file.check()
    width, height = file.sides(file.primary)
    if not width * height:
        return Header("HEIF", 0, 0, flaw=NO_PICTURE)
    pictures = [file.primary, *file.alphas()]
    parts = [list(file.coded(picture)) for picture in pictures]
    for some in parts:
        if sum(part.pixels for part in some) > _PADDING * width * height + _PADDING_PIXELS:
            raise ValueError("more is coded than is shown")
    depth = max((part.depth for part in parts[0]), default=8)
    weight = _weight(parts[0], depth, has_alpha=len(pictures) > 1)
    halved = weight == _WEIGHT and weight * width * height > HALVED_ABOVE
    if _is_sideways(file.primary):
        width, height = height, width
    return Header(
        "HEIF",
        width,
        height,
        depth=depth,
        end=file.end,
        weight=_HALVED_WEIGHT if halved else weight,
        halved=halved,
    )


def _weight(parts: list[Coded], depth: int, *, has_alpha: bool) -> float:
    if has_alpha:
        return _ALPHA_WEIGHT
    return _FINE_WEIGHT if depth > 8 or any(part.full_colours for part in parts) else _WEIGHT


def _is_sideways(item: Item) -> bool:
    return sum(body[0] & 1 for body in item.named(b"irot") if len(body)) % 2 == 1


class _File:
    """The items of one file, and their bytes. Everything raises ValueError, or `_CutShort`."""

    def __init__(self, data: bytes, items: Items) -> None:
        self._data = data
        self._items = items
        self.end = len(data)
        self.primary = self._item(items.primary)

    def check(self) -> None:
        """All is there, nothing is compressed, and no byte belongs to two items.

        Else a small file could ask for much: its metadata would be read once for each item.
        """
        items = self._items.by_number.values()
        for item in items:
            self._check_whole(item)
        total = sum(length for item in items for _, length in item.extents)
        if total > len(self._data) or any(item.is_packed for item in items):
            raise ValueError("items that would unfold")

    def sides(self, item: Item) -> tuple[int, int]:
        """Before any turn; what the box ispe says (23008-12, 6.5.3)."""
        numbers = Numbers(_only(item.named(b"ispe")))
        numbers.take(4)
        return numbers.take(4), numbers.take(4)

    def alphas(self) -> list[Item]:
        """What is laid over the picture: how far each of its pixels can be seen through."""
        found = [item for item in self._items.by_number.values() if _is_alpha(item)]
        if any(item.aux_of != [self._items.primary] for item in found):
            raise ValueError("something laid over another picture or over a tile")
        return found

    def coded(self, item: Item) -> Iterator[Coded]:
        """Each coded picture that is decoded for this one: itself, or the tiles of its grid."""
        if sum(about.name in _TURNS for about in item.properties) > _TURNS_MAX:
            raise ValueError("turned again and again")
        if item.kind == b"hvc1":
            yield coded(_only(item.named(b"hvcC")), self._bytes(item))
        elif item.kind == b"grid":
            self._check_grid(item)
            yield from self._tiles(item)
        else:
            raise ValueError("a picture of another kind")

    def _tiles(self, grid: Item) -> Iterator[Coded]:
        known: dict[int, Coded] = {}
        for number in grid.parts:
            tile = self._item(number)
            if tile.kind != b"hvc1" or any(about.name in _TURNS for about in tile.properties):
                raise ValueError("a tile of another kind")
            known[number] = known.get(number) or next(self.coded(tile))
            yield known[number]

    def _check_grid(self, grid: Item) -> None:
        """The grid itself (23008-12, 6.6.2.3.2) states its size and how many tiles it has."""
        numbers = Numbers(memoryview(self._bytes(grid)))
        numbers.take(1)
        size = 4 if numbers.take(1) & 1 else 2
        tiles = (numbers.take(1) + 1) * (numbers.take(1) + 1)
        sides = numbers.take(size), numbers.take(size)
        if tiles != len(grid.parts) or sides != self.sides(grid):
            raise ValueError("a grid that does not fit its picture")

    def _item(self, number: int) -> Item:
        if number not in self._items.by_number:
            raise ValueError("an item that is not there")
        return self._items.by_number[number]

    def _bytes(self, item: Item) -> bytes:
        source = self._source(item)
        return b"".join(bytes(source[begin : begin + length]) for begin, length in item.extents)

    def _check_whole(self, item: Item) -> None:
        end = len(self._source(item))
        if any(begin + length > end for begin, length in item.extents):
            raise _CutShort

    def _source(self, item: Item) -> memoryview:
        return self._items.idat if item.in_idat else memoryview(self._data)


def _is_alpha(item: Item) -> bool:
    return any(bytes(body[4:]).startswith(_ALPHA) for body in item.named(b"auxC"))


def _only(bodies: list[memoryview]) -> memoryview:
    if len(bodies) != 1:
        raise ValueError("a property is missing or there twice")
    return bodies[0]
