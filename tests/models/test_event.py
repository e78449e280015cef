"""The record is written once and never changed."""

import pytest

from avatars.models import Event, Kind
from tests.conftest import MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db


def test_an_event_can_neither_be_changed_nor_deleted(avatar: MakeAvatar) -> None:
    event = Event.objects.create(avatar=avatar(), kind=Kind.UPLOADED)
    event.note = "later"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    event.refresh_from_db()
    assert event.note == ""


def test_an_event_tells_who_did_what(avatar: MakeAvatar, person: MakePerson) -> None:
    by_someone = Event(avatar=avatar(), actor=person(name="Grace"), kind=Kind.APPROVED)
    by_itself = Event(avatar=avatar(), kind=Kind.SENDING)
    assert f"{by_someone.actor_name} {by_someone.sentence}" == "Grace approved the avatar"
    assert by_itself.actor_name == "Greenroom"
