"""A short moving picture made from one still: it breathes and sways, and the end is the start."""

from io import BytesIO
from math import cos, sin, tau

from PIL import Image

from .matroska import vp8_frame, webm

SIZE = 384  # pixels, square
RATE = 12  # frames a second
SECONDS = 3
QUALITY = 78
MARGIN = 0.05  # share of the picture kept outside the frame, so that no edge shows in a sway
BREATH = 0.028  # share of the width: what a chest adds in one breath
SWAY = 0.014
# Frames are cut from a copy this many times their size: sharp enough for the zoom, and three
# times as quick as cutting each from the full picture.
OVERSIZE = 1.5


def make(picture: Image.Image, *, sway: float = SWAY) -> bytes:
    """WebM, `SIZE` square, `SECONDS` long, from a square RGB picture. Half a second of work."""
    side = round(SIZE * OVERSIZE)
    copy = picture.resize((side, side), Image.Resampling.LANCZOS, reducing_gap=2)
    frames = [_frame(copy, index / (RATE * SECONDS), sway) for index in range(RATE * SECONDS)]
    return webm(frames, size=(SIZE, SIZE), rate=RATE)


def _frame(picture: Image.Image, moment: float, sway: float) -> bytes:
    still = picture.resize((SIZE, SIZE), Image.Resampling.BICUBIC, _window(picture, moment, sway))
    stream = BytesIO()
    still.save(stream, "WEBP", quality=QUALITY, method=2)
    return vp8_frame(stream.getvalue())


def _window(picture: Image.Image, moment: float, sway: float) -> tuple[float, float, float, float]:
    """The part of the picture seen at `moment` (0 to 1 of the loop), in fractions of a pixel.

    Whole pixels would jitter: such small movements are less than a pixel a frame.
    """
    turn = tau * moment
    side = picture.width * (1 - 2 * MARGIN - BREATH * (1 - cos(turn)) / 2)
    left = (picture.width - side) / 2 + picture.width * sway * sin(turn)
    top = (picture.height - side) / 2 + picture.height * sway / 2 * cos(2 * turn)
    return left, top, left + side, top + side
