"""What rows hold, in a form that people can read, and without links that open something."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from avatars.models import Event
from avatars.services.event_words import changes_in, facts_in, words_of

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


class Told:
    """What an event says, for whoever shows events: as on the page of the record."""

    @admin.display(description="who", ordering="actor__name")
    def who(self, event: Event) -> str:
        return words_of(event).who

    @admin.display(description="what", ordering="kind")
    def what(self, event: Event) -> str:
        return event.sentence

    @admin.display(description="note")
    def said(self, event: Event) -> str:
        return words_of(event).note or _NOTHING

    @admin.display(description="details")
    def details(self, event: Event) -> SafeString | str:
        return details_of(words_of(event).detail)


def details_of(detail: Mapping[str, Any]) -> SafeString | str:
    """What changed and what else there is to know, a line for each."""
    lines = [(without_links(line),) for line in _lines(detail)]
    return format_html_join(SafeString("<br>"), "{}", lines) if lines else _NOTHING


def _lines(detail: Mapping[str, Any]) -> Iterator[str]:
    for change in changes_in(detail):
        name = f"{change.name}: " if change.name else ""
        yield f"{name}{change.before} → {change.after}"
    for name, value in facts_in(detail):
        yield f"{name}: {value}"


def _host(found: re.Match[str]) -> str:
    try:
        host = urlsplit(found[0]).hostname
    except ValueError:
        host = None
    return f"(a link to {host or 'this server'})"
