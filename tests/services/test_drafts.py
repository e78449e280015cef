"""Photos on somebody's desk: kept, put in order, taken off."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Desk, Draft
from avatars.photos.framing import Frame
from avatars.services import drafts, erasing, strays
from avatars.services.lookalikes import seen_before
from avatars.services.making import Choices, make
from avatars.tasks import tidy
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, at_once, files_in
from tests.faults import failing_at
from tests.photos import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(person: MakePerson) -> User:
    return person(role=Role.CREATOR)


def put(owner: User, data: bytes | None = None, name: str = "anna.jpg", key: str = "k") -> Draft:
    return drafts.put(owner, key, name, pictures.portrait_jpeg(600, 400) if data is None else data)


def stored(file: Any) -> bytes:
    with default_storage.open(str(file)) as stream:
        return bytes(stream.read())


def states(draft: Draft) -> dict[str, str]:
    return {check["key"]: check["state"] for check in draft.checks}


def test_a_photo_is_kept_as_it_came_as_a_whole_preview_and_as_it_would_be_sent(anna: User) -> None:
    turned = pictures.phone_jpeg(orientation=6, width=600, height=800)
    draft = put(anna, turned, "IMG_anna-berg.JPG")
    assert (draft.display_name, draft.kind, draft.width, draft.height) == (
        "Anna Berg",
        "JPEG",
        600,
        800,
    )
    assert stored(draft.original) == turned
    assert pictures.opened(stored(draft.preview)).size == (600, 800)
    sent = pictures.opened(stored(draft.photo))
    assert sent.size == (draft.photo_width, draft.photo_height) == (600, 800)
    assert pictures.GPS_WORDS not in stored(draft.photo)
    assert pictures.opened(stored(draft.square)).size == (600, 600)
    assert states(draft)["upright"] == "fixed"


def test_the_same_drop_sent_again_is_the_same_draft(anna: User) -> None:
    assert put(anna).pk == put(anna).pk
    assert Draft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_drop_sent_by_several_at_once_is_one_draft(anna: User, settings: Settings) -> None:
    made = at_once(lambda: put(anna).pk, times=6)
    assert set(made) == {Draft.objects.get().pk}
    assert len(files_in(settings.MEDIA_ROOT)) == 4


def test_what_will_not_do_is_kept_as_findings_without_its_bytes(
    anna: User, settings: Settings
) -> None:
    draft = put(anna, pictures.portrait_gif(), "holiday.gif")
    assert [finding["code"] for finding in draft.advice] == ["not-a-photo"]
    assert states(draft)["kind"] == "error"
    assert not draft.has_photo
    assert files_in(settings.MEDIA_ROOT) == []


def test_a_strip_will_not_do_until_a_frame_is_cut_out_of_it(anna: User) -> None:
    draft = put(anna, pictures.portrait_jpeg(2400, 500))
    assert not draft.has_photo
    assert draft.original
    assert drafts.reframe(draft, Frame(left=900, top=0, side=500))
    assert draft.has_photo
    assert pictures.opened(stored(draft.photo)).size == (500, 500)


def test_a_frame_is_cut_out_of_what_came_pixel_for_pixel(anna: User) -> None:
    draft = put(anna, pictures.portrait_png(600, 400))
    assert drafts.reframe(draft, Frame(left=200, top=50, side=300))
    cut = pictures.opened(stored(draft.photo)).convert("RGB")
    wanted = pictures.portrait(600, 400).crop((200, 50, 500, 350))
    assert pictures.difference(cut, wanted) == 0
    assert states(draft)["shape"] == "good"


def test_a_frame_may_be_taken_back(anna: User, settings: Settings) -> None:
    draft = put(anna)
    first = stored(draft.photo)
    assert drafts.reframe(draft, Frame(left=0, top=0, side=300))
    assert drafts.reframe(draft, Frame())
    assert stored(draft.photo) == first
    assert draft.frame == {}
    assert len(files_in(settings.MEDIA_ROOT)) == 4


def test_a_turn_turns_preview_and_photo(anna: User) -> None:
    draft = put(anna, pictures.portrait_png(600, 400))
    assert drafts.reframe(draft, Frame(turns=1))
    assert drafts.sides_of(draft) == (400, 600)
    for file in (draft.preview, draft.photo):
        assert pictures.opened(stored(file)).size == (400, 600)
    upright = pictures.portrait(600, 400).rotate(-90, expand=True)
    sent = pictures.opened(stored(draft.photo)).convert("RGB")
    assert pictures.difference(sent, upright) == 0


def test_a_frame_beyond_the_edge_is_moved_inside(anna: User) -> None:
    draft = put(anna)
    assert drafts.reframe(draft, Frame(turns=7, left=9000, top=9000, side=9000))
    frame = drafts.frame_of(draft)
    assert frame == frame.within(draft.width, draft.height)
    assert draft.photo_width == draft.photo_height == 400


def test_of_two_frames_at_once_the_second_leaves_no_files(anna: User, settings: Settings) -> None:
    mine, theirs = put(anna), put(anna)
    assert drafts.reframe(mine, Frame(side=300))
    assert not drafts.reframe(theirs, Frame(side=350))
    assert Draft.objects.get().photo_width == 300
    assert len(files_in(settings.MEDIA_ROOT)) == 4


def test_no_file_of_a_draft_is_ever_called_like_another_one(anna: User) -> None:
    draft = put(anna)
    names = set()
    for side in (300, 350):  # as if two had begun with the same version at once
        Draft.objects.update(version=1)
        draft.refresh_from_db()
        assert drafts.reframe(draft, Frame(side=side))
        names.add(str(draft.photo))
        default_storage.delete(str(draft.photo))
    assert len(names) == 2


def test_the_desk_holds_so_many_and_no_more(anna: User) -> None:
    first = put(anna)
    others = [Draft(owner=anna, key=str(number)) for number in range(drafts.MOST - 1)]
    Draft.objects.bulk_create(others)
    with pytest.raises(drafts.DeskIsFull):
        put(anna, key="one more")
    assert put(anna).pk == first.pk


def test_taken_off_nothing_is_left(anna: User, settings: Settings) -> None:
    draft = put(anna)
    drafts.take_off([draft])
    assert not Draft.objects.exists()
    assert files_in(settings.MEDIA_ROOT) == []
    assert not (Path(settings.MEDIA_ROOT) / "drafts" / str(draft.pk)).exists()


def test_a_frame_that_was_cut_meanwhile_goes_too(anna: User, settings: Settings) -> None:
    draft, seen_before_that = put(anna), put(anna)
    assert drafts.reframe(draft, Frame(side=300))
    assert drafts.take_off([seen_before_that])
    assert files_in(settings.MEDIA_ROOT) == []


def test_what_a_killed_process_wrote_beside_a_draft_goes_with_it(
    anna: User, settings: Settings
) -> None:
    draft = put(anna)
    default_storage.save(f"drafts/{draft.pk}/2-photo.jpg", ContentFile(b"a face"))
    assert drafts.take_off([draft])
    assert files_in(settings.MEDIA_ROOT) == []


def test_what_nobody_touched_for_a_week_goes_with_its_files(anna: User, settings: Settings) -> None:
    put(anna, key="old")
    put(anna, key="new")
    eight_days_ago = timezone.now() - timedelta(days=8)
    Draft.objects.filter(key="old").update(touched_at=eight_days_ago)
    tidy()
    assert Draft.objects.get().key == "new"
    assert len(files_in(settings.MEDIA_ROOT / "drafts")) == 4


def test_files_of_nobody_s_desk_are_strays(anna: User, accepted: MakeAvatar) -> None:
    accepted()
    draft = put(anna)
    kept = put(anna, key="kept")
    Draft.objects.filter(pk=draft.pk).delete()
    later = timezone.now() + timedelta(seconds=5)
    assert strays.delete_stray_files(timezone.now() - timedelta(days=7)) == 0
    assert strays.delete_stray_files(later) == 4
    assert all(default_storage.exists(name) for name in kept.files)


def test_a_folder_that_is_no_draft_keeps_no_tidying_from_its_end(
    accepted: MakeAvatar, settings: Settings
) -> None:
    accepted()
    foreign = Path(settings.MEDIA_ROOT) / "drafts" / "lost+found"
    foreign.mkdir(parents=True)
    tidy()
    assert foreign.exists()


def test_an_erasure_is_not_over_while_a_draft_of_it_lies_on_the_disk(
    anna: User, accepted: MakeAvatar, settings: Settings
) -> None:
    avatar = accepted()
    draft = drafts.put(anna, "same", "a.jpg", pictures.portrait_jpeg(400, 400))
    file = Path(settings.MEDIA_ROOT) / str(draft.original)
    # A folder that holds something can't be deleted as a file is, whoever asks.
    file.unlink()
    file.mkdir()
    stuck = file / "stuck"
    stuck.touch()
    erasing.erase(avatar, avatar.owner)
    assert not erasing.erase_here(avatar)
    avatar.refresh_from_db()
    assert avatar.erased_at is None
    assert Draft.objects.exists()
    assert not Desk.objects.exists()  # nothing has left it yet
    stuck.unlink()
    file.rmdir()
    assert erasing.erase_here(avatar)
    assert not Draft.objects.exists()
    assert Desk.objects.get(owner=anna).taken_off == 1


def test_what_was_cut_out_of_a_photo_is_known_in_the_whole_of_it(
    anna: User, settings: Settings
) -> None:
    whole = pictures.portrait_jpeg(900, 900)
    tight = drafts.put(anna, "tight", "a.jpg", whole)
    assert drafts.reframe(tight, Frame(left=500, top=600, side=300))
    avatar = make(tight, Choices("cara-4"))
    again = drafts.put(anna, "again", "a.jpg", whole)
    other = drafts.put(anna, "other", "b.png", pictures.noise_png(400))
    assert seen_before([again, other], Avatar.objects.all()) == {again.pk: [(avatar, False)]}
    erasing.erase(avatar, avatar.owner)
    avatar.refresh_from_db()
    assert (avatar.photo_likeness, avatar.whole_likeness) == ("", "")
    assert list(Draft.objects.all()) == [other]


@pytest.mark.django_db(transaction=True)
def test_whichever_write_fails_or_loses_its_answer_a_photo_is_whole_or_not_there(
    anna: User, settings: Settings
) -> None:
    survived = 0
    for n in range(1, 100):
        with failing_at(n, after=True) as failing, suppress(OSError, OperationalError):
            put(anna)
        if not failing.failed:
            break
        here = Draft.objects.all()
        assert len(files_in(settings.MEDIA_ROOT)) == 4 * len(here)
        survived += len(here)
        assert drafts.take_off(here)
    assert n > 20
    assert survived  # the commit was done, and only its answer was lost


def test_cut_and_taken_off_at_once_it_is_gone_without_a_word(anna: User) -> None:
    draft = put(anna)

    def taken_off_meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)
        if sql.startswith("UPDATE"):
            Draft.objects.filter(pk=draft.pk).delete()
        return done

    with connection.execute_wrapper(taken_off_meanwhile):
        assert drafts.reframe(draft, Frame(side=300))
    assert not Draft.objects.exists()


def test_who_is_erased_lies_on_no_desk_any_more(anna: User, accepted: MakeAvatar) -> None:
    avatar = accepted()
    same = drafts.put(anna, "same", "a.jpg", pictures.portrait_jpeg(400, 400))
    alike = drafts.put(anna, "alike", "a.jpg", pictures.portrait_jpeg(900, 900, quality=60))
    other = drafts.put(anna, "other", "a.png", pictures.noise_png(400))
    tight = drafts.put(anna, "tight", "a.jpg", pictures.portrait_jpeg(900, 900, quality=60))
    assert drafts.reframe(tight, Frame(left=500, top=600, side=300))
    assert same.photo_sha256 == avatar.photo_sha256 != alike.photo_sha256
    erasing.erase(avatar, avatar.owner)
    assert list(Draft.objects.all()) == [other]
