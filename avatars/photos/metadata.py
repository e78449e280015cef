"""What a file holds besides its picture: the kinds of it, never what it says."""

import logging
from collections.abc import Iterator

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

logger = logging.getLogger(__name__)

_PLACE, _DATE, _CAMERA, _NAMES = "place", "date", "camera", "names"
_COMMENTS, _CAPTIONS, _PROGRAM = "comments", "captions", "notes of a picture program"
_PREVIEW, _NOTES = "a small preview", "technical notes"
_SECOND, _VIDEO, _ARCHIVE = "a second picture", "a video", "an archive behind the picture"
_TEXT, _DATA = "text behind the picture", "other data behind the picture"
# Told in this order: what concerns people most comes first.
_KINDS = (
    *(_PLACE, _DATE, _CAMERA, _NAMES, _COMMENTS, _CAPTIONS, _PROGRAM, _PREVIEW, _NOTES),
    *(_SECOND, _VIDEO, _ARCHIVE, _TEXT, _DATA),
)

_TAGS: dict[int, str] = {
    **dict.fromkeys((Base.DateTime, Base.DateTimeOriginal, Base.DateTimeDigitized), _DATE),
    **dict.fromkeys((Base.Make, Base.Model, Base.MakerNote, Base.LensModel), _CAMERA),
    **dict.fromkeys((Base.BodySerialNumber, Base.ExposureTime, Base.FNumber), _CAMERA),
    **dict.fromkeys((Base.Artist, Base.Copyright, Base.CameraOwnerName, Base.XPAuthor), _NAMES),
    **dict.fromkeys((Base.ImageDescription, Base.UserComment, Base.XPComment), _COMMENTS),
    **dict.fromkeys((Base.XPTitle, Base.XPSubject, Base.XPKeywords), _COMMENTS),
    Base.Software: _PROGRAM,
}
_IPTC = 0x0404  # the number of Photoshop's part with captions and keywords (IIM)
_PLAIN_PARTS = {"APP0", "APP2", "APP14", "COM"}  # JFIF, profile and second pictures, Adobe's mark
_XMP_TEXT = "XML:com.adobe.xmp"
_ENOUGH = 4096  # bytes that tell a text from other data


def hidden_data(image: Image.Image, tail: bytes) -> tuple[str, ...]:
    """In words, of a loaded image and of the bytes behind it.

    Never raises: of what can't be read nothing is said. Asks the decoder for what it met on its
    way, so the file is not read twice.
    """
    found = set(_behind(tail))
    for look in (_exif, _jpeg, _png, _xmp):
        try:
            found.update(look(image))
        # Hostile bytes make the reader of EXIF raise nearly anything.
        except Exception:
            logger.info("Part of a photo's hidden data could not be read.", exc_info=True)
    return tuple(kind for kind in _KINDS if kind in found)


def _exif(image: Image.Image) -> Iterator[str]:
    block = image.info.get("exif")
    if not block:
        return
    exif = Image.Exif()
    exif.load(block)
    tags = {*exif, *exif.get_ifd(IFD.Exif)}
    yield from (_TAGS[tag] for tag in tags if tag in _TAGS)
    if set(exif.get_ifd(IFD.GPSInfo)) - {GPS.GPSVersionID}:
        yield _PLACE
    if {Base.JpegIFOffset, Base.StripOffsets} & set(exif.get_ifd(IFD.IFD1)):
        yield _PREVIEW


def _jpeg(image: Image.Image) -> Iterator[str]:
    if not isinstance(image, JpegImageFile):
        return
    if image.info.get("comment"):
        yield _COMMENTS
    photoshop = image.info.get("photoshop") or {}
    if photoshop:
        yield _CAPTIONS if _IPTC in photoshop else _PROGRAM
    for name, content in image.applist:
        if name == "APP1" and content.startswith(b"http://ns.adobe.com/"):
            yield _PROGRAM
        elif name not in _PLAIN_PARTS | {"APP1", "APP13"}:
            yield _NOTES


def _png(image: Image.Image) -> Iterator[str]:
    for name, text in image.text.items() if isinstance(image, PngImageFile) else ():
        if name == _XMP_TEXT:
            yield _PROGRAM
        elif text:
            yield _COMMENTS


def _xmp(image: Image.Image) -> Iterator[str]:
    if image.info.get("xmp"):
        yield _PROGRAM


def _behind(tail: bytes) -> Iterator[str]:
    """Zeros are padding. Phones put a second picture or a short video behind the first."""
    beginning = tail[:_ENOUGH].lstrip(b"\0")
    if beginning.startswith(b"\xff\xd8\xff"):
        yield _SECOND
    elif b"ftyp" in beginning[:8]:
        yield _VIDEO
    elif b"PK\x03\x04" in beginning or b"PK\x05\x06" in tail[-_ENOUGH:]:
        yield _ARCHIVE
    elif beginning:
        yield _TEXT if _is_text(beginning) else _DATA
    elif tail.strip(b"\0"):
        yield _DATA


def _is_text(beginning: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\n\r" for byte in beginning)
