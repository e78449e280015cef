"""`manage.py avatars show`: one avatar, with its history."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone

from avatars.models import Approval, Avatar

from .lookup import avatar_of
from .output import Output, plain
from .record import record_of

HELP = "one avatar and its history"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="its id here, or at Anam")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: dict[str, Any], output: Output) -> None:
    avatar = avatar_of(options["id"])
    prefetch_related_objects([avatar], "events__actor", "events__token")
    record = record_of(avatar)
    if options["json"]:
        output.say_json(record)
        return
    for title, words in _facts(avatar, record):
        output.say(f"{title:<12}{plain(words)}")
    output.say("\nHistory")
    for event in record["events"]:
        note = f": {plain(event['note'])}" if event["note"] else ""
        output.say(f"  {_time(event['at'])}  {plain(event['actor'])} {event['sentence']}{note}")


def _facts(avatar: Avatar, record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Name", avatar.display_name
    yield "ID", str(avatar.pk)
    yield "At Anam", avatar.upstream_id or "not there"
    yield "State", avatar.state_words
    if not avatar.is_erased:
        yield from _more_facts(avatar, record)
    yield "Made", _time(avatar.created_at)
    yield "Page", f"{settings.PUBLIC_URL}{avatar.get_absolute_url()}"


def _more_facts(avatar: Avatar, record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if record["message"]:
        yield "", record["message"]
    if not avatar.stock:
        yield "Approval", Approval(avatar.approval).label
    if record["review_note"]:
        yield "", record["review_note"]
    yield "Owner", avatar.owner_name
    yield "Model", avatar.model_name
    yield "Preview", record["preview"]
    for tip in avatar.tips:
        yield "Advice", f"{tip['title']}: {tip['measured']}. {tip['how_to_fix']}"
    for fix in avatar.fixes:
        yield "Fixed", f"{fix['title']}: {fix['measured']}"
    if avatar.rehearsal:
        yield "Rehearsal", "it lives in the sandbox, not at Anam"


def _time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S %Z}"
