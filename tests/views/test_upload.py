"""The photo desk takes a good photo."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from avatars.models import Avatar, State
from avatars.photos.kinds import KINDS
from avatars.tasks import send_due
from dashboard.people.roles import Role
from tests.conftest import ClientOf, ScriptAnam
from tests.photos import pictures
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]


@pytest.fixture
def desk(client_of: ClientOf) -> Client:
    return client_of(Role.CREATOR)


def photo(data: bytes | None = None, name: str = "anna.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.portrait_jpeg(400, 400) if data is None else data)


def send(desk: Client, *photos: SimpleUploadedFile, json: bool = False, **fields: str) -> Any:
    form = {"display_name": "Anna Berg", "image_file": list(photos), **fields}
    headers = {"Accept": "application/json" if json else "text/html"}
    return desk.post(reverse("upload"), form, headers=headers)


def test_a_good_photo_leads_to_the_avatars_page(desk: Client) -> None:
    response = send(desk, photo(), avatar_model="cara-3")
    avatar = Avatar.objects.get()
    assert (response.status_code, response["Location"]) == (302, avatar.get_absolute_url())
    assert (avatar.display_name, avatar.model, avatar.state) == (
        "Anna Berg",
        "cara-3",
        State.QUEUED,
    )
    assert desk.get(response["Location"]).status_code == 200


def test_as_json_the_answer_names_the_avatar(desk: Client) -> None:
    response = send(desk, photo(), json=True)
    avatar = Avatar.objects.get()
    assert response.status_code == 202
    assert response.json() == {
        "avatars": [{"id": str(avatar.pk), "url": avatar.get_absolute_url(), "state": "queued"}]
    }


def test_several_photos_make_several_avatars_with_numbered_names(desk: Client) -> None:
    kinds = [pictures.portrait_jpeg(300, 300), pictures.portrait_png(300, 300)]
    response = send(desk, *(photo(data) for data in [*kinds, pictures.portrait_webp(300, 300)]))
    assert response["Location"] == reverse("gallery")
    made = Avatar.objects.order_by("created_at")
    assert [(avatar.display_name, avatar.photo_kind) for avatar in made] == [
        ("Anna Berg", "JPEG"),
        ("Anna Berg 2", "PNG"),
        ("Anna Berg 3", "WEBP"),
    ]


def test_a_name_is_kept_in_composed_form_without_hidden_characters(desk: Client) -> None:
    send(desk, photo(), display_name="  Zoe\u0308 \t Berg\u2028")
    assert Avatar.objects.get().display_name == "Zoë Berg"


def test_without_a_model_the_first_one_is_taken(desk: Client) -> None:
    send(desk, photo(), avatar_model="")
    assert Avatar.objects.get().model == "cara-4"


def test_the_desk_shows_the_limits_and_what_was_filled_in_before(desk: Client) -> None:
    page = desk.get(reverse("upload"), {"display_name": "Anna Berg"}).content.decode()
    assert 'value="Anna Berg"' in page
    assert KINDS in page


def test_an_unknown_model_goes_through_and_anams_no_is_told_in_words(
    desk: Client, anam: ScriptAnam
) -> None:
    refusal = {"error": "Validation error", "details": [{"path": "avatarModel", "message": "Odd"}]}
    anam(lambda _: httpx.Response(400, json=refusal))
    page = send(desk, photo(), avatar_model="cara-99")["Location"]
    send_due.call()
    avatar = Avatar.objects.get()
    assert (avatar.model, avatar.state, avatar.cause) == ("cara-99", State.REFUSED, "model")
    assert "Choose another model" in desk.get(page).content.decode()


def test_what_reaches_anam_of_a_turned_phone_photo_is_upright_and_silent(
    desk: Client, anam: ScriptAnam
) -> None:
    bodies: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        bodies.append(request.read())
        return httpx.Response(201, json=described())

    anam(handler)
    turned = pictures.phone_jpeg(orientation=6, width=600, height=800)
    assert pictures.GPS_WORDS in turned
    send(desk, photo(turned, "IMG_0001.HEIC.jpg"))
    send_due.call()
    (body,) = bodies
    head, _, rest = body.partition(b'name="imageFile"')[2].partition(b"\r\n\r\n")
    sent = rest[: rest.rindex(b"\r\n--")]
    assert head == b'; filename="portrait.jpg"\r\nContent-Type: image/jpeg'
    assert pictures.GPS_WORDS not in body
    with Image.open(BytesIO(sent)) as picture:
        picture.load()
        assert (picture.format, picture.size) == ("JPEG", (600, 800))
        assert not picture.getexif()
        upright = pictures.portrait(600, 800)
        assert pictures.difference(picture.convert("RGB"), upright) < 4
    assert sent == Path(Avatar.objects.get().photo.path).read_bytes()


def test_the_sandbox_gets_it_all_the_same(desk: Client, rooms: Path) -> None:
    turned = pictures.phone_jpeg(orientation=6, width=600, height=800)
    send(desk, photo(turned))
    send_due.call()
    avatar = Avatar.objects.get()
    assert avatar.state == State.READY
    source = rooms / "sandbox" / "avatars" / str(avatar.upstream_id) / "source"
    assert source.read_bytes() == Path(avatar.photo.path).read_bytes()


def test_a_page_of_json_says_the_same_as_the_row(desk: Client) -> None:
    address = send(desk, photo(), json=True).json()["avatars"][0]["url"]
    facts = desk.get(address, headers={"Accept": "application/json"})
    assert facts["Content-Type"] == "application/json"
    assert json.loads(facts.content)["display_name"] == "Anna Berg"
