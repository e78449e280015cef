"""Renaming, removing and bringing back: what is left here after each."""

from datetime import timedelta

import httpx
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Approval, Avatar, Errand, Kind, State
from avatars.services import create
from avatars.services.changing import may_be_restored, remove, remove_now, rename, restore
from avatars.services.errands import run_next
from tests.conftest import (
    MakeAvatar,
    MakePerson,
    ScriptAnam,
    time_passes,
)
from tests.services.told import counting, kinds, send

pytestmark = pytest.mark.django_db
UNSENT = [State.QUEUED, State.HELD, State.REFUSED, State.REVIEW]
IN_DOUBT = [State.SENDING, State.UNKNOWN]


# A new name ------------------------------------------------------------------------------------
def test_a_new_name_counts_here_at_once_and_is_told_to_anam(ready_avatar: MakeAvatar) -> None:
    avatar = ready_avatar(display_name="Anna")
    assert rename(avatar, "Bea", avatar.owner)
    avatar.refresh_from_db()
    assert (avatar.display_name, avatar.errand) == ("Bea", Errand.RENAME)
    (event,) = avatar.events.all()
    assert (event.kind, event.actor, event.detail) == (
        Kind.RENAMED,
        avatar.owner,
        {"from": "Anna", "to": "Bea"},
    )


def test_the_name_it_has_is_no_new_one(ready_avatar: MakeAvatar) -> None:
    avatar = ready_avatar(display_name="Anna")
    assert rename(avatar, "Anna", avatar.owner)
    avatar.refresh_from_db()
    assert (avatar.errand, kinds(avatar)) == ("", [])


@pytest.mark.parametrize("state", UNSENT)
def test_before_anam_has_it_nobody_else_must_know_its_new_name(
    avatar: MakeAvatar, state: State
) -> None:
    found = avatar(state=state)
    assert rename(found, "Bea", found.owner)
    found.refresh_from_db()
    assert (found.display_name, found.errand, found.state) == ("Bea", "", state)


@pytest.mark.parametrize("state", [State.READY, State.REVIEW])
@pytest.mark.parametrize("approval", Approval)
def test_who_saw_the_old_name_has_not_seen_what_is_to_be_approved(
    avatar: MakeAvatar, state: State, approval: Approval
) -> None:
    found = avatar(state=state, approval=approval)
    assert rename(found, "The Chancellor", found.owner)
    found.refresh_from_db()
    assert (found.approval, found.version) == (approval, int(approval != Approval.APPROVED))


@pytest.mark.parametrize("state", [*IN_DOUBT, State.REMOVED])
def test_no_new_name_while_the_old_one_is_looked_for(avatar: MakeAvatar, state: State) -> None:
    found = avatar(state=state, display_name="Anna")
    assert not rename(found, "Bea", found.owner)
    found.refresh_from_db()
    assert (found.display_name, kinds(found)) == ("Anna", [])


def test_a_new_name_before_the_photo_is_sent_goes_with_it(accepted: MakeAvatar) -> None:
    avatar = accepted(display_name="Anna")
    assert rename(avatar, "Bea", avatar.owner)
    send(avatar)
    assert avatar.upstream["displayName"] == "Bea"


def test_the_sandbox_gets_the_new_name(accepted: MakeAvatar) -> None:
    avatar = accepted()
    send(avatar)
    rename(avatar, "Bea", avatar.owner)
    assert run_next() == avatar
    avatar.refresh_from_db()
    assert avatar.upstream["displayName"] == "Bea"


# A removal -------------------------------------------------------------------------------------
def test_a_removed_avatar_can_be_brought_back_as_if_nothing_had_been(
    ready_avatar: MakeAvatar, settings: Settings
) -> None:
    settings.UNDO_SECONDS = 100
    avatar = ready_avatar()
    assert remove(avatar, avatar.owner)
    avatar.refresh_from_db()
    assert (avatar.state, avatar.removed_from) == (State.REMOVED, State.READY)
    assert (avatar.removed_by, avatar.errand) == (avatar.owner, Errand.REMOVE)
    assert avatar.removed_at
    assert avatar.errand_at == avatar.removed_at + timedelta(seconds=100)
    assert run_next() is None
    assert restore(avatar, avatar.owner)
    avatar.refresh_from_db()
    back = Avatar.objects.values_list("state", "errand", "errand_at", "removed_from")
    assert back.get(pk=avatar.pk) == (State.READY, "", None, "")
    assert Avatar.objects.filter(removed_at=None, removed_by=None).exists()
    assert kinds(avatar) == [Kind.REMOVED, Kind.RESTORED]


