"""How it stands, one fact at a time, for the status page."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django.utils.timesince import timesince

from avatars.causes import WORDS
from avatars.help_pages import refusal_page
from avatars.models import Avatar, Difference, Pulse, State, StockTake, Weather
from avatars.services.weather import usual_time
from avatars.upstream.errors import Cause

from .durations import clock, roughly

STUCK = (State.HELD, State.UNKNOWN)


@dataclass(frozen=True)
class Gauge:
    """`tone` is good, busy, wait, bad or plain; `more` leads to what can be done."""

    title: str
    value: str
    tone: str
    text: str
    more: str = ""


def gauges() -> Iterator[Gauge]:
    """All of them, what keeps people waiting first."""
    weather = Weather.at(rehearsal=settings.REHEARSAL)
    counts = Counter(dict(Avatar.objects.values_list("state").annotate(Count("id")).order_by()))
    yield _sending(weather)
    yield _key(weather)
    yield _worker()
    yield _queue(counts)
    yield _held_up()
    yield _errands()
    yield _last_success(weather)
    yield _creating()
    yield _stock_take()
    yield _storage()
    yield Gauge("Database", connection.display_name, "good", "This page was made from it.")
    yield _mode()


def ago(moment: datetime) -> str:
    young = timezone.now() - moment < timedelta(minutes=1)
    return "a moment ago" if young else f"{timesince(moment)} ago"


def _sending(weather: Weather) -> Gauge:
    if weather.words is None:
        return Gauge("Sending", "Open", "good", "Photos are sent as soon as it is their turn.")
    since = f"Since {ago(weather.since)}. " if weather.since else ""
    look = f" Next look at {clock(weather.until)}." if weather.until else ""
    text = f"{since}{weather.words.happened}{_quoted(weather.said)} {weather.words.next}{look}"
    more = refusal_page(weather.cause)
    return Gauge("Sending", f"Paused: {weather.words.title}", "bad", text, more)


def _quoted(said: str) -> str:
    return f" Anam says: “{said.rstrip('.')}.”" if said else ""


def _key(weather: Weather) -> Gauge:
    if settings.REHEARSAL:
        return Gauge("Key", "None needed", "plain", "A rehearsal: nothing is sent to Anam.")
    if weather.key_checked_at is None:
        return Gauge("Key", "Not tried yet", "plain", "“Look at Anam now” tries it.")
    checked = f"Looked at {ago(weather.key_checked_at)}, by reading a list of one."
    if not weather.key_cause:
        return Gauge("Key", "Works", "good", checked)
    words = WORDS[Cause(weather.key_cause)]
    more = refusal_page(weather.key_cause)
    return Gauge("Key", words.title, "bad", f"{checked} {words.next}", more)


def _worker() -> Gauge:
    last = Pulse.last("sweep")
    if last is None:
        return Gauge("Worker", "Not seen yet", "bad", "Start it with “manage.py worker”.")
    if not Pulse.worker_runs():
        text = "Photos are safe, but nothing is sent until it runs. Start “manage.py worker”."
        return Gauge("Worker", "Not running", "bad", f"Last seen {ago(last)}. {text}")
    return Gauge("Worker", "Running", "good", f"Last seen {ago(last)}.")


def _queue(counts: Counter[str]) -> Gauge:
    waiting, sending = counts[State.QUEUED] + counts[State.HELD], counts[State.SENDING]
    text = f"{sending} at Anam now, {settings.CREATE_SLOTS} at a time at most."
    return Gauge("In line", str(waiting), "busy" if waiting + sending else "good", text)


def _held_up() -> Gauge:
    rows = Avatar.objects.filter(state__in=STUCK).values_list("cause").order_by()
    found = dict(rows.annotate(Count("id")))
    if not found:
        return Gauge("Held up", "0", "good", "Nothing waits for anything but its turn.")
    reasons = [f"{count} × {_title(cause)}" for cause, count in found.items()]
    return Gauge("Held up", str(sum(found.values())), "wait", ", ".join(reasons) + ".")


def _title(cause: str) -> str:
    return WORDS[Cause(cause)].title if cause in Cause else "without a reason"


def _errands() -> Gauge:
    pending = Avatar.objects.exclude(errand="")
    total, failing = pending.count(), pending.exclude(errand_cause="").count()
    if not total:
        return Gauge("To be told to Anam", "0", "good", "Anam knows all changes and removals.")
    text = "New names and removals, sent by themselves when their time has come."
    if failing:
        text = f"{failing} could not be told yet and are tried again by themselves. {text}"
    return Gauge("To be told to Anam", str(total), "wait" if failing else "busy", text)


def _last_success(weather: Weather) -> Gauge:
    if weather.succeeded_at is None:
        return Gauge("Last avatar made", "None yet", "plain", "The first upload will change that.")
    return Gauge("Last avatar made", ago(weather.succeeded_at), "good", "Anam answered well.")


def _creating() -> Gauge:
    usual = usual_time(rehearsal=settings.REHEARSAL)
    if usual is None:
        return Gauge("Creating takes", "Not known yet", "plain", "Known after the first avatar.")
    text = f"Half take no longer; 95 of 100 no longer than {roughly(usual.slow)}."
    return Gauge("Creating takes", roughly(usual.median), "good", text)


def _stock_take() -> Gauge:
    here = {"rehearsal": settings.REHEARSAL}
    last = StockTake.objects.filter(**here).exclude(ended_at=None).first()
    if last is None:
        return Gauge("Stock-take", "None yet", "plain", "Compares Greenroom with the Anam Lab.")
    when = ago(last.ended_at or last.started_at)
    if last.cause:
        return Gauge("Stock-take", when, "wait", f"It ended early: {_title(last.cause)}.")
    still_open = Difference.objects.filter(settled_at=None, **here).count()
    wait = "1 difference waits" if still_open == 1 else f"{still_open} differences wait"
    text = f"{wait} for a decision." if still_open else "Both sides agree."
    return Gauge("Stock-take", when, "wait" if still_open else "good", text)


def _storage() -> Gauge:
    try:
        default_storage.delete(default_storage.save("status", ContentFile(b"ok")))
    except OSError as error:
        text = "Uploads are refused until the media folder takes files again. Nothing is lost."
        return Gauge("Photos", "No room", "bad", f"{error.strerror or 'It failed'}. {text}")
    return Gauge("Photos", "Writable", "good", "The folder of photos and thumbnails takes files.")


def _mode() -> Gauge:
    if settings.REHEARSAL:
        text = "The built-in sandbox stands in for Anam. Set ANAM_API_KEY to go live."
        return Gauge("Mode", "Rehearsal", "wait", text)
    return Gauge("Mode", "Live", "good", f"Avatars are made at {settings.ANAM_API_URL}.")
