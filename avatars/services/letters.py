"""Notices as a mail: plain text, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any

from django.conf import settings
from django.urls import reverse

from avatars.models import Notice
from avatars.names import tidy_name

from .chores import Chore
from .notice_words import NoticeWords

SHOWN = 30  # notices in one mail; the page has them all
_SUBJECT_MAX = 120  # characters
Told = Sequence[tuple[Notice, NoticeWords]]


@dataclass(frozen=True)
class Letter:
    """`subject` is one line without anything that could end it."""

    subject: str
    body: str


def letter_to(
    person: Any, told: Told, *, earlier: int = 0, chores: Sequence[Chore] = (), daily: bool = False
) -> Letter:
    """`told` holds the newest first; of `earlier` ones only the number is said."""
    parts = [f"Hello {tidy_name(person.get_short_name())},"]
    parts += [_paragraph(notice, words) for notice, words in told]
    if earlier:
        parts.append(f"There are {earlier} more, a little older.{_see(reverse('notices'))}")
    if chores:
        parts.append("What waits for you:")
        parts += [f"- {chore.title}.{_see(chore.path)}" for chore in chores]
    parts.append(_footer(daily=daily))
    return Letter(_subject(told, earlier, chores), "\n\n".join(parts) + "\n")


def _subject(told: Told, earlier: int, chores: Sequence[Chore]) -> str:
    titles = [words.title for _, words in told] + [chore.title for chore in chores]
    more = (len(told) + earlier if told else len(chores)) - 1
    others = f", and {more} more" if more > 0 else ""
    # Names may hold anything; a subject that holds the end of a line would be a second header.
    title = tidy_name(titles[0])
    room = _SUBJECT_MAX - len(others)
    return (title if len(title) <= room else f"{title[: room - 1]}…") + others


def _paragraph(notice: Notice, words: NoticeWords) -> str:
    lines = [f"{words.title}." if not words.body else f"{words.title}:"]
    if words.body:
        lines.append(_quoted(words.body))
    if words.next:
        lines.append(words.next)
    if address := _address(reverse("notice", args=[notice.pk])):
        lines.append(address)
    return "\n".join(lines)


def _quoted(text: str) -> str:
    # Line by line, so that nothing in it looks like a sentence of ours.
    lines = [tidy_name(line) for line in text.splitlines()]
    return indent("\n".join(line for line in lines if line), "> ")


def _footer(*, daily: bool) -> str:
    how = "once a day" if daily else "soon after something happens that concerns you"
    where = _address(reverse("notices")) or "in Greenroom, on the page “Notices”"
    return f"-- \nGreenroom writes to you {how}. You choose how often, or never:\n{where}"


def _see(path: str) -> str:
    address = _address(path)
    return f"\n{address}" if address else ""


def _address(path: str) -> str:
    """The whole address; "" where nobody has said how this server is reached."""
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else ""
