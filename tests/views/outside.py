"""People without an account, and the links they were given."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from avatars.models import Consent, PhotoCall
from tests.photos import pictures


def stranger() -> Client:
    """A browser that has never been here, and that keeps every rule of the real thing."""
    return Client(enforce_csrf_checks=True)


def question(consent: Consent) -> str:
    return f"/consent/{consent.code}"


def way_back(consent: Consent) -> str:
    return f"/withdraw/{consent.withdrawal_code}"


def address(call: PhotoCall) -> str:
    return f"/call/{call.code}"


def portrait(data: bytes | None = None) -> SimpleUploadedFile:
    data = pictures.portrait_jpeg(400, 400) if data is None else data
    return SimpleUploadedFile("me.jpg", data, content_type="image/jpeg")


def text_of(response: Any) -> str:
    return str(response.content.decode())


def tells_nobody(response: Any) -> bool:
    """What every page behind a code must say and may not do."""
    return (
        response["Referrer-Policy"] == "no-referrer"
        and "noindex" in response["X-Robots-Tag"]
        and "no-store" in response["Cache-Control"]
        and not response.cookies
    )
