"""Webhooks, as administrators add, change, test and remove them."""

import logging
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from avatars.models import PING, Delivery, Kind, Subject, Topic, Webhook

from . import record

logger = logging.getLogger(__name__)


def add(url: str, topics: Collection[str], by: Any) -> Webhook:
    """Tell `url` of these topics from now on."""
    with transaction.atomic():
        webhook = Webhook.objects.create(url=url, topics=_in_order(topics), created_by=by)
        _write_down(Kind.WEBHOOK_ADDED, webhook, by, {"topics": webhook.topics})
    logger.info("webhook %s was added by %s", webhook.pk, by)
    return webhook


def change(webhook: Webhook, url: str, topics: Collection[str], by: Any) -> bool:
    """Another address, other topics. What an older address didn't take is sent to the new one."""
    with transaction.atomic():
        # As it is, while nobody else can change it, and not as the page showed it.
        before = Webhook.objects.standing().select_for_update().filter(pk=webhook.pk).first()
        if before is None:
            return False
        Webhook.objects.change(webhook.pk, url=url, topics=_in_order(topics))
        if url != before.url:
            Delivery.objects.hurry(webhook.pk, timezone.now())
        _write_down_change(before, url, _in_order(topics), by)
    return True


def pause(webhook: Webhook, by: Any) -> bool:
    """Tell it nothing: what happens meanwhile it never hears of, what it is owed already waits."""
    with transaction.atomic():
        paused = Webhook.objects.pause(webhook.pk)
        if paused:
            detail = record.changes({"paused": False}, {"paused": True})
            _write_down(Kind.WEBHOOK_CHANGED, webhook, by, detail)
    return paused


def resume(webhook: Webhook, by: Any) -> bool:
    """Go on with what waits."""
    with transaction.atomic():
        resumed = Webhook.objects.resume(webhook.pk)
        if resumed:
            Delivery.objects.hurry(webhook.pk, timezone.now())
            detail = record.changes({"paused": True}, {"paused": False})
            _write_down(Kind.WEBHOOK_CHANGED, webhook, by, detail)
    return resumed


def remove(webhook: Webhook, by: Any) -> bool:
    """For good, with all that it is still owed; its row and its log stay for a while."""
    now = timezone.now()
    with transaction.atomic():
        removed = Webhook.objects.remove(webhook.pk, now)
        if removed:
            Delivery.objects.end_of_removed(now)
            _write_down(Kind.WEBHOOK_REMOVED, webhook, by)
    if removed:
        logger.info("webhook %s was removed by %s", webhook.pk, by)
    return removed


def ping(webhook: Webhook) -> Delivery:
    """Owe it a test message, which is sent once."""
    now = timezone.now()
    return Delivery.objects.create(webhook=webhook, topic=PING, happened_at=now, due_at=now)


def _write_down(
    kind: Kind, webhook: Webhook, by: Any, detail: Mapping[str, Any] | None = None
) -> None:
    about = (Subject.WEBHOOK, webhook.pk, _place(webhook.url))
    record.write(kind, about, actor=by, detail=detail)


def _write_down_change(before: Webhook, url: str, topics: list[str], by: Any) -> None:
    was, now = _place(before.url), _place(url)
    if was == now and before.url != url:
        now = f"{now} (another path)"
    detail = record.changes(
        {"address": was, "topics": before.topics}, {"address": now, "topics": topics}
    )
    if detail["after"]:
        _write_down(Kind.WEBHOOK_CHANGED, before, by, detail)


def _place(url: str) -> str:
    """Where it leads, without what many receivers take for a password: the path and all else."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def _in_order(topics: Collection[str]) -> list[str]:
    return [topic.value for topic in Topic if topic in topics]
