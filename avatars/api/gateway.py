"""The gateway as a whole: its doors, its errors, and its OpenAPI document."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

# Importing them puts their calls onto the router, in the order of the document.
from . import avatars, creating, creations, feeds, refusals, reviews, sessions
from .doors import router
from .refusals import Refusal, answered

_ABOUT = (
    "Anam's avatars API with the rules of your team. A program written for Anam works here once "
    "its host is this server and its key is a token of yours. What Anam does not have is marked "
    "as Greenroom's own addition."
)

gateway = NinjaAPI(
    title="Greenroom",
    version="1",
    description=_ABOUT,
    urls_namespace="gateway",
    openapi_url=None,
    docs_url=None,
)
gateway.add_exception_handler(Refusal, refusals.on_refusal)
gateway.add_exception_handler(AuthenticationError, refusals.on_anonymous)
gateway.add_exception_handler(HttpError, refusals.on_unreadable)
gateway.add_exception_handler(ValidationError, refusals.on_invalid)
gateway.add_router("", router)

PARTS = (avatars, creating, creations, reviews, feeds, sessions)


def schema() -> dict[str, Any]:
    """The OpenAPI 3.1 document, as it is served and kept in `docs/openapi.json`."""
    return dict(gateway.get_openapi_schema(path_prefix="v1"))


def document() -> str:
    """The same as text."""
    return json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def patterns() -> list[URLPattern]:
    """The doors. They are open to whoever brings a token, and ask for it themselves."""
    found = [entry for entry in gateway.urls[0] if isinstance(entry, URLPattern)]
    for pattern in found:
        view = _door(pattern.callback)
        pattern.callback = _from_anywhere(view) if pattern.name == "engine-session" else view
    return found


def _from_anywhere(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Browsers ask first whether a page of another site may call."""

    @login_not_required
    @wraps(view)
    def door(request: HttpRequest, **place: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return sessions.for_browsers(HttpResponse(status=204))
        return sessions.for_browsers(view(request, **place))

    return door


def _door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_not_required
    @wraps(view)
    def door(request: HttpRequest, **place: Any) -> HttpResponse:
        response = view(request, **place)
        if isinstance(response, HttpResponseNotAllowed):
            headers = {"Allow": response["Allow"]}
            words = f"{request.method} is not among them."
            response = answered(Refusal(405, "Method not allowed", words, headers=headers))
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return door
