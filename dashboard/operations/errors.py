"""What went wrong, told to programs as JSON and to people as a page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import csrf, defaults

API = "/v1/"  # whoever calls there is a program, whatever it says that it accepts

_WORDS = {
    400: ("Bad request", "The request could not be read. Nothing was done."),
    403: ("Forbidden", "That is not for you, or not in this way. Nothing was done."),
    404: ("Not found", "There is nothing at this address."),
    500: ("Server error", "Something went wrong here, and it is on record. Try again in a moment."),
}


def prefers_json(request: HttpRequest) -> bool:
    """Whether the caller is a program; browsers that navigate ask for HTML first."""
    if request.path.startswith(API):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def in_json(status: int) -> HttpResponse:
    error, message = _WORDS[status]
    return JsonResponse({"error": error, "message": message}, status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told(request, 403, lambda: defaults.permission_denied(request, exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told(request, 404, lambda: defaults.page_not_found(request, exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _told(request, 403, lambda: csrf.csrf_failure(request, reason))


def _told(request: HttpRequest, status: int, page: Callable[[], Any]) -> HttpResponse:
    response: HttpResponse = in_json(status) if prefers_json(request) else page()
    return response
