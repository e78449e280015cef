"""Every door there is: one for each route, as people read it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import URLPattern

from tests.views.doors import entries

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SAFE = ("GET", "HEAD", "OPTIONS")
# Most of what Django's admin shows is nobody's, and asking twice costs the same as elsewhere.
_NOBODYS = re.compile("admin/(?!avatars/avatar/|people/user/)")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Door:
    """`route` as in urls.py, with a regular expression's groups written as parameters."""

    route: str
    name: str

    @property
    def is_of_something(self) -> bool:
        """Whether its address says what it is about, which may be one's own."""
        return "<" in self.route and not _NOBODYS.match(self.route)

    @property
    def is_borrowed(self) -> bool:
        """Whether it is allauth's or Django's."""
        return self.route.startswith(("accounts/", "admin/"))

    def parameters(self) -> list[str]:
        """The route up to each parameter, that one included."""
        return [self.route[: found.end()] for found in _PARAMETER.finditer(self.route)]

    def address(self, values: Mapping[str, object]) -> str:
        """The path, with a value for each of `parameters()`."""
        pieces, end = [], 0
        for found in _PARAMETER.finditer(self.route):
            value = str(values[self.route[: found.end()]])
            pieces += [self.route[end : found.start()], value]
            end = found.end()
        return f"/{''.join(pieces)}{self.route[end:]}"


def doors() -> list[Door]:
    """In the order in which Django tries them, so that of two with one route the first counts."""
    found: dict[str, Door] = {}
    for raw, _, entry in entries():
        route = _readable(raw)
        found.setdefault(route, Door(route, _name(entry)))
    return list(found.values())


def _readable(route: str) -> str:
    grouped = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    return re.sub(r"[\^$]|\\Z", "", grouped)


def _name(entry: URLPattern) -> str:
    return entry.name or getattr(entry.callback, "view_class", entry.callback).__name__
