"""The same wish twice makes one avatar; what the dead leave behind is cleared away."""

import os
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone

from avatars.models import Avatar, Event, Pulse, State, Wish
from avatars.photos.inspect import inspect
from avatars.photos.prepare import Prepared, prepare
from avatars.services.accept import Wanted, accept
from avatars.services.presence import our_token
from avatars.services.strays import delete_stray_files
from avatars.services.wishes import (
    BadKey,
    OtherContent,
    StillRunning,
    clean_up_after_the_dead,
    forget_old,
)
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, at_once, files_in, prepared, time_passes, wipe
from tests.faults import Writes, counted
from tests.photos import pictures
from tests.services.processes import token_of_the_dead

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(person: MakePerson) -> User:
    return person(role=Role.CREATOR)


def one(name: str = "Anna Berg", photo: Prepared | None = None) -> list[Wanted]:
    return [Wanted(name, "cara-4", photo or prepared())]


def left_by(owner: User, key: str, token: str, ids: list[str] | None = None) -> Wish:
    """A wish that somebody began, with half of its files."""
    ids = ids or [str(uuid4())]
    for pk in ids:
        default_storage.save(f"photos/{pk}.jpg", ContentFile(b"a photo"))
        default_storage.save(f"thumbnails/{pk}/abc-96.webp", ContentFile(b"a thumbnail"))
    return Wish.objects.create(
        owner=owner, key=key, fingerprint="f", avatar_ids=ids, claimed_by=token
    )


def age(path: Path, hours: float) -> None:
    moment = timezone.now().timestamp() - 3600 * hours
    os.utime(path, (moment, moment))


# The same key ------------------------------------------------------------------------------------
def test_the_same_wish_again_is_answered_with_the_same_avatars(anna: User, rooms: Path) -> None:
    wanted = [Wanted("Anna", "cara-4", prepared()), Wanted("Anna 2", "cara-4", prepared())]
    first = accept(owner=anna, wanted=wanted, key="k")
    before = files_in(rooms / "media")
    assert accept(owner=anna, wanted=wanted, key="k") == first
    assert [avatar.display_name for avatar in first] == ["Anna", "Anna 2"]
    assert Avatar.objects.count() == Event.objects.count() == 2
    assert files_in(rooms / "media") == before


def test_of_avatars_that_are_gone_meanwhile_the_others_are_answered(anna: User) -> None:
    first, second = accept(owner=anna, wanted=[*one("Anna"), *one("Berta")], key="k")
    wipe(Avatar.objects.filter(pk=first.pk))
    assert accept(owner=anna, wanted=[*one("Anna"), *one("Berta")], key="k") == [second]


@pytest.mark.parametrize(
    "other",
    [
        lambda: one("Another name"),
        lambda: [Wanted("Anna Berg", "cara-3", prepared())],
        lambda: [*one(), *one()],
        lambda: one(photo=_another_photo()),
    ],
    ids=["name", "model", "one more", "photo"],
)
def test_the_same_key_for_something_else_makes_nothing(anna: User, rooms: Path, other: Any) -> None:
    made = accept(owner=anna, wanted=one(), key="k")
    before = files_in(rooms / "media")
    with pytest.raises(OtherContent) as refusal:
        accept(owner=anna, wanted=other(), key="k")
    assert refusal.value.avatars == made
    assert Avatar.objects.count() == 1
    assert files_in(rooms / "media") == before


def test_a_key_is_one_persons_own(anna: User, person: MakePerson) -> None:
    accept(owner=anna, wanted=one(), key="k")
    accept(owner=person(role=Role.CREATOR), wanted=one(), key="k")
    assert Avatar.objects.count() == 2


