"""Events as lines on a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from avatars.models import Event, Subject
from avatars.services.event_words import Words, words_of

# Where people look after what an event is about: the name of the page's address, and its title.
_PAGES = {
    Subject.PERSON: ("people", "People"),
    Subject.INVITATION: ("people", "People"),
    Subject.TOKEN: ("tokens", "Developers"),
    Subject.FEED: ("feeds", "Feeds"),
    Subject.WEBHOOK: ("webhooks", "Webhooks"),
    Subject.CALL: ("calls", "Photo calls"),
    Subject.POLICY: ("policy", "Policy"),
    Subject.WORDING: ("policy-wording", "Wording"),
    Subject.REPLY: ("policy-replies", "Replies"),
}


@dataclass(frozen=True)
class Line:
    """`place` and `place_name` lead to what it is about; "" where there is no page for that."""

    event: Event
    words: Words
    place: str
    place_name: str


def lines_of(events: Iterable[Event]) -> list[Line]:
    """For it to take no query each, the caller selects actors, tokens and avatars."""
    return [_line(event, words_of(event)) for event in events]


def _line(event: Event, words: Words) -> Line:
    place, name = _place(event, words)
    return Line(event, words, place, name)


def _place(event: Event, words: Words) -> tuple[str, str]:
    if event.avatar:
        return event.avatar.get_absolute_url(), words.name
    name, title = _PAGES.get(Subject(event.subject), ("", ""))
    if not name:
        return "", ""
    anchor = f"#feed-{event.subject_name}" if event.subject == Subject.FEED else ""
    return reverse(name) + anchor, title
