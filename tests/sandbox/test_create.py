from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import httpx
import pytest
from PIL import ExifTags, Image

from avatars.sandbox import Sandbox

from .conftest import Client, Clock, photo

URL = "https://pictures.example/anna.jpg"


def send(client: Client, part: tuple[str, bytes, str] | None, **fields: str) -> httpx.Response:
    files = {"imageFile": part} if part else {"other": ("o.txt", b"-", "text/plain")}
    return client.http.post("/v1/avatars", data={"displayName": "Anna Berg"} | fields, files=files)


def complaints(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 400
    assert answer.json()["error"] == "Validation error"
    return {problem["path"]: problem["message"] for problem in answer.json()["details"]}


def test_a_photo_becomes_an_avatar_with_every_documented_field(client: Client) -> None:
    answer = client.create("Anna Berg")
    avatar = answer.json()
    assert answer.status_code == 201
    assert set(avatar) == {
        *("id", "displayName", "variantName", "imageUrl", "landscapeImageUrl", "portraitImageUrl"),
        *("videoUrl", "idleVideoUrl", "createdAt", "updatedAt", "createdByOrganizationId"),
        *("availableVersions", "activeVersion", "description", "displayTags", "renderStyle"),
    }
    assert avatar["displayName"] == "Anna Berg"
    assert avatar["activeVersion"] == "cara-4"
    assert avatar["createdAt"] == avatar["updatedAt"] == "2026-09-21T14:13:20.250Z"
    assert avatar["createdByOrganizationId"]


def test_previews_description_and_tags_come_later(client: Client, clock: Clock) -> None:
    avatar = client.create().json()
    assert (avatar["videoUrl"], avatar["idleVideoUrl"], avatar["description"]) == (None,) * 3
    assert avatar["displayTags"] == []
    clock.move(3.9)
    assert client.get(avatar["id"]).json()["videoUrl"] is None
    clock.move(0.2)
    avatar = client.get(avatar["id"]).json()
    assert all(avatar[field] for field in ("videoUrl", "idleVideoUrl", "description"))
    assert "rehearsal" in avatar["displayTags"]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_three_formats_are_taken_whatever_the_name_says(client: Client, form: str) -> None:
    assert send(client, ("anna.bin", photo(form), "image/png")).status_code == 201


def test_json_with_an_image_url_gives_a_drawn_stand_in(client: Client) -> None:
    body = {"displayName": "Anna Berg", "imageUrl": URL, "avatarModel": "cara-3"}
    answer = client.http.post("/v1/avatars", json=body)
    assert (answer.status_code, answer.json()["activeVersion"]) == (201, "cara-3")
    assert client.http.get(answer.json()["imageUrl"]).headers["content-type"] == "image/jpeg"


def test_a_multipart_image_url_is_taken_too(client: Client) -> None:
    assert send(client, None, imageUrl=URL).status_code == 201


@pytest.mark.parametrize("url", ["data:image/png;base64,AAAA", "ftp://a/b", "anna.jpg", "http://["])
def test_an_image_url_that_is_no_web_address_is_refused(client: Client, url: str) -> None:
    assert complaints(send(client, None, imageUrl=url)) == {"imageUrl": "Invalid URL"}


def test_neither_photo_nor_url_is_refused(client: Client) -> None:
    assert "exactly one" in complaints(send(client, None))["imageFile"]


def test_both_photo_and_url_are_refused(client: Client) -> None:
    answer = send(client, ("anna.jpg", photo(), "image/jpeg"), imageUrl=URL)
    assert "exactly one" in complaints(answer)["imageFile"]


def test_a_photo_without_a_filename_is_refused(client: Client) -> None:
    nameless = {"imageFile": (None, photo(), "image/jpeg")}
    answer = client.http.post("/v1/avatars", data={"displayName": "Anna Berg"}, files=nameless)
    assert "filename" in complaints(answer)["imageFile"]


@pytest.mark.parametrize("kind", ["application/octet-stream", "image/gif", "text/plain"])
def test_a_photo_needs_a_real_image_content_type(client: Client, kind: str) -> None:
    assert kind in complaints(send(client, ("anna.jpg", photo(), kind)))["imageFile"]


def test_the_content_is_believed_not_the_content_type(client: Client) -> None:
    answer = send(client, ("anna.png", photo("GIF"), "image/png"))
    assert "not a JPEG, PNG or WebP" in complaints(answer)["imageFile"]


def test_a_truncated_photo_can_not_be_processed(client: Client) -> None:
    answer = send(client, ("anna.jpg", photo()[:-400], "image/jpeg"))
    assert (answer.status_code, answer.json()["error"]) == (422, "The image could not be processed")


def test_a_picture_of_too_many_pixels_can_not_be_processed(client: Client) -> None:
    answer = send(client, ("wall.png", photo("PNG", (10_000, 5_001)), "image/png"))
    assert answer.status_code == 422


@pytest.mark.parametrize(("name", "complaint"), [("An", "at least 3"), ("A" * 51, "at most 50")])
def test_a_name_has_3_to_50_characters(client: Client, name: str, complaint: str) -> None:
    assert complaint in complaints(client.create(name))["displayName"]
    assert client.custom() == []


@pytest.mark.parametrize("name", ["Ann", "Ä" * 50])
def test_a_name_at_either_bound_is_taken(client: Client, name: str) -> None:
    assert client.create(name).json()["displayName"] == name


def test_every_problem_is_named_at_once(client: Client) -> None:
    answer = send(client, None, displayName="An", avatarModel="cara-9")
    assert set(complaints(answer)) == {"displayName", "avatarModel", "imageFile"}


def test_a_name_that_is_no_text_is_refused(client: Client) -> None:
    answer = client.http.post("/v1/avatars", json={"displayName": 7, "imageUrl": URL})
    assert "displayName" in complaints(answer)


def test_a_latest_model_is_gated(client: Client) -> None:
    answer = client.create(avatarModel="cara-4-latest")
    assert answer.status_code == 403
    assert "not enabled for your organization" in answer.json()["message"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b"\xff"),
        ("text/plain", b"hello"),
        ("multipart/form-data", b"no boundary"),
        ("", b""),
    ],
)
def test_a_body_nobody_can_read_is_a_400(client: Client, kind: str, body: bytes) -> None:
    answer = client.http.post("/v1/avatars", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, set(answer.json())) == (400, {"error"})


