"""A photo that is named by its address is fetched here, checked, and sent on as a file."""

import httpx
import pytest

from avatars.models import Avatar
from tests.api.conftest import Program
from tests.conftest import ScriptAnam
from tests.photos import pictures
from tests.upstream.answers import described
from tests.upstream.conftest import canary as canary  # fixtures
from tests.upstream.conftest import internet as internet
from tests.upstream.conftest import site as site
from tests.upstream.internet import HOST, Site, page, sent_to

pytestmark = pytest.mark.django_db


def test_an_address_becomes_an_avatar_and_goes_to_anam_as_a_file(
    program: Program, anam: ScriptAnam, site: Site
) -> None:
    bodies: list[bytes] = []

    def take(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(201, json=described())

    anam(take)
    site.pages["/anna.jpg"] = page(pictures.portrait_jpeg(400, 400))
    answer = program.create_from(f"https://{HOST}/anna.jpg", avatarModel="cara-3")
    assert answer.status_code == 201
    assert b'name="imageFile"; filename="portrait.jpg"' in bodies[0]
    assert HOST.encode() not in bodies[0]
    assert Avatar.objects.get().model == "cara-3"


def test_what_is_there_passes_the_same_checks(program: Program, site: Site) -> None:
    site.pages["/small.jpg"] = page(pictures.portrait_jpeg(200, 200))
    answer = program.create_from(f"https://{HOST}/small.jpg")
    (finding,) = answer.json()["details"]
    assert (answer.status_code, finding["code"]) == (422, "too-few-pixels")
    assert finding["path"] == "imageUrl"


def test_what_can_not_be_reached_has_one_wording(program: Program, site: Site) -> None:
    addresses = ["/nothing.jpg", "", ":443/moved"]
    site.pages["/moved"] = sent_to("https://127.0.0.1/")
    answers = [program.create_from(f"https://{HOST}{place}") for place in addresses]
    answers.append(program.create_from("https://127.0.0.1/a.jpg"))
    answers.append(program.create_from("https://nobody.example/a.jpg"))
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.json()["message"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("ftp://good.example/a.jpg", "scheme"),
        ("http://good.example/a.jpg", "scheme"),
        ("https://anna:secret@good.example/a.jpg", "credentials"),
        ("https://good.example:8443/a.jpg", "port"),
        ("anna.jpg", "not-an-address"),
    ],
)
def test_what_is_wrong_with_an_address_itself_is_said(
    program: Program, site: Site, address: str, code: str
) -> None:
    answer = program.create_from(address)
    assert answer.status_code == 400
    assert [(item["path"], item["code"]) for item in answer.json()["details"]] == [
        ("imageUrl", code)
    ]


def test_a_check_fetches_it_too_and_makes_nothing(program: Program, site: Site) -> None:
    site.pages["/anna.jpg"] = page(pictures.portrait_jpeg(400, 400))
    site.pages["/page"] = page(pictures.SCRIPT)
    site.pages["/huge.jpg"] = page(b"x" * 10_000_001)
    answers = {
        place: program.post("photos/check", {"imageUrl": f"https://{HOST}/{place}"})
        for place in ("anna.jpg", "page", "huge.jpg", "nothing.jpg")
    }
    assert [answer.status_code for answer in answers.values()] == [200, 200, 413, 400]
    assert answers["anna.jpg"].json()["ok"]
    assert [f["code"] for f in answers["page"].json()["findings"]] == ["not-a-photo"]
    assert not Avatar.objects.exists()


def test_too_many_bytes_are_a_413(program: Program, site: Site) -> None:
    site.pages["/huge.jpg"] = page(b"x" * 10_000_001)
    assert program.create_from(f"https://{HOST}/huge.jpg").status_code == 413
    assert not Avatar.objects.exists()
