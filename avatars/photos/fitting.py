"""Writing a photo so that it stays the same where it can and always fits where it must."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

from avatars.photos.header import Kind
from avatars.photos.jpeg_header import read_jpeg_header
from avatars.photos.limits import SENT_BYTES_MAX
from avatars.photos.photo import Photo
from avatars.photos.stripping import stripped

_QUALITIES = (95, 92, 88, 84, 80)
_LONG_SIDE_FIRST = 4096

# No avatar shows more. Above it, fewer pixels in better quality look the same and take less time.
_PIXELS_FIRST = 13_000_000
# PNG and WebP take up to a third of a microsecond to write each pixel; lossless WebP takes thirty
# bytes besides.
_KEPT_MAX, _LOSSLESS_WEBP_MAX = 8_000_000, 5_000_000


@dataclass(frozen=True)
class Fitted:
    """A written photo of at most SENT_BYTES_MAX bytes; sides in pixels."""

    data: bytes = field(repr=False)
    kind: Kind
    width: int
    height: int


@dataclass(frozen=True)
class _Way:
    """One way of writing: the kind and Pillow's options for it."""

    kind: Kind
    options: dict[str, Any]

    def write(self, image: Image.Image, profile: bytes | None) -> bytes:
        target = BytesIO()
        image.save(target, self.kind, icc_profile=profile, **self.options)
        return target.getvalue()


_BEST_JPEG = _Way("JPEG", {"quality": 95, "subsampling": "4:4:4"})


def fit(photo: Photo) -> Fitted:
    """The photo as it is if that fits, else the best JPEG that does."""
    if same := _same(photo):
        return Fitted(same, "JPEG", photo.width, photo.height)
    for way in _faithful(photo):
        data = way.write(photo.image, photo.profile)
        if len(data) <= SENT_BYTES_MAX:
            return Fitted(data, way.kind, photo.width, photo.height)
    return _lighter(photo)


def _same(photo: Photo) -> bytes | None:
    """The very picture of an upright JPEG, where that fits and the file is a plain one."""
    if photo.kind != "JPEG" or photo.compression is None or not photo.untouched:
        return None
    same = stripped(photo.data, photo.profile)
    if same is None or len(same) > SENT_BYTES_MAX:
        return None
    # Read back like a stranger's file: whatever was misunderstood is written anew instead.
    header = read_jpeg_header(same)
    is_same = header.flaw is None and (header.width, header.height) == photo.image.size
    return same if is_same else None


def _faithful(photo: Photo) -> list[_Way]:
    """The ways that keep kind and looks, best first.

    A PNG or WebP over the limit seldom gets under it by being written again, and writing many
    million pixels that way takes seconds: it goes on to JPEG at once.
    """
    is_jpeg = photo.kind == "JPEG"
    if not is_jpeg and (photo.weight > SENT_BYTES_MAX or _pixels(photo.image) > _kept_max(photo)):
        return []
    if photo.kind == "PNG":
        return [_Way("PNG", {})]
    if photo.kind == "WEBP":
        return [_Way("WEBP", {"lossless": True} if photo.lossless else {"quality": 95})]
    if photo.compression is None:
        return [_BEST_JPEG]
    own = _Way("JPEG", photo.compression.options())
    # A turned picture no longer meets its old 8 x 8 blocks when a side doesn't divide,
    # so fine steps are safer; the photo's own tables are the next best and far lighter.
    return [_BEST_JPEG, own] if photo.turned else [own]


def _kept_max(photo: Photo) -> int:
    return _LOSSLESS_WEBP_MAX if photo.kind == "WEBP" and photo.lossless else _KEPT_MAX


def _pixels(image: Image.Image) -> int:
    return image.width * image.height


def _lighter(photo: Photo) -> Fitted:
    """Down the qualities first, then down the sizes.

    The lowest quality is written first: where even that doesn't fit, the four others of
    that size are not worth their time.
    """
    for size in _sizes(*photo.image.size):
        image = _scaled(photo.image, size)
        lightest = _jpeg(_QUALITIES[-1]).write(image, photo.profile)
        if len(lightest) <= SENT_BYTES_MAX:
            return Fitted(_best(image, photo.profile, lightest), "JPEG", image.width, image.height)
        del image, lightest  # before the next one is made: memory is counted
    raise AssertionError("A picture of a few pixels fits always.")


def _best(image: Image.Image, profile: bytes | None, lightest: bytes) -> bytes:
    for quality in _QUALITIES[:-1]:
        data = _jpeg(quality).write(image, profile)
        if len(data) <= SENT_BYTES_MAX:
            return data
    return lightest


def _jpeg(quality: int) -> _Way:
    """Below the best quality, halved chroma: faces show the bytes elsewhere first."""
    if quality == _BEST_JPEG.options["quality"]:
        return _BEST_JPEG
    return _Way("JPEG", {"quality": quality, "subsampling": "4:2:0"})


def _sizes(width: int, height: int) -> Iterator[tuple[int, int]]:
    """The picture's own, if it is not far too large, then ever smaller ones by three quarters."""
    if width * height <= _PIXELS_FIRST:
        yield width, height
    longest = _LONG_SIDE_FIRST
    while longest:
        scale = longest / max(width, height)
        if scale < 1:
            yield max(1, round(width * scale)), max(1, round(height * scale))
        longest = longest * 3 // 4


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
