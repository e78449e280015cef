from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from avatars.sandbox import Sandbox

from .conftest import Client, Clock, connected, photo


@pytest.fixture
def three(client: Client, clock: Clock) -> list[str]:
    ids = []
    for name in ("Anna Berg", "Bert Anders", "Cleo Anders"):
        clock.move(1)
        ids.append(client.create(name).json()["id"])
    return ids


def test_a_list_mixes_stock_and_custom_newest_first(client: Client, three: list[str]) -> None:
    assert client.names()[:3] == ["Cleo Anders", "Bert Anders", "Anna Berg"]
    assert set(client.names()[3:]) == {"Ada", "Mika", "Lina"}


def test_stock_avatars_belong_to_nobody_and_are_ready(client: Client) -> None:
    for avatar in client.list().json()["data"]:
        assert avatar["createdByOrganizationId"] is None
        assert all((avatar["videoUrl"], avatar["description"]))


def test_only_one_shot_leaves_the_stock_out(client: Client, three: list[str]) -> None:
    assert client.names(onlyOneShot="true") == ["Cleo Anders", "Bert Anders", "Anna Berg"]
    assert len(client.names(onlyOneShot="false")) == 6


def test_pages_say_where_they_are(client: Client, three: list[str]) -> None:
    first = client.list(perPage=4).json()
    second = client.list(perPage=4, page=2).json()
    assert first["meta"] == {
        "total": 6,
        "lastPage": 2,
        "currentPage": 1,
        "perPage": 4,
        "prev": None,
        "next": 2,
    }
    assert (second["meta"]["prev"], second["meta"]["next"]) == (1, None)
    assert len({avatar["id"] for avatar in first["data"] + second["data"]}) == 6


def test_a_page_beyond_the_last_is_empty(client: Client) -> None:
    answer = client.list(page=9)
    assert (answer.status_code, answer.json()["data"]) == (200, [])
    assert answer.json()["meta"]["perPage"] == 10


def test_search_looks_into_names_whatever_their_case(client: Client, three: list[str]) -> None:
    assert client.names(search="ANDERS") == ["Cleo Anders", "Bert Anders"]
    assert client.list(search="nobody").json()["meta"]["total"] == 0


def test_tags_match_any_of_several(client: Client, three: list[str], clock: Clock) -> None:
    assert client.names(tags="rehearsal") == []
    clock.move(60)
    assert client.names(tags="rehearsal,desk") == [*client.custom(), "Ada"]


def test_render_style_is_unknown_until_generated(
    client: Client, three: list[str], clock: Clock
) -> None:
    assert client.names(renderStyle="unknown") == client.custom()
    clock.move(60)
    assert client.names(renderStyle="realistic") == client.custom()
    assert set(client.names(renderStyle="illustrated")) == {"Ada", "Mika", "Lina"}
    assert len(client.names(renderStyle="all")) == 6


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "-1"},
        {"page": "one"},
        {"page": "9" * 5000},
        {"perPage": "101"},
        {"perPage": ""},
        {"onlyOneShot": "yes"},
        {"renderStyle": "cubist"},
    ],
)
def test_a_list_out_of_bounds_is_a_400(client: Client, query: dict[str, str]) -> None:
    answer = client.list(**query)
    assert answer.status_code == 400
    assert answer.json()["details"][0]["path"] == next(iter(query))


def test_one_avatar_reads_as_it_was_created(client: Client) -> None:
    made = client.create().json()
    assert client.get(made["id"]).json() == made
    assert client.get(made["id"].upper()).json() == made


def test_a_malformed_id_is_a_400_and_an_unknown_one_a_404(client: Client) -> None:
    assert client.get("not-a-uuid").status_code == 400
    assert client.get("..%2F..%2Fsecret").status_code in (400, 404)
    assert client.get(str(uuid4())).status_code == 404
    assert client.http.delete("/v1/avatars/not-a-uuid?hard=true").status_code == 400


def test_a_rename_changes_the_name_and_the_time(client: Client, clock: Clock) -> None:
    made = client.create().json()
    clock.move(60)
    answer = client.http.put(f"/v1/avatars/{made['id']}", json={"displayName": "Anna Renamed"})
    assert (answer.status_code, answer.json()["displayName"]) == (200, "Anna Renamed")
    assert answer.json()["createdAt"] == made["createdAt"]
    assert answer.json()["updatedAt"] == "2026-09-21T14:14:20.250Z"
    assert client.get(made["id"]).json()["displayName"] == "Anna Renamed"


