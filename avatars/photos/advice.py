"""The advice: the photo will do, and this would make a better avatar."""

from avatars.photos import rules
from avatars.photos.finding import Finding
from avatars.photos.limits import ASPECT_SQUARE, SHORT_SIDE_ADVISED
from avatars.photos.measures import sides
from avatars.photos.photo import Photo


def shape_advice(width: int, height: int) -> list[Finding]:
    """For sides in pixels that are not refused already: too small, not square."""
    found = []
    if min(width, height) < SHORT_SIDE_ADVISED:
        found.append(rules.SMALL.found(sides(width, height)))
    if max(width, height) > ASPECT_SQUARE * min(width, height):
        found.append(_not_square(width, height))
    return found


def look_advice(photo: Photo) -> list[Finding]:
    """Colours and background."""
    found = []
    if photo.greyscale:
        found.append(rules.GREYSCALE.found("only shades of grey"))
    if photo.transparent:
        found.append(rules.TRANSPARENT.found("parts of the picture are see-through"))
    return found


def _not_square(width: int, height: int) -> Finding:
    lost = "left and right" if width > height else "top and bottom"
    how_to_fix = rules.NOT_SQUARE.how_to_fix.replace("at the edges", f"at the {lost}")
    return rules.NOT_SQUARE.found(sides(width, height), how_to_fix=how_to_fix)
