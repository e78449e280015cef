"""A decoded photo, and the rule of how many are worked on at a time."""

from dataclasses import dataclass, field
from threading import BoundedSemaphore

from PIL import Image

from avatars.photos.compression import JpegCompression
from avatars.photos.header import Kind

# What malloc hands out in pieces of less than 32 MB it keeps, for each thread apart; Pillow's usual
# pieces have 16. Larger ones go back to the system: eight large photos at once left 1.1 GB behind.
Image.core.set_block_size(64 * 2**20)  # type: ignore[attr-defined]

# A decode may take hundreds of megabytes: two at a time keep the process bounded
# whatever the server's number of threads. Held by whoever decodes or encodes; not
# re-entrant, so nobody who holds it may call another holder.
WORKING = BoundedSemaphore(2)


@dataclass(frozen=True)
class Stored:
    """How the file held the picture, for telling what was put in order.

    `orientation` is that of EXIF, 1 for upright; `mode` is Pillow's and `depth` are bits a channel;
    `profile` are the bytes of its colour profile; `hidden` are kinds of what the file holds
    besides the picture, in words. `halved_from` are the sides in pixels of a picture too large to
    be worked on whole.
    """

    orientation: int = 1
    mode: str = "RGB"
    depth: int = 8
    profile: int = 0
    hidden: tuple[str, ...] = ()
    halved_from: tuple[int, int] | None = None


# And as many may have a decoded one in hand while they wait for their turn. Taken by whoever
# inspects and prepares, around both and before WORKING; not re-entrant either.
HOLDING = BoundedSemaphore(2)


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo fully decoded: upright, 8-bit RGB, laid on white, without metadata.

    `width` and `height` are the upright ones, in pixels; `data` are the original bytes.
    `profile` is an RGB colour profile the pixels need, None for sRGB. `compression` suits
    the upright picture. `untouched`: the pixels are those of the file. `greyscale`,
    `transparent` and `stored` tell of the original. `share`: how much of its picture this is.
    """

    image: Image.Image = field(repr=False)
    kind: Kind
    width: int
    height: int
    data: bytes = field(repr=False)
    profile: bytes | None = field(repr=False)
    compression: JpegCompression | None = field(repr=False)
    turned: bool
    untouched: bool
    lossless: bool
    greyscale: bool
    transparent: bool
    stored: Stored = Stored()
    share: float = 1.0

    @property
    def weight(self) -> int:
        """Bytes that its part of the file has, about."""
        return round(len(self.data) * self.share)