def test_the_whole_request_is_limited_not_the_photo_alone(client: Client) -> None:
    largest = photo().ljust(4_499_000, b"\0")  # a JPEG may be followed by anything
    assert send(client, ("anna.jpg", largest, "image/jpeg")).status_code == 201
    refused = send(client, ("anna.jpg", largest.ljust(4_500_000, b"\0"), "image/jpeg"))
    assert (refused.status_code, refused.headers["content-type"][:10]) == (413, "text/plain")


def test_a_streamed_body_without_a_length_is_limited_too(client: Client) -> None:
    stream = (b" " * 1_000_000 for _ in range(5))
    headers = {"Content-Type": "application/json"}
    assert client.http.post("/v1/avatars", content=stream, headers=headers).status_code == 413


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic rehearsal-key"])
def test_the_key_is_checked_before_anything_else(client: Client, header: str) -> None:
    headers = {"Authorization": header}
    for path in ("/v1/avatars", "/v1/nowhere", "/_sandbox/requests"):
        answer = client.http.post(path, content=b"x" * 5_000_000, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["error"]


def test_the_quota_counts_custom_avatars_alone(client: Client, sandbox: Sandbox) -> None:
    sandbox.set(quota=1)
    first = client.create().json()["id"]
    refused = client.create()
    assert refused.status_code == 403
    assert "maximum number of one-shot avatars" in refused.json()["error"]
    client.http.delete(f"/v1/avatars/{first}")
    assert client.create().status_code == 201


def test_two_creates_at_once_do_not_share_the_last_place(client: Client, sandbox: Sandbox) -> None:
    sandbox.set(quota=1, delay=0.2)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(client.create, ("Anna Berg", "Bert Anders")))
    assert sorted(answer.status_code for answer in answers) == [201, 403]
    assert len(client.custom()) == 1


def test_a_photo_is_set_upright_before_it_is_judged(client: Client) -> None:
    sideways = Image.Exif()
    sideways[ExifTags.Base.Orientation] = 6
    stream = BytesIO()
    Image.open(BytesIO(photo(size=(900, 400)))).save(stream, "JPEG", exif=sideways)
    answer = send(client, ("anna.jpg", stream.getvalue(), "image/jpeg"))
    assert answer.json()["portraitImageUrl"]  # a picture this wide has none


def test_a_cut_out_stands_before_white(client: Client) -> None:
    stream = BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(stream, "PNG")
    answer = send(client, ("anna.png", stream.getvalue(), "image/png"))
    shown = Image.open(BytesIO(client.http.get(answer.json()["imageUrl"]).content))
    assert shown.getpixel((576, 576)) == (255, 255, 255)
