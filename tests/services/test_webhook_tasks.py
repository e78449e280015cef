"""The wake-ups of those who tell webhooks."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries, Settings

from avatars.models import Delivery, DeliveryState, Kind, Webhook
from avatars.services import webhooks
from avatars.tasks import deliver_due, tidy, wake_for_deliveries
from dashboard.operations.background import Background
from tests.conftest import MakeAvatar, MakePerson
from tests.services.receivers import Receiver

pytestmark = pytest.mark.django_db


def planned() -> int:
    return DBTaskResult.objects.filter(queue_name="webhooks").count()


def test_while_nothing_is_due_it_asks_one_question(
    receiver: Receiver,
    webhook: Webhook,
    owed: Delivery,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    receiver.statuses = [500]
    deliver_due.call()  # and is to be tried again, later
    with django_assert_num_queries(1):
        wake_for_deliveries()
    assert planned() == 0


def test_a_wake_up_for_each_webhook_that_waits_and_no_more_than_threads(
    webhook: Webhook, owed: Delivery, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    ready_avatar().events.create(kind=Kind.CREATED)
    wake_for_deliveries()
    assert planned() == 1
    for _ in range(3):
        webhooks.add(webhook.url, webhook.topics, person())
    ready_avatar().events.create(kind=Kind.CREATED)
    wake_for_deliveries()
    assert planned() == project.WEBHOOK_SLOTS == 2


def test_wake_ups_do_not_pile_up(webhook: Webhook, owed: Delivery) -> None:
    for _ in range(5):
        wake_for_deliveries()
    assert planned() == 1
    DBTaskResult.objects.update(status="SUCCESSFUL")
    wake_for_deliveries()
    assert planned() == 2


@pytest.mark.parametrize("why", ["paused", "removed", "busy", "told"])
def test_nobody_is_woken_for_whom_nothing_can_be_done(
    webhook: Webhook, owed: Delivery, why: str
) -> None:
    now = timezone.now()
    match why:
        case "paused":
            Webhook.objects.update(is_active=False)
        case "removed":
            Webhook.objects.update(deleted_at=now)
        case "busy":
            Webhook.objects.update(busy_until=now + timedelta(seconds=30))
        case "told":
            Delivery.objects.update(state=DeliveryState.DELIVERED)
    wake_for_deliveries()
    deliver_due.call()
    assert planned() == 0


def test_one_after_the_other_until_all_is_told(
    receiver: Receiver, webhook: Webhook, owed: Delivery, ready_avatar: MakeAvatar
) -> None:
    ready_avatar().events.create(kind=Kind.CREATED)
    deliver_due.call()
    assert (len(receiver.got), planned()) == (1, 1)
    DBTaskResult.objects.all().delete()
    deliver_due.call()
    assert (len(receiver.got), planned()) == (2, 0)
    deliver_due.call()
    assert len(receiver.got) == 2


def test_tidying_forgets_what_has_long_been_over(webhook: Webhook, owed: Delivery) -> None:
    ended_at = timezone.now() - timedelta(days=31)
    Delivery.objects.update(state=DeliveryState.DELIVERED, ended_at=ended_at)
    tidy()
    assert not Delivery.objects.exists()


def test_there_are_threads_of_their_own_for_them(settings: Settings) -> None:
    assert "avatars.tasks.wake_for_deliveries" in settings.PERIODIC
    queues = [worker.queue_names for worker in Background()._workers]
    assert queues.count(["webhooks"]) == settings.WEBHOOK_SLOTS
