"""The part of a photo that somebody chose: turned by quarters, then cut to a square."""

from dataclasses import dataclass, replace

from PIL import Image

from avatars.photos.face import Face
from avatars.photos.limits import SHORT_SIDE_ADVISED, SHORT_SIDE_MIN
from avatars.photos.photo import Photo

# Parts of the square's height (Anam's guide for photos).
_MOUTH = 0.5
_HEADROOM = 0.25
# Where the picture ends too soon: less chest than asked for, and the face near the middle.
_TIGHTEST = 0.75
# Where pixels are short: the head is two thirds as high as asked for, and still large enough.
_WIDEST = 1.5

TURNS = {
    1: Image.Transpose.ROTATE_270,  # Pillow turns against the clock
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Frame:
    """`turns`: quarter turns clockwise, 0 to 3. The square lies in the picture turned that way.

    `left`, `top` and `side` are pixels of the full-size upright picture; `side` 0 is all of it.
    """

    turns: int = 0
    left: int = 0
    top: int = 0
    side: int = 0

    @property
    def is_whole(self) -> bool:
        return self == Frame()

    def within(self, width: int, height: int) -> "Frame":
        """The nearest frame that lies inside an upright picture of these sides."""
        turns = self.turns % 4
        if turns % 2:
            width, height = height, width
        side = min(max(self.side, 0), width, height)
        if not side:
            return Frame(turns)
        left = min(max(self.left, 0), width - side)
        top = min(max(self.top, 0), height - side)
        return Frame(turns, left, top, side)

    def sides(self, width: int, height: int) -> tuple[int, int]:
        """Of what it shows of an upright picture of these sides."""
        frame = self.within(width, height)
        if frame.side:
            return frame.side, frame.side
        return (height, width) if frame.turns % 2 else (width, height)

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in the picture before it is turned; for a frame within it."""
        left, top = self.left, self.top
        if self.turns == 1:
            left, top = top, height - left - self.side
        elif self.turns == 2:
            left, top = width - left - self.side, height - top - self.side
        elif self.turns == 3:
            left, top = width - top - self.side, left
        return left, top, left + self.side, top + self.side


def framed(photo: Photo, frame: Frame) -> Photo:
    """The photo as the frame shows it; itself, when that is all of it.

    Needs memory for what is shown, twice when it is turned: it is cut first.
    """
    frame = frame.within(photo.width, photo.height)
    if frame.is_whole:
        return photo
    image = _turned(_cut(photo.image, frame), frame.turns)
    compression = photo.compression
    if compression and frame.turns % 2:
        compression = compression.turned()
    return replace(
        photo,
        image=image,
        width=image.width,
        height=image.height,
        compression=compression,
        turned=True,
        untouched=False,
        share=photo.share * image.width * image.height / (photo.width * photo.height),
    )


def frame_for(face: Face, width: int, height: int) -> Frame:
    """The square of an upright picture of these sides that Anam's guide asks for, or the nearest.

    Half of it is above the mouth, a quarter above the hair, and the face is in its middle. With a
    `face` that lies on its side, the picture is turned too.
    """
    upright = face.turned(face.turns, width, height)
    right, bottom = (height, width) if face.turns % 2 else (width, height)
    x, y = upright.middle[0], upright.mouth_middle[1]
    centred = 2 * min(x, right - x, y, bottom - y)  # the largest square around that point
    wanted = upright.mouth_to_hair / (_MOUTH - _HEADROOM)
    side = max(round(_side(wanted, centred)), SHORT_SIDE_MIN)
    frame = Frame(face.turns, round(x - side / 2), round(y - side / 2), side)
    return frame.within(width, height)


def _cut(image: Image.Image, frame: Frame) -> Image.Image:
    return image.crop(frame.box(*image.size)) if frame.side else image


def _turned(image: Image.Image, turns: int) -> Image.Image:
    return image.transpose(TURNS[turns]) if turns else image


def _side(wanted: float, centred: float) -> float:
    """Tighter where the picture ends; wider for more pixels where it goes on."""
    tight = min(wanted, max(centred, wanted * _TIGHTEST))
    return max(tight, min(SHORT_SIDE_ADVISED, centred, wanted * _WIDEST))
