"""What the framing doctor says about the faces in a picture.

Anam's guide wants one face that looks at the camera, in the middle, the mouth at half the height,
a quarter of it free above the hair, and shoulders and chest in sight. The bounds here are wide:
advice that is wrong annoys more than advice that is missing helps.
"""

from collections.abc import Iterator, Sequence

from avatars.photos.face import Face
from avatars.photos.face_rules import (
    FACE_CUT,
    FACE_HIGH,
    FACE_LARGE,
    FACE_LOW,
    FACE_OFF_CENTRE,
    FACE_SIDEWAYS,
    FACE_SMALL,
    FACE_TILTED,
    FACE_TURNED,
    NO_FACE,
    SEVERAL_FACES,
)
from avatars.photos.finding import Finding

# People in the background and faces on posters are smaller than this part of the main one.
_COUNTS = 1 / 3

# Half and twice of the third of the height that a head takes when all is as the guide says.
_HEAD_MIN = 1 / 6
_HEAD_MAX = 2 / 3

# Degrees. Many people hold their heads at ten, and what is measured is off by five.
_TILT_MAX = 15

# A nose beyond an eye, by a tenth of their distance: at least half of a profile.
_NOSE_BEYOND = 0.1

# Parts of the shorter side. The upright frame begins at a sixth: from here on it cuts a shoulder.
_ASIDE_MAX = 0.12
# The wide frame begins at a sixth too: from here on it cuts into the hair of most people.
_UP_OR_DOWN_MAX = 0.15

# Parts of the face's own size. Boxes end a little outside of skin, and are off by as much.
_EDGE = 0.03


def face_findings(faces: Sequence[Face], width: int, height: int) -> list[Finding]:
    """Advice about the faces of a picture of these sides; `faces` have the main one first."""
    if not faces:
        return [NO_FACE.found("no face that could be made out")]
    main = faces[0]
    counted = [face for face in faces if face.width >= _COUNTS * main.width]
    if len(counted) > 1:
        return [SEVERAL_FACES.found(f"{len(counted)} faces")]
    if main.turns:
        return [FACE_SIDEWAYS.found(_lie(main.turns))]
    return [*_pose(main), *_place(main, width, height)]


def _lie(turns: int) -> str:
    return {
        1: "the face lies on its side, with the hair to the left",
        2: "the face stands on its head",
        3: "the face lies on its side, with the hair to the right",
    }[turns]


def _pose(face: Face) -> Iterator[Finding]:
    if not -_NOSE_BEYOND <= face.nose_between_eyes <= 1 + _NOSE_BEYOND:
        side = "left" if face.nose_between_eyes < 0 else "right"
        yield FACE_TURNED.found(f"it looks to the {side} of the picture")
    elif abs(face.tilt) > _TILT_MAX:  # of a face from the side nobody can tell
        side = "right" if face.tilt > 0 else "left"
        yield FACE_TILTED.found(f"tilted by about {abs(face.tilt):.0f} degrees to the {side}")


def _place(face: Face, width: int, height: int) -> Iterator[Finding]:
    if edges := _cut_edges(face, width, height):
        yield FACE_CUT.found(f"the face ends at the {' and the '.join(edges)} edge of the picture")
        return
    short = min(width, height)
    yield from _size(face.head_height / short)
    (x, _), (_, mouth) = face.middle, face.mouth_middle
    if abs(x - width / 2) > _ASIDE_MAX * short:
        yield FACE_OFF_CENTRE.found(f"the face is at {_percent(x / width)} of the width")
    if abs(mouth - height / 2) > _UP_OR_DOWN_MAX * short:
        rule = FACE_HIGH if mouth < height / 2 else FACE_LOW
        yield rule.found(f"the mouth is at {_percent(mouth / height)} of the height")


def _size(part: float) -> Iterator[Finding]:
    if not _HEAD_MIN <= part <= _HEAD_MAX:
        rule = FACE_SMALL if part < _HEAD_MIN else FACE_LARGE
        yield rule.found(f"the head takes about {_percent(part)} of the height")


def _cut_edges(face: Face, width: int, height: int) -> list[str]:
    across, along = _EDGE * face.width, _EDGE * face.height
    reached = {
        "top": face.top < along,
        "bottom": face.bottom > height - along,
        "left": face.left < across,
        "right": face.right > width - across,
    }
    return [edge for edge, is_reached in reached.items() if is_reached]


def _percent(part: float) -> str:
    return f"{part * 100:.0f} %"
