"""Pictures for tests, made in code: the astronaut as phones, cameras and rogues save her.

Functions return file bytes unless they say otherwise. Equal arguments are drawn once.
"""

import struct
import zlib
from functools import lru_cache
from io import BytesIO
from typing import Any

import skimage.data
from PIL import Image, ImageChops, ImageCms, ImageFile, ImageOps, ImageStat, PngImagePlugin

# EXIF orientation -> what a camera held that way has done to the upright picture.
HELD = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
GPS_WORDS = b"Tranquillitatis"
SCRIPT = b"<html><script>alert('from the moon')</script></html>"


@lru_cache
def portrait(width: int = 1200, height: int = 1200) -> Image.Image:
    """The astronaut filling width x height pixels, RGB, scaled smoothly. Don't change it.

    A photo about which there is nothing to say: her mouth is in the middle.
    """
    return ImageOps.fit(_well_framed(), (width, height), Image.Resampling.BICUBIC)


@lru_cache
def astronaut() -> Image.Image:
    """Her own picture, 512 x 512, with hardly any room above the hair. Don't change it."""
    return Image.fromarray(skimage.data.astronaut())  # type: ignore[no-untyped-call]


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def opened(data: bytes) -> ImageFile.ImageFile:
    """The picture in the bytes, fully loaded."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of the channel that differs most, in 255ths. The sizes must agree."""
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def portrait_jpeg(width: int = 1200, height: int = 1200, **options: Any) -> bytes:
    """Options go to Pillow's `save`; quality 90 unless they say otherwise."""
    return saved(portrait(width, height), "JPEG", **{"quality": 90, **options})


def portrait_png(width: int = 1200, height: int = 1200, **options: Any) -> bytes:
    return saved(portrait(width, height), "PNG", **options)


def portrait_webp(width: int = 1200, height: int = 1200, **options: Any) -> bytes:
    return saved(portrait(width, height), "WEBP", **{"quality": 90, **options})


def grey_jpeg(width: int = 1200, height: int = 1200) -> bytes:
    return saved(portrait(width, height).convert("L"), "JPEG", quality=90)


def portrait_gif() -> bytes:
    return saved(portrait(300, 300), "GIF")


def phone_exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes: maker, orientation, the place, and a comment about it."""
    exif = Image.Exif()
    exif[0x010F] = "Eagle"
    exif[0x0112] = orientation
    place = exif.get_ifd(0x8825)
    place.update({1: "N", 2: (0.0, 40.0, 26.7), 3: "E", 4: (23.0, 28.0, 22.7)})
    place[27] = GPS_WORDS
    return exif


def phone_jpeg(orientation: int = 6, width: int = 1200, height: int = 1200, **more: Any) -> bytes:
    """A JPEG stored as the phone was held, with GPS. Width and height are the upright ones."""
    stored = _held(portrait(width, height), orientation)
    options = {"quality": 92, "exif": phone_exif(orientation), **more}
    return saved(stored, "JPEG", **options)


@lru_cache(maxsize=1)
def heavy_phone_jpeg() -> bytes:
    """12 megapixels and about 9 MB, lying on its side, with the place; 3024 x 4032 when upright.

    Grain, as in a dark room, makes it as heavy as phones make theirs.
    """
    grain = Image.effect_noise((3024, 4032), 20).convert("RGB")
    grainy = ImageChops.add(portrait(3024, 4032), grain, scale=1, offset=-128)
    stored = _held(grainy, 6)
    return saved(stored, "JPEG", quality=96, exif=phone_exif(6))


def phone_photo(kind: str, orientation: int, width: int = 400, height: int = 600) -> bytes:
    """As `phone_jpeg`, lossless where the kind (PNG, WEBP) can."""
    stored = _held(portrait(width, height), orientation)
    return saved(stored, kind, exif=phone_exif(orientation), lossless=True)


def talkative_jpeg() -> bytes:
    """A JPEG with everything people don't know they send: EXIF, XMP, IPTC, a comment."""
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x0f" + GPS_WORDS
    return portrait_jpeg(
        exif=phone_exif(),
        xmp=b"<x:xmpmeta>" + GPS_WORDS + b"</x:xmpmeta>",
        comment=b"seen at " + GPS_WORDS,
        extra=b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc,
    )


def talkative_png() -> bytes:
    """A PNG with EXIF, a text before the picture and a compressed one."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Location", GPS_WORDS.decode())
    texts.add_text("Comment", GPS_WORDS.decode() * 9, zip=True)
    return portrait_png(exif=phone_exif(), pnginfo=texts)


def mpo(width: int = 1200, height: int = 1200) -> bytes:
    """Two JPEGs in one file, as phones write a photo with its depth map."""
    second = portrait(width // 2, height // 2)
    return saved(portrait(width, height), "MPO", save_all=True, append_images=[second], quality=90)


def cmyk_jpeg(width: int = 1200, height: int = 1200, **options: Any) -> bytes:
    return saved(portrait(width, height).convert("CMYK"), "JPEG", quality=92, **options)


def lab_picture(width: int = 600, height: int = 600) -> Image.Image:
    """The portrait in CIELAB, which no photo file holds but Pillow knows."""
    spaces = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    result = ImageCms.profileToProfile(portrait(width, height), *spaces, outputMode="LAB")
    assert result is not None
    return result


def swapping_profile() -> bytes:
    """A valid RGB profile in which red and green have changed places: its effect shows."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    swapped = bytearray(profile)
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(swapped)


