"""The verdict about a photo: every finding at once, and the photo when none is an error."""

import logging
from collections.abc import Iterable

from avatars.photos.advice import look_advice, shape_advice
from avatars.photos.decoder import decode
from avatars.photos.face_advice import face_findings
from avatars.photos.faces import find_faces
from avatars.photos.finding import Finding
from avatars.photos.fixes import stored_fixes, weight_fixes
from avatars.photos.framing import Frame
from avatars.photos.header import Header
from avatars.photos.inspection import Facts, Inspection
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
    stored_refusals,
    unreadable,
)

__all__ = [
    "FILE_BYTES_MAX",
    "PIXELS_MAX",
    "SHORT_SIDE_ADVISED",
    "SHORT_SIDE_MIN",
    "Facts",
    "Inspection",
    "Photo",
    "inspect",
]

_SEVERITIES = ("error", "advice", "fixed")

logger = logging.getLogger(__name__)


def inspect(data: bytes, frame: Frame | None = None) -> Inspection:
    """Judge the bytes of one uploaded file. Never raises because of what they are.

    With a frame, pixels and shape are those of what it shows. Decodes the whole picture unless the
    header forbids it, and waits its turn for that.
    """
    refusals = file_refusals(data)
    if not data:
        return Inspection(tuple(refusals), Facts(0))
    header = read_header(data)
    if header is None:
        return Inspection((*refusals, not_a_photo(data)), Facts(len(data)))
    refusals += header_refusals(header)
    if not _may_be_decoded(data, header):
        return _undecoded(data, header, refusals)
    photo = _decoded(data, header)
    if photo is None:
        return _undecoded(data, header, [*refusals, unreadable()])
    return _verdict(photo, frame or Frame(), refusals)


def _may_be_decoded(data: bytes, header: Header) -> bool:
    """Cost decides: a bomb is refused by its header. What is cut short is known already."""
    in_bounds = len(data) <= FILE_BYTES_MAX and 0 < header.pixels <= header.pixels_max
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


def _undecoded(data: bytes, header: Header, refusals: list[Finding]) -> Inspection:
    facts = Facts(len(data), header.kind, header.width, header.height)
    return Inspection((*refusals, *stored_refusals(header)), facts)


def _verdict(whole: Photo, frame: Frame, refusals: list[Finding]) -> Inspection:
    width, height = frame.sides(whole.width, whole.height)
    share = width * height / (whole.width * whole.height)
    shape = shape_refusals(width, height)
    faces = None if refusals or shape else find_faces(whole.image, frame)
    findings = [
        *refusals,
        *(shape or shape_advice(width, height)),
        *look_advice(whole),
        *(face_findings(faces, width, height) if faces is not None else ()),
        *stored_fixes(whole),
        *weight_fixes(round(whole.weight * share)),
    ]
    return Inspection(
        findings=_by_severity(findings),
        facts=Facts(len(whole.data), whole.kind, whole.width, whole.height, decoded=True),
        whole=None if refusals else whole,
        frame=frame,
        faces=None if faces is None else tuple(faces),
    )


def _by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: _SEVERITIES.index(finding.severity)))
