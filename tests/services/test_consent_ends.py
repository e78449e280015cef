"""Consents end by themselves; people are told ahead, and afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from avatars.models import (
    Approval,
    Avatar,
    Consent,
    Delivery,
    Kind,
    Notice,
    Standing,
    Topic,
    Wording,
    is_usable,
)
from avatars.services import consents, erasing
from avatars.services.consent_ends import expire_due, remind_due
from avatars.services.consents import Terms
from avatars.services.webhooks import add as add_webhook
from avatars.tasks import watch_consents
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, at_once
from tests.services.told import kinds

pytestmark = pytest.mark.django_db
PHOTO = "a" * 64


@pytest.fixture
def mia(person: MakePerson, wording: Wording) -> User:
    return person(role=Role.CREATOR)


@pytest.fixture
def anna(ready_avatar: MakeAvatar, mia: User) -> Avatar:
    fields: dict[str, Any] = {"approval": Approval.APPROVED, "photo": "p", "photo_sha256": PHOTO}
    return ready_avatar(owner=mia, **fields)


def agrees(avatar: Avatar, days: float, by: User) -> Consent:
    """For so many days from now on; negative ones are over."""
    until = timezone.now() + timedelta(days=days)
    return consents.state_own(avatar, Terms("Anna", valid_until=until), by)


def days_later(days: float) -> None:
    wait = timedelta(days=days)
    Consent.objects.update(valid_until=F("valid_until") - wait)
    Avatar.objects.update(consent_until=F("consent_until") - wait)


def reminders(avatar: Avatar) -> list[int]:
    return [e.detail["days"] for e in avatar.events.filter(kind=Kind.CONSENT_ENDING)]


# The end ------------------------------------------------------------------------------------------
def test_an_end_counts_with_its_second_and_is_written_down_after_it(
    anna: Avatar, mia: User
) -> None:
    agrees(anna, 1, mia)
    days_later(2)
    anna.refresh_from_db()
    assert not is_usable(anna)  # before any sweep
    assert expire_due() == 1
    anna.refresh_from_db()
    assert anna.consent == Standing.EXPIRED
    assert kinds(anna)[-1] == Kind.CONSENT_EXPIRED
    assert expire_due() == 0


def test_what_has_not_ended_stays(anna: Avatar, mia: User) -> None:
    agrees(anna, 1, mia)
    consents.state_own(anna, Terms("Anna"), mia)
    assert expire_due() == 0


def test_an_end_is_told_to_its_maker_and_to_administrators_and_to_webhooks(
    anna: Avatar, mia: User, person: MakePerson
) -> None:
    administrator = person(role=Role.ADMINISTRATOR)
    add_webhook("https://hooks.example.com/x", [Topic.WITHDRAWN], mia)
    agrees(anna, 1, mia)
    days_later(2)
    Notice.objects.all().delete()
    watch_consents()
    people = set(Notice.objects.values_list("person", flat=True))
    assert people == {mia.pk, administrator.pk}
    assert [d.topic for d in Delivery.objects.all()] == [Topic.WITHDRAWN]


def test_the_end_of_one_consent_is_no_news_while_another_goes_on(anna: Avatar, mia: User) -> None:
    short = agrees(anna, 1, mia)
    consents.put_on_file(anna, Terms("Anna"), mia, data=b"signed", extension=".pdf")
    days_later(2)
    assert expire_due() == 1
    short.refresh_from_db()
    anna.refresh_from_db()
    assert (short.standing, anna.consent) == (Standing.EXPIRED, Standing.GIVEN)
    assert Kind.CONSENT_EXPIRED not in kinds(anna)
    assert is_usable(anna)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_write_an_end_down_one_does(anna: Avatar, mia: User) -> None:
    agrees(anna, 1, mia)
    days_later(2)
    assert sorted(map(str, at_once(expire_due, times=4))) == ["0", "0", "0", "1"]
    assert kinds(anna).count(Kind.CONSENT_EXPIRED) == 1


def test_nothing_is_told_of_an_erased_face_nor_of_avatars_without_a_photo(
    accepted: MakeAvatar, ready_avatar: MakeAvatar, mia: User
) -> None:
    imported = ready_avatar(owner=mia)
    found = accepted(owner=mia)
    agrees(found, 5, mia)
    assert erasing.erase(found, mia)
    events = found.events.count()
    assert remind_due() == 0
    Consent.objects.update(valid_until=timezone.now() - timedelta(days=1))
    assert expire_due() == 0
    assert found.events.count() == events
    assert kinds(imported) == []


# Ahead of it --------------------------------------------------------------------------------------
def test_people_are_told_thirty_and_seven_days_ahead_and_no_oftener(
    anna: Avatar, mia: User
) -> None:
    agrees(anna, 31, mia)
    told = []
    for _ in range(35):
        remind_due()
        remind_due()
        told.append(reminders(anna))
        days_later(1)
    assert told[0] == []
    assert told[2] == [30]
    assert told[23] == [30]
    assert told[25] == told[-1] == [30, 7]


def test_of_a_short_consent_only_the_last_reminder_comes(anna: Avatar, mia: User) -> None:
    agrees(anna, 5, mia)
    assert remind_due() == 1
    assert remind_due() == 0
    assert reminders(anna) == [7]
    detail = anna.events.get(kind=Kind.CONSENT_ENDING).detail
    assert detail["until"][:10] == f"{timezone.now() + timedelta(days=5):%Y-%m-%d}"


def test_nobody_is_told_of_an_end_that_does_not_come(anna: Avatar, mia: User) -> None:
    agrees(anna, 5, mia)
    consents.put_on_file(anna, Terms("Anna"), mia, data=b"signed", extension=".pdf")
    assert remind_due() == 0
    assert reminders(anna) == []
