"""Erasing: what is left here, and what is told to Anam."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Difference, Errand, Kind, State, Wish
from avatars.models.errand_transitions import ERASED_NAME
from avatars.services.changing import remove, restore
from avatars.services.erasing import erase
from avatars.services.errands import run_next
from tests.conftest import MakeAvatar, MakePerson, ScriptAnam, files_in, prepared, time_passes
from tests.services.told import counting, holding, kinds, send

pytestmark = pytest.mark.django_db
IN_DOUBT = [State.SENDING, State.UNKNOWN]


def told_all(avatar: Avatar) -> Avatar:
    """With everything that a row and its company can know about a face."""
    assert avatar.owner
    Avatar.objects.filter(pk=avatar.pk).update(
        review_note="Annabel looks tired",
        said="Annabel?",
        advice=[{"title": "Annabel"}],
        candidates=[{"display_name": "Annabel"}],
        image_url="https://api.anam.ai/annabel.jpg",
        cause="quota",
    )
    avatar.events.create(kind=Kind.CHANGES, note="Annabel again", detail={"name": "Annabel"})
    Difference.objects.create(
        rehearsal=avatar.rehearsal,
        kind="renamed",
        upstream_id=avatar.upstream_id or "",
        avatar=avatar,
        detail={"name": "Annabel"},
    )
    Wish.objects.create(
        owner=avatar.owner, key="k-1", fingerprint="abc", avatar_ids=[str(avatar.pk)]
    )
    return avatar


def everything_about(avatar: Avatar) -> str:
    rows: list[Any] = [*Avatar.objects.values(), *Difference.objects.values()]
    rows += [*avatar.events.values(), *Wish.objects.filter(owner=avatar.owner).values()]
    return repr(rows)


def test_erasing_leaves_no_photo_no_name_and_no_word_here(
    accepted: MakeAvatar, rooms: Path
) -> None:
    avatar = accepted(display_name="Annabel Berg")
    send(avatar)
    told_all(avatar)
    digest = avatar.photo_sha256
    thumbnails = list(prepared().thumbnails.values())
    assert holding(prepared().data, rooms)
    assert all(holding(picture, rooms) for picture in thumbnails)
    assert "Annabel" in everything_about(avatar)
    assert erase(avatar, avatar.owner)
    assert not files_in(rooms / "media")
    assert not list((rooms / "media" / "thumbnails").iterdir())
    for telling in ("Annabel", digest, "anam.ai"):
        assert telling not in everything_about(avatar)
    avatar.refresh_from_db()
    assert (avatar.display_name, avatar.state) == (ERASED_NAME, State.REMOVED)
    assert avatar.erased_at is not None
    assert avatar.upstream_id
    assert avatar.model == "cara-4"


def test_the_sandbox_forgets_it_too(accepted: MakeAvatar, rooms: Path) -> None:
    avatar = accepted()
    send(avatar)
    erase(avatar, avatar.owner)
    assert holding(prepared().data, rooms)  # in the sandbox, which has not been told yet
    assert run_next() == avatar
    assert not holding(prepared().data, rooms)
    assert not [p for p in files_in(rooms / "sandbox") if str(avatar.upstream_id) in str(p)]
    avatar.refresh_from_db()
    assert avatar.errand == ""
    assert kinds(avatar)[-3:] == [Kind.ERASURE, Kind.ERASED, Kind.ERASURE_TOLD]


def test_what_was_removed_there_long_ago_is_erased_there_as_well(
    accepted: MakeAvatar, rooms: Path, settings: Settings
) -> None:
    settings.UNDO_SECONDS = 0
    avatar = accepted()
    send(avatar)
    remove(avatar, avatar.owner)
    run_next()
    avatar.refresh_from_db()
    assert avatar.errand == ""
    assert holding(prepared().data, rooms / "sandbox")
    assert erase(avatar, avatar.owner)
    run_next()
    assert not holding(prepared().data, rooms)


def test_the_record_says_who_asked_and_when(
    accepted: MakeAvatar, person: MakePerson, anam: ScriptAnam
) -> None:
    avatar, someone = accepted(), person()
    remove(avatar, avatar.owner)
    erase(avatar, someone)
    run_next()
    avatar.refresh_from_db()
    assert avatar.removed_by == someone
    events = avatar.events.filter(kind__in=[Kind.ERASURE, Kind.ERASED])
    assert [(event.kind, event.actor) for event in events] == [
        (Kind.ERASURE, someone),
        (Kind.ERASED, someone),
    ]
    assert (avatar.errand, kinds(avatar)[-1]) == ("", Kind.ERASED)  # Anam never had it


def test_erasing_does_not_wait_for_anam(
    accepted: MakeAvatar, rooms: Path, anam: ScriptAnam
) -> None:
    avatar = accepted()
    Avatar.objects.filter(pk=avatar.pk).update(
        state=State.READY, upstream_id="a-1", rehearsal=False
    )
    calls: list[httpx.Request] = []
    anam(counting(calls, 503))
    avatar.refresh_from_db()
    erase(avatar, avatar.owner)
    assert (calls, files_in(rooms / "media")) == ([], [])
    run_next()
    avatar.refresh_from_db()
    assert (avatar.errand, avatar.errand_cause) == (Errand.ERASE, "no-answer")
    assert avatar.erased_at is not None


@pytest.mark.parametrize("state", IN_DOUBT)
def test_what_is_on_its_way_is_not_erased(accepted: MakeAvatar, state: State) -> None:
    avatar = accepted()
    Avatar.objects.filter(pk=avatar.pk).update(state=state)
    assert not erase(avatar, avatar.owner)
    assert default_storage.exists(str(avatar.photo))


def test_erasing_twice_is_erasing_once(accepted: MakeAvatar) -> None:
    avatar = accepted()
    assert [erase(avatar, avatar.owner) for _ in range(2)] == [True, False]
    run_next()
    assert not erase(avatar, avatar.owner)
    assert kinds(avatar).count(Kind.ERASED) == 1


def test_nothing_brings_an_erased_one_back(accepted: MakeAvatar) -> None:
    avatar = accepted()
    remove(avatar, avatar.owner)
    erase(avatar, avatar.owner)
    assert not restore(avatar, avatar.owner)
    run_next()
    assert not restore(avatar, avatar.owner)


def test_a_process_that_died_right_after_the_promise_is_made_good_for(
    accepted: MakeAvatar, rooms: Path
) -> None:
    avatar = accepted()
    send(avatar)
    Avatar.objects.begin_erasure(avatar.pk, timezone.now(), by=avatar.owner)
    assert run_next() == avatar
    avatar.refresh_from_db()
    assert avatar.erased_at is not None
    assert not holding(prepared().data, rooms)


def test_a_process_that_died_between_the_files_is_made_good_for(
    accepted: MakeAvatar, rooms: Path
) -> None:
    avatar = accepted()
    Avatar.objects.begin_erasure(avatar.pk, timezone.now(), by=avatar.owner)
    default_storage.delete(str(avatar.photo))
    default_storage.delete(avatar.thumbnail_name(96))
    run_next()
    assert not files_in(rooms / "media")
    avatar.refresh_from_db()
    assert avatar.erased_at is not None


def test_a_disk_that_lets_go_of_no_file_is_asked_again_and_anam_is_told_meanwhile(
    accepted: MakeAvatar, rooms: Path
) -> None:
    avatar = accepted(display_name="Annabel Berg", purpose="For Annabel")
    send(avatar)
    told_all(avatar)
    # A folder where no folder is expected can't be deleted, whoever asks.
    stuck = rooms / "media" / "thumbnails" / str(avatar.pk) / "stuck"
    stuck.mkdir()
    assert erase(avatar, avatar.owner)
    run_next()
    avatar.refresh_from_db()
    assert (avatar.erased_at, avatar.errand) == (None, Errand.ERASE)
    assert avatar.is_erased
    assert not holding(prepared().data, rooms)
    assert Kind.ERASURE_TOLD not in kinds(avatar)
    assert "Annabel" not in everything_about(avatar)
    stuck.rmdir()
    time_passes(61)
    run_next()
    avatar.refresh_from_db()
    assert avatar.erased_at is not None
    assert (avatar.errand, kinds(avatar)[-1]) == ("", Kind.ERASURE_TOLD)


def test_other_avatars_keep_their_files_and_their_wishes(accepted: MakeAvatar, rooms: Path) -> None:
    avatar = accepted()
    assert avatar.owner
    other = accepted(owner=avatar.owner)
    ids = [str(other.pk)]
    kept = Wish.objects.create(owner=avatar.owner, key="k-2", fingerprint="abc", avatar_ids=ids)
    erase(told_all(avatar), avatar.owner)
    assert default_storage.exists(str(other.photo))
    assert default_storage.exists(other.thumbnail_name(320))
    assert Wish.objects.filter(pk=kept.pk, fingerprint="abc").exists()
    # The key stays used, or a late repetition of the form would make the face again.
    assert Wish.objects.filter(key="k-1", fingerprint="").exists()


def test_a_thumbnail_that_a_killed_process_left_half_written_goes_too(
    accepted: MakeAvatar, rooms: Path
) -> None:
    avatar = accepted()
    folder = rooms / "media" / "thumbnails" / str(avatar.pk)
    (folder / ".abc-96.webp.0f.part").write_bytes(b"half a face")
    default_storage.save(f"thumbnails/{avatar.pk}/older-96.webp", ContentFile(b"an older face"))
    erase(avatar, avatar.owner)
    assert not folder.exists()


def test_a_sandbox_that_was_killed_half_way_lets_go_of_the_rest(
    accepted: MakeAvatar, rooms: Path
) -> None:
    avatar = accepted()
    send(avatar)
    folder = rooms / "sandbox" / "avatars" / str(avatar.upstream_id)
    folder.rename(folder.with_name(".gone-a"))
    erase(avatar, avatar.owner)
    run_next()
    assert not holding(prepared().data, rooms)


def test_what_it_was_before_it_was_created_again_is_erased_too(
    ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.url.path.rsplit('/')[-1]} {request.url.params.get('hard')}")
        return httpx.Response(404)

    anam(handler)
    avatar = ready_avatar(rehearsal=False, upstream_id="a-2", former_ids=["a-1"])
    erase(avatar, avatar.owner)
    run_next()
    assert asked == ["a-2 true", "a-1 true"]
    avatar.refresh_from_db()
    assert avatar.errand == ""


def test_its_name_is_forgotten_where_it_could_have_been_another_one(
    ready_avatar: MakeAvatar, avatar: MakeAvatar
) -> None:
    erased = ready_avatar(display_name="Annabel")
    candidates = [
        {"id": erased.upstream_id, "display_name": "Annabel", "created_at": None},
        {"id": "a-9", "display_name": "Ben", "created_at": None},
    ]
    other = avatar(state=State.UNKNOWN, candidates=candidates)
    erase(erased, erased.owner)
    other.refresh_from_db()
    assert [candidate["id"] for candidate in other.candidates] == ["a-9"]
