"""Pictures of one face wherever a test wants it: the astronaut, before a wall that goes on."""

from PIL import Image, ImageDraw

from tests.photos.pictures import astronaut

WALL = (199, 193, 194)

# Of her own picture of 512 x 512 pixels: between the corners of her mouth, and the height of her
# head from hair to chin.
_MOUTH = (220, 143)
_HEAD = 160
_WITHOUT_THE_FLAG = (96, 0, 352, 512)


def face_at(
    x: float = 0.5, y: float = 0.5, *, head: float = 0.33, side: int = 1200, lean: float = 0
) -> Image.Image:
    """A square with her mouth at these parts of its sides and a head so high, RGB.

    `lean`: degrees to the right. Where her own picture ends, the wall and the suit go on.
    """
    scale = head * side / _HEAD
    left, top, right, bottom = (part * scale for part in _WITHOUT_THE_FLAG)
    size = (round(right - left), round(bottom - top))
    her = astronaut().resize(size, Image.Resampling.BICUBIC, box=_WITHOUT_THE_FLAG)
    canvas = Image.new("RGB", (side, side), WALL)
    place = (round(x * side - _MOUTH[0] * scale + left), round(y * side - _MOUTH[1] * scale))
    canvas.paste(her, place)
    _continue(canvas, place[1] + her.height)
    middle = (x * side, y * side)
    return canvas.rotate(-lean, Image.Resampling.BICUBIC, center=middle, fillcolor=WALL)


def beside(*pictures: Image.Image) -> Image.Image:
    """Pictures of one height in a row."""
    row = Image.new("RGB", (sum(one.width for one in pictures), pictures[0].height))
    left = 0
    for one in pictures:
        row.paste(one, (left, 0))
        left += one.width
    return row


def _continue(canvas: Image.Image, bottom: int) -> None:
    if bottom < canvas.height:
        ImageDraw.Draw(canvas).rectangle((0, bottom, *canvas.size), fill=(120, 70, 50))
