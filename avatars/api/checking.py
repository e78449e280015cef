"""`POST /v1/photos/check`: what the checks say of a photo, and nothing else happens."""

from typing import Any

from django.http import HttpRequest

from avatars.models import Right
from avatars.photos.checklist import checklist
from avatars.photos.inspect import Inspection, inspect
from avatars.photos.photo import HOLDING

from .answers import meaning
from .bearer import needing
from .bodies import TO_CHECK
from .doors import router
from .findings import told
from .picture import picture_faults, picture_of
from .refusals import invalid
from .shapes import PhotoCheck, Problem
from .submission import fields_of
from .waiting import seat

_ERRORS = (400, 401, 403, 413, 429, 503)
_MEANINGS = {
    200: meaning("What the checks say. Also for what is no photo: then `ok` is false."),
    413: meaning("The body is too large, or what the address leads to."),
}


@router.post(
    "/photos/check",
    **needing(Right.CREATE, **TO_CHECK, responses=_MEANINGS),
    tags=["Photos"],
    operation_id="checkPhoto",
    summary="Check a photo",
    url_name="photo-check",
    response={200: PhotoCheck, **dict.fromkeys(_ERRORS, Problem)},
)
def check(request: HttpRequest) -> dict[str, Any]:
    """Look at a photo as a create would, without making anything.

    Nothing is kept, sent to Anam or spent. With `ok` a create takes the photo; what Anam itself
    says of it can't be known before.
    """
    with seat():
        fields = fields_of(request)
        if faults := picture_faults(request, fields):
            raise invalid(faults)
        data, _ = picture_of(request, fields)
        with HOLDING:
            return _answer(request, inspect(data))


def _answer(request: HttpRequest, inspection: Inspection) -> dict[str, Any]:
    return {
        "ok": not inspection.errors,
        "findings": [told(request, finding) for finding in inspection.findings],
        "checks": [line.as_dict() for line in checklist(inspection)],
    }
