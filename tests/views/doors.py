"""Every address of the project, with something in the place of its arguments."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

EXAMPLES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": "96",
    "slug": "code",
    "path": "a",
    "str": "a",
}


def addresses() -> dict[str, str]:
    """Route to path, for every view there is."""
    return {route: path for route, path, _ in entries()}


def entries() -> Iterator[tuple[str, str, URLPattern]]:
    """Route, path and what stands in the URLs, in the order in which Django tries them."""
    return _under(get_resolver(), "", "")


def _under(resolver: URLResolver, route: str, path: str) -> Iterator[tuple[str, str, URLPattern]]:
    for entry in resolver.url_patterns:
        there = route + str(entry.pattern)
        address = path + _example(entry.pattern)
        if isinstance(entry, URLPattern):
            yield there, f"/{address}", entry
        else:
            yield from _under(entry, there, address)


def _example(pattern: object) -> str:
    if isinstance(pattern, RegexPattern):
        text = re.sub(r"\(\?P<\w+>[^)]*\)", "1", str(pattern))
        return text.strip("^$").replace(r"\Z", "").replace("\\", "").removesuffix("?")
    return re.sub(r"<(?:(\w+):)?\w+>", lambda m: EXAMPLES[m[1] or "str"], str(pattern))
