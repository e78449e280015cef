"""Webhooks, as administrators add, change, test and remove them."""

import logging
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from avatars.models import PING, Delivery, Topic, Webhook

logger = logging.getLogger(__name__)


def add(url: str, topics: Collection[str], by: Any) -> Webhook:
    """Tell `url` of these topics from now on."""
    webhook = Webhook.objects.create(url=url, topics=_in_order(topics), created_by=by)
    logger.info("webhook %s was added by %s", webhook.pk, by)
    return webhook


def change(webhook: Webhook, url: str, topics: Collection[str]) -> bool:
    """Another address, other topics. What an older address didn't take is sent to the new one."""
    with transaction.atomic():
        changed = Webhook.objects.change(webhook.pk, url=url, topics=_in_order(topics))
        if changed and url != webhook.url:
            Delivery.objects.hurry(webhook.pk, timezone.now())
    return changed


def pause(webhook: Webhook) -> bool:
    """Tell it nothing: what happens meanwhile it never hears of, what it is owed already waits."""
    return Webhook.objects.pause(webhook.pk)


def resume(webhook: Webhook) -> bool:
    """Go on with what waits."""
    with transaction.atomic():
        resumed = Webhook.objects.resume(webhook.pk)
        if resumed:
            Delivery.objects.hurry(webhook.pk, timezone.now())
    return resumed


def remove(webhook: Webhook, by: Any) -> bool:
    """For good, with all that it is still owed; its row and its log stay for a while."""
    now = timezone.now()
    with transaction.atomic():
        removed = Webhook.objects.remove(webhook.pk, now)
        if removed:
            Delivery.objects.end_of_removed(now)
    if removed:
        logger.info("webhook %s was removed by %s", webhook.pk, by)
    return removed


def ping(webhook: Webhook) -> Delivery:
    """Owe it a test message, which is sent once."""
    now = timezone.now()
    return Delivery.objects.create(webhook=webhook, topic=PING, happened_at=now, due_at=now)


def _in_order(topics: Collection[str]) -> list[str]:
    return [topic.value for topic in Topic if topic in topics]
