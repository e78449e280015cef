"""The doors to renaming, removing, bringing back and erasing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Errand, Kind, State
from avatars.services.changing import remove, rename
from avatars.services.create import send_next
from avatars.services.erasing import erase
from avatars.services.errands import run_next
from avatars.storage import DurableStorage
from avatars.upstream.errors import Cause
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson, prepared
from tests.services.test_tasks import planned
from tests.views.test_media import whole

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
DOORS = ["rename", "remove", "restore", "remove-now", "erase"]


@pytest.fixture
def maker(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mona Maker")


@pytest.fixture
def room(client_of: ClientOf, maker: User) -> Client:
    """The browser of the one who makes the avatars."""
    return client_of(maker)


@pytest.fixture
def anna(ready_avatar: MakeAvatar, maker: User) -> Avatar:
    upstream = {"displayName": "Anna Berg"}
    fields = {"upstream_id": str(uuid4()), "upstream": upstream}  # one that the sandbox never had
    return ready_avatar(owner=maker, display_name="Anna Berg", **fields)


def door(avatar: Avatar, name: str) -> str:
    return f"/avatars/{avatar.pk}/{name}"


def page_of(browser: Client, avatar: Avatar) -> str:
    return browser.get(avatar.get_absolute_url()).content.decode()


FORMS = {"rename": {"display_name": "Bea"}, "erase": {"display_name": "Anna Berg"}}


# Who may ---------------------------------------------------------------------------------------
def removed_first(avatar: Avatar, name: str) -> None:
    if name in ("restore", "remove-now"):
        assert remove(avatar, avatar.owner)


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.CREATOR, Role.REVIEWER])
def test_somebody_elses_avatar_stays_as_it_is(
    client_of: ClientOf, anna: Avatar, name: str, role: Role
) -> None:
    removed_first(anna, name)
    before = Avatar.objects.values().get(pk=anna.pk)
    browser = client_of(role)
    assert browser.post(door(anna, name), FORMS.get(name)).status_code == 403
    answer = browser.post(door(anna, name), FORMS.get(name), headers=JSON)
    assert (answer.status_code, "Nothing was changed" in answer.json()["message"]) == (403, True)
    assert Avatar.objects.values().get(pk=anna.pk) == before


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("who", ["its maker", "an administrator"])
def test_its_maker_and_an_administrator_may(
    client_of: ClientOf, room: Client, anna: Avatar, name: str, who: str
) -> None:
    removed_first(anna, name)
    browser = room if who == "its maker" else client_of(Role.ADMINISTRATOR)
    assert browser.post(door(anna, name), FORMS.get(name)).status_code == 302
    kinds = {"rename": Kind.RENAMED, "remove": Kind.REMOVED, "restore": Kind.RESTORED}
    assert anna.events.filter(kind=kinds.get(name, Kind.ERASED)).exists() is (name != "remove-now")


@pytest.mark.parametrize("name", DOORS)
def test_nobody_changes_what_is_anams_own(
    client_of: ClientOf, ready_avatar: MakeAvatar, name: str
) -> None:
    stock = ready_avatar(stock=True)
    assert client_of(Role.ADMINISTRATOR).post(door(stock, name)).status_code == 403


def test_a_maker_who_makes_avatars_no_more_may_still_erase_their_face(
    client_of: ClientOf, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    viewer = person(role=Role.VIEWER)
    theirs = ready_avatar(owner=viewer)
    browser = client_of(viewer)
    assert browser.post(door(theirs, "remove")).status_code == 403
    answer = browser.post(door(theirs, "erase"), {"display_name": theirs.display_name})
    assert answer.status_code == 302


@pytest.mark.parametrize("name", DOORS)
def test_looking_changes_nothing(room: Client, anna: Avatar, name: str) -> None:
    status = room.get(door(anna, name)).status_code
    assert status == (200 if name == "erase" else 405)
    anna.refresh_from_db()
    assert (anna.state, anna.errand) == (State.READY, "")


@pytest.mark.parametrize("name", DOORS)
def test_an_unknown_id_is_not_found(room: Client, name: str) -> None:
    address = f"/avatars/00000000-0000-4000-8000-000000000000/{name}"
    assert room.post(address).status_code == 404


def test_the_page_offers_each_what_they_may(
    client_of: ClientOf, room: Client, anna: Avatar
) -> None:
    for browser in (room, client_of(Role.ADMINISTRATOR)):
        text = page_of(browser, anna)
        assert all(door(anna, name) in text for name in ("rename", "remove", "erase"))
    text = page_of(client_of(Role.REVIEWER), anna)
    assert not any(door(anna, name) in text for name in DOORS)


# A new name ------------------------------------------------------------------------------------
def test_a_new_name_is_tidied_and_anam_is_told(room: Client, anna: Avatar) -> None:
    page = room.post(door(anna, "rename"), {"display_name": "  Bea\u200b  Berg "}, follow=True)
    text = page.content.decode()
    assert "Bea Berg now" in text
    assert "Anam has not been told the new name yet" in text
    assert planned("run_errands").count() == 1
    run_next()
    assert "has not been told" not in page_of(room, anna)


@pytest.mark.parametrize("name", ["", "ab", "\u2800" * 5, "x" * 51])
def test_a_name_that_will_not_do_is_explained(room: Client, anna: Avatar, name: str) -> None:
    answer = room.post(door(anna, "rename"), {"display_name": name})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The name is too" in text
    assert "<h1>Anna Berg</h1>" in text
    told = room.post(door(anna, "rename"), {"display_name": name}, headers=JSON)
    assert (told.status_code, "The name is too" in told.json()["message"]) == (422, True)
    anna.refresh_from_db()
    assert (anna.display_name, anna.errand) == ("Anna Berg", "")


@pytest.mark.parametrize("name", ["rename", "remove", "erase"])
@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_while_anam_makes_it_the_page_says_why_nothing_can_be_changed(
    room: Client, avatar: MakeAvatar, maker: User, state: State, name: str
) -> None:
    found = avatar(owner=maker, state=state, display_name="Anna Berg")
    text = page_of(room, found)
    assert "While Anam makes it" in text
    assert not any(door(found, each) in text for each in DOORS)
    answer = room.post(door(found, name), FORMS.get(name), headers=JSON)
    assert answer.status_code == 409
    assert "While Anam makes it" in answer.json()["message"]
    text = room.post(door(found, name), FORMS.get(name), follow=True).content.decode()
    assert "While Anam makes it" in text
    found.refresh_from_db()
    assert (found.state, found.display_name) == (state, "Anna Berg")


def test_a_removed_avatar_keeps_its_name(room: Client, anna: Avatar) -> None:
    remove(anna, anna.owner)
    answer = room.post(door(anna, "rename"), FORMS["rename"], headers=JSON)
    assert (answer.status_code, "removed meanwhile" in answer.json()["message"]) == (409, True)


# A removal -------------------------------------------------------------------------------------
def test_a_removed_avatar_leaves_the_gallery_and_says_how_to_get_it_back(
    room: Client, anna: Avatar, settings: Settings
) -> None:
    text = room.post(door(anna, "remove"), follow=True).content.decode()
    anna.refresh_from_db()
    assert anna.errand_at
    assert "Removed by Mona Maker" in text
    assert "Anam has not been told yet" in text
    assert f"until {anna.errand_at:%-d %B, %H:%M:%S}" in text
    assert door(anna, "restore") in text
    assert 'class="steps"' not in text
    assert "Anna Berg" not in room.get("/").content.decode()
    assert "Anna Berg" in room.get("/", {"state": "removed"}).content.decode()
    (task,) = planned("run_errands")
    assert task.run_after == anna.errand_at


def test_undo_brings_it_back(room: Client, anna: Avatar) -> None:
    room.post(door(anna, "remove"))
    text = room.post(door(anna, "restore"), follow=True).content.decode()
    assert "It is back." in text
    assert "Anna Berg" in room.get("/").content.decode()


def test_a_photo_that_is_brought_back_is_sent_again_without_waiting_for_the_sweep(
    room: Client, avatar: MakeAvatar, maker: User
) -> None:
    found = avatar(owner=maker)
    room.post(door(found, "remove"))
    assert not planned("send_due").exists()
    room.post(door(found, "restore"))
    assert planned("send_due").exists()


def test_a_second_click_on_remove_does_no_harm(room: Client, anna: Avatar) -> None:
    for _ in range(2):
        answer = room.post(door(anna, "remove"), headers=JSON)
        assert (answer.status_code, answer.json()["state"]) == (200, "removed")
        assert answer.json()["undo_until"]
    assert anna.events.count() == 1


def test_when_it_is_too_late_to_undo_the_page_says_so(room: Client, anna: Avatar) -> None:
    room.post(door(anna, "remove"))
    room.post(door(anna, "remove-now"))
    run_next()
    text = page_of(room, anna)
    assert "Removed at Anam." in text
    assert door(anna, "restore") not in text
    assert door(anna, "remove-now") not in text
    answer = room.post(door(anna, "restore"), headers=JSON)
    assert (answer.status_code, "is over" in answer.json()["message"]) == (409, True)
    assert "is over" in room.post(door(anna, "restore"), follow=True).content.decode()


def test_telling_anam_now_tells_it_now(room: Client, anna: Avatar) -> None:
    room.post(door(anna, "remove"))
    assert "Anam is told now" in room.post(door(anna, "remove-now"), follow=True).content.decode()
    first, now = planned("run_errands").order_by("run_after")[0], timezone.now()
    assert first.run_after <= now
    assert run_next() == anna
    assert room.post(door(anna, "remove-now"), headers=JSON).status_code == 409


def test_what_keeps_anam_from_knowing_is_named(room: Client, anna: Avatar) -> None:
    remove(anna, anna.owner)
    again = timezone.now() + timedelta(minutes=5)
    Avatar.objects.update(errand_tries=2, errand_cause=Cause.OUTAGE, errand_at=again)
    text = page_of(room, anna)
    assert "Anam could not be told yet: Anam can&#x27;t be reached." in text
    assert f"tried again at {again:%H:%M:%S}" in text
    assert "can't be brought back" in text


def test_a_removed_avatar_may_still_be_looked_at(
    room: Client, accepted: MakeAvatar, maker: User
) -> None:
    found = accepted(owner=maker)
    remove(found, maker)
    assert whole(room.get(door(found, "still"))) == prepared().data
    assert found.thumbnail_url_640 in page_of(room, found)


# Erasing ---------------------------------------------------------------------------------------
def test_erasing_asks_for_the_name_first(room: Client, anna: Avatar) -> None:
    text = room.get(door(anna, "erase")).content.decode()
    assert "Type “Anna Berg”" in text
    assert "Backups" in text
    for typed in ({}, {"display_name": "Anna"}, {"display_name": "a\0"}):
        answer = room.post(door(anna, "erase"), typed)
        assert (answer.status_code, "Nothing was erased" in answer.content.decode()) == (422, True)
        assert room.post(door(anna, "erase"), typed, headers=JSON).status_code == 422
    anna.refresh_from_db()
    assert anna.state == State.READY


def test_a_name_that_nobody_can_type_needs_another_word(
    room: Client, ready_avatar: MakeAvatar, maker: User
) -> None:
    found = ready_avatar(owner=maker, display_name="\u2800")
    assert room.post(door(found, "erase"), {"display_name": ""}).status_code == 422
    assert room.post(door(found, "erase"), {"display_name": "erase"}).status_code == 302


@pytest.fixture
def erased(accepted: MakeAvatar, maker: User) -> Avatar:
    found = accepted(owner=maker, display_name="Annabel Berg")
    send_next(lambda _: None)
    found.refresh_from_db()
    assert found.has_video
    rename(found, "Annabel Zweig", maker)
    found.refresh_from_db()
    assert erase(found, maker)
    return found


def test_the_tombstone_says_who_and_when_and_nothing_else(
    client_of: ClientOf, erased: Avatar
) -> None:
    before = Avatar.objects.get(pk=erased.pk)
    assert before.erased_at
    for browser in (client_of(Role.VIEWER), client_of(Role.ADMINISTRATOR)):
        for what in ("", "/progress"):
            text = browser.get(erased.get_absolute_url() + what).content.decode()
            assert "Erased" in text
            assert "Mona Maker" in text
            assert f"{before.erased_at:%-d %B %Y, %H:%M}" in text
            assert str(erased.pk) in text
            assert str(erased.upstream_id) in text
            for telling in ("Annabel", "thumbnails", "<video", "/still", "Rename", "cara"):
                assert telling not in text


def test_its_facts_tell_no_more_than_its_tombstone(room: Client, erased: Avatar) -> None:
    facts = room.get(erased.get_absolute_url(), headers=JSON).json()
    keys = {"id", "state", "state_words", "upstream_id", "erased_at", "erased_by", "url"}
    assert set(facts) - {"line"} == keys
    assert facts.get("line") is None
    assert (facts["state"], facts["erased_by"]) == ("removed", "Mona Maker")


def test_every_door_to_its_pictures_is_shut(room: Client, erased: Avatar) -> None:
    thumbnail = f"/avatars/{erased.pk}/thumbnails/{erased.photo_sha256[:12]}/320.webp"
    for address in (door(erased, "still"), door(erased, "video"), thumbnail):
        assert room.get(address).status_code == 404


def test_the_doors_are_shut_before_the_last_file_is_gone(
    room: Client, accepted: MakeAvatar, maker: User
) -> None:
    found = accepted(owner=maker, display_name="Annabel Berg")
    Avatar.objects.begin_erasure(found.pk, timezone.now(), by=maker)
    for address in (door(found, "still"), found.thumbnail_url(320)):
        assert room.get(address).status_code == 404
    text = page_of(room, found)
    assert "Being erased" in text
    assert "Annabel" not in text
    assert "Annabel" not in str(room.get(found.get_absolute_url(), headers=JSON).json())


def test_a_tombstone_in_the_gallery_shows_nobody(room: Client, erased: Avatar) -> None:
    assert str(erased.pk) not in room.get("/").content.decode()
    text = room.get("/", {"state": "removed"}).content.decode()
    assert str(erased.pk) in text
    assert "thumbnails" not in text
    assert "Annabel" not in text


def test_erasing_twice_and_undoing_it_change_nothing(room: Client, erased: Avatar) -> None:
    again = room.post(door(erased, "erase"), headers=JSON)
    assert (again.status_code, again.json()["undo_until"]) == (200, None)
    for name in ("restore", "remove-now", "rename"):
        assert room.post(door(erased, name), FORMS["rename"], headers=JSON).status_code == 409


def test_erasing_wakes_who_tells_anam(room: Client, anna: Avatar) -> None:
    text = room.post(door(anna, "erase"), FORMS["erase"], follow=True).content.decode()
    assert "It is erased." in text
    assert "Anam has not been told yet" in text
    assert planned("run_errands").count() == 1
    anna.refresh_from_db()
    assert anna.errand == Errand.ERASE
    run_next()
    assert "Erased at Anam as well." in page_of(room, anna)


class ErasedMeanwhile(DurableStorage):
    """A disk so slow that the avatar is erased before its new thumbnail is written."""

    def _save(self, name: str, content: File[bytes]) -> str:
        found = Avatar.objects.get()
        assert erase(found, found.owner)
        return super()._save(name, content)


@pytest.fixture
def slow_disk(settings: Settings) -> None:
    path = f"{ErasedMeanwhile.__module__}.{ErasedMeanwhile.__qualname__}"
    default = {**settings.STORAGES["default"], "BACKEND": path}
    settings.STORAGES = {**settings.STORAGES, "default": default}


def test_a_thumbnail_made_while_its_avatar_is_erased_does_not_stay(
    room: Client, accepted: MakeAvatar, maker: User, request: Any
) -> None:
    found = accepted(owner=maker)
    default_storage.delete(found.thumbnail_name(320))
    request.getfixturevalue("slow_disk")
    assert room.get(found.thumbnail_url(320)).status_code == 404
    assert not default_storage.exists(found.thumbnail_name(320))
