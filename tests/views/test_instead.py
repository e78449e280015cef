"""A new photo for an avatar: the desk begins with what was chosen for the old one."""

import pytest
from django.utils import timezone

from avatars.models import State
from avatars.upstream.errors import Cause
from avatars.views.instead import instead_of
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db
NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def ines(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Ines")


def test_name_model_and_purpose_are_kept(ines: User, avatar: MakeAvatar) -> None:
    found = avatar(owner=ines, display_name="Anna", model="cara-3", purpose="Our\nlobby")
    assert instead_of(ines, str(found.pk)) == {
        "display_name": "Anna",
        "avatar_model": "cara-3",
        "purpose": "Our\nlobby",
        "replaces": str(found.pk),
    }


def test_a_model_that_anam_denied_is_not_chosen_again(ines: User, avatar: MakeAvatar) -> None:
    found = avatar(owner=ines, state=State.REFUSED, cause=Cause.MODEL)
    kept = instead_of(ines, str(found.pk))
    assert kept
    assert kept["avatar_model"] == ""


def test_a_model_that_is_offered_no_more_is_not_chosen(ines: User, avatar: MakeAvatar) -> None:
    kept = instead_of(ines, str(avatar(owner=ines, model="cara-2").pk))
    assert kept
    assert kept["avatar_model"] == ""


def test_somebody_elses_avatar_tells_nothing(ines: User, avatar: MakeAvatar) -> None:
    assert instead_of(ines, str(avatar().pk)) is None


@pytest.mark.parametrize("fields", [{"erased_at": timezone.now()}, {"errand": "erase"}])
def test_an_erased_face_is_forgotten(
    ines: User, avatar: MakeAvatar, fields: dict[str, object]
) -> None:
    assert instead_of(ines, str(avatar(owner=ines, **fields).pk)) is None


@pytest.mark.parametrize("text", ["", "x", "1", "' or 1=1", "\x00", "é" * 40, "{" * 9, NOBODYS])
def test_what_is_no_avatar_is_passed_over(ines: User, text: str) -> None:
    assert instead_of(ines, text) is None
