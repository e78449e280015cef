"""How it goes, for whoever runs this dashboard."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_safe

from avatars.access import can_operate
from avatars.models import Avatar, Event, Kind, Pulse, State

_STUCK = (State.HELD, State.UNKNOWN)


@require_safe
@can_operate
def status(request: HttpRequest) -> HttpResponse:
    """Facts as {"title", "value", "tone", "text"}, and the avatars that wait for something."""
    counts = dict(Avatar.objects.values_list("state").annotate(Count("id")).order_by())
    held = Avatar.objects.filter(state__in=_STUCK).select_related("owner").order_by("changed_at")
    facts = [
        _mode(),
        _worker(),
        _queue(counts),
        _waiting(counts),
        _last_success(),
        _storage(),
        _database(),
    ]
    return render(request, "avatars/status.html", {"facts": facts, "held": held[:50]})


def _fact(title: str, value: str, tone: str, text: str) -> dict[str, Any]:
    return {"title": title, "value": value, "tone": tone, "text": text}


def _ago(moment: datetime) -> str:
    young = timezone.now() - moment < timedelta(minutes=1)
    return "a moment ago" if young else f"{timesince(moment)} ago"


def _mode() -> dict[str, Any]:
    if settings.REHEARSAL:
        text = "The built-in sandbox stands in for Anam. Set ANAM_API_KEY to go live."
        return _fact("Mode", "Rehearsal", "wait", text)
    return _fact("Mode", "Live", "good", f"Avatars are made at {settings.ANAM_API_URL}.")


def _worker() -> dict[str, Any]:
    last = Pulse.last("sweep")
    if last is None:
        return _fact("Worker", "Not seen yet", "bad", "Start it with “manage.py worker”.")
    late = timezone.now() - last > timedelta(seconds=3 * settings.SWEEP_SECONDS)
    if late:
        text = "Photos are safe, but nothing is sent until it runs. Start “manage.py worker”."
        return _fact("Worker", "Not running", "bad", f"Last seen {_ago(last)}. {text}")
    return _fact("Worker", "Running", "good", f"Last seen {_ago(last)}.")


def _queue(counts: dict[str, int]) -> dict[str, Any]:
    queued, sending = counts.get(State.QUEUED, 0), counts.get(State.SENDING, 0)
    text = f"{queued} to be sent, {sending} at Anam now, {settings.CREATE_SLOTS} at a time at most."
    return _fact("Queue", str(queued + sending), "busy" if queued + sending else "good", text)


def _waiting(counts: dict[str, int]) -> dict[str, Any]:
    held, unknown = counts.get(State.HELD, 0), counts.get(State.UNKNOWN, 0)
    text = f"{held} on hold, {unknown} with an answer that was lost on the way."
    return _fact("Held up", str(held + unknown), "wait" if held + unknown else "good", text)


def _last_success() -> dict[str, Any]:
    event = Event.objects.filter(kind=Kind.CREATED).order_by("-at").first()
    if event is None:
        return _fact("Last avatar made", "None yet", "plain", "The first upload will change that.")
    return _fact("Last avatar made", _ago(event.at), "good", "Anam answered well.")


def _storage() -> dict[str, Any]:
    try:
        default_storage.listdir("")
    except FileNotFoundError:
        return _fact("Photos", "None yet", "plain", "The first upload makes the folder for them.")
    except OSError:
        text = "The media folder can't be read. Uploads are refused until it can."
        return _fact("Photos", "Not readable", "bad", text)
    return _fact("Photos", "Readable", "good", "The folder of photos and thumbnails answers.")


def _database() -> dict[str, Any]:
    return _fact("Database", connection.display_name, "good", "This page was made from it.")