def big_profile(size: int = 300_000) -> bytes:
    """The same with a long tail nobody reads; its header states the whole length."""
    profile = swapping_profile()
    return struct.pack(">I", size) + profile[4:] + bytes(size - len(profile))


def see_through_png(width: int = 600, height: int = 600) -> bytes:
    """The left half fully transparent, over black; the right half opaque."""
    image = portrait(width, height).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    return saved(image, "PNG")


def palette_png(width: int = 600, height: int = 600) -> bytes:
    """256 colours, each with its own alpha: the first half of them see-through."""
    image = portrait(width, height).quantize(256)
    return saved(image, "PNG", transparency=bytes([0] * 128 + [255] * 128))


def grey_16_bit_png(width: int = 600, height: int = 600) -> bytes:
    """A ramp from black (0) on the left to white (65535) on the right."""
    row = b"\0" + struct.pack(f">{width}H", *(x * 65535 // (width - 1) for x in range(width)))
    return png_file(width, height, row * height, depth=16, colour=0)


def colour_16_bit_png(width: int = 600, height: int = 600) -> bytes:
    """One colour everywhere: red 65535, green 32896, blue 0."""
    row = b"\0" + struct.pack(">3H", 65535, 32896, 0) * width
    return png_file(width, height, row * height, depth=16, colour=2)


def moving_webp() -> bytes:
    return saved(portrait(300, 300), "WEBP", save_all=True, append_images=_frames(), duration=100)


def moving_png() -> bytes:
    return saved(portrait(300, 300), "PNG", save_all=True, append_images=_frames(), duration=100)


def strip_png() -> bytes:
    """30000 x 1 pixels."""
    return saved(Image.new("RGB", (30_000, 1), "red"), "PNG")


def noise_png(side: int = 1100) -> bytes:
    """Noise, which no compression makes smaller: about three bytes a pixel."""
    return saved(_noise(side), "PNG")


def noise_jpeg(side: int = 3000, **options: Any) -> bytes:
    return saved(_noise(side), "JPEG", **options)


def png_file(
    width: int, height: int, rows: bytes, depth: int = 8, colour: int = 2, more: bytes = b""
) -> bytes:
    """A PNG by hand. `rows` are the unpacked rows with their filter bytes; `more` are chunks."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [png_chunk(b"IHDR", header), more]
    chunks += [png_chunk(b"IDAT", zlib.compress(rows)), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_chunk(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)


def png_bomb(side: int = 30_000) -> bytes:
    """A header that asks for 900 million pixels and one row of them."""
    return png_file(side, side, b"\0" + bytes(side * 3))


def webp_bomb(side: int = 9400) -> bytes:
    """38 bytes that ask the decoder for a canvas of side x side before it looks further."""
    canvas = b"\0\0\0\0" + 2 * (side - 1).to_bytes(3, "little")
    return webp_file(_riff_chunk(b"VP8X", canvas) + _riff_chunk(b"VP8 ", b""))


def whole_webp_bomb(side: int = 9400) -> bytes:
    """28 bytes that decode without a fault into side x side black pixels.

    Lossless WebP: no transforms, no cache, five codes of one symbol, hence no bit a pixel.
    """
    bits, place = 0, 0
    one_symbol = [(1, 1), (0, 1), (0, 1), (0, 1)]
    for value, width in [(side - 1, 14), (side - 1, 14), (0, 4), (0, 3), *one_symbol * 5]:
        bits |= value << place
        place += width
    body = b"\x2f" + bits.to_bytes((place + 7) // 8, "little")
    return webp_file(_riff_chunk(b"VP8L", body))


def webp_file(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def jpeg_of_many_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is repeated `count` times, which decoders put up with."""
    data = portrait_jpeg(600, 600, progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]


def _riff_chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _well_framed() -> Image.Image:
    """Cut so that her mouth is in the middle; above, where her picture ends, the wall goes on."""
    square = Image.new("RGB", (442, 442))
    square.paste(astronaut().resize((442, 78), box=(0, 0, 442, 6)), (0, 0))
    square.paste(astronaut().crop((0, 0, 442, 364)), (0, 78))
    return square


def _held(upright: Image.Image, orientation: int) -> Image.Image:
    how = HELD[orientation]
    return upright if how is None else upright.transpose(how)


def _frames() -> list[Image.Image]:
    return [portrait(300, 300).transpose(Image.Transpose.FLIP_LEFT_RIGHT)]


@lru_cache(maxsize=2)
def _noise(side: int) -> Image.Image:
    bands = [Image.effect_noise((side, side), 120) for _ in range(3)]
    return Image.merge("RGB", bands)
