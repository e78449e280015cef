"""What is typed and pressed at the cards of a desk; all of it is one form."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import QueryDict

from avatars.models import Draft
from avatars.names import MAX, tidy_name
from avatars.photos.framing import Frame
from avatars.services.drafts import frame_of, square_of

_NAME = "name-"
_TODAY = 13  # digits of this moment in milliseconds, from 2001 to 2286


def names_in(data: QueryDict) -> dict[UUID, str]:
    """The names that were typed, by draft; cut where no row would take them."""
    return {
        draft_id: tidy_name(str(data[field]))[:MAX].strip()
        for field in data
        if field.startswith(_NAME) and (draft_id := _id(field.removeprefix(_NAME)))
    }


def drafts_in(data: QueryDict) -> list[UUID]:
    """The drafts that the form was showing."""
    return list(filter(None, map(_id, data.getlist("draft"))))


def taken_off_in(data: QueryDict) -> int:
    """The number of photos that the page said had been taken off the desk."""
    return _number(data.get("taken_off"))


def place_in(data: QueryDict) -> int | None:
    """When the photo was picked, in milliseconds; None where nobody says, or nonsense."""
    text = data.get("at", "")
    return int(text) if text.isdecimal() and len(text) == _TODAY else None


def is_of(data: QueryDict, owner: Any) -> bool:
    """Whether a form was shown to that person; one that does not say may be anybody's."""
    return data.get("owner", str(owner.pk)) == str(owner.pk)


def frame_in(data: QueryDict, draft: Draft) -> Frame:
    """The frame that a pressed button asks for; the numbers of the form for "this"."""
    now = frame_of(draft)
    match data.get("do"):
        case "square":
            return square_of(draft)
        case "whole":
            return Frame(now.turns)
        case "right":
            return Frame((now.turns + 1) % 4)
        case "left":
            return Frame((now.turns - 1) % 4)
    return Frame(**dict(_numbers(data, draft)))


def _numbers(data: QueryDict, draft: Draft) -> Iterator[tuple[str, int]]:
    for field in ("turns", "left", "top", "side"):
        yield field, _number(data.get(f"{field}-{draft.pk}"))


def _number(text: Any) -> int:
    """Whatever is no number is left as if nobody had touched it."""
    return int(text) if str(text).isdecimal() and len(text) < 7 else 0


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
