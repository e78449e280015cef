"""Where the help about something is: the paths of its pages."""

from django.urls import reverse

from avatars.photos.rules import RULES
from avatars.upstream.errors import Cause


def photo_page(code: str) -> str:
    """Of a rule about photos, by the code of its findings; "" for what is none."""
    return reverse("help-photo", args=[code]) if code in RULES else ""


def refusal_page(cause: str) -> str:
    """Of a cause for which Anam has not made an avatar; "" for what is none."""
    return reverse("help-refusal", args=[cause]) if cause in Cause else ""
