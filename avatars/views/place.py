"""Paging by a row's time and id, so that no row is ever counted or skipped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True)
class Place:
    """A place between two rows of a list with the newest first."""

    at: datetime
    id: Any

    # By which column the list goes, and how an id is read.
    column: ClassVar[str] = "created_at"
    identified: ClassVar[Callable[[str], Any]] = UUID

    @classmethod
    def of(cls, row: Model) -> Self:
        return cls(getattr(row, cls.column), row.pk)

    @classmethod
    def read(cls, text: str) -> Self | None:
        at, _, identifier = text.partition("~")
        try:
            moment = datetime.fromisoformat(at)
            # A time whose UTC lies outside the calendar overflows here rather than in the database.
            place = cls(moment.astimezone(UTC), cls.identified(identifier))
        except (ValueError, OverflowError):
            return None
        return place if moment.tzinfo else None

    @property
    def text(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    def older[Rows: QuerySet[Any]](self, rows: Rows) -> Rows:
        # The first condition is implied by the second and lets the index find the place.
        at = self.column
        return rows.filter(**{f"{at}__lte": self.at}).filter(
            Q(**{f"{at}__lt": self.at}) | Q(**{at: self.at}, pk__lt=self.id)
        )


class EventPlace(Place):
    """A place in the record, whose rows have numbers."""

    column = "at"
    identified = int
