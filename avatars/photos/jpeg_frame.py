"""The frame of a JPEG and its scans (ITU T.81, annexes A.2, B.2.2 and B.2.3)."""

import struct
from dataclasses import dataclass

_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
FRAMES = {_BASELINE, _EXTENDED, _PROGRESSIVE}
_BLOCK = 8  # pixels
_AC = 0x10  # the class bit of a Huffman table for what is not a block's mean


@dataclass(frozen=True)
class Component:
    """Its sampling factors, and the number of its quantisation table."""

    across: int
    down: int
    table: int


@dataclass(frozen=True)
class Frame:
    """Sides in pixels; the components by their identifiers."""

    progressive: bool
    width: int
    height: int
    components: dict[int, Component]


@dataclass(frozen=True)
class Scan:
    """Which components it holds, by Huffman tables numbered as in DHT: class, then place."""

    components: tuple[int, ...]
    codes: frozenset[int]


def read_frame(marker: int, content: bytes) -> Frame:
    """Of eight bits and three components, for brightness and chroma. Raises ValueError."""
    if len(content) != 15:
        raise ValueError("not three components")
    precision, height, width, count = struct.unpack_from(">BHHB", content)
    names = content[6::3]
    components = {
        name: Component(sampling >> 4, sampling & 15, table)
        for name, sampling, table in struct.iter_unpack("3B", content[6:])
    }
    # Decoders take components of these names for red, green and blue.
    if (precision, count) != (8, 3) or names == b"RGB":
        raise ValueError("a picture of another kind")
    if len(components) != count or not all(part.across * part.down for part in components.values()):
        raise ValueError("components that can't be told apart or have no size")
    if not height * width:
        raise ValueError("a picture without a size")
    return Frame(marker == _PROGRESSIVE, width, height, components)


def read_scan(frame: Frame, content: bytes) -> Scan:
    """Raises ValueError for components that the frame has not."""
    count = content[0] if content else 0
    if not count or len(content) != 4 + 2 * count:
        raise ValueError("a scan's header of another length")
    names, tables = content[1 : 1 + 2 * count : 2], content[2 : 2 + 2 * count : 2]
    if len(set(names)) != count or not set(names) <= set(frame.components):
        raise ValueError("a scan of unknown components")
    return Scan(tuple(names), _codes(frame, tables, first=content[-3], refines=content[-1] >> 4))


def units(frame: Frame, scan: Scan) -> int:
    """How many minimum coded units the scan has; restart intervals are counted in them."""
    parts = frame.components
    across = _BLOCK * max(part.across for part in parts.values())
    down = _BLOCK * max(part.down for part in parts.values())
    if len(scan.components) > 1:
        return _parts(frame.width, across) * _parts(frame.height, down)
    only = parts[scan.components[0]]
    return _parts(frame.width * only.across, across) * _parts(frame.height * only.down, down)


def _codes(frame: Frame, tables: bytes, first: int, refines: int) -> frozenset[int]:
    """Progressive scans hold the blocks' means or the rest, and refine means without a table."""
    means = frozenset(table >> 4 for table in tables)
    rest = frozenset(_AC | (table & 15) for table in tables)
    if not frame.progressive:
        return means | rest
    if first:
        return rest
    return frozenset() if refines else means


def _parts(whole: int, size: int) -> int:
    return -(-whole // size)
