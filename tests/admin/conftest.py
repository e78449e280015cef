"""Django's admin with somebody in it, and something in every list."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from avatars.models import (
    Approval,
    Avatar,
    Delivery,
    Difference,
    Right,
    StockTake,
    Topic,
    Weather,
    Webhook,
)
from avatars.services import consents, credentials, feeds, photo_calls
from avatars.services.consents import Terms
from avatars.services.create import send_next
from dashboard.people import invitations
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson

# What the admin shows.
OURS = [
    "avatars.avatar",
    "avatars.event",
    "avatars.consent",
    "avatars.wording",
    "avatars.photocall",
    "avatars.policy",
    "avatars.reply",
    "avatars.token",
    "avatars.webhook",
    "avatars.delivery",
    "avatars.feed",
    "avatars.weather",
    "avatars.stocktake",
    "avatars.difference",
    "people.user",
    "people.invitation",
]


@pytest.fixture
def operator(person: MakePerson) -> User:
    return person(role=Role.ADMINISTRATOR)


@pytest.fixture
def office(operator: User, client_of: ClientOf) -> Client:
    return client_of(operator)


@pytest.fixture
def made(accepted: MakeAvatar) -> Avatar:
    avatar = accepted(display_name="Anna Berg")
    send_next()
    avatar.refresh_from_db()
    return avatar


@pytest.fixture
def furnished(operator: User, made: Avatar, person: MakePerson) -> Avatar:
    """Something in every list; the avatar that most of it is about."""
    consents.ask(made, Terms(who="Anna", email="anna@example.com"), operator)
    consents.state_own(made, Terms(who="Anna", scope="The museum"), operator)
    Avatar.objects.filter(pk=made.pk).update(approval=Approval.APPROVED)
    made.refresh_from_db()
    feeds.open_feed("museum", made, "cara-4", operator)
    photo_calls.open_call(
        operator, title="The new ones", purpose="Welcome", model="", places=3, days=7
    )
    credentials.make(person(role=Role.VIEWER), "Build server", [Right.READ], by=operator)
    hook = Webhook.objects.create(url="https://hooks.example.com/a", topics=[Topic.READY])
    now = timezone.now()
    Delivery.objects.create(webhook=hook, topic=Topic.READY, avatar=made, happened_at=now)
    Weather.at(rehearsal=True)
    StockTake.objects.create(rehearsal=True, ended_at=now)
    Difference.objects.create(rehearsal=True, kind="version", upstream_id="x", avatar=made)
    invitations.invite(operator, Role.VIEWER, email="", days=1)
    return made


def admins() -> list[tuple[type[Model], Any]]:
    """Each model that Django's admin knows, with its admin."""
    registered = admin.site._registry
    return list(registered.items())


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(row: Model) -> str:
    name = f"{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(f"admin:{name}", args=[row.pk])


def asked(client: Client, action: str, rows: Iterable[Any], **more: Any) -> Any:
    """What comes back when an action is chosen for these rows on their list."""
    rows = list(rows)
    form = {"action": action, "_selected_action": [str(row.pk) for row in rows], **more}
    return client.post(list_of(type(rows[0])), form)


def done(client: Client, action: str, rows: Iterable[Any], **more: Any) -> str:
    """Chosen and confirmed: the messages on the next page, without their markup."""
    answer = asked(client, action, rows, confirmed="yes", **more)
    assert answer.status_code == 302, answer.status_code
    page = client.get(answer["Location"])
    return "\n".join(str(message) for message in page.context["messages"])


def operates_only(person: User) -> User:
    """Somebody who may look into the admin, and has no other right of an administrator."""
    person.is_staff = True
    person.save()
    person.user_permissions.add(Permission.objects.get(codename="operate_avatar"))
    return User.objects.get(pk=person.pk)
