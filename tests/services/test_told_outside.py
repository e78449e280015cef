"""What webhooks hear of all that happens: each topic once, from the services that make it true."""

import json
from typing import Any

import pytest
from django.db import transaction

from avatars.models import Approval, Avatar, Delivery, Difference, State, StockTake, Webhook
from avatars.services import create, differences, webhooks
from avatars.services.accept import Wanted, accept
from avatars.services.changing import remove, restore
from avatars.services.deliveries import deliver_next
from avatars.services.erasing import erase
from avatars.services.errands import run_next
from avatars.services.review import Verdict, ask_again, decide
from avatars.services.stock_take import take_stock
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, ScriptAnam, prepared, time_passes
from tests.services.lab import Lab, row_of
from tests.services.receivers import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def someone(person: MakePerson) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def _listening(webhook: Webhook) -> None:
    """Somebody is told of everything."""


def news(receiver: Receiver) -> list[str]:
    """What the receiver hears now that it had not heard before."""
    before = len(receiver.got)
    while deliver_next():
        pass
    return receiver.types[before:]


def decided(avatar: Avatar, approval: Approval, reviewer: User) -> None:
    avatar.refresh_from_db()
    assert decide(avatar.pk, Verdict(approval, avatar.version, "So."), reviewer)


def test_a_life_is_told_step_by_step(
    receiver: Receiver, accepted: MakeAvatar, someone: User
) -> None:
    avatar = accepted()
    assert news(receiver) == ["avatar.created"]
    create.send_next()
    assert news(receiver) == ["avatar.ready"]
    decided(avatar, Approval.APPROVED, someone)
    assert news(receiver) == ["avatar.approved"]
    decided(avatar, Approval.REJECTED, someone)
    assert news(receiver) == ["avatar.withdrawn"]
    avatar.refresh_from_db()
    remove(avatar, someone)
    assert news(receiver) == ["avatar.removed"]
    erase(avatar, someone)
    while run_next():
        pass
    assert news(receiver) == ["avatar.removed"]  # once more, and now without a name
    assert json.loads(receiver.got[-1].body)["data"]["displayName"] is None


def test_erasing_alone_is_told_once(
    receiver: Receiver, ready_avatar: MakeAvatar, someone: User
) -> None:
    erase(ready_avatar(), someone)
    while run_next():
        pass
    assert news(receiver) == ["avatar.removed"]


def test_a_no_of_anam_is_told_and_another_try_is_not(
    receiver: Receiver, accepted: MakeAvatar, someone: User
) -> None:
    avatar = accepted(display_name="Young face !422-age")
    create.send_next()
    assert news(receiver) == ["avatar.created", "avatar.refused"]
    avatar.refresh_from_db()
    ask_again(avatar, someone)
    assert news(receiver) == []


@pytest.mark.parametrize("approval", [Approval.CHANGES, Approval.REJECTED])
def test_only_what_was_approved_can_be_withdrawn(
    receiver: Receiver, ready_avatar: MakeAvatar, someone: User, approval: Approval
) -> None:
    avatar = ready_avatar()
    decided(avatar, approval, someone)
    assert news(receiver) == []
    decided(avatar, Approval.APPROVED, someone)
    decided(avatar, Approval.APPROVED, someone)
    assert news(receiver) == ["avatar.approved"]
    decided(avatar, approval, someone)
    assert news(receiver) == ["avatar.withdrawn"]


@pytest.mark.parametrize(
    ("state", "told"), [(State.READY, ["avatar.ready"]), (State.REFUSED, []), (State.QUEUED, [])]
)
def test_what_is_brought_back_is_told_if_it_can_be_used(
    receiver: Receiver,
    avatar: MakeAvatar,
    ready_avatar: MakeAvatar,
    someone: User,
    state: State,
    told: list[str],
) -> None:
    found = ready_avatar() if state == State.READY else avatar(state=state)
    remove(found, someone)
    news(receiver)
    found.refresh_from_db()
    assert restore(found, someone)
    assert news(receiver) == told


def gone(lab: Lab, someone: User) -> tuple[Avatar, dict[str, Any]]:
    """An avatar that Anam denies to know."""
    there = lab.add("Anna")
    lab.add("Somebody else", createdByOrganizationId=None)
    row = row_of(there, owner=someone)
    row.save()
    del lab.avatars[there["id"]]
    assert take_stock(False, pause=lambda _: None)
    row.refresh_from_db()
    return row, there


def test_gone_and_back_at_anam(receiver: Receiver, anam: ScriptAnam, someone: User) -> None:
    lab = Lab()
    anam(lab.answer)
    _, there = gone(lab, someone)
    assert news(receiver) == ["avatar.removed"]
    lab.avatars[there["id"]] = there
    StockTake.objects.all().delete()
    assert take_stock(False, pause=lambda _: None)
    assert news(receiver) == ["avatar.ready"]


def test_what_is_gone_already_is_not_removed_once_more(
    receiver: Receiver, anam: ScriptAnam, someone: User
) -> None:
    lab = Lab()
    anam(lab.answer)
    first, _ = gone(lab, someone)
    second, _ = gone(lab, someone)
    assert news(receiver) == ["avatar.removed", "avatar.removed"]
    assert differences.keep_gone(Difference.objects.get(avatar=first), someone)
    assert remove(second, someone)
    assert news(receiver) == []
    second.refresh_from_db()
    assert restore(second, someone)
    assert news(receiver) == []


def test_what_is_imported_is_ready(receiver: Receiver, anam: ScriptAnam, someone: User) -> None:
    lab = Lab()
    anam(lab.answer)
    lab.add("Anna")
    lab.add("Ada", createdByOrganizationId=None)
    assert take_stock(False, pause=lambda _: None)
    assert news(receiver) == []
    found = Difference.objects.open(rehearsal=False).values_list("pk", flat=True)
    assert differences.import_these(list(found), someone) == 1
    assert news(receiver) == ["avatar.ready"]


def test_several_photos_of_one_form_are_told_one_by_one(receiver: Receiver, someone: User) -> None:
    names = ["Anna", "Berta", "Cleo"]
    accept(owner=someone, wanted=[Wanted(name, "cara-4", prepared()) for name in names], key="k")
    accept(owner=someone, wanted=[Wanted(name, "cara-4", prepared()) for name in names], key="k")
    assert news(receiver) == ["avatar.created"] * 3
    told = [json.loads(got.body)["data"]["displayName"] for got in receiver.got]
    assert told == names
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 3


def test_what_was_rolled_back_is_not_told(receiver: Receiver, someone: User) -> None:
    with transaction.atomic():
        accept(owner=someone, wanted=[Wanted("Anna", "cara-4", prepared())])
        assert Delivery.objects.count() == 1
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()
    assert news(receiver) == []


def test_each_webhook_hears_what_it_asked_for(
    receiver: Receiver, accepted: MakeAvatar, someone: User
) -> None:
    Webhook.objects.update(topics=["avatar.ready"])
    paused = webhooks.add(receiver.url, ["avatar.ready"], someone)
    webhooks.pause(paused, None)
    removed = webhooks.add(receiver.url, ["avatar.ready"], someone)
    webhooks.remove(removed, someone)
    accepted()
    create.send_next()
    assert news(receiver) == ["avatar.ready"]
    time_passes(100)
    webhooks.resume(paused, None)
    assert news(receiver) == []
