"""Who is told when: webhooks take turns, and none is told two things at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from avatars.models import Delivery, DeliveryState, Kind, Topic, Webhook
from avatars.services import webhooks
from avatars.services.deliveries import Try, deliver_next
from tests.conftest import MakeAvatar, MakePerson, at_once, time_passes
from tests.services.receivers import Receiver, receiving

pytestmark = pytest.mark.django_db


@contextmanager
def in_hand(receiver: Receiver) -> Iterator[list[object]]:
    """Somebody is telling a receiver that says nothing, until the end; then what they have told."""
    receiver.hang()
    told: list[object] = []
    sender = threading.Thread(target=lambda: told.extend(at_once(deliver_next, times=1)))
    sender.start()
    assert receiver.arrived.wait(20)
    yield told
    receiver.answer()
    sender.join()


def again(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


def test_one_webhook_hears_in_the_order_of_happening(
    receiver: Receiver, webhook: Webhook, ready_avatar: MakeAvatar
) -> None:
    avatar, now = ready_avatar(), timezone.now()
    order = [Kind.UPLOADED, Kind.CREATED, Kind.APPROVED, Kind.REMOVED]
    for age, kind in reversed(list(enumerate(order))):
        avatar.events.create(kind=kind, at=now - timedelta(minutes=10 - age))
    while deliver_next():
        pass
    assert receiver.types == [
        "avatar.created",
        "avatar.ready",
        "avatar.approved",
        "avatar.removed",
    ]


def test_webhooks_take_turns(person: MakePerson, ready_avatar: MakeAvatar) -> None:
    with receiving() as busy, receiving() as calm:
        one = webhooks.add(busy.url, ["avatar.ready", "avatar.approved"], person())
        two = webhooks.add(calm.url, ["avatar.approved"], person())
        avatar = ready_avatar()
        for kind in (Kind.CREATED, Kind.CREATED, Kind.CREATED, Kind.APPROVED):
            avatar.events.create(kind=kind)
        told = [delivery.webhook for delivery in iter(deliver_next, None)]
        assert told == [one, two, one, one, one]


@pytest.mark.django_db(transaction=True)
def test_two_workers_post_one_delivery_once(receiver: Receiver, owed: Delivery) -> None:
    results = at_once(deliver_next, times=2)
    assert sorted(results, key=bool) == [None, owed]
    assert len(receiver.got) == 1


@pytest.mark.django_db(transaction=True)
def test_a_hanging_receiver_holds_up_nobody_but_itself(
    receiver: Receiver, webhook: Webhook, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    with receiving() as swift:
        other = webhooks.add(swift.url, list(Topic.values), person())
        avatar = ready_avatar()
        for kind in (Kind.CREATED, Kind.APPROVED):
            avatar.events.create(kind=kind)
        with in_hand(receiver) as stuck:
            told = list(iter(deliver_next, None))
            assert [delivery.webhook for delivery in told] == [other, other]
            assert (len(swift.got), len(receiver.got)) == (2, 1)
        assert stuck == [Delivery.objects.get(webhook=webhook, topic=Topic.READY)]
        time_passes(60)
        deliver_next()
        assert receiver.types == ["avatar.ready", "avatar.approved"]


@pytest.mark.django_db(transaction=True)
def test_the_lease_lies_on_the_webhook_and_goes_with_the_answer(
    receiver: Receiver, webhook: Webhook, owed: Delivery
) -> None:
    assert owed.avatar
    owed.avatar.events.create(kind=Kind.APPROVED)
    with in_hand(receiver):
        assert deliver_next() is None
        time_passes(30)
        assert deliver_next() is None
    time_passes(60)
    assert deliver_next()


@pytest.mark.django_db(transaction=True)
def test_who_slept_through_the_lease_changes_nothing_any_more(
    receiver: Receiver, webhook: Webhook, owed: Delivery
) -> None:
    receiver.statuses = [410]
    with receiving() as swift:
        with in_hand(receiver):
            time_passes(60)
            Webhook.objects.update(url=swift.url)
            assert deliver_next() == owed
            taken = Webhook.objects.get()
            Webhook.objects.take(taken, timezone.now() + timedelta(seconds=40))
        assert again(owed).state == DeliveryState.DELIVERED
        assert [each["status"] for each in owed.tries] == [204]
        assert deliver_next() is None
        webhook.refresh_from_db()
        assert webhook.is_active  # the 410 came from an address that it has no more
        assert webhook.busy_until
        assert webhook.busy_until > timezone.now()


@pytest.mark.parametrize(("seconds", "rest"), [(0.0, 0), (1.0, 0), (3.0, 6), (10.0, 27)], ids=str)
def test_who_is_slow_leaves_the_threads_to_others_afterwards(seconds: float, rest: float) -> None:
    assert Try("", 200, "", seconds).rest.total_seconds() == rest


@pytest.mark.parametrize(
    ("rest", "is_told"), [(-1, True), (60, False), (3600, True)], ids=["over", "now", "odd clock"]
)
def test_who_rests_is_told_nothing(owed: Delivery, rest: float, is_told: bool) -> None:
    Webhook.objects.update(busy_until=timezone.now() + timedelta(seconds=rest))
    assert bool(deliver_next()) is is_told
