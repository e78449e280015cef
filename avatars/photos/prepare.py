"""The photo that is kept and sent: upright, without metadata, small enough."""

from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO

from PIL import Image

from avatars.photos.fitting import fit
from avatars.photos.likeness import likeness
from avatars.photos.limits import SENT_BYTES_MAX, THUMBNAIL_WIDTHS
from avatars.photos.photo import WORKING, Photo
from avatars.photos.profile import to_srgb
from avatars.photos.thumbnail import square_thumbnails

__all__ = [
    "SENT_BYTES_MAX",
    "THUMBNAIL_WIDTHS",
    "Prepared",
    "likeness_of",
    "prepare",
    "preview",
    "thumbnails",
]

_QUICK = 2  # of WebP's six: somebody is waiting for it

_TYPES = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "WEBP": ("image/webp", ".webp"),
}


@dataclass(frozen=True)
class Prepared:
    """Bytes to keep and send, at most SENT_BYTES_MAX; sides in pixels; sha256 in hex.

    `likeness` tells pictures that look alike.

    `thumbnails` are WebP squares by nominal width, smaller where the photo is.
    """

    data: bytes = field(repr=False)
    content_type: str
    extension: str
    width: int
    height: int
    sha256: str
    likeness: str
    thumbnails: dict[int, bytes] = field(repr=False)


def prepare(photo: Photo, *, thumbnails: bool = True) -> Prepared:
    """Write the photo anew, which leaves behind everything that is not its pixels.

    Without `thumbnails` there are none yet: who waits for more than pictures can have them later.
    """
    with WORKING:
        fitted = fit(photo)
        squares = square_thumbnails(photo.image, photo.profile) if thumbnails else {}
        looks = likeness(photo.image)
    content_type, extension = _TYPES[fitted.kind]
    return Prepared(
        data=fitted.data,
        content_type=content_type,
        extension=extension,
        width=fitted.width,
        height=fitted.height,
        sha256=sha256(fitted.data).hexdigest(),
        likeness=looks,
        thumbnails=squares,
    )


def preview(photo: Photo, longest: int = 1280) -> bytes:
    """All of the picture as a WebP without metadata, its longer side at most `longest` pixels."""
    with WORKING:
        scale = min(1, longest / max(photo.image.size))
        size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
        image = photo.image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        if photo.profile:
            image = to_srgb(image, photo.profile) or image
        target = BytesIO()
        image.save(target, "WEBP", quality=80, method=_QUICK, icc_profile=None)
    return target.getvalue()


def thumbnails(data: bytes) -> dict[int, bytes]:
    """The thumbnails again, from the bytes of a prepared photo.

    For our own stored files only, which are 8-bit RGB and were judged before. Raises
    OSError (Pillow's UnidentifiedImageError is one) when the file has been damaged since.
    """
    with WORKING:
        image = _stored(data)
        return square_thumbnails(image, image.info.get("icc_profile"))


def likeness_of(data: bytes) -> str:
    """The likeness again, from the bytes of a prepared photo. Raises OSError as above."""
    with WORKING:
        return likeness(_stored(data))


def _stored(data: bytes) -> Image.Image:
    image: Image.Image = Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP"])
    # A JPEG decodes at a fraction of its size for a fraction of the time.
    image.draft("RGB", (2 * max(THUMBNAIL_WIDTHS), 2 * max(THUMBNAIL_WIDTHS)))
    image.load()
    return image
