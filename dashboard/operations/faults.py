"""When the disk or the database fails: words and a 503, and service as soon as it works again."""

import errno
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults

from .errors import in_json, prefers_json

logger = logging.getLogger(__name__)

SAFE = (
    "Nothing is half-saved: what you just sent is here as a whole, or not at all. What was "
    "accepted before is safe."
)
NEXT = "Try again in a moment. A photo sent again from the same form is not made twice."


@dataclass(frozen=True)
class Fault:
    """What happened, and what an administrator should look at."""

    happened: str
    look_at: str


FULL = Fault("The server's disk is full.", "the free space on the disk with the data folder")
CLOSED = Fault(
    "The server may not write into its own data folder.",
    "who owns the data folder, and whether its disk is mounted read-only",
)
BROKEN = Fault("The server's disk reports an error.", "the state of the disk with the data folder")
BUSY = Fault("The database was busy for too long.", "what else is writing to the database")
AWAY = Fault(
    "The database does not answer as it should.", "whether the database runs and can be reached"
)

_BY_NUMBER = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: CLOSED,
    errno.EACCES: CLOSED,
    errno.EIO: BROKEN,
}
_BY_WORDS = {
    "full": FULL,
    "no space": FULL,
    "readonly": CLOSED,
    "read-only": CLOSED,
    "disk i/o": BROKEN,
    "locked": BUSY,
    "deadlock": BUSY,
    "timeout": BUSY,
}


class StorageFaultMiddleware:
    """Explains the storage faults of views; those around them come to `server_error`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if fault := fault_in(error):
            logger.error("%s %s", fault.happened, request.path, exc_info=error)
            return explained(request, fault)
        return None


def server_error(request: HttpRequest) -> HttpResponse:
    """The site's `handler500`. Django has logged the exception, and is still handling it."""
    error = sys.exception()
    fault = fault_in(error) if error else None
    if fault:
        return explained(request, fault)
    return in_json(500) if prefers_json(request) else defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The site's `handler400`: a session that can't be saved looks like one deleted meanwhile."""
    below: BaseException | None = exception if isinstance(exception, BadRequest) else None
    while below:
        if fault := fault_in(below):
            logger.error("%s %s", fault.happened, request.path, exc_info=exception)
            return explained(request, fault)
        below = below.__cause__ or below.__context__
    return in_json(400) if prefers_json(request) else defaults.bad_request(request, exception)


def fault_in(error: BaseException) -> Fault | None:
    """The storage's fault behind the exception; None for anything else, bugs of ours included."""
    if isinstance(error, OperationalError | InterfaceError):
        said = str(error).lower()
        return next((fault for word, fault in _BY_WORDS.items() if word in said), AWAY)
    if isinstance(error, OSError):
        return _BY_NUMBER.get(error.errno or 0)
    return None


def explained(request: HttpRequest, fault: Fault) -> HttpResponse:
    """The 503. It asks the database for nothing, not even for who is signed in."""
    if prefers_json(request):
        body = {"error": "Storage fault", "message": f"{fault.happened} {SAFE} {NEXT}"}
        response: HttpResponse = JsonResponse(body, status=503)
    else:
        words = {"happened": fault.happened, "look_at": fault.look_at, "safe": SAFE, "next": NEXT}
        response = HttpResponse(render_to_string("503.html", words), status=503)
    response["Retry-After"] = "5"
    response["Cache-Control"] = "no-store"
    return response
