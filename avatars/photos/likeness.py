"""What a photo looks like from afar: 64 bits that stay nearly the same when it is saved again.

The perceptual hash that is usual for this: the picture in 32 x 32 greys, the slow waves of its
cosine transform, and for each whether it is above the median. It tells pictures apart, not faces:
another photo of the same person is another picture.
"""

from functools import cache
from math import cos, pi
from statistics import median

from PIL import Image

from avatars.photos.thumbnail import square

# Of 64. Saved again, smaller, lighter or a little cropped moves up to about ten bits; other photos
# of the same pose differ in twenty and more, unrelated ones in about 32.
ALIKE = 10
_SIDE, _WAVES = 32, 8

Looks = frozenset[int]


def likeness(image: Image.Image) -> str:
    """16 hexadecimal characters."""
    small = square(image, _SIDE).convert("L")
    small = small.resize((_SIDE, _SIDE), Image.Resampling.BILINEAR)
    waves = _slow_waves(list(small.tobytes()))
    middle = median(waves[1:])  # the first is the brightness of the whole
    bits = sum((wave > middle) << place for place, wave in enumerate(waves))
    return f"{bits:016x}"


def looks(*likenesses: str) -> Looks:
    """Those that are known, of a whole and of a frame, as numbers that are compared fast."""
    return frozenset(int(likeness, 16) for likeness in likenesses if likeness)


def nearest(ones: Looks, others: Looks) -> int | None:
    """In how many of the 64 bits the two most alike differ; None if no two look the same."""
    least = ALIKE + 1
    for one in ones:  # plain loops: a hundred thousand pairs are compared for each desk
        for other in others:
            least = min(least, (one ^ other).bit_count())
    return least if least <= ALIKE else None


def _slow_waves(pixels: list[int]) -> list[float]:
    """The 8 x 8 lowest coefficients of the cosine transform, row by row."""
    table = _cosines()
    across = [
        [sum(map(float.__mul__, wave, row)) for wave in table]
        for row in ([float(p) for p in pixels[i : i + _SIDE]] for i in range(0, len(pixels), _SIDE))
    ]
    columns = list(zip(*across, strict=True))
    return [sum(map(float.__mul__, wave, column)) for wave in table for column in columns]


@cache
def _cosines() -> list[list[float]]:
    return [
        [cos(pi * wave * (2 * place + 1) / (2 * _SIDE)) for place in range(_SIDE)]
        for wave in range(_WAVES)
    ]
