"""No body beyond the cap is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from .errors import prefers_json

MESSAGE = (
    "That is more than this server takes at once. Send fewer photos together, or smaller ones."
)


class BodyCapMiddleware:
    """Refuse by the announced length, before Django parses a form to look for its CSRF token.

    Waitress stops even earlier, without reading the body; this is for other servers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _announced(request) <= settings.UPLOAD_BODY_MAX:
            return self.get_response(request)
        if prefers_json(request):
            body = {"error": "Payload too large", "message": MESSAGE}
            return JsonResponse(body, status=413)
        return render(request, "413.html", {"message": MESSAGE}, status=413)


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
