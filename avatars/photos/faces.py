"""Finds the faces in a picture, where the extra `face` is installed."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from math import dist

from PIL import Image

from avatars.photos.face import Face
from avatars.photos.framing import TURNS, Frame

try:
    from avatars.photos import yunet
# numpy raises RuntimeError on processors that are too old for it.
except (ImportError, RuntimeError):
    yunet = None  # type: ignore[assignment]

__all__ = ["Face", "find_faces"]

logger = logging.getLogger(__name__)

_WHOLE = Frame()

# Longest side of the copy that is looked at, in pixels: twice the model's, for a near look.
_VIEW = 1280

# In a whole photo a face is often so small that its points are guessed as if it were upright. At
# this part of the side they are right to a few degrees, whatever the size of the photo.
_CLOSE = 0.3
# Upright faces that look at the camera get 0.93 and more at that size, lying ones less than 0.9.
_SURELY_UPRIGHT = 0.9
_SURER = 0.03  # so much less do near-twins among the turned looks differ by chance


@dataclass(frozen=True)
class _Part:
    """Part of a picture in its pixels, and how often it is turned clockwise to be looked at."""

    left: float
    top: float
    right: float
    bottom: float
    turns: int = 0


def find_faces(image: Image.Image, frame: Frame = _WHOLE) -> list[Face] | None:
    """Largest first, in pixels of what the frame shows of an upright picture.

    None without the extra, or when anything went wrong: advice blocks nothing. The picture stays
    as it is. Takes two to eight looks, about 0.1 s in all for 12 million pixels.
    """
    if yunet is None:
        return None
    try:
        return _found(image, frame.within(*image.size))
    except Exception:
        logger.warning("Faces could not be looked for in a photo.", exc_info=True)
        return None


def _found(image: Image.Image, frame: Frame) -> list[Face]:
    view = _view(image, frame)
    step = max(frame.sides(*image.size)) / max(view.size)
    return [
        face.mapped(lambda point: (point[0] * step, point[1] * step)) for face in _faces_of(view)
    ]


def _view(image: Image.Image, frame: Frame) -> Image.Image:
    """A small copy of what the frame shows. Nothing as large as the picture is made for it."""
    box = frame.box(*image.size) if frame.side else (0, 0, *image.size)
    width, height = box[2] - box[0], box[3] - box[1]
    scale = min(1, _VIEW / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    view = image.resize(size, Image.Resampling.BILINEAR, box, reducing_gap=1.0).convert("RGB")
    return view.transpose(TURNS[frame.turns]) if frame.turns else view


def _faces_of(image: Image.Image) -> list[Face]:
    """The main face is looked at twice: from afar to find it, from near to measure it."""
    faces = _at_first_sight(image)
    if not faces:
        return []
    main, *others = sorted(faces, key=_area, reverse=True)
    return [_closer(image, main), *others]


def _at_first_sight(image: Image.Image) -> list[Face]:
    """In the photo as it lies; where nothing is found, also on its sides and upside down."""
    for turns in (0, 1, 3, 2):
        if faces := _look(image, _Part(0, 0, *image.size, turns)):
            return faces
    return []


def _closer(image: Image.Image, face: Face) -> Face:
    """The same face, measured well: from near, and the way round in which it is seen best."""
    best = _near(image, face, 0) or face
    if best.score >= _SURELY_UPRIGHT:
        return best
    turned = [near for turns in (1, 2, 3) if (near := _near(image, face, turns))]
    surest = max(turned, key=_score, default=best)
    return surest if surest.score > best.score + _SURER else best


def _near(image: Image.Image, face: Face, turns: int) -> Face | None:
    middle = (face.left + face.width / 2, face.top + face.height / 2)
    reach = max(face.width, face.height) / _CLOSE / 2
    part = _Part(
        max(middle[0] - reach, 0),
        max(middle[1] - reach, 0),
        min(middle[0] + reach, image.width),
        min(middle[1] + reach, image.height),
        turns,
    )
    return _nearest(_look(image, part), middle, max(face.width, face.height))


def _nearest(faces: Iterable[Face], middle: tuple[float, float], within: float) -> Face | None:
    """The face that was meant; a neighbour further away than that is another one."""
    near = [(dist(face.middle, middle), place, face) for place, face in enumerate(faces)]
    distance, _, face = min(near, default=(within, 0, None))
    return face if distance < within else None


def _look(image: Image.Image, part: _Part) -> list[Face]:
    """The faces of one part, in pixels of the picture."""
    step = max(part.right - part.left, part.bottom - part.top) / yunet.SIDE
    width = max(1, round((part.right - part.left) / step))
    height = max(1, round((part.bottom - part.top) / step))
    box = (part.left, part.top, part.right, part.bottom)
    view = image.resize((width, height), Image.Resampling.BILINEAR, box)
    if part.turns:
        view = view.transpose(TURNS[part.turns])
    found = [_face(row) for row in yunet.detect(view)]
    upright = [face.turned(-part.turns, *view.size) for face in found]
    return [
        face.mapped(lambda point: (part.left + point[0] * step, part.top + point[1] * step))
        for face in upright
    ]


def _face(row: list[float]) -> Face:
    left, top, width, height, *points, score = row
    eye, other_eye, nose, corner, other_corner = zip(points[::2], points[1::2], strict=True)
    return Face(left, top, width, height, (eye, other_eye), nose, (corner, other_corner), score)


def _area(face: Face) -> float:
    return face.width * face.height


def _score(face: Face) -> float:
    return face.score
