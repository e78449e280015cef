"""HEIC files for tests: the astronaut as pillow-heif writes her, and grids written box by box."""

import struct
from functools import lru_cache
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image

from tests.photos.pictures import HELD, phone_exif, portrait, saved

pillow_heif.register_heif_opener()


def heic(image: Image.Image, **options: Any) -> bytes:
    return saved(image, "HEIF", **{"quality": 90, **options})


@lru_cache
def portrait_heic(width: int = 1200, height: int = 1200, **options: Any) -> bytes:
    return heic(portrait(width, height), **options)


@lru_cache
def phone_heic(orientation: int = 6, width: int = 400, height: int = 600) -> bytes:
    """As phones write it: turned by a property (irot, imir), and EXIF says the same once more."""
    how, upright = HELD[orientation], portrait(width, height)
    stored = upright.transpose(how) if how is not None else upright
    return heic(stored, exif=phone_exif(orientation).tobytes())


def told_twice(orientation: int = 6) -> bytes:
    """An upright picture whose EXIF alone claims a turn, which HEIC does not go by."""
    return heic(portrait(400, 600), exif=phone_exif(orientation))


def two_pictures(primary: int) -> bytes:
    """The portrait, 400 x 600, and another one, 300 x 300, in one file."""
    file = pillow_heif.from_pillow(portrait(400, 600))
    file.add_from_pillow(portrait(300, 300))
    return _written(file, primary_index=primary)


def deep_heic(width: int = 300, height: int = 300) -> bytes:
    """Ten bits a colour, one colour everywhere."""
    pixels = struct.pack("<3H", 60_000, 30_000, 10_000) * (width * height)
    return _written(pillow_heif.from_bytes("RGB;16", (width, height), pixels), quality=90)


def see_through_heic() -> bytes:
    """The left half fully transparent, over black."""
    image = portrait(400, 600).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 200, 600))
    return heic(image)


def grid(columns: int, rows: int, *, parts: int | None = None, turns: int = 0) -> bytes:
    """One plain tile of 512 x 512 pixels again and again; `parts` of them, if not as many.

    Quick to make at any size. `turns` are quarter turns against the clock.
    """
    width, height = 512 * columns, 512 * rows
    return file_of_grid(width, height, columns, rows, [2] * (parts or columns * rows), turns)


def file_of_grid(
    width: int, height: int, columns: int, rows: int, tiles: list[int], turns: int = 0
) -> bytes:
    """Item 1 is the grid, item 2 the only tile there is."""
    configuration, coded = _tile()
    layout = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)
    properties = [
        _full(b"ispe", struct.pack(">II", width, height)),
        _full(b"ispe", struct.pack(">II", 512, 512)),
        box(b"hvcC", configuration),
        box(b"irot", bytes([turns])),
    ]
    of_grid, of_tile = [1, *([4] if turns else [])], [3, 2]
    association = struct.pack(">I", 2) + b"".join(
        struct.pack(">HB", number, len(some)) + bytes(some)
        for number, some in ((1, of_grid), (2, of_tile))
    )
    listed = struct.pack(">H", 2) + _entry(1, b"grid") + _entry(2, b"hvc1")
    relation = struct.pack(f">HH{len(tiles)}H", 1, len(tiles), *tiles)
    parts = [
        _full(b"hdlr", bytes(4) + b"pict" + bytes(13)),
        _full(b"pitm", struct.pack(">H", 1)),
        _full(b"iinf", listed),
        _full(b"iref", box(b"dimg", relation)),
        box(b"iprp", box(b"ipco", b"".join(properties)) + _full(b"ipma", association)),
        box(b"idat", layout),
    ]
    beginning = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    length = len(beginning) + len(_meta(parts, 0, len(layout), len(coded))) + 8
    meta = _meta(parts, length, len(layout), len(coded))
    return beginning + meta + box(b"mdat", coded)


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def _meta(parts: list[bytes], offset: int, layout: int, coded: int) -> bytes:
    """The grid lies in idat, the tile at `offset` in the file."""
    places = struct.pack(">BBH", 0x44, 0, 2)
    places += struct.pack(">HHHHII", 1, 1, 0, 1, 0, layout)
    places += struct.pack(">HHHHII", 2, 0, 0, 1, offset, coded)
    return _full(b"meta", b"".join([*parts, _full(b"iloc", places, version=1)]))


def _full(name: bytes, body: bytes, version: int = 0) -> bytes:
    return box(name, bytes([version, 0, 0, 0]) + body)


def _entry(number: int, kind: bytes) -> bytes:
    return _full(b"infe", struct.pack(">HH", number, 0) + kind + b"\0", version=2)


@lru_cache
def _tile() -> tuple[bytes, bytes]:
    """The decoder's configuration and the coded picture of one tile."""
    data = heic(Image.new("RGB", (512, 512), "teal"))
    begin = data.index(b"hvcC")
    size = int.from_bytes(data[begin - 4 : begin])
    return data[begin + 4 : begin - 4 + size], data[data.index(b"mdat") + 4 :]


def _written(file: pillow_heif.HeifFile, **options: Any) -> bytes:
    target = BytesIO()
    file.save(target, **options)
    return target.getvalue()
