"""The errors: each says what was measured, what is wanted and how to get there."""

from avatars.photos import rules
from avatars.photos.finding import Finding
from avatars.photos.header import Header
from avatars.photos.kinds import KIND_WORDS
from avatars.photos.limits import ASPECT_MAX, FILE_BYTES_MAX, PIXELS_MAX, SHORT_SIDE_MIN
from avatars.photos.measures import megabytes, sides
from avatars.photos.recognition import looks_like


def file_refusals(data: bytes) -> list[Finding]:
    """What is wrong with the file whatever it shows: only its length is looked at."""
    if not data:
        return [rules.EMPTY_FILE.found("0 bytes")]
    if len(data) > FILE_BYTES_MAX:
        return [rules.TOO_MANY_BYTES.found(megabytes(len(data)))]
    return []


def stored_refusals(header: Header) -> list[Finding]:
    """What is wrong with the sides that the file states, for a picture that is not decoded."""
    found = shape_refusals(header.width, header.height)
    return [*_too_many_pixels(header), *found]


def _too_many_pixels(header: Header) -> list[Finding]:
    if header.pixels <= header.pixels_max:
        return []
    measured = f"{sides(header.width, header.height)}, {header.pixels / 1e6:.0f} million in all"
    if header.pixels_max == PIXELS_MAX:
        return [rules.TOO_MANY_PIXELS.found(measured)]
    kind = KIND_WORDS[header.kind]
    wanted = f"at most {header.pixels_max / 1e6:.0f} million pixels in a {kind} like this one"
    return [rules.TOO_MANY_PIXELS.found(f"{measured}, in a {kind}", wanted=wanted)]


def shape_refusals(width: int, height: int) -> list[Finding]:
    """What is wrong with a picture of these sides, in pixels, either way up."""
    if not width * height:
        return []
    measured, found = sides(width, height), []
    if min(width, height) < SHORT_SIDE_MIN:
        found.append(rules.TOO_FEW_PIXELS.found(measured))
    if max(width, height) > ASPECT_MAX * min(width, height):
        ratio = f"{measured}, {max(width, height) / min(width, height):.1f} to 1"
        found.append(rules.TOO_NARROW.found(ratio))
    return found


def header_refusals(header: Header) -> list[Finding]:
    """What is wrong by the container's own account, sides apart."""
    found = []
    if header.frames > 1:
        found.append(rules.ANIMATED.found(f"an animation of {header.frames} frames"))
    if header.flaw:
        found.append(rules.DAMAGED.found(header.flaw))
    return found


def not_a_photo(data: bytes) -> Finding:
    lookalike = looks_like(data)
    return rules.NOT_A_PHOTO.found(lookalike.name, how_to_fix=lookalike.how_to_fix)


def unreadable() -> Finding:
    """Nothing speaks against the file, and still no picture comes out of it."""
    return rules.DAMAGED.found("the picture in the file can't be read")
