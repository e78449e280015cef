"""Telling webhooks what they are owed, until they have it or it is given up."""

import logging
import random
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from avatars.models import PING, Delivery, Webhook
from avatars.upstream import fetch

from .delivery_bodies import body_of
from .signatures import headers_of

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=40)  # four times as long as a post may take
# Seconds after each try in vain until the next one; after the last of them it is given up.
WAITS = (10, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400)
_SWIFT = 1.0  # seconds that an answer may take
_REST = 3  # times as long as it took beyond that
_KEPT = timedelta(days=30)
_NO_ANSWER = "No connection, or no answer in time."
_OUR_FAULT = "Greenroom failed before it could send this. Its log says why."


@dataclass(frozen=True)
class Try:
    """One try, as `Delivery.tries` keeps it. `status` is None when there was no answer."""

    at: str
    status: int | None
    said: str
    seconds: float

    @property
    def has_arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_unwelcome(self) -> bool:
        """Whether the receiver wants to hear nothing any more, as Standard Webhooks has it."""
        return self.status == HTTPStatus.GONE

    @property
    def rest(self) -> timedelta:
        """For how long others come first: a slow receiver must not keep the threads busy."""
        return timedelta(seconds=max(0.0, self.seconds - _SWIFT) * _REST)


def deliver_next() -> Delivery | None:
    """Post what is due to the webhook whose turn it is; None when nothing is due to anybody.

    Webhooks take turns, and none is told two things at once. No transaction is open meanwhile;
    should the process die, the same is posted again once the lease is over.
    """
    for webhook in Delivery.objects.receivers(timezone.now()):
        if delivery := _tell(webhook):
            return delivery
    return None


def resend(delivery: Delivery) -> bool:
    """Post it once more, under its old id; False when it is due anyway, or nobody listens."""
    return Delivery.objects.repeat(delivery.pk, timezone.now())


def forget_old(now: datetime) -> None:
    """Delete what has been over for a month, and end what is owed to webhooks that are gone."""
    Delivery.objects.end_of_removed(now)
    Delivery.objects.filter(ended_at__lt=now - _KEPT).delete()


def _tell(webhook: Webhook) -> Delivery | None:
    taken_until = timezone.now() + LEASE
    if not Webhook.objects.take(webhook, taken_until):
        return None
    webhook.refresh_from_db()  # its address may have changed since it was looked up
    rest = timedelta(0)
    try:
        delivery = Delivery.objects.due(timezone.now()).filter(webhook=webhook).first()
        if delivery is not None:
            this = _try(webhook, delivery)
            rest = this.rest
            _record(webhook, delivery, this)
    finally:
        Webhook.objects.leave(webhook.pk, taken_until, until=timezone.now() + rest)
    return delivery


def _try(webhook: Webhook, delivery: Delivery) -> Try:
    at, began = timezone.now(), time.monotonic()
    status, said = _post(webhook, delivery, at)
    return Try(at.isoformat(), status, said, round(time.monotonic() - began, 2))


def _post(webhook: Webhook, delivery: Delivery, at: datetime) -> tuple[int | None, str]:
    try:
        body = body_of(delivery).encode()
        headers = headers_of(webhook, delivery, body, at)
        posted = fetch.post(webhook.url, body, headers, private=settings.WEBHOOK_PRIVATE)
    except fetch.BadAddress as error:
        return None, str(error)
    except fetch.Unreachable:
        return None, _NO_ANSWER
    except Exception:
        logger.exception("delivery %s failed in an unforeseen way", delivery.pk)
        return None, _OUR_FAULT
    return posted.status, posted.said


def _record(webhook: Webhook, delivery: Delivery, this: Try) -> None:
    with transaction.atomic():
        row = Delivery.objects.locked().get(pk=delivery.pk)
        # Receivers repeat what they are told, and of an erased avatar no word is kept.
        said = "" if row.avatar and row.avatar.is_erased else this.said
        tries = [*row.tries, {**asdict(this), "said": said}]
        if this.has_arrived:
            Delivery.objects.deliver(delivery, tries, timezone.now())
        elif (wait := _wait_after(len(tries), delivery, this)) is not None:
            Delivery.objects.postpone(delivery, tries, timezone.now() + wait)
        else:
            Delivery.objects.give_up(delivery, tries, timezone.now())
        # The word of this address, and of no other that it may have been given meanwhile.
        if this.is_unwelcome and Webhook.objects.filter(url=webhook.url).pause(webhook.pk):
            logger.warning("webhook %s answered 410 and is paused", webhook.pk)


def _wait_after(tries: int, delivery: Delivery, this: Try) -> timedelta | None:
    """Until the next try; None when there is none. A test message has its one."""
    if delivery.topic == PING or this.is_unwelcome or tries > len(WAITS):
        return None
    # Jitter, so that all that an outage has gathered does not come back in the same second.
    return timedelta(seconds=WAITS[tries - 1] * random.uniform(1.0, 1.1))  # noqa: S311
