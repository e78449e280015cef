"""Colour profiles (ICC.1): which to keep, and the way to sRGB for the others."""

import logging
from io import BytesIO

from PIL import Image, ImageCms

logger = logging.getLogger(__name__)

_MODES = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK", b"Lab ": "LAB"}
_HEADER_BYTES = 128


def mode_of(profile: bytes) -> str | None:
    """The Pillow mode a profile describes, None when the bytes are no such profile."""
    if len(profile) < _HEADER_BYTES or profile[36:40] != b"acsp":
        return None
    return _MODES.get(profile[16:20])


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """A copy of the image in sRGB, None when the profile can't be used.

    A photo is worth more than its profile: without one the colours are off by a shade.
    """
    try:
        return ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError) as error:
        logger.info("A colour profile could not be used and was left out: %s", error)
        return None
