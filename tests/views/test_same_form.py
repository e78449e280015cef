"""A form sent twice: double clicks, reloads and the back button are harmless."""

import re
from threading import Timer
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from avatars.models import Avatar, Wish
from avatars.services import wishes
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakePerson, at_once, files_in
from tests.photos import pictures
from tests.views.test_upload import photo, send

pytestmark = pytest.mark.django_db
GIF = pictures.portrait_gif()


@pytest.fixture
def anna(person: MakePerson) -> User:
    return person(role=Role.CREATOR)


@pytest.fixture
def desk(client_of: ClientOf, anna: User) -> Client:
    return client_of(anna)


def wish_in(response: Any) -> str:
    (found,) = re.findall(r'name="wish" value="([^"]+)"', response.content.decode())
    return str(UUID(found))


def being_made(anna: User, key: str) -> Wish:
    return Wish.objects.create(owner=anna, key=key, fingerprint="f", claimed_by="elsewhere")


def test_every_form_is_a_wish_of_its_own(desk: Client) -> None:
    wishes = {wish_in(desk.get(reverse("upload"))) for _ in range(3)}
    assert len(wishes) == 3


def test_a_form_sent_again_leads_to_the_same_avatar(desk: Client) -> None:
    wish = wish_in(desk.get(reverse("upload")))
    first, again = (send(desk, photo(), wish=wish) for _ in range(2))
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    as_json = send(desk, photo(), wish=wish, json=True)
    assert as_json.status_code == 202
    assert [avatar["url"] for avatar in as_json.json()["avatars"]] == [first["Location"]]
    assert Avatar.objects.count() == 1


def test_the_form_stays_the_same_wish_while_it_is_refused(desk: Client) -> None:
    wish = wish_in(desk.get(reverse("upload")))
    assert wish_in(send(desk, photo(GIF), wish=wish)) == wish
    assert send(desk, photo(), wish=wish).status_code == 302


def test_without_a_wish_in_the_form_each_one_counts(desk: Client) -> None:
    assert send(desk, photo(), json=True).json() != send(desk, photo(), json=True).json()
    assert Avatar.objects.count() == 2


def test_a_used_form_with_another_photo_shows_the_first_avatar_and_is_a_fresh_form(
    desk: Client,
) -> None:
    wish = wish_in(desk.get(reverse("upload")))
    first = send(desk, photo(), wish=wish)["Location"]
    response = send(desk, photo(pictures.portrait_png(300, 300)), wish=wish)
    page = response.content.decode()
    assert response.status_code == 422
    assert [finding["code"] for finding in response.context["findings"]] == ["wish-used"]
    assert f'<a href="{first}">Look at Anna Berg</a>' in page
    assert Avatar.objects.count() == 1
    fresh = wish_in(response)
    assert fresh != wish
    assert send(desk, photo(pictures.portrait_png(300, 300)), wish=fresh).status_code == 302


def test_as_json_a_used_wish_names_its_avatars_too(desk: Client) -> None:
    first = send(desk, photo(), wish="k", json=True).json()["avatars"]
    response = send(desk, photo(), wish="k", json=True, display_name="Another name")
    (finding,) = response.json()["findings"]
    assert response.status_code == 422
    assert (finding["code"], finding["field"]) == ("wish-used", "image_file")
    assert response.json()["avatars"] == first


@pytest.mark.parametrize("wish", ["", "ä", "x" * 101, "a b"])
def test_a_mark_that_is_none_is_refused_with_a_fresh_form(desk: Client, wish: str) -> None:
    response = send(desk, photo(), wish=wish)
    assert response.status_code == 422
    assert [finding["code"] for finding in response.context["findings"]] == ["wish-unknown"]
    assert send(desk, photo(), wish=wish_in(response)).status_code == 302


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wishes, "TWIN_SECONDS", 0.3)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("json", [True, False])
def test_one_that_is_still_running_elsewhere_is_told_so(
    desk: Client, anna: User, json: bool
) -> None:
    being_made(anna, "k")
    response = send(desk, photo(), wish="k", json=json)
    assert response.status_code == 409
    assert response["Retry-After"] == "2"
    said = response.json()["message"] if json else response.content.decode()
    assert "Your photo is being taken in at this moment" in said
    assert "Nothing is made twice" in said
    assert not Avatar.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_when_the_first_one_fails_the_waiting_one_makes_the_avatar(
    desk: Client, anna: User
) -> None:
    being_made(anna, "k")

    def fail() -> None:
        Wish.objects.all().delete()
        connections.close_all()

    Timer(0.4, fail).start()
    assert send(desk, photo(), wish="k").status_code == 302
    assert Avatar.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_all_lead_to_the_same_avatar(
    client_of: ClientOf, anna: User, settings: Settings
) -> None:
    def click() -> str:
        answer = send(client_of(anna), photo(), wish="k")
        assert answer.status_code == 302
        return str(answer["Location"])

    assert set(at_once(click, times=10)) == {Avatar.objects.get().get_absolute_url()}
    assert len(files_in(settings.MEDIA_ROOT)) == 4


def test_several_photos_of_one_form_are_all_or_none(desk: Client, settings: Settings) -> None:
    wish = wish_in(desk.get(reverse("upload")))
    assert send(desk, photo(), photo(GIF), wish=wish).status_code == 422
    assert not Avatar.objects.exists()
    assert files_in(settings.MEDIA_ROOT) == []
    for _ in range(2):
        two = (photo(), photo(pictures.noise_png(300)))
        assert send(desk, *two, wish=wish)["Location"] == reverse("gallery")
    assert Avatar.objects.count() == 2
