"""A process is killed at each of its writes in turn: a photo on the desk is whole, or not there."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Draft, Wish
from avatars.photos.framing import Frame
from avatars.services import drafts, strays, wishes
from avatars.services.making import Choices, make
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, files_in, wipe
from tests.faults import killed
from tests.photos import pictures

pytestmark = pytest.mark.django_db(transaction=True)
PHOTO = pictures.portrait_jpeg(500, 400)
OF_A_DRAFT = 4  # files: what came, what is sent, and two small pictures
OF_AN_AVATAR = 4


@pytest.fixture
def anna(person: MakePerson, accepted: MakeAvatar) -> User:
    accepted()  # strays are only looked for where database and files know each other
    return person(role=Role.CREATOR)


def put(owner: User) -> Draft:
    return drafts.put(owner, "k", "anna.jpg", PHOTO)


def is_whole(draft: Draft) -> bool:
    return len(draft.files) == OF_A_DRAFT and all(map(default_storage.exists, draft.files))


def files(settings: Settings) -> int:
    """How many are there once everything that belongs to nothing has gone."""
    wishes.clean_up_after_the_dead()
    strays.delete_stray_files(timezone.now() + timedelta(seconds=5))
    return len(files_in(settings.MEDIA_ROOT))


def test_killed_while_a_photo_is_put_there_it_is_whole_or_not_there(
    anna: User, settings: Settings
) -> None:
    for _ in killed(lambda: put(anna)):
        assert all(map(is_whole, Draft.objects.all()))
        assert files(settings) == OF_AN_AVATAR + OF_A_DRAFT * Draft.objects.count()
        again = put(anna)  # the browser tries again
        assert is_whole(again)
        assert drafts.take_off([again])
    assert is_whole(Draft.objects.get())


def test_killed_while_it_is_cut_the_old_frame_or_the_new_one_is_there(
    anna: User, settings: Settings
) -> None:
    draft = put(anna)
    for _ in killed(lambda: drafts.reframe(draft, Frame(side=300))):
        draft.refresh_from_db()
        assert is_whole(draft)
        assert drafts.reframe(draft, Frame(side=350))
        assert is_whole(draft)
    assert drafts.take_off([draft])
    assert files(settings) == OF_AN_AVATAR


def test_killed_while_it_is_taken_off_it_goes_with_the_next_try(
    anna: User, settings: Settings
) -> None:
    put(anna)
    for _ in killed(lambda: drafts.take_off(Draft.objects.all())):
        assert drafts.take_off(Draft.objects.all())
        assert files(settings) == OF_AN_AVATAR
        put(anna)
    assert files(settings) == OF_AN_AVATAR


def test_killed_while_it_is_made_one_avatar_comes_of_it_in_the_end(
    anna: User, settings: Settings
) -> None:
    draft = put(anna)
    for _ in killed(lambda: make(Draft.objects.get(), Choices("cara-4"))):
        made = Avatar.objects.filter(owner=anna)
        assert len(made) <= 1
        assert made or is_whole(Draft.objects.get())
        again = make(draft, Choices("cara-4"))
        assert list(made.all()) == [again]
        assert not Draft.objects.exists()
        assert files(settings) == 2 * OF_AN_AVATAR
        _undo(again)
        draft = put(anna)


def _undo(avatar: Avatar) -> None:
    wipe(Avatar.objects.filter(pk=avatar.pk))
    Wish.objects.filter(owner=avatar.owner).delete()
