"""Where a face is in a picture: a box and five points, nothing by which to know it again."""

from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, degrees, dist

Point = tuple[float, float]

# Nobody holds the head so: the photo lies on its side.
_TILT_OF_A_SIDEWAYS_PHOTO = 60.0

# In lengths between the line of the eyes and the line of the mouth. Heads are three of them high
# (painters' rule), hair adds what it adds.
_MOUTH_TO_HAIR = 2.8
_MOUTH_TO_CHIN = 0.8


@dataclass(frozen=True)
class Face:
    """Pixels of the picture it was found in, from its left and top; `score` from 0 to 1.

    The box reaches from forehead to chin and may reach out of the picture. Of eyes and mouth
    corners, the one on the left of the upright face comes first.
    """

    left: float
    top: float
    width: float
    height: float
    eyes: tuple[Point, Point]
    nose: Point
    mouth: tuple[Point, Point]
    score: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> Point:
        """Between eyes and mouth, which a turned nose and the hair don't move."""
        return _between(_between(*self.eyes), self.mouth_middle)

    @property
    def mouth_middle(self) -> Point:
        return _between(*self.mouth)

    @property
    def eyes_to_mouth(self) -> float:
        """The measure that stays the same when somebody looks to the side."""
        return dist(_between(*self.eyes), self.mouth_middle)

    @property
    def mouth_to_hair(self) -> float:
        """From the line of the mouth to the top of the hair, about."""
        return _MOUTH_TO_HAIR * self.eyes_to_mouth

    @property
    def head_height(self) -> float:
        """From the top of the hair to the chin, about."""
        return (_MOUTH_TO_HAIR + _MOUTH_TO_CHIN) * self.eyes_to_mouth

    @property
    def tilt(self) -> float:
        """Degrees from upright, -180 to 180: above 0 the head leans to the picture's right.

        Told by the lines of eyes and mouth and by the line from one to the other together.
        """
        (across, along), (eyes_x, eyes_y) = self._across, _between(*self.eyes)
        mouth_x, mouth_y = self.mouth_middle
        return degrees(atan2(along + eyes_x - mouth_x, across + mouth_y - eyes_y))

    @property
    def turns(self) -> int:
        """Quarter turns clockwise that bring the photo upright, 0 to 3."""
        if abs(self.tilt) < _TILT_OF_A_SIDEWAYS_PHOTO:
            return 0
        return round(-self.tilt / 90) % 4

    @property
    def nose_between_eyes(self) -> float:
        """0: as far to the left as the left eye, 0.5: looks at the camera, 1: the right eye."""
        (one_x, one_y), (other_x, other_y) = self.eyes
        across, along = other_x - one_x, other_y - one_y
        length = across * across + along * along
        inwards = (self.nose[0] - one_x) * across + (self.nose[1] - one_y) * along
        return inwards / length if length else 0.5

    @property
    def _across(self) -> Point:
        """From left to right through eyes and mouth, both lines added."""
        (one, other), (corner, opposite) = self.eyes, self.mouth
        return (
            other[0] - one[0] + opposite[0] - corner[0],
            other[1] - one[1] + opposite[1] - corner[1],
        )

    def mapped(self, to: Callable[[Point], Point]) -> "Face":
        """The same face in another picture, told where each point of this one lies there."""
        (left, top), (right, bottom) = to((self.left, self.top)), to((self.right, self.bottom))
        return Face(
            min(left, right),
            min(top, bottom),
            abs(right - left),
            abs(bottom - top),
            (to(self.eyes[0]), to(self.eyes[1])),
            to(self.nose),
            (to(self.mouth[0]), to(self.mouth[1])),
            self.score,
        )

    def turned(self, turns: int, width: float, height: float) -> "Face":
        """The same face, once its picture of these sides is turned clockwise by quarters."""
        if turns % 4 == 0:
            return self
        once = self.mapped(lambda point: (height - point[1], point[0]))
        return once.turned(turns % 4 - 1, height, width)


def _between(one: Point, other: Point) -> Point:
    return ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
