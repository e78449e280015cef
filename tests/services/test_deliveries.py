"""Telling webhooks: what is posted, in which order, and what becomes of it."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Delivery, DeliveryState, Kind, Topic, Webhook
from avatars.services import webhooks
from avatars.services.deliveries import WAITS, deliver_next, forget_old, resend
from avatars.services.signatures import secret_of
from tests.conftest import MakeAvatar, time_passes
from tests.services.receivers import Receiver, receiving
from tests.services.test_signatures import is_genuine

pytestmark = pytest.mark.django_db


def again(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


def test_what_arrives_is_signed_and_over(
    receiver: Receiver, webhook: Webhook, owed: Delivery
) -> None:
    assert deliver_next() == owed
    (got,) = receiver.got
    assert got.headers["webhook-id"] == str(owed.pk)
    assert is_genuine(secret_of(webhook), got.headers, got.body)
    assert got.headers["content-type"] == "application/json"
    again(owed)
    assert (owed.state, owed.due_at) == (DeliveryState.DELIVERED, None)
    assert owed.ended_at is not None
    assert owed.body.encode() == got.body
    (each,) = owed.tries
    assert (each["status"], each["said"]) == (204, "")
    assert 0 <= each["seconds"] < 5
    assert deliver_next() is None
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_every_status_of_success_will_do(receiver: Receiver, owed: Delivery, status: int) -> None:
    receiver.statuses = [status]
    deliver_next()
    assert again(owed).state == DeliveryState.DELIVERED


@pytest.mark.parametrize("status", [300, 302, 400, 401, 404, 429, 500, 503])
def test_everything_else_is_tried_again_and_kept_in_words(
    receiver: Receiver, owed: Delivery, status: int
) -> None:
    receiver.statuses, receiver.said = [status, 200], b"Come back\nlater."
    deliver_next()
    assert again(owed).state == DeliveryState.PENDING
    assert [(each["status"], each["said"]) for each in owed.tries] == [(status, "Come back later.")]
    assert deliver_next() is None
    time_passes(WAITS[0] * 1.1)
    deliver_next()
    assert again(owed).state == DeliveryState.DELIVERED
    first, second = receiver.got
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_waits_grow_until_it_is_given_up(receiver: Receiver, owed: Delivery) -> None:
    receiver.statuses = [500]
    waits = []
    while again(owed).state == DeliveryState.PENDING:
        began = timezone.now()
        assert deliver_next() == owed
        if again(owed).due_at:
            assert owed.due_at
            waits.append((owed.due_at - began).total_seconds())
            time_passes(waits[-1] + 1)
    assert len(waits) == len(WAITS) == 8
    for wait, planned in zip(waits, WAITS, strict=True):
        assert planned <= wait < planned * 1.1 + 5
    assert (owed.state, owed.due_at) == (DeliveryState.FAILED, None)
    assert len(owed.tries) == len(receiver.got) == 9
    assert len({got.body for got in receiver.got}) == 1


def test_nobody_there_is_told_in_one_sentence(webhook: Webhook, owed: Delivery) -> None:
    with receiving() as closed:
        Webhook.objects.update(url=closed.url)
    deliver_next()
    (each,) = again(owed).tries
    assert (each["status"], each["said"]) == (None, "No connection, or no answer in time.")
    assert owed.state == DeliveryState.PENDING


def test_a_private_address_is_not_touched_without_the_setting(
    receiver: Receiver, webhook: Webhook, owed: Delivery, settings: Settings
) -> None:
    settings.WEBHOOK_PRIVATE = False
    settings.FETCH_HTTP = True
    Webhook.objects.update(url="http://127.0.0.1/greenroom")
    deliver_next()
    (each,) = again(owed).tries
    assert each["status"] is None
    assert receiver.got == []


def test_a_bug_of_ours_is_a_try_in_vain(
    owed: Delivery, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(address: str, port: int) -> tuple[str, int]:
        raise ZeroDivisionError("a bug of ours")

    settings.FETCH_CONNECT = broken
    deliver_next()
    assert again(owed).state == DeliveryState.PENDING
    assert "Greenroom failed" in owed.tries[0]["said"]
    assert f"delivery {owed.pk} failed in an unforeseen way" in caplog.text


def test_who_is_gone_is_told_nothing_more(
    receiver: Receiver, webhook: Webhook, owed: Delivery
) -> None:
    receiver.statuses = [410]
    assert owed.avatar
    owed.avatar.events.create(kind=Kind.APPROVED)
    deliver_next()
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert again(owed).state == DeliveryState.FAILED
    assert deliver_next() is None
    receiver.statuses = [200]
    webhooks.resume(webhook, None)
    deliver_next()
    assert receiver.types == ["avatar.ready", "avatar.approved"]


def test_a_rolled_back_event_is_not_told(webhook: Webhook, ready_avatar: MakeAvatar) -> None:
    with transaction.atomic():
        ready_avatar().events.create(kind=Kind.CREATED)
        assert Delivery.objects.exists()
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()
    assert deliver_next() is None


def test_no_transaction_is_open_while_a_receiver_thinks(
    receiver: Receiver, owed: Delivery, settings: Settings
) -> None:
    depths: list[int] = []

    def place(address: str, port: int) -> tuple[str, int]:
        depths.append(len(connection.savepoint_ids) + len(connection.atomic_blocks))
        return address, port

    settings.FETCH_CONNECT = place
    before = len(connection.savepoint_ids) + len(connection.atomic_blocks)
    deliver_next()
    assert depths == [before]


# Resending ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [DeliveryState.DELIVERED, DeliveryState.FAILED])
def test_what_is_over_is_sent_again_unchanged(
    receiver: Receiver, owed: Delivery, state: DeliveryState
) -> None:
    deliver_next()
    Delivery.objects.update(state=state)
    Avatar.objects.update(display_name="Another name")
    assert resend(owed)
    assert not resend(owed)  # it is due already
    deliver_next()
    first, second = receiver.got
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert again(owed).state == DeliveryState.DELIVERED
    assert len(owed.tries) == 2


def test_one_that_waits_for_another_try_has_it_at_once(receiver: Receiver, owed: Delivery) -> None:
    receiver.statuses = [500, 200]
    deliver_next()
    assert deliver_next() is None
    assert resend(owed)
    assert deliver_next() == owed
    assert again(owed).state == DeliveryState.DELIVERED


@pytest.mark.parametrize("end", [webhooks.pause, webhooks.remove])
def test_nothing_is_sent_again_to_whom_nothing_is_sent(
    webhook: Webhook, owed: Delivery, end: object
) -> None:
    deliver_next()
    assert callable(end)
    assert end(webhook, None)
    assert not resend(owed)
    assert again(owed).state == DeliveryState.DELIVERED


# The end of the log ------------------------------------------------------------------------------
def test_what_is_over_is_kept_for_thirty_days(webhook: Webhook, ready_avatar: MakeAvatar) -> None:
    avatar, now = ready_avatar(), timezone.now()
    old = now - timedelta(days=31)
    for state, ended_at in {"delivered": old, "failed": old, "pending": None}.items():
        Delivery.objects.create(
            webhook=webhook,
            topic=Topic.READY,
            avatar=avatar,
            happened_at=now,
            state=state,
            ended_at=ended_at,
        )
    young = Delivery.objects.create(
        webhook=webhook,
        topic=Topic.READY,
        avatar=avatar,
        happened_at=now - timedelta(days=40),
        state=DeliveryState.FAILED,
        ended_at=now - timedelta(days=29),
    )
    forget_old(now)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"pending", "failed"}
    assert Delivery.objects.get(state="failed") == young
