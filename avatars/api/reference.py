"""The OpenAPI document, arranged for people: what `/docs/api` shows."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join

from .gateway import schema
from .kinds import kind, name_of, shape_in

_MULTIPART, _JSON = "multipart/form-data", "application/json"
_JSON_TYPE = "-H 'Content-Type: application/json'"


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body: its type in words, and the shape that this names."""

    name: str
    kind: str
    shape: str
    description: str
    required: bool = False
    place: str = "body"


@dataclass(frozen=True)
class Answer:
    status: str
    description: str
    shape: str
    headers: list[str]


@dataclass(frozen=True)
class Call:
    """One operation. `curls` are calls to copy; `example` is the JSON body to begin with."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: list[str]
    rights: list[str]
    fields: list[Field]
    body: str
    takes_file: bool
    example: str
    answers: list[Answer]
    curls: list[str]


@dataclass(frozen=True)
class Shape:
    name: str
    description: str
    fields: list[Field]
    example: str


@dataclass
class Group:
    name: str
    description: str
    calls: list[Call] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.name.lower()


def groups(host: str) -> list[Group]:
    """Every call, by what it is about; `host` is where the caller reaches this server."""
    tags = schema()["tags"]
    found = {tag["name"]: Group(tag["name"], tag["description"]) for tag in tags}
    for path, methods in schema()["paths"].items():
        for method, details in methods.items():
            call = _call(host, method.upper(), path, details)
            found[details["tags"][0]].calls.append(call)
    return list(found.values())


def shapes() -> list[Shape]:
    """What goes in and out, field by field."""
    return [
        Shape(name, _words(shape.get("description", "")), _fields(shape), _example(shape))
        for name, shape in sorted(schema()["components"]["schemas"].items())
    ]


def _call(host: str, method: str, path: str, details: dict[str, Any]) -> Call:
    request = details.get("requestBody", {})
    bodies = request.get("content", {})
    body = _resolved((bodies.get(_MULTIPART) or bodies.get(_JSON) or {}).get("schema", {}))
    example = _example_of_body(bodies.get(_JSON, {}))
    return Call(
        id=details["operationId"],
        method=method,
        path=path,
        summary=details["summary"],
        paragraphs=[_words(text) for text in details["description"].split("\n\n")],
        rights=details.get("x-rights", []),
        fields=[*map(_parameter, details.get("parameters", ())), *_fields(body)],
        body=_words(request.get("description", "")),
        takes_file=_MULTIPART in bodies,
        example=example,
        answers=[_answer(status, said) for status, said in sorted(details["responses"].items())],
        curls=[_curl(method, f"{host}{path}", parts) for parts in _parts(bodies, body, example)],
    )


def _example_of_body(body: dict[str, Any]) -> str:
    """The first example of a JSON body; empty for a call that takes none."""
    for example in body.get("examples", {}).values():
        return json.dumps(example["value"])
    return _example(_resolved(body.get("schema", {})), indent=None)


def _parts(bodies: dict[str, Any], body: dict[str, Any], example: str) -> list[list[str]]:
    """What `curl` is told about the body: for a file, for JSON, or nothing."""
    found = []
    if _MULTIPART in bodies:
        name = ["-F 'displayName=Mia Vale'"] if "displayName" in body["properties"] else []
        found.append([*name, "-F 'imageFile=@portrait.jpg'"])
    if _JSON in bodies:
        found.append([_JSON_TYPE, f"-d '{example}'"])
    return found or [[]]


def _curl(method: str, url: str, parts: list[str]) -> str:
    place = re.sub(r"{(\w+)}", lambda found: found[1].upper(), url)
    call = f"curl '{place}'" if method == "GET" else f"curl -X {method} '{place}'"
    return " \\\n  ".join([call, "-H 'Authorization: Bearer TOKEN'", *parts])


def _parameter(item: dict[str, Any]) -> Field:
    words, required = _words(item.get("description", "")), bool(item.get("required"))
    return Field(item["name"], kind(item["schema"]), "", words, required, item["in"])


def _answer(status: str, said: dict[str, Any]) -> Answer:
    shape = said.get("content", {}).get(_JSON, {}).get("schema", {})
    return Answer(status, _words(said["description"]), shape_in(shape), [*said.get("headers", ())])


def _fields(shape: dict[str, Any]) -> list[Field]:
    required = shape.get("required", ())
    return [
        Field(
            name, kind(item), shape_in(item), _words(item.get("description", "")), name in required
        )
        for name, item in shape.get("properties", {}).items()
    ]


def _resolved(shape: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in shape:
        return shape
    found: dict[str, Any] = schema()["components"]["schemas"][name_of(shape["$ref"])]
    return found


def _example(shape: dict[str, Any], *, indent: int | None = 2) -> str:
    for example in shape.get("examples", ()):
        return json.dumps(example, indent=indent)
    return ""


def _words(description: str) -> str:
    """HTML, with what stands between backticks as code."""
    parts = enumerate(" ".join(description.split()).split("`"))
    return format_html_join("", "{}", ((_code(part) if at % 2 else part,) for at, part in parts))


def _code(text: str) -> str:
    return format_html("<code>{}</code>", text)
