"""From the bytes of a photo to its upright pixels."""

import logging
import warnings
from io import BytesIO

from PIL import Image
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile

from avatars.photos.colours import in_rgb, is_greyscale
from avatars.photos.compression import JpegCompression, compression_of
from avatars.photos.header import Header
from avatars.photos.heif import decode_heif
from avatars.photos.metadata import hidden_data
from avatars.photos.photo import Photo, Stored

logger = logging.getLogger(__name__)

# Of each entry of broken EXIF: hostile files hold thousands, and each would be a line of the log.
warnings.filterwarnings("ignore", module=r"PIL\.TiffImagePlugin")

# EXIF 2.32, tag 274: how the camera was held, and what undoes it.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_CHANGES_SIDES = {
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_90,
}


def decode(data: bytes, header: Header) -> Photo:
    """Decode the whole picture. Raises whatever Pillow and libheif do, which can be anything.

    Needs as much memory as the header says, and less afterwards.
    """
    image = decode_heif(data, header) if header.kind == "HEIF" else _loaded(data, header)
    stored = _stored(image, data, header)
    turn = _TURNS.get(stored.orientation)
    compression = compression_of(image) if isinstance(image, JpegImageFile) else None
    colours = in_rgb(image)
    untouched = colours.image is image and turn is None and not header.halved
    image = _released(colours.image)
    if turn is not None:
        image = image.transpose(turn)
    # Pillow would write some of what it has read (comment, profile) into the new file.
    image.info.clear()
    return Photo(
        image=image,
        kind=header.kind,
        width=image.width,
        height=image.height,
        data=data,
        profile=colours.profile,
        compression=_upright(compression, turn),
        turned=turn is not None,
        untouched=untouched,
        lossless=header.lossless,
        greyscale=is_greyscale(image),
        transparent=colours.transparent,
        stored=stored,
    )


def _loaded(data: bytes, header: Header) -> Image.Image:
    image: Image.Image = Image.open(BytesIO(data), formats=[header.kind])
    if image.size != (header.width, header.height):
        raise ValueError("The header and the picture disagree about the size.")
    if header.halved:
        image.draft(None, (header.width // 2, header.height // 2))
    image.load()
    return image


def _stored(image: Image.Image, data: bytes, header: Header) -> Stored:
    return Stored(
        orientation=1 if header.kind == "HEIF" else _orientation(image),
        mode=image.mode,
        depth=header.depth,
        profile=len(image.info.get("icc_profile") or b""),
        hidden=hidden_data(image, data[header.end :]),
        halved_from=(header.width, header.height) if header.halved else None,
    )


def _orientation(image: Image.Image) -> int:
    """How the photo lies, 1 for upright. EXIF alone decides, as it does in browsers.

    They, too, take a photo for upright whose EXIF can't be read.
    """
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif") or b"")
        stated = exif.get(Base.Orientation)
    except Exception:  # hostile bytes make the reader of EXIF raise nearly anything
        logger.info("The EXIF of a photo could not be read.", exc_info=True)
        return 1
    return stated if stated in _TURNS else 1


def _released(image: Image.Image) -> Image.Image:
    """The image without the WebP decoder, which would keep twice the picture's memory."""
    return image.copy() if image.format == "WEBP" else image


def _upright(
    compression: JpegCompression | None, turn: Image.Transpose | None
) -> JpegCompression | None:
    return compression.turned() if compression and turn in _CHANGES_SIDES else compression
