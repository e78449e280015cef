"""What a coded HEVC picture costs (ITU-T H.265, 7.3), read without decoding it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from avatars.photos.heif_boxes import Numbers

_PICTURE_SET = 33  # the sequence parameter set, which states the size
_CODED = 32  # kinds below are slices of a picture
_LEVEL_BITS = 8
_PROFILE_BITS = 88
_UNITS_MAX = 200  # of one picture; phones write one for each tile
_SIZE_WITHIN = 200  # bytes of the set, long before which the size has been told
_ZEROES_MAX = 31  # of an Exp-Golomb number, which then has 32 bits


@dataclass(frozen=True)
class Coded:
    """Sides of the coded picture, in pixels, and bits a colour.

    `full_colours`: not halved both ways, as photos are.
    """

    width: int
    height: int
    depth: int
    full_colours: bool

    @property
    def pixels(self) -> int:
        return self.width * self.height


def coded(configuration: memoryview, data: bytes) -> Coded:
    """The largest size that the box hvcC and the picture's own data speak of.

    Raises ValueError where that can't be read, and for anything but one picture.
    """
    numbers = Numbers(configuration)
    numbers.take_bytes(21)
    length_size = (numbers.take(1) & 3) + 1
    found = chain(_listed(numbers), _units(Numbers(memoryview(data)), length_size))
    units = list(islice(found, _UNITS_MAX + 1))
    if len(units) > _UNITS_MAX or sum(map(_begins_picture, units)) != 1:
        raise ValueError("more or less than one picture")
    sizes = [_size(unit) for unit in units if _kind(unit) == _PICTURE_SET]
    return max(sizes, key=lambda size: (size.pixels, size.depth))


def _listed(numbers: Numbers) -> Iterator[bytes]:
    """The units of hvcC (ISO/IEC 14496-15, 8.3.3.1)."""
    for _ in range(numbers.take(1)):
        numbers.take(1)
        for _ in range(numbers.take(2)):
            yield numbers.take_bytes(numbers.take(2))


def _units(numbers: Numbers, length_size: int) -> Iterator[bytes]:
    while numbers.has_more:
        yield numbers.take_bytes(numbers.take(length_size))


def _kind(unit: bytes) -> int:
    return unit[0] >> 1 & 63 if unit else _CODED


def _begins_picture(unit: bytes) -> bool:
    return _kind(unit) < _CODED and len(unit) > 2 and bool(unit[2] & 0x80)


def _size(unit: bytes) -> Coded:
    """Out of a sequence parameter set (7.3.2.2), as far as the depth of its colours."""
    bits = _Bits(unit[2:_SIZE_WITHIN].replace(b"\0\0\3", b"\0\0"))
    bits.take(4)
    layers = bits.take(3)
    bits.take(1)
    _skip_profile(bits, layers)
    bits.golomb()
    chroma = bits.golomb()
    if chroma == 3:
        bits.take(1)
    width, height = bits.golomb(), bits.golomb()
    if bits.take(1):
        _ = [bits.golomb() for _ in range(4)]
    depth = 8 + max(bits.golomb(), bits.golomb())
    return Coded(width, height, depth, full_colours=chroma > 1)


def _skip_profile(bits: "_Bits", layers: int) -> None:
    """Profile, tier and level (7.3.3), of the whole and of each of its layers."""
    bits.take(_PROFILE_BITS + _LEVEL_BITS)
    stated = [(bits.take(1), bits.take(1)) for _ in range(8 if layers else 0)]
    for profile, level in stated[:layers]:
        bits.take(profile * _PROFILE_BITS + level * _LEVEL_BITS)


class _Bits:
    """Reads bit after bit. Raises ValueError at the end."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise ValueError("a parameter set is cut short")
        return self._value >> self._left & ((1 << count) - 1)

    def golomb(self) -> int:
        """An Exp-Golomb number (9.2)."""
        zeroes = 0
        while not self.take(1):
            zeroes += 1
            if zeroes > _ZEROES_MAX:
                raise ValueError("a number of too many bits")
        return (1 << zeroes) - 1 + self.take(zeroes)
