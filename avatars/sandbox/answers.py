"""What the sandbox says: answers as values, refusals as exceptions that carry one."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypedDict
from xml.sax.saxutils import escape

Header = tuple[str, str]


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer. `body` can be read more than once unless it drips."""

    status: int
    headers: tuple[Header, ...]
    body: Iterable[bytes]

    @property
    def line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"


class Refusal(Exception):
    """Ends the handling of a call with `answer`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Problem(TypedDict):
    """One entry of a 400's `details`, as seen by independent clients."""

    path: str
    message: str
    code: str


def data(status: int, kind: str, body: bytes, *headers: Header) -> Answer:
    length = ("Content-Length", str(len(body)))
    return Answer(status, (("Content-Type", kind), length, *headers), (body,))


def as_json(status: int, value: object, *headers: Header) -> Answer:
    return data(status, "application/json", json.dumps(value).encode(), *headers)


def text(status: int, words: str) -> Answer:
    return data(status, "text/plain; charset=utf-8", words.encode())


def html(status: int, words: str) -> Answer:
    """The page of a proxy that stands in front of the service."""
    page = f"<!DOCTYPE html>\n<html><head><title>{words}</title></head><body><h1>{words}</h1>"
    return data(status, "text/html; charset=utf-8", f"{page}</body></html>\n".encode())


def xml(status: int, code: str, message: str) -> Answer:
    """An error of the storage host: S3's shape, which R2 shares."""
    said = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    page = f'<?xml version="1.0" encoding="UTF-8"?><Error>{said}</Error>'
    return data(status, "application/xml", page.encode())


def error(status: int, words: str, *headers: Header) -> Answer:
    return as_json(status, {"error": words}, *headers)


def message(status: int, words: str, *headers: Header) -> Answer:
    """The other of the two shapes seen: clients have to read both."""
    return as_json(status, {"message": words}, *headers)


def invalid(problems: Sequence[Problem]) -> Answer:
    summary = "; ".join(f"{problem['path']}: {problem['message']}" for problem in problems)
    body = {"error": "Validation error", "details": list(problems), "summary": summary}
    return as_json(400, body)
