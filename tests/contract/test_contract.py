"""One list of what Anam's avatars API does, held against everybody here who claims to be it.

Source: Anam's reference of April 2026, its OpenAPI file of July 2026, and what independent clients
saw.
"""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.sandbox.conftest import photo

# An application inside this process closes its connections, which no open transaction survives.
pytestmark = pytest.mark.django_db(transaction=True)
JPEG = ("anna.jpg", photo(), "image/jpeg")
APRIL = {
    "id",
    "displayName",
    "variantName",
    "imageUrl",
    "videoUrl",
    "createdAt",
    "updatedAt",
    "createdByOrganizationId",
    "availableVersions",
    "activeVersion",
}


def create(client: httpx.Client, name: str = "Anna Berg", **fields: str) -> httpx.Response:
    data = {"displayName": name, **fields}
    return client.post("/v1/avatars", data=data, files={"imageFile": JPEG})


def created(client: httpx.Client, name: str = "Anna Berg") -> dict[str, Any]:
    response = create(client, name)
    assert response.status_code == 201, response.text
    avatar: dict[str, Any] = response.json()
    return avatar


def listed(client: httpx.Client, **query: str | int) -> list[str]:
    return [item["displayName"] for item in client.get("/v1/avatars", params=query).json()["data"]]


def words_of(response: httpx.Response) -> str:
    """As our own client reads them."""
    body = response.json()
    words: str = body.get("message") or body["error"]
    return words


def test_a_create_answers_201_with_the_whole_avatar(client: httpx.Client) -> None:
    avatar = created(client)
    assert set(avatar) >= APRIL
    assert avatar["displayName"] == "Anna Berg"
    assert avatar["activeVersion"] in avatar["availableVersions"]
    assert avatar["createdAt"].endswith("Z")


def test_a_model_may_be_asked_for(client: httpx.Client) -> None:
    assert create(client, avatarModel="cara-3").json()["activeVersion"] == "cara-3"


@pytest.mark.parametrize("name", ["", "An", "A" * 51])
def test_a_name_has_3_to_50_characters(client: httpx.Client, name: str) -> None:
    response = create(client, name)
    assert response.status_code == 400
    assert "displayName" in {item["path"] for item in response.json()["details"]}


def test_a_photo_comes_as_file_or_as_url_and_not_as_both(client: httpx.Client) -> None:
    assert create(client, imageUrl="https://example.com/a.jpg").status_code == 400
    neither = client.post("/v1/avatars", json={"displayName": "Anna Berg"})
    assert neither.status_code == 400


def test_the_file_has_the_type_of_an_image(client: httpx.Client) -> None:
    files = {"imageFile": ("anna.jpg", photo(), "text/plain")}
    response = client.post("/v1/avatars", data={"displayName": "Anna Berg"}, files=files)
    assert response.status_code == 400


def test_a_broken_picture_is_no_avatar(client: httpx.Client) -> None:
    files = {"imageFile": ("anna.jpg", photo()[:600], "image/jpeg")}
    response = client.post("/v1/avatars", data={"displayName": "Anna Berg"}, files=files)
    assert response.status_code in (400, 422)
    assert words_of(response)


def test_a_body_of_another_kind_is_a_bad_request(client: httpx.Client) -> None:
    response = client.post("/v1/avatars", content=b"x", headers={"Content-Type": "text/plain"})
    assert response.status_code == 400
    assert words_of(response)


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic abc"])
def test_without_a_key_everything_is_closed(client: httpx.Client, header: str) -> None:
    headers = {"Authorization": header}
    assert client.get("/v1/avatars", headers=headers).status_code == 401
    assert client.delete(f"/v1/avatars/{uuid4()}", headers=headers).status_code == 401
    assert words_of(client.get("/v1/avatars", headers=headers))


def test_an_avatar_is_found_again_by_its_id(client: httpx.Client) -> None:
    avatar = created(client)
    again = client.get(f"/v1/avatars/{avatar['id']}")
    assert again.status_code == 200
    assert set(again.json()) == set(avatar)
    assert again.json()["createdAt"] == avatar["createdAt"]


def test_its_links_lead_to_pictures_and_videos(client: httpx.Client) -> None:
    avatar = client.get(f"/v1/avatars/{created(client)['id']}").json()
    for field, kind in (("imageUrl", "image/jpeg"), ("videoUrl", "video/webm")):
        answer = client.get(avatar[field], headers={"Authorization": ""})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)


