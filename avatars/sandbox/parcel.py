"""The two bodies a create can have, as one: text fields and perhaps a file.

Multipart is Django's own parser, used as a library: it is exact about binary parts, and neither
a request nor a response of Django's comes into being (closing one would end the database
connection of the request this may run inside).
"""

import json
import os
from dataclasses import dataclass
from io import BytesIO

from django.conf import ENVIRONMENT_VARIABLE, settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from .answers import Refusal, error
from .call import Call


@dataclass(frozen=True)
class File:
    kind: str  # the part's own Content-Type
    content: bytes


@dataclass(frozen=True)
class Parcel:
    fields: dict[str, object]
    file: File | None = None


def prepare_django() -> None:
    """Lets the parser read its limits where no project has brought settings."""
    if not settings.configured and ENVIRONMENT_VARIABLE not in os.environ:
        settings.configure()


def opened(call: Call) -> Parcel:
    """Refuses with a 400 what is broken or neither JSON nor multipart, with a 413 what is large."""
    kind = call.header("Content-Type").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Parcel(json_object(call))
    if kind == "multipart/form-data":
        return _multipart(call)
    raise Refusal(error(400, "Content-Type must be multipart/form-data or application/json"))


def json_object(call: Call) -> dict[str, object]:
    try:
        value = json.loads(call.body)
    except ValueError as broken:
        raise Refusal(error(400, "Invalid JSON in request body")) from broken
    if not isinstance(value, dict):
        raise Refusal(error(400, "The JSON body must be an object"))
    return value


def _multipart(call: Call) -> Parcel:
    meta = {"CONTENT_TYPE": call.header("Content-Type"), "CONTENT_LENGTH": str(len(call.body))}
    handlers = [MemoryFileUploadHandler(), TemporaryFileUploadHandler()]
    try:
        fields, files = MultiPartParser(meta, BytesIO(call.body), handlers, "utf-8").parse()
    except (MultiPartParserError, SuspiciousOperation) as broken:
        raise Refusal(error(400, "Invalid multipart body")) from broken
    upload = files.get("imageFile")
    if upload is None:
        return Parcel(dict(fields.items()))
    with upload:
        return Parcel(dict(fields.items()), File(upload.content_type or "", upload.read()))
