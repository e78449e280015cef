"""The OpenAPI document, arranged for people: what `/docs/api` shows."""

import json
from dataclasses import dataclass, field
from typing import Any

from .gateway import schema

_MULTIPART, _JSON = "multipart/form-data", "application/json"
_EXAMPLES: dict[str, Any] = {
    "createSessionToken": {"personaConfig": {"avatarId": "AVATAR_ID"}},
    "renameAvatar": {"displayName": "Mia Vale"},
    "decideReview": {"decision": "approved", "version": 0},
    "startEngineSession": {},
}


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body: its type in words."""

    name: str
    kind: str
    description: str
    required: bool = False
    place: str = ""


@dataclass(frozen=True)
class Answer:
    status: str
    description: str
    shape: str


@dataclass(frozen=True)
class Call:
    """One operation. `curl` is the call to copy; `example` the JSON body to begin with."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    rights: list[str]
    parameters: list[Field]
    fields: list[Field]
    takes_file: bool
    example: str
    answers: list[Answer]
    curl: str


@dataclass(frozen=True)
class Shape:
    name: str
    description: str
    fields: list[Field]


@dataclass
class Group:
    name: str
    calls: list[Call] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.name.lower()


def groups(host: str) -> list[Group]:
    """Every call, by what it is about; `host` is where the caller reaches this server."""
    found: dict[str, Group] = {}
    for path, methods in schema()["paths"].items():
        for method, details in methods.items():
            name = details["tags"][0]
            call = _call(host, method.upper(), path, details)
            found.setdefault(name, Group(name)).calls.append(call)
    return list(found.values())


def shapes() -> list[Shape]:
    """What goes in and out, field by field."""
    return [
        Shape(name, _plain(shape.get("description", "")), _fields(shape))
        for name, shape in sorted(schema()["components"]["schemas"].items())
        if shape.get("properties")
    ]


def _call(host: str, method: str, path: str, details: dict[str, Any]) -> Call:
    name, bodies = details["operationId"], details.get("requestBody", {}).get("content", {})
    body = bodies.get(_MULTIPART) or bodies.get(_JSON) or {}
    example = json.dumps(_EXAMPLES[name]) if name in _EXAMPLES else ""
    return Call(
        id=name,
        method=method,
        path=path,
        summary=details["summary"],
        description=_plain(details.get("description", "")),
        rights=details.get("x-rights", []),
        parameters=[_parameter(item) for item in details.get("parameters", ())],
        fields=_fields(_resolved(body.get("schema", {}))),
        takes_file=_MULTIPART in bodies,
        example=example,
        answers=[_answer(status, said) for status, said in sorted(details["responses"].items())],
        curl=_curl(f"{host}{path}", method, example, takes_file=_MULTIPART in bodies),
    )


def _curl(url: str, method: str, example: str, *, takes_file: bool) -> str:
    parts = ["curl", *([] if method == "GET" else [f"-X {method}"]), f"'{url}'"]
    parts.append("-H 'Authorization: Bearer grn_…'")
    if takes_file:
        parts += ["-F 'displayName=Mia Vale'", "-F 'imageFile=@portrait.jpg'"]
    elif example:
        parts += ["-H 'Content-Type: application/json'", f"-d '{example}'"]
    return " \\\n  ".join([f"{parts[0]} {' '.join(parts[1:-1])}".strip(), *parts[-1:]])


def _parameter(item: dict[str, Any]) -> Field:
    kind, required = _kind(item.get("schema", {})), bool(item.get("required"))
    return Field(item["name"], kind, _plain(item.get("description", "")), required, item["in"])


def _answer(status: str, said: dict[str, Any]) -> Answer:
    shape = said.get("content", {}).get(_JSON, {}).get("schema", {})
    return Answer(status, said["description"], _kind(shape) if shape else "")


def _fields(shape: dict[str, Any]) -> list[Field]:
    required = shape.get("required", ())
    return [
        Field(name, _kind(details), _plain(details.get("description", "")), name in required)
        for name, details in shape.get("properties", {}).items()
    ]


def _resolved(shape: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in shape:
        return shape
    found: dict[str, Any] = schema()["components"]["schemas"][_name(shape["$ref"])]
    return found


def _kind(shape: dict[str, Any]) -> str:
    """In words: "text", "number from 1 to 100", "list of Avatar", "text or null"."""
    if "$ref" in shape:
        return _name(shape["$ref"])
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(_kind(part) for part in shape["anyOf"]))
    if "enum" in shape:
        return "one of " + ", ".join(f"“{value}”" for value in shape["enum"])
    if shape.get("type") == "array":
        return f"list of {_kind(shape.get('items', {}))}"
    if shape.get("format") == "binary":
        return "file"
    words = {"string": "text", "integer": "number", "boolean": "true or false", "null": "null"}
    return words.get(shape.get("type", ""), "object") + _bounds(shape)


def _bounds(shape: dict[str, Any]) -> str:
    low = shape.get("minimum", shape.get("minLength"))
    high = shape.get("maximum", shape.get("maxLength"))
    unit = " characters" if shape.get("type") == "string" else ""
    if low is not None and high is not None:
        return f" of {low} to {high}{unit}" if unit else f" from {low} to {high}"
    return f", at most {high}{unit}" if high is not None else ""


def _plain(description: str) -> str:
    """Without the marks of Markdown that tools read there."""
    return description.replace("`", "")


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]