def test_when_the_time_is_over_anam_is_told_and_nothing_brings_it_back(
    accepted: MakeAvatar, settings: Settings
) -> None:
    settings.UNDO_SECONDS = 100
    avatar = accepted()
    send(avatar)
    remove(avatar, avatar.owner)
    time_passes(101)
    assert not may_be_restored(avatar)
    assert not restore(avatar, avatar.owner)
    assert run_next() == avatar
    avatar.refresh_from_db()
    assert (avatar.state, avatar.errand) == (State.REMOVED, "")
    assert not restore(avatar, avatar.owner)
    assert default_storage.exists(str(avatar.photo))


def test_a_removal_that_anam_may_have_heard_of_is_not_undone(
    ready_avatar: MakeAvatar, anam: ScriptAnam, settings: Settings
) -> None:
    settings.UNDO_SECONDS = 0
    anam(lambda _: httpx.Response(500))
    avatar = ready_avatar(rehearsal=False)
    remove(avatar, avatar.owner)
    run_next()
    avatar.refresh_from_db()
    assert avatar.errand_at
    assert avatar.errand_at > timezone.now()
    assert not restore(avatar, avatar.owner)


def test_who_does_not_want_to_wait_gives_up_undoing(ready_avatar: MakeAvatar) -> None:
    avatar = ready_avatar()
    remove(avatar, avatar.owner)
    assert remove_now(avatar)
    assert not may_be_restored(avatar)
    assert not remove_now(avatar)
    assert run_next() == avatar


def test_there_is_nothing_to_hurry_for_an_avatar_that_is_there(ready_avatar: MakeAvatar) -> None:
    assert not remove_now(ready_avatar(errand=Errand.RENAME, errand_at=timezone.now()))


@pytest.mark.parametrize("state", UNSENT)
def test_what_anam_never_had_is_removed_without_a_word_and_comes_back_where_it_was(
    avatar: MakeAvatar, state: State
) -> None:
    retry_at = timezone.now()
    found = avatar(state=state, cause="quota", retry_at=retry_at)
    assert remove(found, found.owner)
    found.refresh_from_db()
    assert (found.state, found.errand, found.message) == (State.REMOVED, "", "")
    assert restore(found, found.owner)
    found.refresh_from_db()
    assert (found.state, found.cause, found.retry_at) == (state, "quota", retry_at)


def test_what_anam_never_had_comes_back_for_as_long_as_the_rest(
    avatar: MakeAvatar, settings: Settings
) -> None:
    settings.UNDO_SECONDS = 100
    found = avatar()
    remove(found, found.owner)
    time_passes(101)
    assert not restore(found, found.owner)


@pytest.mark.parametrize("state", [State.QUEUED, State.HELD])
def test_a_removed_photo_is_not_sent(accepted: MakeAvatar, anam: ScriptAnam, state: State) -> None:
    calls: list[httpx.Request] = []
    avatar = accepted()
    Avatar.objects.filter(pk=avatar.pk).update(state=state, retry_at=timezone.now())
    remove(avatar, avatar.owner)
    anam(counting(calls, 500))
    assert create.send_next(lambda _: None) is None
    assert calls == []


@pytest.mark.parametrize("state", [*IN_DOUBT, State.REMOVED])
def test_what_is_on_its_way_is_not_removed(
    avatar: MakeAvatar, person: MakePerson, state: State
) -> None:
    found = avatar(state=state)
    assert not remove(found, person())
    found.refresh_from_db()
    assert (found.state, found.removed_by, kinds(found)) == (state, None, [])


def test_a_new_name_that_anam_had_not_heard_is_told_after_all(ready_avatar: MakeAvatar) -> None:
    avatar = ready_avatar(display_name="Anna", upstream={"displayName": "Anna"})
    rename(avatar, "Bea", avatar.owner)
    avatar.refresh_from_db()
    remove(avatar, avatar.owner)
    restore(avatar, avatar.owner)
    avatar.refresh_from_db()
    assert (avatar.display_name, avatar.errand) == ("Bea", Errand.RENAME)


def test_a_name_that_was_changed_at_anam_is_not_changed_back_by_an_undo(
    ready_avatar: MakeAvatar,
) -> None:
    avatar = ready_avatar(display_name="Anna", upstream={"displayName": "Renamed in the Lab"})
    remove(avatar, avatar.owner)
    restore(avatar, avatar.owner)
    avatar.refresh_from_db()
    assert avatar.errand == ""
