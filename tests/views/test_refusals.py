"""Bad input is refused in words, all of it at once, and leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from pytest_django import Settings

from avatars.models import Avatar, Event
from dashboard.people.roles import Role
from tests.conftest import ClientOf, files_in
from tests.photos import pictures
from tests.views.test_upload import photo, send

pytestmark = pytest.mark.django_db
KEYS = {"field", "code", "severity", "title", "measured", "wanted", "how_to_fix", "file"}

# What is in the file, whatever it is called.
PHOTOS: dict[str, Callable[[], bytes]] = {
    "a GIF": pictures.portrait_gif,
    "a web page": lambda: pictures.SCRIPT,
    "a PDF": lambda: b"%PDF-1.7\n" + bytes(500),
    "a truncated JPEG": lambda: pictures.portrait_jpeg(400, 400)[:9000],
    "a truncated PNG": lambda: pictures.portrait_png(400, 400)[:9000],
    "an animated WebP": pictures.moving_webp,
    "an animated PNG": pictures.moving_png,
    "a WebP bomb": pictures.webp_bomb,
    "a PNG bomb": pictures.png_bomb,
    "a strip": pictures.strip_png,
    "nothing": lambda: b"",
    "twelve megabytes": lambda: pictures.portrait_jpeg(400, 400) + bytes(12_000_000),
    "a tiny picture": lambda: pictures.portrait_png(64, 64),
}
NAMES = {"no name": "", "two characters": "Al", "fifty-one characters": "x" * 51}


@pytest.fixture
def desk(client_of: ClientOf) -> Client:
    return client_of(Role.CREATOR)


def nothing_is_left(rooms: Path) -> bool:
    rows = Avatar.objects.exists() or Event.objects.exists()
    return not rows and files_in(rooms / "media") == []


@pytest.mark.parametrize("kind", PHOTOS)
def test_a_bad_photo_is_refused_in_words_on_the_page(desk: Client, rooms: Path, kind: str) -> None:
    data = PHOTOS[kind]()
    response = send(desk, photo(data), display_name="Anna & Berg")
    page = response.content.decode()
    findings = response.context["findings"]
    assert response.status_code == 422
    assert findings
    for finding in findings:
        assert escape(finding["title"]) in page
        assert escape(finding["how_to_fix"]) in page
    assert 'value="Anna &amp; Berg"' in page
    assert nothing_is_left(rooms)


@pytest.mark.parametrize("kind", PHOTOS)
def test_a_bad_photo_is_refused_with_every_finding_as_json(
    desk: Client, rooms: Path, kind: str
) -> None:
    response = send(desk, photo(PHOTOS[kind](), "it.jpg"), json=True)
    findings = response.json()["findings"]
    assert response.status_code == 422
    assert findings
    for finding in findings:
        assert set(finding) == KEYS
        assert (finding["field"], finding["file"]) == ("image_file", "it.jpg")
        assert finding["severity"] == "error"
        assert all(finding[key] for key in ("code", "title", "measured", "wanted", "how_to_fix"))
    assert nothing_is_left(rooms)


@pytest.mark.parametrize("kind", NAMES)
def test_a_bad_name_is_refused_and_kept_in_the_form(desk: Client, rooms: Path, kind: str) -> None:
    response = send(desk, photo(), display_name=NAMES[kind])
    assert response.status_code == 422
    assert [finding["code"] for finding in response.context["findings"]] == ["name-length"]
    if NAMES[kind]:
        assert f'value="{NAMES[kind]}"' in response.content.decode()
    assert nothing_is_left(rooms)


@pytest.mark.parametrize("name", ["x" * 49, "x"])  # "x 2" would do
def test_a_numbered_name_has_to_fit_too(desk: Client, rooms: Path, name: str) -> None:
    response = send(desk, photo(), photo(), display_name=name, json=True)
    assert [finding["code"] for finding in response.json()["findings"]] == ["name-length"]
    assert nothing_is_left(rooms)


def test_without_a_file_the_desk_asks_for_one(desk: Client, rooms: Path) -> None:
    response = send(desk)
    assert response.status_code == 422
    assert [finding["code"] for finding in response.context["findings"]] == ["no-file"]
    assert 'value="Anna Berg"' in response.content.decode()
    assert nothing_is_left(rooms)


def test_everything_that_is_wrong_is_said_at_once(desk: Client, rooms: Path) -> None:
    bad = photo(pictures.portrait_gif(), "one.jpg"), photo(pictures.strip_png(), "two.png")
    response = send(desk, *bad, photo(), display_name="Al", json=True)
    found = {(finding["field"], finding.get("file")) for finding in response.json()["findings"]}
    assert {("image_file", "one.jpg"), ("image_file", "two.png")} <= found
    assert nothing_is_left(rooms)


def test_a_model_too_long_to_be_one_is_refused_in_words(desk: Client, rooms: Path) -> None:
    response = send(desk, photo(), avatar_model="x" * 61, json=True)
    assert response.status_code == 422
    (finding,) = response.json()["findings"]
    assert finding["field"] == "avatar_model"
    assert finding["title"]
    assert nothing_is_left(rooms)


def test_a_name_with_a_nul_is_a_name_without_it(desk: Client) -> None:
    assert send(desk, photo(), display_name="Anna\0Berg").status_code == 302
    assert Avatar.objects.get().display_name == "Anna Berg"


def test_a_name_that_is_markup_is_shown_as_text(desk: Client) -> None:
    address = send(desk, photo(), display_name="<b>Anna</b>")["Location"]
    for page in (address, "/"):
        text = desk.get(page).content.decode()
        assert "&lt;b&gt;Anna&lt;/b&gt;" in text
        assert "<b>Anna</b>" not in text


def test_a_file_name_that_is_a_path_goes_nowhere(desk: Client, rooms: Path) -> None:
    send(desk, SimpleUploadedFile("../../evil.jpg", pictures.portrait_jpeg(300, 300)))
    assert Avatar.objects.exists()
    assert [path for path in files_in(rooms) if "evil" in path.name] == []


@pytest.mark.parametrize("json", [False, True])
def test_a_body_beyond_the_cap_is_refused_unread(
    desk: Client, rooms: Path, settings: Settings, json: bool
) -> None:
    settings.UPLOAD_BODY_MAX = 10_000
    response = send(desk, photo(), json=json)
    assert response.status_code == 413
    assert "more than this server takes" in response.content.decode()
    assert nothing_is_left(rooms)


def test_more_files_than_allowed_are_refused(desk: Client, rooms: Path, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    response = send(desk, photo(b"1"), photo(b"2"), photo(b"3"))
    assert response.status_code in (400, 413)
    assert nothing_is_left(rooms)


def test_more_photos_than_fit_one_form_are_told_so_in_words(client_of: ClientOf) -> None:
    photos = [SimpleUploadedFile(f"{n}.jpg", b"x", "image/jpeg") for n in range(21)]
    answer = client_of(Role.CREATOR).post("/upload", {"image_file": photos})
    assert answer.status_code == 400
    assert "at most twenty at once" in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["\u200b\u200b\u200b", "\u3164\u3164\u3164", "\u0301\u0301\u0301", "\ufeff\u2060\u00ad"]
)
def test_a_name_that_nobody_can_see_is_no_name(client_of: ClientOf, name: str) -> None:
    answer = send(client_of(Role.CREATOR), photo(), display_name=name)
    assert answer.status_code == 422
