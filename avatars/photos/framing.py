"""The part of a photo that somebody chose: turned by quarters, then cut to a square."""

from dataclasses import dataclass, replace

from PIL import Image

from avatars.photos.photo import Photo

_TURNS = {
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


def framed(photo: Photo, frame: Frame) -> Photo:
    """The photo as the frame shows it; itself, when that is all of it."""
    frame = frame.within(photo.width, photo.height)
    image, compression = photo.image, photo.compression
    if frame.is_whole:
        return photo
    if frame.turns:
        image = image.transpose(_TURNS[frame.turns])
    if frame.turns % 2 and compression:
        compression = compression.turned()
    if frame.side:
        right, bottom = frame.left + frame.side, frame.top + frame.side
        image = image.crop((frame.left, frame.top, right, bottom))
    return replace(
        photo,
        image=image,
        width=image.width,
        height=image.height,
        compression=compression,
        turned=True,
        untouched=False,
    )