@pytest.mark.parametrize("body", [{}, {"displayName": "An"}, {"displayName": 7}, []])
def test_a_rename_needs_a_name(client: Client, body: object) -> None:
    avatar_id = client.create().json()["id"]
    assert client.http.put(f"/v1/avatars/{avatar_id}", json=body).status_code == 400
    assert client.custom() == ["Anna Berg"]


def test_a_soft_delete_hides_and_keeps_the_files(client: Client) -> None:
    avatar = client.create().json()
    answer = client.http.delete(f"/v1/avatars/{avatar['id']}")
    assert (answer.status_code, list(answer.json())) == (200, ["message"])
    assert client.get(avatar["id"]).status_code == 404
    assert client.custom() == []
    assert client.http.get(avatar["imageUrl"]).status_code == 200
    assert client.http.delete(f"/v1/avatars/{avatar['id']}").status_code == 404


@pytest.mark.parametrize("soft_first", [False, True])
def test_a_hard_delete_leaves_not_a_byte(client: Client, soft_first: bool, tmp_path: Path) -> None:
    avatar = client.create().json()
    client.http.get(avatar["imageUrl"])
    if soft_first:
        client.http.delete(f"/v1/avatars/{avatar['id']}")
    answer = client.http.delete(f"/v1/avatars/{avatar['id']}", params={"hard": "true"})
    assert (answer.status_code, list(answer.json())) == (200, ["message"])
    assert list((tmp_path / "avatars").iterdir()) == []
    assert client.http.get(avatar["imageUrl"]).status_code == 404
    again = client.http.delete(f"/v1/avatars/{avatar['id']}", params={"hard": "true"})
    assert again.status_code == 404


def test_stock_avatars_can_not_be_changed(client: Client) -> None:
    stock = client.list().json()["data"][0]["id"]
    assert client.http.put(f"/v1/avatars/{stock}", json={"displayName": "Mine"}).status_code == 403
    assert client.http.delete(f"/v1/avatars/{stock}").status_code == 403
    assert client.http.delete(f"/v1/avatars/{stock}?hard=true").status_code == 403


def test_another_method_or_path_is_refused_in_json(client: Client) -> None:
    answer = client.http.patch("/v1/avatars")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert client.http.get("/v1/personas").json() == {"message": "Not found"}


def test_a_second_sandbox_over_the_folder_sees_the_same(
    client: Client, another: Callable[[], Sandbox], clock: Clock
) -> None:
    made = client.create().json()
    clock.move(60)
    neighbour = connected(another())
    neighbour.http.put(f"/v1/avatars/{made['id']}", json={"displayName": "Renamed there"})
    assert client.custom() == ["Renamed there"]
    link = neighbour.get(made["id"]).json()["videoUrl"]
    assert client.http.get(link).content == neighbour.http.get(link).content
    client.http.delete(f"/v1/avatars/{made['id']}?hard=true")
    assert neighbour.custom() == []


def test_an_avatar_purged_under_a_reader_is_missing_not_an_error(
    client: Client,
) -> None:
    avatar = client.create().json()
    with ThreadPoolExecutor(4) as pool:
        reads = [pool.submit(client.get, avatar["id"]) for _ in range(40)]
        lists = [pool.submit(client.list) for _ in range(10)]
        client.http.delete(f"/v1/avatars/{avatar['id']}?hard=true")
        reads += [pool.submit(client.get, avatar["id"]) for _ in range(40)]
    assert {read.result().status_code for read in reads} <= {200, 404}
    assert {listed.result().status_code for listed in lists} == {200}
    assert reads[-1].result().status_code == 404


def test_renames_and_deletes_at_once_never_bring_an_avatar_back(client: Client) -> None:
    path = f"/v1/avatars/{client.create().json()['id']}"
    with ThreadPoolExecutor(4) as pool:
        renames = [
            pool.submit(client.http.put, path, json={"displayName": f"Name {number}"})
            for number in range(40)
        ]
        assert pool.submit(client.http.delete, path).result().status_code == 200
    assert {rename.result().status_code for rename in renames} <= {200, 404}
    assert client.custom() == []


def test_a_photo_twice_as_wide_as_high_has_no_portrait(client: Client) -> None:
    wide = {"imageFile": ("wide.png", photo("PNG", (900, 400)), "image/png")}
    answer = client.http.post("/v1/avatars", data={"displayName": "Wide"}, files=wide)
    assert answer.json()["portraitImageUrl"] is None
    assert client.create().json()["portraitImageUrl"]
