"""Signing what webhooks are told, so that receivers can tell it from what others send them.

As the Standard Webhooks specification has it (standardwebhooks.com, version 1): three headers, and
HMAC-SHA256 over the id, the time of the try and the body.
"""

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256

from django.utils.crypto import salted_hmac

from avatars.models import Delivery, Webhook

PREFIX = "whsec_"
_PURPOSE = "avatars.services.signatures"


def secret_of(webhook: Webhook) -> str:
    """What the receiver checks signatures with: `whsec_` and 32 bytes in base64.

    Made from this installation's key, so that it stands in no database and in no copy of one.
    """
    return PREFIX + b64encode(_key_of(webhook)).decode()


def headers_of(webhook: Webhook, delivery: Delivery, body: bytes, at: datetime) -> dict[str, str]:
    """The id stays the same for every try; the time and the signature are those of this one."""
    seconds = str(int(at.timestamp()))
    signed = b".".join([str(delivery.pk).encode(), seconds.encode(), body])
    signature = hmac.new(_key_of(webhook), signed, sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": str(delivery.pk),
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }


def _key_of(webhook: Webhook) -> bytes:
    return salted_hmac(_PURPOSE, f"{webhook.pk}.{webhook.salt}", algorithm="sha256").digest()
