"""What Greenroom puts in order by itself, told so that nobody has to guess."""

from avatars.photos import rules
from avatars.photos.finding import Finding
from avatars.photos.limits import PROFILE_BYTES_MAX, SENT_BYTES_MAX
from avatars.photos.measures import kilobytes, megabytes, sides
from avatars.photos.photo import Photo

# EXIF 2.32, tag 274.
_LIES = {
    2: "mirrored",
    3: "upside down",
    4: "mirrored and upside down",
    5: "mirrored and turned by a quarter",
    6: "turned by a quarter to the left",
    7: "mirrored and turned by a quarter",
    8: "turned by a quarter to the right",
}
_MODES = {
    "CMYK": "CMYK, as printers use it",
    "LAB": "Lab, as laboratories use it",
    "P": "a palette of 256 colours at most",
}
_USUAL_DEPTH = 8


def stored_fixes(photo: Photo) -> list[Finding]:
    """Of how the file held the picture, what is not kept."""
    found, stored = [], photo.stored
    if photo.kind == "HEIF":
        found.append(rules.CONVERTED.found("HEIC, as iPhones take them"))
    if stored.halved_from:
        found.append(rules.HALVED.found(sides(*stored.halved_from)))
    if stored.orientation in _LIES:
        found.append(rules.SIDEWAYS.found(_LIES[stored.orientation]))
    if colours := _colours(photo):
        found.append(rules.COLOURS.found(", ".join(colours)))
    if stored.hidden:
        found.append(rules.METADATA.found(", ".join(stored.hidden)))
    return found


def weight_fixes(count: int) -> list[Finding]:
    """For a photo of so many bytes."""
    return [rules.WILL_SHRINK.found(megabytes(count))] if count > SENT_BYTES_MAX else []


def _colours(photo: Photo) -> list[str]:
    stored, lost_profile = photo.stored, 0 if photo.profile else photo.stored.profile
    found = [_MODES[stored.mode]] if stored.mode in _MODES else []
    if stored.depth > _USUAL_DEPTH:
        found.append(f"{stored.depth} bits a colour")
    if lost_profile > PROFILE_BYTES_MAX:
        found.append(f"a colour profile of {kilobytes(lost_profile)}")
    elif lost_profile:
        found.append("a colour profile of another kind")
    return found
