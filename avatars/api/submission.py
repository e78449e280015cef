"""What a create brings: read, fetched, checked, and everything wrong with it told at once.

Source of the fields: Anam's reference of April 2026. `purpose` is ours.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from avatars.forms import MODEL_MAX, PURPOSE_MAX, judge_name
from avatars.names import tidy_name, tidy_text
from avatars.photos.finding import Finding
from avatars.photos.taking import take
from avatars.services.accept import Wanted

from .findings import told
from .picture import picture_faults, picture_of
from .refusals import Detail, Refusal, detail, invalid

_STATUS = {"not-a-photo": 400, "empty-file": 400, "too-many-bytes": 413}
_JSON, _MULTIPART = "application/json", "multipart/form-data"


def submitted(request: HttpRequest) -> Wanted:
    """One avatar to be made. Raises a Refusal: 400, 413 or 422, with all details."""
    fields = fields_of(request)
    name, model = fields.get("displayName"), fields.get("avatarModel")
    details = [*_name_faults(name), *_model_faults(model), *picture_faults(request, fields)]
    details += _purpose_faults(fields.get("purpose"))
    if details:
        raise invalid(details)
    data, path = picture_of(request, fields)
    # The thumbnails can wait: nobody looks at a picture before the answer is there.
    taken = take(data, thumbnails=False)
    if taken.prepared is None:
        raise _no_portrait(request, taken.errors, path)
    return Wanted(
        display_name=tidy_name(str(name)),
        model=str(model or settings.ANAM_MODELS[0]),
        prepared=taken.prepared,
        advice=taken.as_dicts,
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


def fields_of(request: HttpRequest) -> Mapping[str, Any]:
    """What stands in a form or in JSON, files apart. Raises a Refusal: 400."""
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


def _is_plain(text: str) -> bool:
    return text.isprintable()


def _no_portrait(request: HttpRequest, errors: Sequence[Finding], path: str) -> Refusal:
    """As much of the findings as the page shows; the status is that of the first."""
    details = [_detail_of(request, finding, path) for finding in errors]
    return invalid(details, status=_STATUS.get(errors[0].code, 422))


def _detail_of(request: HttpRequest, finding: Finding, path: str) -> Detail:
    message = f"{finding.title}. {finding.how_to_fix}"
    return detail(path, message, **told(request, finding))
