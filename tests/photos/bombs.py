"""Files that cost as much as a file can: of up to 10 MB, made to be decoded or to be refused.

`ALLOWED` are as large as their kind may be, `REFUSED` have 50 million pixels or ask for more in
another way, `PHONES` are what phones take. Each is made when it is asked for.
"""

import struct
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

from PIL import Image

from tests.photos import heics
from tests.photos.pictures import (
    big_profile,
    phone_exif,
    png_chunk,
    png_file,
    portrait_jpeg,
    saved,
)

Made = Callable[[], bytes]
_NOISE = 1024  # sides of a patch of noise, which is laid out again and again


def _noise(width: int, height: int) -> Image.Image:
    patch = Image.merge("RGB", [Image.effect_noise((_NOISE, _NOISE), 64) for _ in range(3)])
    image = Image.new("RGB", (width, height))
    for left in range(0, width, _NOISE):
        for top in range(0, height, _NOISE):
            image.paste(patch, (left, top))
    return image


def _jpeg(width: int, height: int, *, mode: str = "RGB", turned: bool = True, **how: Any) -> bytes:
    exif = {"exif": phone_exif(6)} if turned else {}
    return saved(_noise(width, height).convert(mode), "JPEG", **{"quality": 5, **exif, **how})


def _webp(width: int, height: int, mode: str = "RGB", **how: Any) -> bytes:
    image = _noise(width, height)
    if mode == "RGBA":
        image.putalpha(image.getchannel("R").point(lambda value: value >> 6 << 6))
    return saved(image, "WEBP", exif=phone_exif(6), method=0, **how)


def _lossless(width: int, height: int) -> bytes:
    image = _noise(width, height).point(lambda value: value >> 6 << 6)
    return saved(image, "WEBP", exif=phone_exif(6), lossless=True, quality=0, method=0)


