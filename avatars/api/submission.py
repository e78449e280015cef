"""What a create brings: read, fetched, checked, and everything wrong with it told at once.

Source of the fields: Anam's reference of April 2026. Multipart with exactly one of `imageFile` and
`imageUrl`, or JSON with `imageUrl`; the file part has a file name and the type of an image. Anam
refuses `application/octet-stream`, as independent clients saw; here the bytes tell. `purpose` is
ours.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from avatars.forms import MODEL_MAX, PURPOSE_MAX, judge_name
from avatars.names import tidy_name, tidy_text
from avatars.photos.finding import Finding
from avatars.photos.inspect import FILE_BYTES_MAX, inspect
from avatars.photos.prepare import prepare
from avatars.services.accept import Wanted
from avatars.upstream.fetch import BadAddress, TooManyBytes, Unreachable, check, fetch

from .refusals import Detail, Refusal, detail, invalid

_TYPES = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")
_STATUS = {"not-a-photo": 400, "empty-file": 400, "too-many-bytes": 413}
_JSON, _MULTIPART = "application/json", "multipart/form-data"


def submitted(request: HttpRequest) -> Wanted:
    """One avatar to be made. Raises a Refusal: 400, 413 or 422, with all details."""
    fields = _fields(request)
    name, model = fields.get("displayName"), fields.get("avatarModel")
    details = [*_name_faults(name), *_model_faults(model), *_image_faults(request, fields)]
    details += _purpose_faults(fields.get("purpose"))
    if details:
        raise invalid(details)
    data, path = _image(request, fields)
    inspection = inspect(data)
    if inspection.photo is None:
        raise _no_portrait(inspection.errors, path)
    return Wanted(
        display_name=tidy_name(str(name)),
        model=str(model or settings.ANAM_MODELS[0]),
        # The thumbnails can wait: nobody looks at a picture before the answer is there.
        prepared=prepare(inspection.photo, thumbnails=False),
        advice=[finding.as_dict() for finding in inspection.findings],
        purpose=tidy_text(fields.get("purpose") or ""),
    )


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The body as an object. Raises a Refusal for anything else."""
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refusal(400, "Bad request", "The body is not JSON.") from None
    if not isinstance(value, dict):
        raise Refusal(400, "Bad request", "The JSON body must be an object.")
    return value


def _fields(request: HttpRequest) -> Mapping[str, Any]:
    if request.content_type == _JSON:
        return json_object(request)
    if request.content_type == _MULTIPART:
        return _form(request)
    words = f"Content-Type must be {_MULTIPART} or {_JSON}."
    raise Refusal(400, "Bad request", words)


def _form(request: HttpRequest) -> Mapping[str, Any]:
    try:
        return request.POST.dict()
    except (LookupError, UnicodeError):  # of a charset that is none
        raise Refusal(400, "Bad request", "The form's charset is none that is known.") from None


def _name_faults(name: Any) -> list[Detail]:
    if not isinstance(name, str):
        return [detail("displayName", "Display name is required", "invalid_type")]
    finding = judge_name(tidy_name(name))
    if finding is None:
        return []
    # The words that Anam's own clients know.
    return [detail("displayName", f"{finding.title}: {finding.wanted}", finding.code)]


def _model_faults(model: Any) -> list[Detail]:
    if model is None or (isinstance(model, str) and len(model) <= MODEL_MAX and _is_plain(model)):
        return []
    return [detail("avatarModel", "No model has such a name", "invalid_enum_value")]


def _purpose_faults(purpose: Any) -> list[Detail]:
    if purpose is None or (isinstance(purpose, str) and len(purpose) <= PURPOSE_MAX):
        return []
    words = f"A text of {PURPOSE_MAX} characters at most"
    return [detail("purpose", words, "too_big" if isinstance(purpose, str) else "invalid_type")]


def _image_faults(request: HttpRequest, fields: Mapping[str, Any]) -> list[Detail]:
    files, url = request.FILES.getlist("imageFile"), fields.get("imageUrl")
    if fields.get("imageFile"):
        text = "imageFile must be a file: give the part a file name"
        return [detail("imageFile", text, "invalid_type")]
    if len(files) + bool(url) != 1:
        return [detail("imageFile", "Provide exactly one of imageFile and imageUrl", "custom")]
    if files and files[0].content_type not in _TYPES:
        text = f"Invalid file type {files[0].content_type}, expected JPEG, PNG or WebP"
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


def _is_plain(text: str) -> bool:
    return text.isprintable()


def _image(request: HttpRequest, fields: Mapping[str, Any]) -> tuple[bytes, str]:
    """The picture's bytes, and in which field they came."""
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


def _no_portrait(errors: Sequence[Finding], path: str) -> Refusal:
    """As much of the findings as the page shows; the status is that of the first."""
    details = [_detail_of(finding, path) for finding in errors]
    return invalid(details, status=_STATUS.get(errors[0].code, 422))


def _detail_of(finding: Finding, path: str) -> Detail:
    facts = finding.as_dict()
    more = {name: facts[name] for name in ("severity", "measured", "wanted", "how_to_fix")}
    return detail(path, f"{finding.title}. {finding.how_to_fix}", finding.code, **more)