def test_what_nobody_knows_is_a_404_and_what_is_no_id_a_400(client: httpx.Client) -> None:
    for method in ("GET", "DELETE"):
        assert client.request(method, f"/v1/avatars/{uuid4()}").status_code == 404
        assert client.request(method, "/v1/avatars/nonsense").status_code == 400
    renaming = {"displayName": "Somebody else"}
    assert client.put(f"/v1/avatars/{uuid4()}", json=renaming).status_code == 404


def test_the_list_mixes_stock_and_custom_newest_first(client: httpx.Client) -> None:
    for name in ("First face", "Second face"):
        created(client, name)
    assert listed(client)[:2] == ["Second face", "First face"]
    assert set(listed(client)[2:]) == {"Ada", "Mika", "Lina"}
    assert listed(client, onlyOneShot="true") == ["Second face", "First face"]


def test_pages_say_where_they_are(client: httpx.Client) -> None:
    for number in range(3):
        created(client, f"Face {number}")
    first = client.get("/v1/avatars", params={"perPage": 4}).json()
    second = client.get("/v1/avatars", params={"perPage": 4, "page": 2}).json()
    assert first["meta"] == {
        "total": 6,
        "lastPage": 2,
        "currentPage": 1,
        "perPage": 4,
        "prev": None,
        "next": 2,
    }
    assert (second["meta"]["prev"], second["meta"]["next"]) == (1, None)
    assert len({item["id"] for item in first["data"] + second["data"]}) == 6


def test_a_page_beyond_the_last_is_empty(client: httpx.Client) -> None:
    answer = client.get("/v1/avatars", params={"page": 99})
    assert (answer.status_code, answer.json()["data"]) == (200, [])


@pytest.mark.parametrize(
    "query",
    [{"page": 0}, {"page": "x"}, {"perPage": 101}, {"perPage": 0}, {"renderStyle": "cubist"}],
)
def test_a_list_out_of_bounds_is_a_bad_request(client: httpx.Client, query: dict[str, Any]) -> None:
    response = client.get("/v1/avatars", params=query)
    assert response.status_code == 400
    assert words_of(response)


def test_a_list_is_searched_by_name_tags_and_style(client: httpx.Client) -> None:
    created(client, "Anna Berg")
    assert listed(client, search="ANNA") == ["Anna Berg"]
    assert listed(client, search="nobody") == []
    assert set(listed(client, tags="desk,WINDOW")) == {"Ada", "Mika"}
    assert set(listed(client, renderStyle="illustrated")) == {"Ada", "Mika", "Lina"}


def test_only_the_name_can_change(client: httpx.Client) -> None:
    avatar = created(client)
    place = f"/v1/avatars/{avatar['id']}"
    renamed = client.put(place, json={"displayName": "Berta Cole", "id": "other"})
    assert (renamed.status_code, renamed.json()["displayName"]) == (200, "Berta Cole")
    assert renamed.json()["id"] == avatar["id"]
    assert client.get(place).json()["displayName"] == "Berta Cole"
    assert client.put(place, json={"displayName": "B"}).status_code == 400
    assert client.put(place, content=b"{").status_code == 400


def test_stock_avatars_are_nobodys_to_change(client: httpx.Client) -> None:
    found = client.get("/v1/avatars", params={"search": "Ada"}).json()["data"][0]
    place = f"/v1/avatars/{found['id']}"
    assert client.put(place, json={"displayName": "Mine"}).status_code == 403
    assert client.delete(place).status_code == 403


def test_a_deleted_one_is_gone(client: httpx.Client) -> None:
    place = f"/v1/avatars/{created(client)['id']}"
    answer = client.delete(place)
    assert (answer.status_code, bool(answer.json()["message"])) == (200, True)
    assert client.get(place).status_code == 404
    assert client.delete(place).status_code == 404
    assert "Anna Berg" not in listed(client)


def test_erasing_goes_on_where_deleting_has_ended(client: httpx.Client) -> None:
    place = f"/v1/avatars/{created(client)['id']}"
    assert client.delete(place).status_code == 200
    assert client.delete(place, params={"hard": "true"}).status_code == 200
    assert client.delete(place, params={"hard": "true"}).status_code == 404


def test_an_unknown_address_is_a_404_in_json(client: httpx.Client) -> None:
    response = client.get("/v1/nothing")
    assert response.status_code == 404
    assert words_of(response)


def test_another_method_is_a_405(client: httpx.Client) -> None:
    response = client.patch("/v1/avatars")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert words_of(response)
