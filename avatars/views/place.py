"""Paging by a row's time and id, so that no row is ever counted or skipped."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q, QuerySet


class Placed(Protocol):
    """A row of a list with the newest first."""

    @property
    def pk(self) -> UUID: ...

    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True)
class Place:
    """A place between two rows."""

    at: datetime
    id: UUID

    @classmethod
    def of(cls, row: Placed) -> "Place":
        return cls(row.created_at, row.pk)

    @classmethod
    def read(cls, text: str) -> "Place | None":
        at, _, identifier = text.partition("~")
        try:
            moment = datetime.fromisoformat(at)
            # A time whose UTC lies outside the calendar overflows here rather than in the database.
            return cls(moment.astimezone(UTC), UUID(identifier)) if moment.tzinfo else None
        except (ValueError, OverflowError):
            return None

    @property
    def text(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    def older[Rows: QuerySet[Any]](self, rows: Rows) -> Rows:
        # The first condition is implied by the second and lets the index find the place.
        return rows.filter(created_at__lte=self.at).filter(
            Q(created_at__lt=self.at) | Q(created_at=self.at, pk__lt=self.id)
        )
