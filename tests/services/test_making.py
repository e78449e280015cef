"""From the desk to avatars: once each, and nothing is lost in between."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from avatars.models import Avatar, Draft, Event, Kind, Wish
from avatars.services import drafts, wishes
from avatars.services.making import Choices, PhotoIsLost, made_of, make
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakePerson, at_once, files_in
from tests.photos import pictures

pytestmark = pytest.mark.django_db
CHOICES = Choices("cara-4", purpose="Our intranet")


@pytest.fixture
def anna(person: MakePerson) -> User:
    return person(role=Role.CREATOR)


@pytest.fixture
def draft(anna: User) -> Draft:
    turned = pictures.phone_jpeg(orientation=6, width=500, height=400)
    return drafts.put(anna, "k", "anna.jpg", turned)


def test_what_was_looked_at_is_what_is_made(draft: Draft, settings: Settings) -> None:
    with default_storage.open(str(draft.photo)) as stream:
        looked_at = stream.read()
    avatar = make(draft, CHOICES)
    assert (avatar.display_name, avatar.model, avatar.purpose) == ("Anna", "cara-4", "Our intranet")
    assert avatar.advice == draft.advice
    with default_storage.open(str(avatar.photo)) as stream:
        assert stream.read() == looked_at
    assert not Draft.objects.exists()
    assert len(files_in(settings.MEDIA_ROOT)) == 4
    assert Event.objects.get(avatar=avatar, kind=Kind.UPLOADED).actor == draft.owner


def test_made_once_more_it_is_the_same_avatar(draft: Draft) -> None:
    again = Draft.objects.get()
    first = make(draft, CHOICES)
    assert made_of(draft.owner, [again.pk]) == [first]
    Draft.objects.bulk_create([again])  # as if its process had died before it was taken off
    default_storage.save(str(again.photo), ContentFile(_bytes_of(first)))
    again.display_name = "Another name"
    assert make(again, CHOICES) == first
    assert Avatar.objects.count() == 1
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_pressed_in_several_tabs_at_once_one_avatar_is_made(draft: Draft) -> None:
    made = at_once(lambda: make(draft, CHOICES).pk, times=6)
    assert set(made) == {Avatar.objects.get().pk}
    assert not Draft.objects.exists()


def test_who_must_not_wait_is_told_at_once_that_another_request_makes_it(
    anna: User, draft: Draft
) -> None:
    Wish.objects.create(
        owner=anna, key=f"draft-{draft.pk}", fingerprint="f", claimed_by="elsewhere"
    )
    with pytest.raises(wishes.StillRunning):
        make(draft, CHOICES, patience=0)
    assert Draft.objects.exists()


def test_a_photo_that_has_changed_on_disk_is_not_sent(draft: Draft) -> None:
    default_storage.delete(str(draft.photo))
    default_storage.save(str(draft.photo), ContentFile(pictures.portrait_jpeg(400, 400)))
    with pytest.raises(PhotoIsLost):
        make(draft, CHOICES)
    assert not Avatar.objects.exists()
    assert Draft.objects.exists()


def test_the_key_of_a_draft_is_one_that_wishes_take(draft: Draft) -> None:
    make(draft, CHOICES)
    assert Wish.objects.get().key == f"draft-{draft.pk}"


def _bytes_of(avatar: Avatar) -> bytes:
    with default_storage.open(str(avatar.photo)) as stream:
        return bytes(stream.read())
