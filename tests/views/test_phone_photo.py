"""A heavy phone photo, lying on its side, with the place: one click, and what Anam gets of it."""

from io import BytesIO

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageOps

from avatars.models import Avatar, Draft
from avatars.tasks import send_due
from dashboard.people.roles import Role
from tests.conftest import ClientOf, ScriptAnam
from tests.photos import pictures
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db
LIMIT = 4_500_000  # bytes of the whole request
DIFFERENCE = 8  # in 255ths, for each channel


@pytest.fixture
def desk(client_of: ClientOf) -> Client:
    return client_of(Role.CREATOR)


@pytest.fixture
def sent(anam: ScriptAnam) -> list[bytes]:
    """The bodies that reach Anam."""
    bodies: list[bytes] = []

    def take(request: httpx.Request) -> httpx.Response:
        bodies.append(request.read())
        return httpx.Response(201, json=described())

    anam(take)
    return bodies


def test_it_is_one_to_begin_with() -> None:
    data = pictures.heavy_phone_jpeg()
    with Image.open(BytesIO(data)) as stored:
        assert stored.size == (4032, 3024)
        assert stored.getexif()[0x0112] == 6
    assert 8_500_000 < len(data) < 10_000_000
    assert pictures.GPS_WORDS in data


def test_it_arrives_upright_light_and_silent(desk: Client, sent: list[bytes]) -> None:
    _made(desk, _put(desk))
    picture = _looked_at(sent)
    assert picture.size == (3024, 4032)
    assert pictures.difference(picture, _upright()) < DIFFERENCE


def test_cropped_it_arrives_as_the_square_that_was_chosen(desk: Client, sent: list[bytes]) -> None:
    draft = _put(desk)
    numbers = {"left": 500, "top": 700, "side": 2400, "turns": 0}
    form = {"do": "this", **{f"{part}-{draft.pk}": value for part, value in numbers.items()}}
    desk.post(reverse("draft-frame", args=[draft.pk]), form)
    _made(desk, draft)
    picture = _looked_at(sent)
    assert picture.size == (2400, 2400)
    wanted = _upright().crop((500, 700, 2900, 3100))
    assert pictures.difference(picture, wanted) < DIFFERENCE


def test_framed_by_the_button_it_arrives_as_a_square(desk: Client, sent: list[bytes]) -> None:
    draft = _put(desk)
    desk.post(reverse("draft-frame", args=[draft.pk]), {"do": "square"})
    _made(desk, draft)
    picture = _looked_at(sent)
    assert picture.width == picture.height >= 1152


def _put(desk: Client) -> Draft:
    file = SimpleUploadedFile("IMG_4711.jpg", pictures.heavy_phone_jpeg())
    desk.post(reverse("desk-put"), {"image_file": file})
    return Draft.objects.get()


def _made(desk: Client, draft: Draft) -> None:
    form = {"draft": draft.pk, f"name-{draft.pk}": draft.display_name}
    answer = desk.post(reverse("upload"), form)
    assert answer["Location"] == Avatar.objects.get().get_absolute_url()
    send_due.call()


def _looked_at(sent: list[bytes]) -> Image.Image:
    """What reached Anam, held against what may go there."""
    (body,) = sent
    assert len(body) < LIMIT
    assert pictures.GPS_WORDS not in body
    part = body.partition(b'name="imageFile"')[2].partition(b"\r\n\r\n")[2]
    picture = pictures.opened(part[: part.rindex(b"\r\n--")])
    assert picture.format == "JPEG"
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    return picture.convert("RGB")


def _upright() -> Image.Image:
    whole = pictures.opened(pictures.heavy_phone_jpeg())
    return ImageOps.exif_transpose(whole)
