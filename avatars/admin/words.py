"""What rows hold as JSON, in a form that people can read, and without links that open something."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_LINK = re.compile(r"\S*(?:://|X-Amz-)\S*")
_NOTHING = "–"


def answer_of(raw: Mapping[str, Any]) -> SafeString | str:
    """What Anam said, key by key."""
    if not raw:
        return "Nothing is kept."
    text = json.dumps(without_links(dict(raw)), indent=2, ensure_ascii=False)
    return format_html('<pre class="said" dir="ltr" tabindex="0">{}</pre>', text)


def without_links(value: Any) -> Any:
    """The same, with a host in the place of each link: a signed one is a key while it lives."""
    match value:
        case dict():
            return {key: without_links(each) for key, each in value.items()}
        case list():
            return [without_links(each) for each in value]
        case str():
            return _LINK.sub(_host, value)
    return value


def details_of(detail: Mapping[str, Any]) -> SafeString | str:
    """What an event says beside its sentence, a line for each thing."""
    lines = [(line,) for line in _lines(without_links(dict(detail)))]
    return format_html_join(SafeString("<br>"), "{}", lines) if lines else _NOTHING


def _lines(detail: dict[str, Any]) -> Iterator[str]:
    before, after = detail.pop("before", None), detail.pop("after", None)
    if isinstance(before, dict) and isinstance(after, dict):
        names = [*before, *(name for name in after if name not in before)]
        for name in names:
            yield f"{name}: {_plain(before.get(name))} → {_plain(after.get(name))}"
    elif before is not None or after is not None:
        yield f"{_plain(before)} → {_plain(after)}"
    for name, value in detail.items():
        yield f"{name}: {_plain(value)}"


def _plain(value: Any) -> str:
    match value:
        case None | "":
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_plain(each) for each in value) or "nothing"
        case dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def _host(found: re.Match[str]) -> str:
    try:
        host = urlsplit(found[0]).hostname
    except ValueError:
        host = None
    return f"(a link to {host or 'this server'})"
