"""The errors: each says what was measured, what is wanted and how to get there."""

from avatars.photos.finding import Finding
from avatars.photos.header import Header
from avatars.photos.limits import (
    ASPECT_MAX,
    FILE_BYTES_MAX,
    PIXELS_MAX,
    SHORT_SIDE_ADVISED,
    SHORT_SIDE_MIN,
)
from avatars.photos.recognition import looks_like


def megabytes(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


def sides(width: int, height: int) -> str:
    return f"{width} x {height} pixels"


def file_refusals(data: bytes) -> list[Finding]:
    """What is wrong with the file whatever it shows: only its length is looked at."""
    if not data:
        return [_empty_file()]
    return [_too_many_bytes(len(data))] if len(data) > FILE_BYTES_MAX else []


def shape_refusals(width: int, height: int) -> list[Finding]:
    """What is wrong with a picture of these sides, in pixels, either way up."""
    if not width * height:
        return []
    found = []
    if width * height > PIXELS_MAX:
        found.append(_too_many_pixels(width, height))
    if min(width, height) < SHORT_SIDE_MIN:
        found.append(_too_few_pixels(width, height))
    if max(width, height) > ASPECT_MAX * min(width, height):
        found.append(_too_narrow(width, height))
    return found


def header_refusals(header: Header) -> list[Finding]:
    """What is wrong by the container's own account, sides apart."""
    found = []
    if header.frames > 1:
        found.append(_animated(header.frames))
    if header.flaw:
        found.append(damaged(header.flaw))
    return found


def not_a_photo(data: bytes) -> Finding:
    lookalike = looks_like(data)
    return Finding(
        "not-a-photo",
        "error",
        "This file is not a photo we can use",
        lookalike.name,
        "a photo saved as JPEG, PNG or WebP",
        lookalike.how_to_fix,
    )


def damaged(measured: str) -> Finding:
    return Finding(
        "damaged",
        "error",
        "The photo is damaged",
        measured,
        "a photo that can be read from beginning to end",
        "Get the file again from the phone or camera, or open it in a picture program and "
        "save a fresh copy as JPEG.",
    )


def _empty_file() -> Finding:
    return Finding(
        "empty-file",
        "error",
        "The file is empty",
        "0 bytes",
        "a photo saved as JPEG, PNG or WebP",
        "The copy may have gone wrong. Choose the original file again.",
    )


def _too_many_bytes(count: int) -> Finding:
    return Finding(
        "too-many-bytes",
        "error",
        "The file is too big",
        megabytes(count),
        f"at most {megabytes(FILE_BYTES_MAX)}",
        "Export the photo as JPEG in high quality, or make it smaller: "
        f"{sides(SHORT_SIDE_ADVISED, SHORT_SIDE_ADVISED)} are plenty.",
    )


def _too_many_pixels(width: int, height: int) -> Finding:
    return Finding(
        "too-many-pixels",
        "error",
        "The photo has too many pixels",
        f"{sides(width, height)}, {width * height / 1e6:.0f} million in all",
        f"at most {PIXELS_MAX / 1e6:.0f} million pixels",
        "Make the photo smaller in a picture program and save it as JPEG. "
        f"{sides(SHORT_SIDE_ADVISED, SHORT_SIDE_ADVISED)} are plenty.",
    )


def _too_few_pixels(width: int, height: int) -> Finding:
    return Finding(
        "too-few-pixels",
        "error",
        "The photo is too small",
        sides(width, height),
        f"at least {SHORT_SIDE_MIN} pixels on the shorter side, "
        f"better {SHORT_SIDE_ADVISED} x {SHORT_SIDE_ADVISED}",
        "Use the original from the phone or camera. Previews and copies from chats are "
        "smaller, and enlarging them brings no detail back.",
    )


def _too_narrow(width: int, height: int) -> Finding:
    return Finding(
        "too-narrow",
        "error",
        "The photo is too narrow",
        f"{sides(width, height)}, {max(width, height) / min(width, height):.1f} to 1",
        f"no side more than {ASPECT_MAX:.0f} times the other, best a square",
        "Head and shoulders don't fit into such a strip. Crop the photo to a square around them.",
    )


def _animated(frames: int) -> Finding:
    return Finding(
        "animated",
        "error",
        "The picture moves",
        f"an animation of {frames} frames",
        "a still photo",
        "Choose the frame in which the face is sharp and save it by itself as JPEG or PNG.",
    )
