"""What every page knows about the installation."""

from django.conf import settings
from django.http import HttpRequest

from dashboard import VERSION


def surroundings(request: HttpRequest) -> dict[str, object]:
    """For templates: whether this is a rehearsal, whether mail is set up, and the version."""
    return {
        "rehearsal": settings.REHEARSAL,
        "mail": bool(settings.MAILERS),
        "version": VERSION,
    }
