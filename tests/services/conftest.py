"""For tests of webhooks: a receiver on loopback, and a webhook that leads to it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from avatars.models import Delivery, Kind, Topic, Webhook
from avatars.services import webhooks
from tests.conftest import MakeAvatar, MakePerson

from .receivers import Receiver, receiving


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_PRIVATE = True
    with receiving() as running:
        yield running


@pytest.fixture
def webhook(receiver: Receiver, person: MakePerson) -> Webhook:
    """One that wants to hear of everything."""
    return webhooks.add(receiver.url, list(Topic.values), person())


@pytest.fixture
def owed(webhook: Webhook, ready_avatar: MakeAvatar) -> Delivery:
    """What it is told first: that an avatar is ready."""
    ready_avatar().events.create(kind=Kind.CREATED)
    return Delivery.objects.get()
