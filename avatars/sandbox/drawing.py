"""Faces that nobody could take for a photo: the stock avatars and the stand-ins for image URLs."""

from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageDraw

SIDE = 1152  # pixels
# Drawn larger and then reduced: Pillow's pen has no smooth edges of its own.
OVERSIZE = 2
WALLS = ("#cfe3d8", "#d9dcee", "#f1dfcf", "#dfe7ee", "#efe6c8")
SKINS = (
    ("#f2c9a5", "#dcae88"),
    ("#d8a47a", "#bf8a61"),
    ("#a8744f", "#8f5f3d"),
    ("#7a4f37", "#643f2a"),
    ("#f6d7bf", "#e3bfa4"),
)
HAIRS = ("#2b211d", "#6b4226", "#b9873f", "#8f8f96", "#7c2f2a")
SHIRTS = ("#2f6f5e", "#39527b", "#8a4b5c", "#4d4d57", "#b0632f")
INK = "#2d2926"

Pen = ImageDraw.ImageDraw


def face(seed: str) -> bytes:
    """A drawn portrait as PNG, `SIDE` square; the same seed gives the same face.

    It keeps to the guidance for real photos: mouth at half the height, a quarter of it above the
    head, shoulders and chest in view, plain wall, closed and neutral mouth.
    """
    picks = sha256(seed.encode()).digest()
    skin, shade = SKINS[picks[1] % len(SKINS)]
    hair = HAIRS[picks[2] % len(HAIRS)]
    picture = Image.new("RGB", (SIDE * OVERSIZE, SIDE * OVERSIZE), WALLS[picks[0] % len(WALLS)])
    pen = ImageDraw.Draw(picture)
    if picks[4] % 2:
        pen.rounded_rectangle(_box(0.33, 0.25, 0.67, 0.68), _at(0.16), fill=hair)
    _body(pen, shade, SHIRTS[picks[3] % len(SHIRTS)])
    _head(pen, skin, hair)
    _features(pen, hair, shade)
    stream = BytesIO()
    picture.reduce(OVERSIZE).save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def _body(pen: Pen, shade: str, shirt: str) -> None:
    pen.rounded_rectangle(_box(0.14, 0.645, 0.86, 1.3), _at(0.15), fill=shirt)
    pen.rounded_rectangle(_box(0.435, 0.5, 0.565, 0.69), _at(0.06), fill=shade)


def _head(pen: Pen, skin: str, hair: str) -> None:
    pen.ellipse(_box(0.355, 0.25, 0.645, 0.53), fill=hair)
    for left in (0.345, 0.61):
        pen.ellipse(_box(left, 0.4, left + 0.045, 0.47), fill=skin)
    pen.rounded_rectangle(_box(0.368, 0.3, 0.632, 0.59), _at(0.125), fill=skin)
    pen.chord(_box(0.355, 0.252, 0.645, 0.44), 187, 353, fill=hair)


def _features(pen: Pen, hair: str, shade: str) -> None:
    for middle in (0.442, 0.558):
        pen.ellipse(_box(middle - 0.013, 0.397, middle + 0.013, 0.427), fill=INK)
        pen.ellipse(_box(middle + 0.001, 0.401, middle + 0.008, 0.408), fill="white")
        pen.arc(_box(middle - 0.034, 0.366, middle + 0.034, 0.406), 205, 335, hair, _at(0.009))
    pen.arc(_box(0.482, 0.42, 0.518, 0.46), 20, 160, shade, _at(0.008))
    pen.arc(_box(0.45, 0.46, 0.55, 0.505), 40, 140, INK, _at(0.008))


def _box(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    return _at(left), _at(top), _at(right), _at(bottom)


def _at(share: float) -> int:
    return round(share * SIDE * OVERSIZE)
