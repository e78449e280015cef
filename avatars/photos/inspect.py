"""The verdict about a photo: every finding at once, and the photo when none is an error."""

import logging
from dataclasses import dataclass

from avatars.photos.advice import look_advice, shape_advice
from avatars.photos.decoder import decode
from avatars.photos.finding import Finding, Severity
from avatars.photos.fixes import weight_fixes
from avatars.photos.header import Header
from avatars.photos.limits import (
    FILE_BYTES_MAX,
    PIXELS_MAX,
    SHORT_SIDE_ADVISED,
    SHORT_SIDE_MIN,
)
from avatars.photos.photo import WORKING, Photo
from avatars.photos.recognition import read_header
from avatars.photos.refusals import (
    file_refusals,
    header_refusals,
    not_a_photo,
    shape_refusals,
    unreadable,
)

__all__ = [
    "FILE_BYTES_MAX",
    "PIXELS_MAX",
    "SHORT_SIDE_ADVISED",
    "SHORT_SIDE_MIN",
    "Inspection",
    "Photo",
    "inspect",
]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Inspection:
    """Errors before advice before what is fixed; `photo` is None when there is any error."""

    findings: tuple[Finding, ...]
    photo: Photo | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        return self._of("error")

    @property
    def advice(self) -> tuple[Finding, ...]:
        return self._of("advice")

    @property
    def fixes(self) -> tuple[Finding, ...]:
        return self._of("fixed")

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == severity)


def inspect(data: bytes) -> Inspection:
    """Judge the bytes of one uploaded file. Never raises because of what they are.

    Decodes the whole picture unless the header forbids it, and waits its turn for that.
    """
    refusals = file_refusals(data)
    if not data:
        return Inspection(tuple(refusals), None)
    header = read_header(data)
    if header is None:
        return Inspection((*refusals, not_a_photo(data)), None)
    refusals += header_refusals(header)
    if not _may_be_decoded(data, header):
        return Inspection((*refusals, *shape_refusals(header.width, header.height)), None)
    photo = _decoded(data, header)
    if photo is None:
        refusals.append(unreadable())
        return Inspection((*refusals, *shape_refusals(header.width, header.height)), None)
    return _verdict(photo, refusals)


def _may_be_decoded(data: bytes, header: Header) -> bool:
    """Cost decides: a bomb is refused by its header. What is cut short is known already."""
    in_bounds = len(data) <= FILE_BYTES_MAX and header.width * header.height <= PIXELS_MAX
    return in_bounds and header.flaw is None


def _decoded(data: bytes, header: Header) -> Photo | None:
    with WORKING:
        try:
            return decode(data, header)
        # Hostile bytes make Pillow raise nearly anything (struct.error, TypeError,
        # AttributeError, MemoryError, its own), and each of them means: no photo.
        except Exception:
            logger.info("A photo was refused: it could not be decoded.", exc_info=True)
            return None


def _verdict(photo: Photo, refusals: list[Finding]) -> Inspection:
    sides = photo.width, photo.height
    errors = [*refusals, *shape_refusals(*sides)]
    advice = [*([] if shape_refusals(*sides) else shape_advice(*sides)), *look_advice(photo)]
    findings = (*errors, *advice, *weight_fixes(photo))
    return Inspection(findings, None if errors else photo)
