"""Who has which avatar open, and who has seen what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from avatars.models import Look
from tests.conftest import MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_a_look_counts_for_three_quarters_of_a_minute(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    avatar, mia, leo = ready_avatar(), person(name="Mia"), person(name="Leo")
    Look.objects.take(avatar.pk, mia, 0, NOW)
    for seconds, counts in ((0, True), (44, True), (46, False)):
        moment = NOW + timedelta(seconds=seconds)
        assert Look.objects.others(leo, moment).exists() is counts
        assert Look.objects.get().is_here(moment) is counts
    assert not Look.objects.others(mia, NOW).exists()


def test_each_has_one_look_at_each_and_its_version_is_the_latest_they_saw(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    avatar, mia = ready_avatar(), person()
    Look.objects.take(avatar.pk, mia, 0, NOW)
    later = NOW + timedelta(seconds=30)
    Look.objects.take(avatar.pk, mia, 3, later)
    look = Look.objects.get()
    assert (look.version, look.opened_at, look.seen_at) == (3, NOW, later)


def test_staying_shows_nothing_new(ready_avatar: MakeAvatar, person: MakePerson) -> None:
    avatar, mia, later = ready_avatar(), person(), NOW + timedelta(seconds=15)
    Look.objects.take(avatar.pk, mia, 2, NOW)
    Look.objects.stay(avatar.pk, mia, later)
    look = Look.objects.get()
    assert (look.version, look.seen_at) == (2, later)
    Look.objects.stay(ready_avatar().pk, mia, later)
    assert Look.objects.count() == 1


def test_going_on_to_another_lets_go_of_all_but_that_one(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    first, second, mia, leo = ready_avatar(), ready_avatar(), person(), person()
    for reviewer in (mia, leo):
        for avatar in (first, second):
            Look.objects.take(avatar.pk, reviewer, 1, NOW)
    Look.objects.leave_all(mia, but=second.pk)
    here = Look.objects.here(NOW)
    assert set(here.filter(reviewer=mia)) == {Look.objects.get(avatar=second, reviewer=mia)}
    assert here.filter(reviewer=leo).count() == 2
    Look.objects.leave_all(mia)
    assert not here.filter(reviewer=mia).exists()
    assert Look.objects.filter(reviewer=mia, version=1).count() == 2
