"""The items of a HEIF file: pictures, parts of pictures and data (ISO/IEC 23008-12, 14496-12)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from avatars.photos.heif_boxes import Numbers, boxes, inside

_FILE, _IDAT = 0, 1  # where an item's bytes lie: in the file or in the box idat
_ITEMS_MAX, _EXTENTS_MAX = 1000, 32  # libheif reads no more
_WIDE = 0x8000  # property numbers have 15 bits instead of 7, by a flag of ipma


@dataclass(frozen=True)
class Property:
    """Something about an item, such as its size or its turn: the name and body of a box."""

    name: bytes
    body: memoryview


@dataclass
class Item:
    """`parts` and `aux_of` are numbers of other items; `extents` are places in the file."""

    kind: bytes
    is_packed: bool = False
    properties: list[Property] = field(default_factory=list)
    extents: list[tuple[int, int]] = field(default_factory=list)
    in_idat: bool = False
    parts: list[int] = field(default_factory=list)
    aux_of: list[int] = field(default_factory=list)

    def named(self, name: bytes) -> list[memoryview]:
        """The bodies of its properties of that name."""
        return [about.body for about in self.properties if about.name == name]


@dataclass(frozen=True)
class Items:
    """All of a file by number, the number of the one to show, and the bytes of the box idat."""

    by_number: dict[int, Item]
    primary: int
    idat: memoryview


def read_items(meta: memoryview) -> Items:
    """Out of the body of the box meta. Raises ValueError for what is not as the standards say."""
    found = inside(meta[4:])
    try:
        listed = list(_listed(found[b"iinf"]))
        items = dict(listed)
        if len(listed) > _ITEMS_MAX or len(items) != len(listed):
            raise ValueError("too many items, or two of one number")
        _place(items, found[b"iloc"])
        _describe(items, inside(found[b"iprp"]))
        _relate(items, found.get(b"iref", memoryview(bytes(4))))
        primary = _versioned(found[b"pitm"])
    except KeyError as error:
        raise ValueError("a box is missing") from error
    version, numbers = primary
    return Items(items, numbers.take(4 if version else 2), found.get(b"idat", memoryview(b"")))


def _versioned(body: memoryview) -> tuple[int, Numbers]:
    """The version of a full box, and what follows its flags."""
    numbers = Numbers(body)
    version = numbers.take(1)
    numbers.take(3)
    return version, numbers


def _listed(body: memoryview) -> Iterator[tuple[int, Item]]:
    """The box iinf (14496-12, 8.11.6)."""
    version, numbers = _versioned(body)
    numbers.take(4 if version else 2)
    for entry in boxes(numbers.rest()):
        version, numbers = _versioned(entry.body)
        if version < 2:
            raise ValueError("an old way of listing items")
        number, _, kind = (
            numbers.take(4 if version > 2 else 2),
            numbers.take(2),
            numbers.take_bytes(4),
        )
        yield number, Item(kind, is_packed=kind == b"mime" and _has_encoding(numbers))


def _has_encoding(numbers: Numbers) -> bool:
    """Whether name, type and then one more word follow: such data is compressed."""
    return any(bytes(numbers.rest()).split(b"\0")[2:3])


def _place(items: dict[int, Item], body: memoryview) -> None:
    """The box iloc (14496-12, 8.11.3)."""
    version, numbers = _versioned(body)
    sizes, more = numbers.take(1), numbers.take(1)
    index_size = more & 15 if version else 0
    for _ in range(numbers.take(4 if version > 1 else 2)):
        item = items[numbers.take(4 if version > 1 else 2)]
        method = numbers.take(2) & 15 if version else _FILE
        if method > _IDAT or item.extents:
            raise ValueError("an item that lies in another one, or twice in the list")
        item.in_idat = method == _IDAT
        numbers.take(2)
        base = numbers.take(more >> 4)
        extents = numbers.take(2)
        if extents > _EXTENTS_MAX:
            raise ValueError("an item in too many pieces")
        for _ in range(extents):
            numbers.take(index_size)
            place = base + numbers.take(sizes >> 4), numbers.take(sizes & 15)
            item.extents.append(place)


def _describe(items: dict[int, Item], found: dict[bytes, memoryview]) -> None:
    """The boxes ipco and ipma (23008-12, 9.3)."""
    known = [Property(box.name, box.body) for box in boxes(found[b"ipco"])]
    version, numbers = _versioned(found[b"ipma"])
    size = 2 if found[b"ipma"][3] & 1 else 1
    for _ in range(numbers.take(4)):
        item = items[numbers.take(4 if version else 2)]
        for _ in range(numbers.take(1)):
            number = numbers.take(size) & (_WIDE - 1 if size == 2 else 127)
            if number > len(known):
                raise ValueError("a property that is not there")
            item.properties += known[number - 1 : number] if number else []


def _relate(items: dict[int, Item], body: memoryview) -> None:
    """The box iref (14496-12, 8.11.12)."""
    version, numbers = _versioned(body)
    size = 4 if version else 2
    for box in boxes(numbers.rest()):
        relation = Numbers(box.body)
        item = items[relation.take(size)]
        others = [relation.take(size) for _ in range(relation.take(2))]
        if box.name == b"dimg":
            item.parts += others
        elif box.name == b"auxl":
            item.aux_of += others
