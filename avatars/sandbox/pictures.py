"""The sandbox's picture work: photo bytes in, the refined square and its two crops out."""

from colorsys import rgb_to_hls
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

SIDE = 1152  # pixels: the square copy; crops are 1152x768 and 768x1152 (Anam reference, July 2026)
CROP = 768
MOST_PIXELS = 50_000_000
# A head sits above the middle of most photos, so a tall one is cut from nearer its top.
CENTERING = (0.5, 0.35)


class NotAPhoto(Exception):
    """Not JPEG, PNG or WebP by content."""


class Unreadable(Exception):
    """One of the three formats, but broken, or larger than `MOST_PIXELS`."""


@dataclass(frozen=True)
class Impression:
    """What a first look at the photo says: the text and tags that a description is made of."""

    description: str
    tags: tuple[str, ...]
    allows_portrait: bool


def refined(source: bytes) -> Image.Image:
    """The photo upright, without alpha, cut and scaled to a `SIDE` square. RGB."""
    return ImageOps.fit(_upright(source), (SIDE, SIDE), centering=CENTERING)


def landscape(square: Image.Image) -> Image.Image:
    edge = (SIDE - CROP) // 2
    return square.crop((0, edge, SIDE, SIDE - edge))


def portrait(square: Image.Image) -> Image.Image:
    edge = (SIDE - CROP) // 2
    return square.crop((edge, 0, SIDE - edge, SIDE))


def jpeg(picture: Image.Image) -> bytes:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=88)
    return stream.getvalue()


def impression(source: bytes) -> Impression:
    """Decodes the whole photo once. Raises NotAPhoto or Unreadable."""
    picture = _upright(source)
    red, green, blue = picture.resize((1, 1), Image.Resampling.BOX).tobytes()
    hue, lightness, saturation = rgb_to_hls(red / 255, green / 255, blue / 255)
    light = "bright" if lightness > 0.55 else "dark" if lightness < 0.3 else "evenly lit"
    tone = "neutral" if saturation < 0.12 else "warm" if hue < 0.2 or hue > 0.85 else "cool"
    return Impression(
        description=f"A rehearsal avatar. Its photo is {light}, in {tone} colours.",
        tags=("rehearsal", light, tone),
        allows_portrait=picture.width <= 2 * picture.height,
    )


def _upright(source: bytes) -> Image.Image:
    picture = _open(source)
    if picture.width * picture.height > MOST_PIXELS:
        raise Unreadable(f"{picture.width}x{picture.height} pixels are too many")
    try:
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        if not upright.has_transparency_data:
            return upright.convert("RGB")
        paper = Image.new("RGBA", upright.size, "white")
        return Image.alpha_composite(paper, upright.convert("RGBA")).convert("RGB")
    except Exception as broken:  # Pillow's decoders raise what they like on bytes from strangers
        raise Unreadable(str(broken)) from broken


def _open(source: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(source), formats=["JPEG", "PNG", "WEBP"])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Unreadable(str(bomb)) from bomb
    except Exception as foreign:  # the same: struct.error, SyntaxError and OSError all happen
        raise NotAPhoto(str(foreign)) from foreign
