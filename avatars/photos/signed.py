"""Signed forms: scans and documents that are kept as proof, handed out and never shown."""

from avatars.photos.limits import FILE_BYTES_MAX
from avatars.photos.recognition import read_header

TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}

_PDF, _END = b"%PDF-", b"%%EOF"
_TAIL = 2048  # bytes behind the end that PDF readers put up with
_BY_KIND = {"JPEG": ".jpg", "PNG": ".png"}


def extension_of(data: bytes) -> str | None:
    """One of `TYPES` by what the bytes are; None for anything else, and for what is cut short."""
    if not 0 < len(data) <= FILE_BYTES_MAX:
        return None
    if data.startswith(_PDF):
        return ".pdf" if _END in data[-_TAIL:] else None
    header = read_header(data)
    if header is None or header.flaw:
        return None
    return _BY_KIND.get(header.kind)
