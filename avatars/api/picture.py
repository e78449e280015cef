"""The picture that a body brings: as a file, or by its address.

Source of the fields: Anam's reference of April 2026. Multipart with exactly one of `imageFile` and
`imageUrl`, or JSON with `imageUrl`; the file part has a file name and the type of an image. Anam
refuses `application/octet-stream`, as independent clients saw; here the bytes tell.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from avatars.photos.inspect import FILE_BYTES_MAX
from avatars.photos.kinds import CONTENT_TYPES, KINDS
from avatars.upstream.fetch import BadAddress, TooManyBytes, Unreachable, check, fetch

from .refusals import Detail, detail, invalid

_TYPES = (*CONTENT_TYPES, "application/octet-stream")


def picture_faults(request: HttpRequest, fields: Mapping[str, Any]) -> list[Detail]:
    """What is wrong before the picture itself is looked at."""
    files, url = request.FILES.getlist("imageFile"), fields.get("imageUrl")
    if fields.get("imageFile"):
        text = "imageFile must be a file: give the part a file name"
        return [detail("imageFile", text, "invalid_type")]
    if len(files) + bool(url) != 1:
        return [detail("imageFile", "Provide exactly one of imageFile and imageUrl", "custom")]
    if files and files[0].content_type not in _TYPES:
        text = f"Invalid file type {files[0].content_type}, expected {KINDS}"
        return [detail("imageFile", text, "custom")]
    return _url_faults(url) if url else []


def _url_faults(url: Any) -> list[Detail]:
    if not isinstance(url, str):
        return [detail("imageUrl", "Invalid URL", "invalid_string")]
    try:
        check(url)
    except BadAddress as bad:
        return [detail("imageUrl", str(bad), bad.code)]
    return []


def picture_of(request: HttpRequest, fields: Mapping[str, Any]) -> tuple[bytes, str]:
    """The picture's bytes, and in which field they came. Raises a Refusal: 400 or 413."""
    file = request.FILES.get("imageFile")
    if file is not None:
        return file.read(), "imageFile"
    return _fetched(fields["imageUrl"]), "imageUrl"


def _fetched(url: str) -> bytes:
    try:
        return fetch(url, most_bytes=FILE_BYTES_MAX).data
    except BadAddress as bad:
        raise invalid([detail("imageUrl", str(bad), bad.code)]) from None
    except Unreachable as unreachable:
        raise invalid([detail("imageUrl", str(unreachable), "unreachable")]) from None
    except TooManyBytes as large:
        found = detail("imageUrl", str(large), "too-many-bytes")
        raise invalid([found], status=413) from None
