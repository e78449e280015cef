"""The two cuts of a face, under our own addresses."""

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from avatars.models import Avatar, Policy
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, ScriptAnam
from tests.services.test_previews import signed
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db
TOLD = {
    "landscapeImageUrl": "https://api.anam.ai/l.jpg",
    "portraitImageUrl": "https://api.anam.ai/p.jpg",
}


@pytest.fixture
def desk(client_of: ClientOf) -> Client:
    return client_of(Role.REVIEWER)


def pictures_on(desk: Client, avatar: Avatar) -> list[str]:
    return [crop["src"] for crop in desk.get(f"/review/{avatar.pk}").context["crops"]]


@pytest.mark.parametrize(("shape", "place"), [("landscape", "l.jpg"), ("portrait", "p.jpg")])
def test_what_anam_cut_is_led_to(
    desk: Client, ready_avatar: MakeAvatar, shape: str, place: str
) -> None:
    found = ready_avatar(upstream=TOLD)
    response = desk.get(f"/avatars/{found.pk}/crops/{shape}")
    assert (response.status_code, response["Location"]) == (302, f"https://api.anam.ai/{place}")
    assert "private" in response["Cache-Control"]


def test_the_desk_shows_anams_cuts_by_our_addresses_alone(
    desk: Client, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar(upstream=TOLD)
    places = [f"/avatars/{found.pk}/crops/{shape}" for shape in ("landscape", "portrait")]
    assert pictures_on(desk, found) == places
    page = desk.get(f"/review/{found.pk}").content.decode()
    assert "api.anam.ai/l.jpg" not in page
    assert "As Anam cut them." in page


def test_of_a_wide_picture_anam_makes_no_portrait(desk: Client, ready_avatar: MakeAvatar) -> None:
    found = ready_avatar(upstream={**TOLD, "portraitImageUrl": None})
    assert pictures_on(desk, found) == [f"/avatars/{found.pk}/crops/landscape"]


def test_before_anam_has_cut_anything_the_page_cuts_our_own_square(
    desk: Client, accepted: MakeAvatar
) -> None:
    Policy.objects.filter(pk=1).update(review="before")
    found = accepted()
    assert pictures_on(desk, found) == [found.thumbnail_url_640] * 2
    page = desk.get(f"/review/{found.pk}").content.decode()
    assert "About as Anam will cut them." in page


def test_where_anam_has_no_picture_to_give_ours_is_shown(
    desk: Client, accepted: MakeAvatar
) -> None:
    found = accepted()
    Avatar.objects.filter(pk=found.pk).update(
        upstream={"landscapeImageUrl": "https://evil.example/l.jpg", "portraitImageUrl": 7}
    )
    for shape in ("landscape", "portrait"):
        response = desk.get(f"/avatars/{found.pk}/crops/{shape}")
        assert response["Location"] == found.thumbnail_url_640


def test_a_signed_cut_that_is_about_to_end_is_asked_for_anew(
    desk: Client, ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    fresh = signed(age=0)
    anam(lambda _: httpx.Response(200, json=described(landscapeImageUrl=fresh)))
    old = signed(age=7200)
    found = ready_avatar(upstream={"landscapeImageUrl": old}, rehearsal=False)
    assert desk.get(f"/avatars/{found.pk}/crops/landscape")["Location"] == fresh


def test_there_are_no_other_cuts_and_none_of_what_is_gone(
    desk: Client, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar(upstream=TOLD)
    assert desk.get(f"/avatars/{found.pk}/crops/round").status_code == 404
    bare = ready_avatar()
    assert desk.get(f"/avatars/{bare.pk}/crops/portrait").status_code == 404
    Avatar.objects.filter(pk=found.pk).update(erased_at=timezone.now())
    assert desk.get(f"/avatars/{found.pk}/crops/portrait").status_code == 404


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.CREATOR])
def test_cuts_are_for_reviewers(
    client_of: ClientOf, ready_avatar: MakeAvatar, role: Role | None
) -> None:
    address = f"/avatars/{ready_avatar(upstream=TOLD).pk}/crops/portrait"
    assert client_of(role).get(address).status_code == 403
