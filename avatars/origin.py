"""Where people and programs reach this server."""

from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """The whole address of `path`, whatever stands between the caller and this server."""
    return settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path)


def origin_of(request: HttpRequest) -> str:
    """The beginning of every address of this server, for whoever writes one after the request."""
    return absolute(request, "/").rstrip("/")
