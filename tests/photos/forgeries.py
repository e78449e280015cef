"""Files put together by hand, in ways that no picture program writes them."""

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from PIL import ImageCms, PngImagePlugin

from tests.photos import pictures
from tests.photos.pictures import png_chunk, portrait

# The sample steps of Adam7: first column and row, then how far apart (W3C PNG, 8.1).
_ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
# Small, so that all of them are made in a few seconds.
SIDE = 300
FRAME = b"\xff\xc0"


def interlaced_png() -> bytes:
    """Pillow reads such files and can't write them."""
    image, rows = portrait(SIDE, SIDE), b""
    for column, row, across, down in _ADAM7:
        for y in range(row, SIDE, down):
            line = [image.getpixel((x, y)) for x in range(column, SIDE, across)]
            rows += b"\0" + b"".join(bytes(pixel) for pixel in line)  # type: ignore[arg-type]
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 1)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def cmyk_without_adobes_mark() -> bytes:
    """Then the four colours count as they stand, and not turned round."""
    data = pictures.cmyk_jpeg(SIDE, SIDE)
    mark = data.index(b"\xff\xee")
    return data[:mark] + data[mark + 2 + int.from_bytes(data[mark + 2 : mark + 4]) :]


def with_segment(marker: int, content: bytes) -> bytes:
    """A JPEG with one more segment, before all others."""
    segment = bytes((0xFF, marker)) + (2 + len(content)).to_bytes(2) + content
    return b"\xff\xd8" + segment + jpeg()[2:]


def with_png_chunk(name: bytes, body: bytes) -> bytes:
    data = png()
    return data[:33] + png_chunk(name, body) + data[33:]


def exif_block(entries: bytes, count: int) -> bytes:
    """One directory of `count` entries, whatever their bytes are."""
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", count) + entries + bytes(4)


def exif_entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)


def stating(width: int, height: int) -> bytes:
    """A JPEG that claims other sides."""
    data = bytearray(jpeg())
    frame = data.index(FRAME)
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def changed(data: bytes, place: bytes, offset: int, value: int) -> bytes:
    """One byte, so far behind the first such place, is another."""
    result = bytearray(data)
    result[result.index(place) + offset] = value
    return bytes(result)


def zipped(name: str, content: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, content)
    return target.getvalue()


def profile_for(space: bytes) -> bytes:
    """A profile whose header says that it is for other colours."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:16] + space + profile[20:]


def png_with_text(text: str) -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", text, zip=True)
    return png(pnginfo=texts)


def xmp_png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta/>")
    return png(pnginfo=texts)


def with_broken_comment() -> bytes:
    """The checksum of a PNG's comment is wrong."""
    chunk = png_chunk(b"tEXt", b"Comment\0" + pictures.GPS_WORDS)
    data = png()
    return data[:33] + chunk[:-1] + bytes((chunk[-1] ^ 1,)) + data[33:]


def jpeg(**options: Any) -> bytes:
    return pictures.portrait_jpeg(SIDE, SIDE, **options)


def png(**options: Any) -> bytes:
    return pictures.portrait_png(SIDE, SIDE, **options)


def webp(**options: Any) -> bytes:
    return pictures.portrait_webp(SIDE, SIDE, **options)
