"""A process is killed while a receiver thinks: the same is posted again, once the lease is over."""

import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event as Signal

import pytest
from django.db import connection
from pytest_django import Settings

from avatars.models import Delivery, DeliveryState, Kind
from avatars.services import webhooks
from avatars.services.deliveries import deliver_next
from tests.conftest import MakeAvatar, MakePerson, time_passes
from tests.services.receivers import receiving


def _tells_once_told_to(begin: Signal) -> None:
    begin.wait(30)
    deliver_next()


@pytest.mark.django_db(transaction=True)
def test_a_killed_try_is_made_again(
    person: MakePerson, ready_avatar: MakeAvatar, settings: Settings
) -> None:
    settings.WEBHOOK_PRIVATE = True
    connection.close()  # no two processes may share one
    fork = multiprocessing.get_context("fork")
    begin = fork.Event()
    # Forked before the receiver has its threads, which a fork must not copy.
    process = fork.Process(target=_tells_once_told_to, args=(begin,))
    process.start()
    with receiving() as receiver:
        webhooks.add(receiver.url, ["avatar.ready"], person())
        ready_avatar().events.create(kind=Kind.CREATED)
        receiver.hang()
        begin.set()
        assert receiver.arrived.wait(30)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        receiver.answer()
        assert deliver_next() is None
        time_passes(41)
        assert deliver_next() == Delivery.objects.get(state=DeliveryState.DELIVERED)
        first, second = receiver.got
        assert first.body == second.body
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
