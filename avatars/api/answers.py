"""What answers mean and carry, as the OpenAPI document tells it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

_HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {"description": "Send it back as `If-None-Match`.", "schema": {"type": "string"}},
    "Greenroom-Approval": {
        "description": "The team's word on the avatar.",
        "schema": {"type": "string", "enum": ["waiting", "approved", "changes", "rejected"]},
    },
    "Greenroom-Id": {
        "description": "Greenroom's own id: that of the creation, and of the avatar's page.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "Location": {
        "description": "Ask here what became of it.",
        "schema": {"type": "string", "format": "uri"},
    },
    "Retry-After": {
        "description": "Seconds to wait before the next try.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "WWW-Authenticate": {
        "description": "Asks for a token.",
        "schema": {"type": "string", "const": 'Bearer realm="Greenroom"'},
    },
}
OUR_FACTS = ("Greenroom-Id", "Greenroom-Approval")
_ALWAYS = {401: ["WWW-Authenticate"], 503: ["Retry-After"], 504: ["Retry-After"]}
_SOMETIMES = {429: ["Retry-After"], 502: ["Retry-After"]}
_MEANINGS = {
    400: "The request is not right. `details` names what is wrong, field by field.",
    401: "There is no token, or it is unknown, expired or revoked. Make a new one.",
    402: "Anam's plan does not include it, or is used up.",
    403: "The token lacks the right, and `right` names it; or its person may not do that.",
    404: "There is nothing of this id or name.",
    409: "Somebody else changed it at this moment. Nothing was done: read it again.",
    413: "The body is too large.",
    422: "The photo will not do, here or at Anam. `details` says how to fix it.",
    429: "Too many calls in this minute, or Anam asks for patience.",
    502: "Anam does not take the organisation's key, or says something odd. An administrator "
    "sees it on the page about the status.",
    503: "Too many calls wait, or the disk or the database is not ready. Nothing is half-saved.",
    504: "Anam has not answered in time.",
}


def meaning(words: str, *always: str, sometimes: Sequence[str] = ()) -> dict[str, Any]:
    """What an answer says, and the headers that it carries."""
    return {"description": words, "headers": _headers(always, sometimes)}


def explained(details: dict[str, Any]) -> dict[str, Any]:
    """An operation of the document, with a meaning for every error that has none of its own."""
    for status, said in details["responses"].items():
        number = int(status)
        if number in _MEANINGS and said["description"] == HTTPStatus(number).phrase:
            said["description"] = _MEANINGS[number]
        headers = _headers(_ALWAYS.get(number, ()), _SOMETIMES.get(number, ()))
        if headers := headers | said.get("headers", {}):
            said["headers"] = headers
    return details


def _headers(always: Sequence[str], sometimes: Sequence[str]) -> dict[str, Any]:
    required = {name: {**_HEADERS[name], "required": True} for name in always}
    return required | {name: _HEADERS[name] for name in sometimes}
