"""What webhooks are told in words: written once, the same at every try, forgotten with the face."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from avatars.models import Avatar, Delivery


def body_of(delivery: Delivery) -> str:
    """The body to post, as JSON: as things stand at the first try, and the same ever after."""
    if not delivery.body:
        with transaction.atomic():
            Delivery.objects.write(delivery, _written(delivery))
        delivery.refresh_from_db(fields=["body"])
    return delivery.body


def forget(avatar: Avatar) -> None:
    """Take its name out of what webhooks were told, and out of what they answered."""
    for delivery in Delivery.objects.filter(avatar=avatar).locked():
        body = _nameless(delivery.body) if delivery.body else ""
        tries = [{**each, "said": ""} for each in delivery.tries]
        Delivery.objects.filter(pk=delivery.pk).update(body=body, tries=tries)


def _written(delivery: Delivery) -> str:
    return _json(
        {
            "type": delivery.topic,
            "timestamp": _moment(delivery.happened_at),
            "data": _data(delivery.avatar_id) if delivery.avatar_id else {},
        }
    )


def _data(avatar_id: UUID) -> dict[str, Any]:
    # Locked, so that an erasure comes either before, and there is no name to be written down, or
    # after, and finds what was written.
    avatar = Avatar.objects.select_for_update().get(pk=avatar_id)
    return {
        "id": avatar.upstream_id,
        "greenroomId": str(avatar.pk),
        "displayName": None if avatar.is_erased else avatar.display_name,
        "state": avatar.state,
        "approval": avatar.approval,
        "avatarModel": avatar.model_name or None,
        "url": f"{settings.PUBLIC_URL}{avatar.get_absolute_url()}",
    }


def _nameless(body: str) -> str:
    told = json.loads(body)
    return _json({**told, "data": {**told["data"], "displayName": None}})


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
