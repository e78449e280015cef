"""What all consents to one photo come to."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from avatars.models import Approval, Avatar, Consent, How, Standing, Wording
from avatars.services import consents
from avatars.services.consent_sums import mend, same_photo, standing_of
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db
PHOTO = "a" * 64
NOW = timezone.now()
SOON, LATER = NOW + timedelta(days=1), NOW + timedelta(days=9)
AGO, LONG_AGO = NOW - timedelta(hours=1), NOW - timedelta(days=9)


@pytest.fixture
def mia(person: MakePerson, wording: Wording) -> User:
    return person(role=Role.CREATOR)


@pytest.fixture
def face(ready_avatar: MakeAvatar, mia: User) -> MakeAvatar:
    def make(**fields: Any) -> Avatar:
        return ready_avatar(owner=mia, photo="p", **{"photo_sha256": PHOTO, **fields})

    return make


def row(avatar: Avatar, standing: str, **fields: Any) -> Consent:
    defaults = {"how": How.LINK, "wording": Wording.current(), "photo_sha256": PHOTO}
    return Consent.objects.create(avatar=avatar, standing=standing, **{**defaults, **fields})


def given(until: datetime | None = None) -> dict[str, Any]:
    return {"standing": "given", "valid_until": until, "answered_at": LONG_AGO}


def withdrawn(at: datetime) -> dict[str, Any]:
    return {"standing": "withdrawn", "withdrawn_at": at}


def denied(at: datetime) -> dict[str, Any]:
    return {"standing": "denied", "answered_at": at}


ASKED = {"standing": "asked", "link_until": SOON}
SUMS: list[tuple[list[dict[str, Any]], tuple[str, datetime | None]]] = [
    ([], ("none", None)),
    ([ASKED], ("asked", None)),
    ([{"standing": "asked", "link_until": AGO}], ("none", None)),
    ([{**ASKED, "cancelled_at": AGO}], ("none", None)),
    ([given()], ("given", None)),
    ([given(SOON)], ("given", SOON)),
    ([given(SOON), given(LATER)], ("given", LATER)),
    ([given(SOON), given()], ("given", None)),
    ([given(AGO)], ("expired", None)),  # the clock counts, before anybody wrote it down
    ([given(AGO), given(SOON)], ("given", SOON)),
    ([given(SOON), ASKED], ("given", SOON)),
    ([withdrawn(AGO), given()], ("given", None)),
    ([withdrawn(AGO)], ("withdrawn", None)),
    ([denied(AGO)], ("denied", None)),
    ([denied(LONG_AGO), withdrawn(AGO)], ("withdrawn", None)),
    ([denied(AGO), withdrawn(LONG_AGO)], ("denied", None)),
    ([withdrawn(AGO), ASKED], ("withdrawn", None)),  # a question brings nothing back
    ([{"standing": "expired", "valid_until": AGO}, ASKED], ("expired", None)),
]


@pytest.mark.parametrize(("rows", "total"), SUMS)
def test_a_yes_that_counts_beats_a_no_before_it_and_the_latest_end_beats_the_others(
    face: MakeAvatar, rows: list[dict[str, Any]], total: tuple[str, datetime | None]
) -> None:
    avatar = face()
    for fields in rows:
        row(avatar, **fields)
    assert standing_of(avatar) == total


def test_nobody_says_anything_about_no_photo(face: MakeAvatar) -> None:
    avatar = face(photo_sha256="")
    row(avatar, photo_sha256="", **given())
    assert standing_of(avatar) == ("none", None)


def test_the_same_photo_is_that_of_living_avatars_with_the_same_bytes(face: MakeAvatar) -> None:
    first, second = face(), face()
    face(photo_sha256="b" * 64)
    face(errand="erase")
    face(erased_at=NOW)
    assert same_photo(first) == [second]
    assert same_photo(face(photo_sha256="")) == []


# Mending ------------------------------------------------------------------------------------------
def test_a_question_nobody_answered_in_time_is_no_question_any_more(
    face: MakeAvatar, mia: User
) -> None:
    avatar = face(created_at=LONG_AGO)
    consents.ask(avatar, consents.Terms("Anna"), mia)
    assert mend() == 0
    Consent.objects.update(link_until=AGO)
    assert mend() == 1
    avatar.refresh_from_db()
    assert avatar.consent == Standing.NONE
    assert mend() == 0


@pytest.mark.parametrize("stale", ["none", "given", "withdrawn"])
def test_two_avatars_of_one_new_photo_end_up_with_the_same(face: MakeAvatar, stale: str) -> None:
    """Neither could see the other's consent while both came in."""
    first, second = face(consent=Standing.GIVEN), face(consent=stale)
    row(first, **given(SOON))
    mend()
    for each in (first, second):
        each.refresh_from_db()
        assert (each.consent, each.consent_until) == (Standing.GIVEN, SOON)


def test_mending_looks_at_young_photos_and_open_questions_alone(
    face: MakeAvatar, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        avatar = face(photo_sha256=f"{number:064}", consent="given", created_at=LONG_AGO)
        row(avatar, photo_sha256=avatar.photo_sha256, **given())
        face(photo_sha256=f"{number + 100:064}")  # young, and nobody was asked
    with django_assert_max_num_queries(1):
        assert mend() == 0


# The queries say what the properties say ----------------------------------------------------------
@pytest.mark.parametrize("needs", [True, False])
@pytest.mark.parametrize("until", [None, AGO, SOON])
@pytest.mark.parametrize("standing", Standing)
def test_rows_and_queries_agree_about_who_lacks_consent(
    face: MakeAvatar, standing: Standing, until: datetime | None, needs: bool
) -> None:
    avatar = face(
        consent=standing, consent_until=until, needs_consent=needs, approval=Approval.APPROVED
    )
    lacking = not Avatar.objects.consented(timezone.now()).exists()
    assert lacking is avatar.lacks_consent