def test_without_a_key_every_wish_is_a_new_one(anna: User) -> None:
    assert accept(owner=anna, wanted=one()) != accept(owner=anna, wanted=one())


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 101, "x\n", "\0"])
def test_a_key_that_is_none_is_refused(anna: User, rooms: Path, key: str) -> None:
    with pytest.raises(BadKey):
        accept(owner=anna, wanted=one(), key=key)
    assert not Wish.objects.exists()
    assert files_in(rooms / "media") == []


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_avatar(anna: User, rooms: Path) -> None:
    results = at_once(lambda: accept(owner=anna, wanted=one(), key="k"), times=20)
    (avatar,) = Avatar.objects.all()
    others = [found for found in results if found != [avatar]]
    assert len(others) < 20
    assert {type(other) for other in others} <= {StillRunning}
    assert accept(owner=anna, wanted=one(), key="k") == [avatar]
    assert len(files_in(rooms / "media")) == 4
    assert Wish.objects.count() == 1


# Somebody else's claim ---------------------------------------------------------------------------
def test_one_that_is_being_fulfilled_elsewhere_is_left_alone(anna: User) -> None:
    left_by(anna, "k", token="somebody-on-another-machine")
    with pytest.raises(StillRunning):
        accept(owner=anna, wanted=one(), key="k")
    time_passes(290)
    with pytest.raises(StillRunning):
        accept(owner=anna, wanted=one(), key="k")
    assert not Avatar.objects.exists()


@pytest.mark.parametrize("dead", ["its process died", "it was left behind here", "it is old"])
def test_what_the_dead_began_is_taken_over_under_new_ids(
    anna: User, rooms: Path, dead: str
) -> None:
    tokens = {"its process died": token_of_the_dead, "it was left behind here": our_token}
    wish = left_by(anna, "k", tokens.get(dead, lambda: "elsewhere")())
    if dead == "it is old":
        time_passes(301)
    (avatar,) = accept(owner=anna, wanted=one(), key="k")
    assert str(avatar.pk) not in wish.avatar_ids
    assert not any(pk in str(path) for path in files_in(rooms) for pk in wish.avatar_ids)
    assert accept(owner=anna, wanted=one(), key="k") == [avatar]
    assert Wish.objects.count() == 1


