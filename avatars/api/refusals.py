"""How the gateway says no: in the vendor's shape, `error` and `message`, and `details`.

Anam documents no schema for its errors. Seen by independent clients: `error`, `message`, and
`details` of `path`, `message` and `code`; clients have to read each, so an answer of ours has both.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

Detail = dict[str, Any]


class Refusal(Exception):
    """Ends a call. `error` is short, `message` a sentence or two; `more` are further fields."""

    def __init__(
        self,
        status: int,
        error: str,
        message: str,
        *,
        details: Sequence[Detail] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {error}")
        self.status, self.headers = status, headers or {}
        self.body: dict[str, Any] = {"error": error, "message": message, **(more or {})}
        if details:
            self.body["details"] = list(details)


def detail(path: str, message: str, code: str, **more: Any) -> Detail:
    """One thing that is wrong with the request."""
    return {"path": path, "message": message, "code": code, **more}


def invalid(details: Sequence[Detail], *, status: int = 400) -> Refusal:
    """Everything that is wrong with the request at once."""
    sentences = "; ".join(f"{item['path']}: {item['message']}" for item in details)
    return Refusal(status, "Validation error", sentences, details=details)


def missing(what: str = "avatar") -> Refusal:
    return Refusal(404, "Not found", f"There is no such {what}.")


def answered(refusal: Refusal) -> HttpResponse:
    return JsonResponse(refusal.body, status=refusal.status, headers=dict(refusal.headers))


# The framework wants handlers that would also take the class: hence `Any`.
def on_refusal(_: HttpRequest, refusal: Any) -> HttpResponse:
    return answered(refusal)


def on_anonymous(_: HttpRequest, __: Any) -> HttpResponse:
    return answered(unauthorized("Send a token as `Authorization: Bearer grn_…`."))


def on_unreadable(_: HttpRequest, error: Any) -> HttpResponse:
    """What the framework can't parse."""
    words = HTTPStatus(error.status_code).phrase
    return answered(Refusal(error.status_code, words, f"{error.message}."))


def on_too_large(_: HttpRequest, __: Any) -> HttpResponse:
    """More than Django reads into memory; photos in a form don't count."""
    words = f"A body may have {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes, photos not counted."
    return answered(Refusal(413, "Too large", f"{words} Nothing was done."))


def on_invalid(_: HttpRequest, error: Any) -> HttpResponse:
    """What the declared shapes don't allow."""
    return answered(invalid([_detail_of(item) for item in error.errors]))


def unauthorized(message: str) -> Refusal:
    headers = {"WWW-Authenticate": 'Bearer realm="Greenroom"'}
    return Refusal(401, "Unauthorized", message, headers=headers)


def _detail_of(item: Mapping[str, Any]) -> Detail:
    # The first parts of the place are the framework's: "query" or "body", and an argument's name.
    kind, *place = [str(part) for part in item["loc"]]
    path = place[1:] if kind == "body" else place[-1:]
    return detail(".".join(path) or kind, str(item["msg"]), str(item["type"]))
