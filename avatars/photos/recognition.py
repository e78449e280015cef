"""Which kind of file the bytes are. The content decides; no name is ever asked."""

from collections.abc import Callable
from dataclasses import dataclass

from avatars.photos import jpeg_header, png_header
from avatars.photos.header import Header
from avatars.photos.heif import HEIC_IS_TAKEN
from avatars.photos.heif_header import is_heif, read_heif_header
from avatars.photos.jpeg_header import read_jpeg_header
from avatars.photos.kinds import KINDS
from avatars.photos.png_header import read_png_header
from avatars.photos.webp_header import is_webp, read_webp_header


@dataclass(frozen=True)
class Lookalike:
    """A file that is no photo for us: its name in words and the way to make it one."""

    name: str
    how_to_fix: str


_EXPORT = "Open it in a picture program and export it as JPEG or PNG."
_GIF = Lookalike(
    "a GIF picture",
    "GIF has too few colours for a face. Use the photo it was made from, as JPEG or PNG.",
)
_HEIC = Lookalike(
    "a HEIC photo, as iPhones take them",
    "Export it as JPEG in the Photos app. For new photos choose Settings, Camera, Formats, "
    "Most Compatible. Whoever runs Greenroom can have it read HEIC: that is the extra heic.",
)
_AVIF = Lookalike("an AVIF picture", _EXPORT)
_PDF = Lookalike("a PDF document", "Save the photo by itself as JPEG, or take a screenshot of it.")
_SVG = Lookalike("an SVG drawing", "A drawing can't become an avatar. Choose a photo of a person.")
_TIFF = Lookalike("a TIFF picture or a camera's raw file", _EXPORT)
_HTML = Lookalike(
    "a web page",
    "Open the page, save the picture on it by itself, and choose that file.",
)
_VIDEO = Lookalike("a video", "Pause it where the face is sharp and save that frame as JPEG.")
_ZIP = Lookalike("a ZIP archive or an office document", "Take the photo out and choose it.")
_UNKNOWN = Lookalike("a file of another kind", f"Choose a photo saved as {KINDS}.")

_BEGINNINGS: dict[bytes, Lookalike] = {
    b"GIF87a": _GIF,
    b"GIF89a": _GIF,
    b"%PDF": _PDF,
    b"BM": Lookalike("a BMP picture", _EXPORT),
    b"II*\x00": _TIFF,
    b"MM\x00*": _TIFF,
    b"PK\x03\x04": _ZIP,
    b"\x1aE\xdf\xa3": _VIDEO,
}
_BRANDS: dict[bytes, Lookalike] = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), _HEIC),
    **dict.fromkeys((b"avif", b"avis"), _AVIF),
}
_SVG_SIGNS = (b"<svg",)
_HTML_SIGNS = (b"<!doctype html", b"<html", b"<head", b"<body")

_Reader = Callable[[bytes], Header]


def read_header(data: bytes) -> Header | None:
    """The container's facts, or None when the bytes are no photo that is taken here."""
    reader = _reader(data)
    return reader(data) if reader else None


def looks_like(data: bytes) -> Lookalike:
    """What bytes that are no photo look like."""
    for beginning, lookalike in _BEGINNINGS.items():
        if data.startswith(beginning):
            return lookalike
    if data[4:8] == b"ftyp":
        return _from_brands(data)
    return _from_markup(data)


def _reader(data: bytes) -> _Reader | None:
    if data.startswith(jpeg_header.MAGIC):
        return read_jpeg_header
    if data.startswith(png_header.MAGIC):
        return read_png_header
    if HEIC_IS_TAKEN and is_heif(data):
        return read_heif_header
    return read_webp_header if is_webp(data) else None


def _from_brands(data: bytes) -> Lookalike:
    """ISO base media files name a main brand and, behind it, the ones they also suit.

    AVIF comes first: such files may carry the general mif1 as their main brand.
    """
    box = data[8 : min(int.from_bytes(data[:4]), 128)]
    brands = [box[place : place + 4] for place in range(0, len(box), 4)]
    if _AVIF in map(_BRANDS.get, brands):
        return _AVIF
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), _VIDEO)


def _from_markup(data: bytes) -> Lookalike:
    beginning = data[:2000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not beginning.startswith(b"<"):
        return _UNKNOWN
    if any(sign in beginning for sign in _HTML_SIGNS):
        return _HTML
    return _SVG if any(sign in beginning for sign in _SVG_SIGNS) else _UNKNOWN