def test_whoever_was_taken_for_dead_finds_that_out_and_takes_its_files_away(
    anna: User, rooms: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was only asleep, before its rows; meanwhile another made the avatar."""
    made: list[Avatar] = []
    fsync, syncs = os.fsync, count(1)

    def meanwhile(handle: int) -> None:
        fsync(handle)
        if next(syncs) == 8:  # of four files, and a folder for each
            Wish.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
            made.extend(accept(owner=anna, wanted=one(), key="k"))

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(StillRunning):
        accept(owner=anna, wanted=one(), key="k")
    assert list(Avatar.objects.all()) == made
    assert len(files_in(rooms / "media")) == 4
    assert accept(owner=anna, wanted=one(), key="k") == made


def test_a_commit_whose_answer_was_lost_keeps_its_avatar(
    anna: User, rooms: Path, transactional_db: None
) -> None:
    """As on PostgreSQL when the connection breaks: the row is there, and so must be its photo."""
    accept(owner=anna, wanted=one())
    with counted(Writes()) as usual:
        accept(owner=anna, wanted=one())
    commit = len(usual.seen)
    assert usual.seen[-1] == "COMMIT"
    with counted(Writes(failing_at=commit, after=True)), pytest.raises(OperationalError):
        accept(owner=anna, wanted=one(), key="k")
    assert Avatar.objects.count() == 3
    (avatar,) = accept(owner=anna, wanted=one(), key="k")
    assert default_storage.exists(str(avatar.photo))
    assert len(files_in(rooms / "media")) == 12


# Clearing away -----------------------------------------------------------------------------------
def test_what_a_killed_process_left_behind_is_cleared_away(anna: User, rooms: Path) -> None:
    left_by(anna, "k", token_of_the_dead())
    kept = accept(owner=anna, wanted=one())[0]
    running = left_by(anna, "other", "elsewhere")
    assert clean_up_after_the_dead() == 1
    assert {wish.key for wish in Wish.objects.filter(done_at=None)} == {"other"}
    left = {path.stem for path in files_in(rooms / "media" / "photos")}
    assert left == {str(kept.pk), running.avatar_ids[0]}


def test_no_avatar_loses_its_files_in_a_clean_up(anna: User, rooms: Path) -> None:
    """Whatever a wish claims: a file whose avatar has a row is never touched."""
    (avatar,) = accept(owner=anna, wanted=one())
    before = files_in(rooms / "media")
    ids = [str(avatar.pk)]
    Wish.objects.create(
        owner=anna, key="k", fingerprint="f", avatar_ids=ids, claimed_by=token_of_the_dead()
    )
    assert clean_up_after_the_dead() == 1
    assert files_in(rooms / "media") == before


def test_wishes_are_forgotten_after_a_day(anna: User) -> None:
    accept(owner=anna, wanted=one(), key="k")
    Avatar.objects.update(state=State.READY)
    time_passes(86_000)
    assert forget_old(timezone.now()) == 0
    time_passes(500)
    assert forget_old(timezone.now()) == 1
    accept(owner=anna, wanted=one(), key="k")
    assert Avatar.objects.count() == 2


def test_files_of_no_avatar_are_deleted_once_they_are_old(
    anna: User, rooms: Path, avatar: MakeAvatar
) -> None:
    (kept,) = accept(owner=anna, wanted=one())
    named_at_random = default_storage.save(f"photos/{uuid4()}.jpg", ContentFile(b"an old row's"))
    avatar(photo=named_at_random)
    pk = uuid4()
    for name in (
        f"photos/{pk}.jpg",
        f"photos/.{pk}.jpg.0a1b2c3d.part",
        f"photos/.{kept.pk}.jpg.0a1b2c3d.part",
        f"thumbnails/{pk}/abc-96.webp",
        f"thumbnails/{pk}/.abc-96.webp.0a1b2c3d.part",
    ):
        path = Path(default_storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left behind")
    expected = {path for path in files_in(rooms / "media") if path.read_bytes() != b"left behind"}
    for path in (rooms / "media").rglob("*"):
        age(path, hours=2)
    fresh = Path(default_storage.path(default_storage.save(f"photos/{uuid4()}.png", _few())))
    assert delete_stray_files(timezone.now() - timedelta(hours=1)) == 5
    assert set(files_in(rooms / "media")) == expected | {fresh}
    assert delete_stray_files(timezone.now() - timedelta(hours=1)) == 0


def test_under_a_database_that_never_met_them_no_file_is_a_stray(
    anna: User, rooms: Path, avatar: MakeAvatar
) -> None:
    accept(owner=anna, wanted=one())
    delete_stray_files(timezone.now())
    photos = files_in(rooms / "media" / "photos")
    wipe(Avatar.objects.all())  # an empty database
    assert delete_stray_files(timezone.now() + timedelta(hours=1)) == 0
    avatar()  # and then another installation's
    Pulse.objects.all().delete()
    assert delete_stray_files(timezone.now() + timedelta(hours=1)) == 0
    assert files_in(rooms / "media" / "photos") == photos


def test_the_folder_of_a_stray_goes_with_its_last_file_when_it_is_old(
    rooms: Path, avatar: MakeAvatar
) -> None:
    avatar()
    old, young = (rooms / "media" / "thumbnails" / str(uuid4()) for _ in range(2))
    for folder in (old, young):
        folder.mkdir(parents=True)
    age(old, hours=2)
    delete_stray_files(timezone.now() - timedelta(hours=1))
    assert (old.exists(), young.exists()) == (False, True)


def _few() -> ContentFile[bytes]:
    return ContentFile(b"somebody is just writing it")


def _another_photo() -> Prepared:
    found = inspect(pictures.portrait_png(300, 300)).photo
    assert found
    return prepare(found)
