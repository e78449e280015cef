"""What a file says about itself before any pixel is decoded."""

from dataclasses import dataclass
from typing import Literal

from avatars.photos.limits import MEMORY_MAX, PASSED_PIXELS_MAX, PIXELS_MAX

Kind = Literal["JPEG", "PNG", "WEBP", "HEIF"]

CUT_SHORT = "the file ends before the picture does"
NO_PICTURE = "the file has the beginning of a photo but no picture in it"
ALTERED = "part of the file is not what was saved"
TOO_MANY_PARTS = "the file is cut into an unusual number of pieces"
UNUSUAL = "the file is put together in a way that no camera does"

# Four bytes for each pixel, and four more while the picture is turned or its colours converted.
UPRIGHT_AND_TURNED = 8.0

_MILLION = 1_000_000


@dataclass(frozen=True)
class Header:
    """Facts from the container alone; reading them costs no picture memory.

    Width and height are pixels as stored, before the camera's turn, and 0 when the file
    does not say. `frames` is 1 for a still. `flaw` says in words why the file cannot be
    whole; None when nothing speaks against it. `depth` are bits a channel. `end` is where the
    first picture is over: what comes behind it is not the photo's.

    `weight`: how many bytes of memory decoding and turning take for each pixel, at most.
    `passes`: how often the decoder walks over the whole picture. `halved`: too heavy to be
    decoded at its full size, so both sides come out half as long.
    """

    kind: Kind
    width: int
    height: int
    frames: int = 1
    lossless: bool = False
    flaw: str | None = None
    depth: int = 8
    end: int = 0
    weight: float = UPRIGHT_AND_TURNED
    passes: int = 1
    halved: bool = False

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def pixels_max(self) -> int:
        """How many pixels a photo that is stored in this way may have, in whole millions."""
        most = min(MEMORY_MAX / self.weight, PASSED_PIXELS_MAX / self.passes)
        return min(PIXELS_MAX, int(most / _MILLION) * _MILLION)