def _png(width: int, height: int, mode: str, coarse: int = 2, **how: Any) -> bytes:
    """Of two colours in squares of `coarse` pixels, so that many million pixels weigh little."""
    small = _noise(width // coarse, height // coarse).convert("L")
    few = small.point(lambda value: value >> 7 << 7)
    grey = few.resize((width, height), Image.Resampling.NEAREST)
    image = grey.convert("RGB").convert(mode)
    if mode in ("RGBA", "LA"):
        image.putalpha(grey)
    return saved(image, "PNG", exif=phone_exif(6), compress_level=1, **how)


def _png_16(width: int, height: int) -> bytes:
    """Sixteen bits a colour."""
    row = b"\0" + struct.pack(">3H", 65535, 32896, 0) * width
    return png_file(width, height, row * height, depth=16, more=_turned())


def _png_interlaced(width: int, height: int) -> bytes:
    """In seven passes (Adam7), of one colour."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2)]
    rows = b"".join(
        (b"\0" + bytes(3 * -(-(width - left) // across))) * -(-(height - top) // down)
        for left, top, across, down in [*passes, (0, 1, 1, 2)]
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(name, body) for name, body in parts)


def _turned() -> bytes:
    return png_chunk(b"eXIf", phone_exif(6).tobytes()[6:])


def _many_scans(width: int, height: int, scans: int) -> bytes:
    """The last scan of a progressive JPEG again and again."""
    data = _jpeg(width, height, progressive=True, quality=1)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * (scans - 9) + data[-2:]


def _texts() -> bytes:
    """Notes of nearly a megabyte each, which a thousand bytes unfold to."""
    packed = zlib.compress(bytes(900_000))
    notes = [png_chunk(b"zTXt", b"n%d\0\0" % number + packed) for number in range(9000)]
    return _small_png(b"".join(notes))


def _profile_that_unfolds() -> bytes:
    return _small_png(png_chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(900_000_000), 1)))


def _tags() -> bytes:
    """65,000 notes of the camera, each of which says that it is the whole block."""
    entries = (struct.pack("<HHII", tag, 7, 8_000_000, 8) for tag in range(1, 65_000))
    block = b"II*\0" + struct.pack("<IH", 8, 64_999) + b"".join(entries) + bytes(8_000_000)
    return _small_png(png_chunk(b"eXIf", block))


def _small_png(more: bytes) -> bytes:
    return png_file(400, 400, bytes(1201 * 400), more=more)


def _large_profile() -> bytes:
    return _jpeg(5000, 4900, icc_profile=big_profile(5_000_000))


ALLOWED: dict[str, Made] = {
    "JPEG": partial(_jpeg, 8000, 6250, turned=False),
    "JPEG, turned": partial(_jpeg, 8000, 6250),
    "JPEG just not halved": partial(_jpeg, 5000, 4990, quality=20),
    "JPEG, progressive": partial(_jpeg, 8000, 6240, progressive=True),
    "JPEG, progressive in full colours": partial(
        _jpeg, 5600, 5000, progressive=True, subsampling="4:4:4", quality=2
    ),
    "JPEG, CMYK": partial(_jpeg, 7000, 5000, mode="CMYK", quality=1),
    "JPEG, progressive CMYK": partial(_jpeg, 5200, 4800, mode="CMYK", progressive=True),
    "JPEG of eighty scans": partial(_many_scans, 2900, 2050, 80),
    "JPEG with a large profile": _large_profile,
    "PNG": partial(_png, 6000, 4000, "RGB"),
    "PNG, black and white": partial(_png, 6000, 4000, "1"),
    "PNG, palette": partial(_png, 6000, 4000, "P"),
    "PNG, palette with alpha": partial(_png, 5200, 4000, "P", transparency=bytes([99] * 256)),
    "PNG with alpha": partial(_png, 5200, 4000, "RGBA"),
    "PNG, grey with alpha": partial(_png, 5200, 4000, "LA"),
    "PNG of sixteen bits": partial(_png_16, 6000, 4000),
    "PNG, interlaced": partial(_png_interlaced, 6000, 4000),
    "PNG to be kept": partial(_png, 3200, 2500, "RGB", coarse=1),
    "WebP": partial(_webp, 4330, 3000, quality=50),
    "WebP with alpha": partial(_webp, 4330, 3000, "RGBA", quality=5),
    "WebP to be kept": partial(_webp, 3200, 2500, quality=40),
    "WebP, lossless": partial(_lossless, 4330, 3000),
    "WebP, lossless, to be kept": partial(_lossless, 2500, 2000),
    "HEIC": partial(heics.grid, 16, 11),
    "HEIC, turned": partial(heics.grid, 16, 11, turns=1),
    "HEIC just not halved": partial(heics.grid, 9, 10, turns=1),
    "camera's notes without end": _tags,
}

REFUSED: dict[str, Made] = {
    "JPEG of fifty scans, 50 million pixels": partial(_many_scans, 8000, 6250, 50),
    "JPEG, progressive CMYK, 50 million pixels": partial(
        _jpeg, 8000, 6250, mode="CMYK", progressive=True, quality=1
    ),
    "PNG, 50 million pixels": partial(_png_16, 8000, 6250),
    "WebP, 50 million pixels": partial(_webp, 8000, 6250, quality=0),
    "HEIC of too many tiles": partial(heics.grid, 100, 100),
    "PNG with notes that unfold": _texts,
    "PNG with a profile that unfolds": _profile_that_unfolds,
}

PHONES: dict[str, Made] = {
    f"{name}, {how}": partial(portrait_jpeg, *sides, quality=85, exif=phone_exif(turn), **options)
    for name, sides in (
        ("12 million pixels", (4032, 3024)),
        ("24 million pixels", (5712, 4284)),
        ("48 million pixels", (8064, 6048)),
    )
    for how, turn, options in (
        ("upright", 1, {}),
        ("sideways", 6, {}),
        ("sideways and progressive", 6, {"progressive": True}),
    )
}
