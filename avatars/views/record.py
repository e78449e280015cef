"""The record, for those who may read it: everything that ever happened, the newest first."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from avatars.access import can_read_record
from avatars.record_forms import RecordFilters

from .place import EventPlace
from .record_lines import lines_of
from .record_search import filters_of, found

PAGE = 50


@require_safe
@can_read_record
@never_cache
def record(request: HttpRequest) -> HttpResponse:
    """A page of lines. Paging goes by the last one's time and id, so none is ever counted."""
    filters = filters_of(request)
    if not filters.is_valid():
        return refused(request, filters)
    place = EventPlace.read(request.GET.get("before", ""))
    rows = found(filters)
    events = list((place.older(rows) if place else rows)[: PAGE + 1])
    shown = events[:PAGE]
    asked = _asked(request, filters)
    older = _address(asked, before=EventPlace.of(shown[-1]).text) if len(events) > PAGE else ""
    context = {
        **_frame(filters, asked),
        "lines": lines_of(shown),
        "older_url": older,
        "newer_url": _address(asked) if place else "",
    }
    return render(request, "avatars/record.html", context)


def refused(request: HttpRequest, filters: RecordFilters) -> HttpResponse:
    """Rather than everything: who looks for something else than they meant must not miss it."""
    return render(request, "avatars/record.html", _frame(filters, {}), status=422)


def _frame(filters: RecordFilters, asked: dict[str, str]) -> dict[str, Any]:
    query = f"?{urlencode(asked)}" if asked else ""
    return {
        "filters": filters,
        "filtered": bool(asked),
        "exports": [(name.upper(), reverse(f"record-{name}") + query) for name in ("csv", "json")],
    }


def _asked(request: HttpRequest, filters: RecordFilters) -> dict[str, str]:
    """The chosen filters as they stood in the address."""
    return {name: request.GET[name] for name in filters.chosen}


def _address(asked: dict[str, str], **more: str) -> str:
    query = urlencode({**asked, **more})
    return f"{reverse('record')}?{query}" if query else reverse("record")
