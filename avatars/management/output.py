"""Where a command prints: results to one side, everything else to the other."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.management.base import OutputWrapper
from django.core.serializers.json import DjangoJSONEncoder

from avatars.names import tidy_name


@dataclass(frozen=True)
class Output:
    """`out` holds nothing but results, so that it can be piped; `err` what people are told."""

    out: OutputWrapper
    err: OutputWrapper

    def say(self, text: str) -> None:
        self.out.write(text)

    def tell(self, text: str) -> None:
        self.err.write(text, style_func=str)

    def say_json(self, value: Any) -> None:
        self.out.write(as_json(value))

    def say_array(self, items: Iterable[Any]) -> None:
        """A JSON array of any length: one element a line, written as they come."""
        ending = "["
        for item in items:
            self.out.write(ending)
            self.out.write(as_json(item), ending="")
            ending = ","
        self.out.write("\n]" if ending == "," else "[]")


def as_json(value: Any) -> str:
    """On one line, in ASCII: no terminal and no file name can break it. Times as in ISO 8601."""
    return json.dumps(value, cls=DjangoJSONEncoder)


def plain(text: object) -> str:
    """The text on one line, without anything that moves a terminal's cursor."""
    return tidy_name(str(text))
