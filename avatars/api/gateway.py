"""The gateway as a whole: its doors, its errors, and its OpenAPI document."""

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

# Importing them puts their calls onto the router, in the order of the document.
from . import avatars, checking, creating, creations, feeds, refusals, reviews, sessions
from .answers import explained
from .doors import router
from .refusals import Refusal, answered

_ABOUT = (
    "Anam's avatars API with the rules of your team. A program written for Anam works here once "
    "its host is this server and its key is a token of yours. Every error has `error` and "
    "`message`, as Anam's have; any call may also meet a 500."
)
_TAGS = {
    "Avatars": "Anam's own calls: make an avatar, find it, rename it, delete it.",
    "Photos": "What the checks say of a photo, before anything is made. Greenroom's own addition.",
    "Creations": "What became of a create that nobody waited for. Greenroom's own addition.",
    "Reviews": "The team's word on an avatar. Greenroom's own addition.",
    "Feeds": "The avatar in use, behind a stable name. Greenroom's own addition.",
    "Conversations": "Anam's own calls to talk with an avatar: approved ones only.",
}

gateway = NinjaAPI(
    title="Greenroom",
    version="1",
    description=_ABOUT,
    urls_namespace="gateway",
    openapi_url=None,
    docs_url=None,
    servers=[{"url": "/", "description": "The Greenroom that serves this document."}],
    openapi_extra={
        "info": {"license": {"name": "MIT", "identifier": "MIT"}},
        "tags": [{"name": name, "description": words} for name, words in _TAGS.items()],
    },
)
gateway.add_exception_handler(Refusal, refusals.on_refusal)
gateway.add_exception_handler(AuthenticationError, refusals.on_anonymous)
gateway.add_exception_handler(RequestDataTooBig, refusals.on_too_large)
gateway.add_exception_handler(HttpError, refusals.on_unreadable)
gateway.add_exception_handler(ValidationError, refusals.on_invalid)
gateway.add_router("", router)

PARTS = (avatars, creating, checking, creations, reviews, feeds, sessions)


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI 3.1 document, as it is served and kept in `docs/openapi.json`; not to be changed.

    Made once, because that takes a third of a second.
    """
    raw: dict[str, Any] = json.loads(json.dumps(gateway.get_openapi_schema(path_prefix="v1")))
    for methods in raw["paths"].values():
        for details in methods.values():
            explained(details)
    text, shapes = json.dumps(raw), raw["components"]["schemas"]
    for name in [name for name in shapes if f'/{name}"' not in text]:
        del shapes[name]  # the framework's own, for parameters
    return {**_untitled(raw), "info": raw["info"]}


@cache
def document() -> str:
    """The same as text."""
    return json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _untitled(node: Any) -> Any:
    """Without the titles that pydantic makes up, such as "Displayname"."""
    if isinstance(node, list):
        return [_untitled(item) for item in node]
    if isinstance(node, dict):
        made_up = {"title"} if isinstance(node.get("title"), str) else set()
        return {key: _untitled(value) for key, value in node.items() if key not in made_up}
    return node


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
