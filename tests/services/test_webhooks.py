"""What administrators do with webhooks."""

import pytest
from django.utils import timezone

from avatars.models import Delivery, DeliveryState, Kind, Topic, Webhook
from avatars.services import webhooks
from avatars.services.deliveries import deliver_next, forget_old
from tests.conftest import MakeAvatar, MakePerson
from tests.services.receivers import Receiver, receiving

pytestmark = pytest.mark.django_db


def again(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


def test_topics_are_kept_in_their_order_and_unknown_ones_left_out(person: MakePerson) -> None:
    someone = person()
    found = webhooks.add("https://example.com", ["avatar.removed", "x", "avatar.ready"], someone)
    assert found.topics == ["avatar.ready", "avatar.removed"]
    assert (found.created_by, found.is_active) == (someone, True)


def test_what_waits_goes_to_the_new_address_at_once(
    receiver: Receiver, webhook: Webhook, owed: Delivery
) -> None:
    receiver.statuses = [404]
    deliver_next()
    assert deliver_next() is None
    with receiving() as other:
        assert webhooks.change(webhook, other.url, ["avatar.ready"], None)
        assert deliver_next() == owed
        assert again(owed).state == DeliveryState.DELIVERED
        assert len(other.got) == 1


def test_other_topics_alone_hurry_nothing(
    receiver: Receiver, webhook: Webhook, owed: Delivery
) -> None:
    receiver.statuses = [404]
    deliver_next()
    assert webhooks.change(webhook, webhook.url, ["avatar.removed"], None)
    assert deliver_next() is None
    webhook.refresh_from_db()
    assert webhook.topics == ["avatar.removed"]


def test_while_it_is_paused_nothing_is_told_and_nothing_forgotten(
    receiver: Receiver, webhook: Webhook, owed: Delivery, ready_avatar: MakeAvatar
) -> None:
    assert webhooks.pause(webhook, None)
    assert not webhooks.pause(webhook, None)
    ready_avatar().events.create(kind=Kind.CREATED)
    assert deliver_next() is None
    assert webhooks.resume(webhook, None)
    assert not webhooks.resume(webhook, None)
    assert deliver_next() == owed
    assert deliver_next() is None  # what happened meanwhile, it never hears of


def test_going_on_tries_at_once_what_was_in_vain(
    receiver: Receiver, webhook: Webhook, owed: Delivery
) -> None:
    receiver.statuses = [500, 200]
    deliver_next()
    webhooks.pause(webhook, None)
    webhooks.resume(webhook, None)
    assert deliver_next() == owed


def test_a_removed_one_hears_nothing_more(
    receiver: Receiver, webhook: Webhook, owed: Delivery, person: MakePerson
) -> None:
    assert webhooks.remove(webhook, person())
    assert not webhooks.remove(webhook, person())
    assert again(owed).state == DeliveryState.FAILED
    assert owed.ended_at
    assert deliver_next() is None
    assert not webhooks.resume(webhook, None)
    assert not webhooks.change(webhook, webhook.url, [], None)
    assert receiver.got == []


def test_what_was_owed_beside_the_removal_ends_with_the_next_tidying(
    webhook: Webhook, owed: Delivery, person: MakePerson
) -> None:
    webhooks.remove(webhook, person())
    Delivery.objects.update(state=DeliveryState.PENDING, due_at=timezone.now())
    assert deliver_next() is None
    forget_old(timezone.now())
    assert again(owed).state == DeliveryState.FAILED


def test_a_test_message_is_tried_once(receiver: Receiver, webhook: Webhook) -> None:
    Webhook.objects.update(topics=[Topic.READY])
    receiver.statuses = [500]
    ping = webhooks.ping(webhook)
    assert deliver_next() == ping
    assert receiver.types == ["ping"]
    assert again(ping).state == DeliveryState.FAILED
    assert [each["status"] for each in ping.tries] == [500]
