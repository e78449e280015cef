"""What became of what a webhook was told, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from avatars.models import PING, Delivery, DeliveryState, Topic, Webhook

from .place import Place

PAGE = 25
_SOON = timedelta(seconds=15)  # until then a page waits for what is about to be tried
_TONES = {DeliveryState.DELIVERED: "good", DeliveryState.FAILED: "bad"}


@dataclass(frozen=True)
class ShownTry:
    at: datetime
    answer: str
    said: str
    seconds: float


@dataclass(frozen=True)
class Line:
    """One delivery. `tries`: the latest first."""

    delivery: Delivery
    about: str
    tone: str
    words: str
    again_at: datetime | None
    tries: Sequence[ShownTry]
    can_resend: bool


@dataclass(frozen=True)
class Log:
    """One page of it, the newest first. `before` leads to older ones; "" when there are none."""

    lines: list[Line]
    before: str
    is_moving: bool

    @classmethod
    def of(cls, webhook: Webhook, before: str) -> "Log":
        rows = webhook.deliveries.select_related("avatar").order_by("-created_at", "-id")
        if place := Place.read(before):
            rows = place.older(rows)
        found = list(rows[: PAGE + 1])
        shown = found[:PAGE]
        return cls(
            lines=[_line(delivery, webhook) for delivery in shown],
            before=urlencode({"before": Place.of(shown[-1]).text}) if len(found) > PAGE else "",
            is_moving=webhook.is_active and any(_is_about_to_move(row) for row in shown),
        )


def about(delivery: Delivery) -> str:
    """Its topic in words."""
    return "A test message" if delivery.topic == PING else Topic(delivery.topic).label


def words_of(delivery: Delivery) -> str:
    """Where it stands; when a next try is planned, its time is in `due_at`."""
    if delivery.state != DeliveryState.PENDING:
        return DeliveryState(delivery.state).label
    return "To be tried again" if delivery.tries else "To be delivered"


def _tone_of(delivery: Delivery) -> str:
    waiting = "wait" if delivery.tries else "busy"
    return _TONES.get(DeliveryState(delivery.state), waiting)


def _line(delivery: Delivery, webhook: Webhook) -> Line:
    is_pending = delivery.state == DeliveryState.PENDING
    is_later = delivery.due_at is not None and delivery.due_at > timezone.now()
    is_stopped = is_pending and not webhook.is_active
    return Line(
        delivery=delivery,
        about=about(delivery),
        tone="plain" if is_stopped else _tone_of(delivery),
        words="Waits while paused" if is_stopped else words_of(delivery),
        again_at=delivery.due_at if is_later and not is_stopped else None,
        tries=[_shown(each) for each in reversed(delivery.tries)],
        can_resend=webhook.is_active and (is_later or not is_pending),
    )


def _shown(each: dict[str, Any]) -> ShownTry:
    return ShownTry(
        at=datetime.fromisoformat(each["at"]),
        answer=_answer(each["status"]),
        said=each["said"],
        seconds=each["seconds"],
    )


def _answer(status: int | None) -> str:
    """As in `404 Not Found`."""
    if status is None:
        return "No answer"
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _is_about_to_move(delivery: Delivery) -> bool:
    if delivery.state != DeliveryState.PENDING or delivery.due_at is None:
        return False
    return delivery.due_at < timezone.now() + _SOON
