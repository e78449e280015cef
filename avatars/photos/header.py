"""What a file says about itself before any pixel is decoded."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["JPEG", "PNG", "WEBP"]

CUT_SHORT = "the file ends before the picture does"
NO_PICTURE = "the file has the beginning of a photo but no picture in it"
ALTERED = "part of the file is not what was saved"
TOO_MANY_PARTS = "the file is cut into an unusual number of pieces"


@dataclass(frozen=True)
class Header:
    """Facts from the container alone; reading them costs no picture memory.

    Width and height are pixels as stored, before the camera's turn, and 0 when the file
    does not say. `frames` is 1 for a still. `flaw` says in words why the file cannot be
    whole; None when nothing speaks against it. `depth` are bits a channel. `end` is where the
    first picture is over: what comes behind it is not the photo's.
    """

    kind: Kind
    width: int
    height: int
    frames: int = 1
    lossless: bool = False
    flaw: str | None = None
    depth: int = 8
    end: int = 0
