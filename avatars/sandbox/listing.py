"""What a list asks for, and the page it gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from .answers import Problem, Refusal, invalid
from .avatar import Avatar

STYLES = ("all", "realistic", "animated_3d", "illustrated", "unknown")
MOST_ON_A_PAGE = 100
DIGITS = 9  # a page number of more is no number anybody means


@dataclass(frozen=True)
class Listing:
    page: int
    per_page: int
    search: str
    only_one_shot: bool
    style: str
    tags: frozenset[str]

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> "Listing":
        """Refuses with a 400 what is out of bounds."""
        return cls(
            page=_number(query, "page", default=1, most=10**DIGITS),
            per_page=_number(query, "perPage", default=10, most=MOST_ON_A_PAGE),
            search=query.get("search", "").casefold(),
            only_one_shot=_choice(query, "onlyOneShot", ("false", "true")) == "true",
            style=_choice(query, "renderStyle", STYLES),
            tags=frozenset(filter(None, query.get("tags", "").casefold().split(","))),
        )

    def wants(self, avatar: Avatar, *, ready: bool) -> bool:
        """Before its previews an avatar has no tags and its style is unknown."""
        style = avatar.style if ready else "unknown"
        tags = {tag.casefold() for tag in avatar.tags} if ready else set()
        return (
            self.search in avatar.name.casefold()
            and not (self.only_one_shot and avatar.is_stock)
            and self.style in ("all", style)
            and (not self.tags or bool(self.tags & tags))
        )

    def cut(self, found: Sequence[Avatar]) -> Sequence[Avatar]:
        return found[(self.page - 1) * self.per_page : self.page * self.per_page]

    def meta(self, total: int) -> dict[str, int | None]:
        last = ceil(total / self.per_page)
        return {
            "total": total,
            "lastPage": last,
            "currentPage": self.page,
            "perPage": self.per_page,
            "prev": self.page - 1 if self.page > 1 else None,
            "next": self.page + 1 if self.page < last else None,
        }


def _number(query: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if text.isascii() and text.isdecimal() and len(text) <= DIGITS and 1 <= int(text) <= most:
        return int(text)
    raise Refusal(invalid([_problem(name, f"must be a whole number from 1 to {most}")]))


def _choice(query: Mapping[str, str], name: str, allowed: Sequence[str]) -> str:
    value = query.get(name, allowed[0])
    if value in allowed:
        return value
    raise Refusal(invalid([_problem(name, f"must be one of {', '.join(allowed)}")]))


def _problem(path: str, text: str) -> Problem:
    return {"path": path, "message": text, "code": "custom"}
