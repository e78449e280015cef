"""The record as a file: the same events as on the page, all of them, as a table or as JSON."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from avatars.access import can_read_record
from avatars.harmless import harmless
from avatars.models import Event, Kind, Subject
from avatars.models.event import EventQuerySet
from avatars.record_forms import RecordFilters
from avatars.services import record
from avatars.services.event_words import Words, words_of
from avatars.spreadsheets import csv_lines

from .place import EventPlace
from .record import refused
from .record_search import filters_of, found

COLUMNS = (
    *("id", "at", "who", "what", "about", "name", "note", "before", "after", "details"),
    *("kind", "about_id", "request"),
)
_STEP = 500  # events in memory at a time
_MARK = "\ufeff"  # by which spreadsheets know UTF-8


@require_GET
@can_read_record
@never_cache
def as_csv(request: HttpRequest) -> HttpResponseBase:
    return _exported(request, "csv", "text/csv; charset=utf-8", _table)


@require_GET
@can_read_record
@never_cache
def as_json(request: HttpRequest) -> HttpResponseBase:
    return _exported(request, "json", "application/json", _array)


def _exported(
    request: HttpRequest, ending: str, kind: str, lines: Callable[[EventQuerySet], Iterator[str]]
) -> HttpResponse | StreamingHttpResponse:
    """On the record before the first byte goes out."""
    filters = filters_of(request)
    if not filters.is_valid():
        return refused(request, filters)
    about = (Subject.RECORD, "", "")
    detail = {"format": ending, **_looked_for(filters)}
    record.write(Kind.EXPORTED, about, actor=request.user, detail=detail)
    response = StreamingHttpResponse(lines(found(filters)), content_type=kind)
    name = f"record-{timezone.localdate():%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _looked_for(filters: RecordFilters) -> dict[str, str]:
    """Without a name that was typed: the record would keep it when its avatar is erased."""
    chosen = {name: str(value) for name, value in filters.chosen.items()}
    if "avatar" in chosen and not _is_id(chosen["avatar"]):
        chosen["avatar"] = "by a name"
    return chosen


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _table(rows: EventQuerySet) -> Iterator[str]:
    yield _MARK
    cells = ([row[name] for name in COLUMNS] for row in map(_row, _in_steps(rows)))
    yield from csv_lines([COLUMNS])
    yield from csv_lines(cells)


def _array(rows: EventQuerySet) -> Iterator[str]:
    opening = "[\n"
    for event in _in_steps(rows):
        yield opening
        yield json.dumps(_facts(event), cls=DjangoJSONEncoder, ensure_ascii=False)
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def _in_steps(rows: EventQuerySet) -> Iterator[Event]:
    """Some at a time: whoever reads slowly holds nothing open in the database."""
    place = None
    while True:
        step = list((place.older(rows) if place else rows)[:_STEP])
        yield from step
        if len(step) < _STEP:
            return
        place = EventPlace.of(step[-1])


def _row(event: Event) -> dict[str, Any]:
    """For people: everything in words."""
    words = words_of(event)
    row = {
        **_core(event, words),
        "before": _joined((each.name, each.before) for each in words.changes),
        "after": _joined((each.name, each.after) for each in words.changes),
        "details": _joined(iter(words.facts)),
    }
    return {name: harmless(value) for name, value in row.items()}


def _facts(event: Event) -> dict[str, Any]:
    """For programs: also what the words were made from."""
    words = words_of(event)
    facts = {
        **_core(event, words),
        "actor_id": event.actor_id and str(event.actor_id),
        "token_id": event.token_id,
        "detail": words.detail,
    }
    return {name: harmless(value) for name, value in facts.items()}


def _core(event: Event, words: Words) -> dict[str, Any]:
    return {
        "id": event.pk,
        "at": event.at,
        "who": words.who,
        "kind": event.kind,
        "what": words.sentence,
        "about": event.subject,
        "about_id": str(event.avatar_id) if event.avatar_id else event.subject_id,
        "name": words.name,
        "note": words.note,
        "request": event.trace,
    }


def _joined(pairs: Iterator[tuple[str, str]]) -> str:
    return "; ".join(f"{name}: {value}" if name else value for name, value in pairs)
