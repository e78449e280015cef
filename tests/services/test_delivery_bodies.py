"""What stands in a body, and what is left of it once the face is erased."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from pytest_django import Settings

from avatars.models import Approval, Avatar, Delivery, DeliveryState, Kind, State, Topic, Webhook
from avatars.services import webhooks
from avatars.services.deliveries import deliver_next
from avatars.services.delivery_bodies import body_of
from avatars.services.erasing import erase
from tests.conftest import MakeAvatar, MakePerson, at_once, time_passes
from tests.services.receivers import Receiver

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 12, 30, 1, 234_567, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _listening(webhook: Webhook) -> None:
    """Somebody is told of everything."""


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(got.body) for got in receiver.got]


def everything_told() -> str:
    return str(list(Delivery.objects.values("body", "tries")))


def test_a_body_tells_of_the_avatar(
    receiver: Receiver, ready_avatar: MakeAvatar, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://greenroom.example.com"
    avatar = ready_avatar(display_name="Žofie", approval=Approval.APPROVED, upstream_id="a-1")
    avatar.events.create(kind=Kind.APPROVED, at=AT)
    deliver_next()
    assert told(receiver) == [
        {
            "type": "avatar.approved",
            "timestamp": "2026-11-24T12:30:01.234Z",
            "data": {
                "id": "a-1",
                "greenroomId": str(avatar.pk),
                "displayName": "Žofie",
                "state": "ready",
                "approval": "approved",
                "avatarModel": "cara-4",
                "url": f"https://greenroom.example.com/avatars/{avatar.pk}",
            },
        }
    ]
    assert "Žofie".encode() in receiver.got[0].body


def test_what_is_not_known_is_null_and_without_a_public_address_there_is_a_path(
    receiver: Receiver, avatar: MakeAvatar
) -> None:
    found = avatar(state=State.QUEUED, model="")
    found.events.create(kind=Kind.UPLOADED)
    deliver_next()
    data = told(receiver)[0]["data"]
    assert (data["id"], data["avatarModel"]) == (None, None)
    assert data["url"] == f"/avatars/{found.pk}"


def test_a_test_message_is_about_nobody(receiver: Receiver) -> None:
    webhooks.ping(Webhook.objects.get())
    deliver_next()
    (message,) = told(receiver)
    assert (message["type"], message["data"]) == ("ping", {})


def test_a_body_is_written_before_it_is_sent_and_never_again(
    receiver: Receiver, ready_avatar: MakeAvatar
) -> None:
    ready_avatar(display_name="Anna").events.create(kind=Kind.CREATED)
    delivery = Delivery.objects.get()
    assert delivery.body == ""
    first = body_of(delivery)
    Avatar.objects.update(display_name="Berta")
    assert body_of(Delivery.objects.get()) == first == Delivery.objects.get().body
    stale = Delivery(pk=delivery.pk, topic=delivery.topic, happened_at=delivery.happened_at)
    assert body_of(stale) == first


def test_erasing_takes_the_name_out_of_what_was_told_and_answered(
    receiver: Receiver, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    receiver.statuses, receiver.said = [500], b"Who is Annabel?"
    avatar = ready_avatar(display_name="Annabel")
    avatar.events.create(kind=Kind.CREATED)
    deliver_next()
    ready_avatar(display_name="Berta").events.create(kind=Kind.CREATED)
    receiver.said = b"Who is Berta?"
    deliver_next()
    assert everything_told().count("Annabel") == 2
    erase(avatar, person())
    assert "Annabel" not in everything_told()
    assert everything_told().count("Berta") == 2
    first = Delivery.objects.get(avatar=avatar, topic=Topic.READY)
    assert json.loads(first.body)["data"]["displayName"] is None
    assert json.loads(first.body)["data"]["greenroomId"] == str(avatar.pk)


def test_what_was_not_told_yet_is_told_without_the_name(
    receiver: Receiver, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    receiver.statuses, receiver.said = [500, 204], b"Who is Annabel?"
    avatar = ready_avatar(display_name="Annabel")
    avatar.events.create(kind=Kind.CREATED)
    deliver_next()
    avatar.events.create(kind=Kind.APPROVED)
    erase(avatar, person())
    time_passes(60)
    while deliver_next():
        pass
    assert not Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists()
    assert "Annabel" in str(told(receiver)[0])
    assert "Annabel" not in str(told(receiver)[1:])
    topics = {message["type"]: message["data"]["displayName"] for message in told(receiver)[1:]}
    assert topics == {"avatar.ready": None, "avatar.approved": None, "avatar.removed": None}
    assert "Annabel" not in everything_told()


def test_words_that_come_after_the_erasing_are_not_kept(
    receiver: Receiver, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    receiver.statuses, receiver.said = [500], b"Who is Annabel?"
    erase(ready_avatar(display_name="Annabel"), person())
    deliver_next()
    (each,) = Delivery.objects.get().tries
    assert (each["status"], each["said"]) == (500, "")


@pytest.mark.django_db(transaction=True)
def test_a_name_is_not_written_down_beside_an_erasing(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    actor = person()
    for _ in range(10):
        avatar = ready_avatar(display_name="Annabel")
        avatar.events.create(kind=Kind.CREATED)
        delivery = Delivery.objects.get(avatar=avatar)
        works: list[Callable[[], object]] = [
            partial(erase, avatar, actor),
            partial(body_of, delivery),
        ]
        results = at_once(partial(_next_of, works), times=2)
        assert {type(result) for result in results} == {bool, str}
        assert "Annabel" not in Delivery.objects.get(pk=delivery.pk).body


def _next_of(works: list[Callable[[], object]]) -> object:
    return works.pop()()
