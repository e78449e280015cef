"""All that is known of all avatars, written into a folder one avatar at a time."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePath
from typing import Any, TextIO
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Prefetch

from avatars.models import Avatar, Event
from avatars.spreadsheets import csv_lines

from .draft import new_file, new_text
from .record import record_of

FACTS, TABLE, PHOTOS = "avatars.json", "avatars.csv", "photos"
COLUMNS = (
    *("id", "display_name", "owner", "state", "state_words", "message", "approval", "review_note"),
    *("model", "upstream_id", "rehearsal", "stock", "preview", "created_at", "photo", "url"),
    *("erased_at", "erased_by"),
)
_BATCH = 500  # avatars in memory at a time


class Export:
    """`count` avatars were written, without the photos of `missing`; of `erased` there are none."""

    def __init__(self, folder: Path, *, table: bool, photos: bool) -> None:
        self._folder, self._table, self._photos = folder, table, photos
        self.count = 0
        self.missing: list[str] = []
        self.erased: set[UUID] = set()

    def write(self) -> None:
        """Raises `OSError` when something can't be written."""
        if self._photos:
            (self._folder / PHOTOS).mkdir(mode=0o700)
        with ExitStack() as files:
            facts = files.enter_context(new_text(self._folder / FACTS, "utf-8"))
            table = self._begun_table(files) if self._table else None
            for record in self._records():
                facts.write(",\n" if self.count else "[\n")
                facts.write(json.dumps(record, cls=DjangoJSONEncoder, ensure_ascii=False))
                if table:
                    table.writelines(csv_lines([[record.get(name) for name in COLUMNS]]))
                self.count += 1
            facts.write("\n]\n" if self.count else "[]\n")

    def _begun_table(self, files: ExitStack) -> TextIO:
        # With the mark by which spreadsheets know UTF-8.
        table = files.enter_context(new_text(self._folder / TABLE, "utf-8-sig"))
        table.writelines(csv_lines([COLUMNS]))
        return table

    def _records(self) -> Iterator[dict[str, Any]]:
        for avatar in _avatars():
            if avatar.is_erased:
                self.erased.add(avatar.pk)
            yield {**record_of(avatar), "photo": self._photo_of(avatar)}

    def _photo_of(self, avatar: Avatar) -> str | None:
        """Where in the folder its photo is now; None without one."""
        if not self._photos or not avatar.has_photo or avatar.is_erased:
            return None
        place = f"{PHOTOS}/{avatar.pk}{PurePath(str(avatar.photo)).suffix}"
        try:
            with default_storage.open(str(avatar.photo)) as stored:
                data = stored.read()
        except OSError:
            self.missing.append(str(avatar.pk))
            return None
        with new_file(self._folder / place) as file:
            file.write(data)
        return place


def _avatars() -> Iterator[Avatar]:
    events = Prefetch("events", Event.objects.select_related("actor", "token"))
    rows = Avatar.objects.select_related("owner", "removed_by").prefetch_related(events)
    return rows.order_by("created_at", "id").iterator(chunk_size=_BATCH)
