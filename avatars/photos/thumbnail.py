"""Square thumbnails with the head inside."""

from io import BytesIO

from PIL import Image

from avatars.photos.limits import THUMBNAIL_WIDTHS
from avatars.photos.profile import to_srgb

# Heads sit high: the window's middle lies at this part of the height.
HEAD_HEIGHT = 0.4


def square_thumbnails(image: Image.Image, profile: bytes | None) -> dict[int, bytes]:
    """WebP squares by their nominal width; none is larger than the picture's square.

    The largest is cut out of the picture and the others out of it, which saves two passes
    over millions of pixels. A thumbnail carries no profile, so its colours become sRGB.
    """
    largest = square(image, max(THUMBNAIL_WIDTHS))
    if profile:
        largest = to_srgb(largest, profile) or largest
    return {width: _webp(largest, width) for width in THUMBNAIL_WIDTHS}


def square(image: Image.Image, width: int) -> Image.Image:
    """The part with the head, `width` pixels wide unless the picture is smaller."""
    side = min(image.size)
    left = (image.width - side) / 2
    top = min(max(image.height * HEAD_HEIGHT - side / 2, 0), image.height - side)
    box = (left, top, left + side, top + side)
    size = min(width, side)
    return image.resize((size, size), Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)


def _webp(square: Image.Image, width: int) -> bytes:
    size = min(width, square.width)
    target = BytesIO()
    square.resize((size, size), Image.Resampling.LANCZOS).save(target, "WEBP", quality=75, method=4)
    return target.getvalue()
