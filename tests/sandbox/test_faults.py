import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from avatars.sandbox import Knobs, Sandbox
from avatars.sandbox.faults import ANSWERS, SPOILERS

from .conftest import KEY, ROOT, Client, connected


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("400", 400, "Validation error"),
        ("401", 401, "API key"),
        ("403-quota", 403, "one-shot"),
        ("403-plan", 403, "plan"),
        ("403-permission", 403, "permission"),
        ("403-model", 403, "model"),
        ("404", 404, "not found"),
        ("413", 413, "Too Large"),
        ("422-face", 422, "face"),
        ("422-celebrity", 422, "public figure"),
        ("422-age", 422, "age"),
        ("422-indecent", 422, "inappropriate"),
        ("429", 429, "Too many"),
        ("429-bare", 429, "Too many"),
        ("500", 500, "Internal"),
        ("502", 502, "502"),
        ("502-html", 502, "<html>"),
        ("503", 503, "unavailable"),
        ("504", 504, "<html>"),
        ("html", 200, "<html>"),
        ("empty", 200, ""),
        ("json", 200, "ok"),
        ("expired", 403, "<Code>AccessDenied</Code>"),
        ("hang", 504, "<html>"),
        ("reset", 502, ""),
    ],
)
def test_a_name_asks_for_its_fault_and_nothing_is_made(
    client: Client, fault: str, status: int, words: str
) -> None:
    answer = client.create(f"Anna !{fault}")
    assert answer.status_code == status
    assert words in answer.text
    assert client.custom() == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("lost-500", 500),
        ("lost-502", 502),
        ("lost-html", 201),
        ("lost-empty", 201),
        ("lost-json", 201),
        ("lost-half", 201),
        ("lost-drip", 201),
        ("lost-reset", 201),
        ("lost-hang", 504),
    ],
)
def test_a_lost_answer_leaves_an_avatar_behind(client: Client, fault: str, status: int) -> None:
    answer = client.create(f"Anna !{fault}")
    assert answer.status_code == status
    assert "displayName" not in readable(answer)
    assert client.custom() == [f"Anna !{fault}"]


def readable(answer: httpx.Response) -> dict[str, object]:
    try:
        body: dict[str, object] = answer.json()
    except json.JSONDecodeError:
        return {}
    return body


def test_half_an_answer_falls_short_of_its_length(client: Client) -> None:
    answer = client.create("Anna !lost-half")
    assert 0 < len(answer.content) < int(answer.headers["content-length"])


def test_only_one_of_the_429s_says_when_to_come_back(client: Client) -> None:
    assert client.create("Anna !429").headers["retry-after"] == "7"
    assert "retry-after" not in client.create("Anna !429-bare").headers


@pytest.mark.parametrize("name", ["Anna !wow", "Anna!429", "!429", "Anna !429 ", "Anna !"])
def test_any_other_name_is_just_a_name(client: Client, name: str) -> None:
    assert client.create(name).status_code == 201


def test_once_means_once_in_the_folder(client: Client, another: Callable[[], Sandbox]) -> None:
    assert client.create("Anna !429-once").status_code == 429
    assert connected(another()).create("Anna !429-once").status_code == 201
    assert client.create("Bert !429-once").status_code == 429


def test_a_rename_can_be_lost_too(client: Client) -> None:
    avatar_id = client.create().json()["id"]
    body = {"displayName": "Anna !lost-502"}
    assert client.http.put(f"/v1/avatars/{avatar_id}", json=body).status_code == 502
    assert client.get(avatar_id).json()["displayName"] == "Anna !lost-502"


def test_the_photo_is_checked_before_a_fault_happens(client: Client) -> None:
    files = {"imageFile": ("anna.jpg", b"no photo", "image/jpeg")}
    answer = client.http.post("/v1/avatars", data={"displayName": "Anna !429"}, files=files)
    assert answer.status_code == 400


def test_the_knob_counts_faults_down_for_each_kind(client: Client, sandbox: Sandbox) -> None:
    sandbox.set(faults="create=429x2, create=lost-500x1, get=404x1")
    made = [client.create().status_code for _ in range(4)]
    assert made == [429, 429, 500, 201]
    avatar_id = client.list(onlyOneShot="true").json()["data"][0]["id"]
    assert [client.get(avatar_id).status_code for _ in range(2)] == [404, 200]
    assert len(client.custom()) == 2


def test_a_fault_without_a_count_stays_until_the_knob_is_turned(
    client: Client, sandbox: Sandbox
) -> None:
    sandbox.set(faults="list=html,media=expired")
    picture = client.create().json()["imageUrl"]
    assert {client.list().headers["content-type"] for _ in range(3)} == {"text/html; charset=utf-8"}
    assert "Request has expired" in client.http.get(picture).text
    sandbox.set(faults="")
    assert client.list().status_code == client.http.get(picture).status_code == 200


def test_another_knob_leaves_the_countdown_alone(client: Client, sandbox: Sandbox) -> None:
    sandbox.set(faults="create=429x1")
    client.create()
    sandbox.set(quota=5)
    assert client.create().status_code == 201


def test_knobs_turn_over_http_with_the_key(client: Client, sandbox: Sandbox) -> None:
    answer = client.http.put("/_sandbox/knobs", json={"quota": 2, "faults": "create=500x1"})
    assert answer.json() == {
        "delay": 0,
        "preview_after": 4,
        "link_life": 3600,
        "quota": 2,
        "faults": "create=500x1",
    }
    assert sandbox.knobs.quota == 2
    assert client.create().status_code == 500


@pytest.mark.parametrize(
    "knobs",
    [
        {"delay": -1},
        {"delay": "2"},
        {"delay": True},
        {"delay": 1e9},
        {"quota": 1.5},
        {"faults": None},
        {"faults": "create=nonsense"},
        {"faults": "dance=500"},
        {"faults": "create"},
        {"colour": "red"},
    ],
)
def test_a_knob_that_can_not_be_so_is_refused_and_nothing_turns(
    client: Client, sandbox: Sandbox, knobs: dict[str, object]
) -> None:
    before = sandbox.knobs
    answer = client.http.put("/_sandbox/knobs", json={"preview_after": 9} | knobs)
    assert (answer.status_code, set(answer.json())) == (400, {"error"})
    assert sandbox.knobs == before


def test_every_call_is_remembered_with_its_answer(client: Client, sandbox: Sandbox) -> None:
    client.create("Anna !429")
    client.list(page=1)
    sandbox.requests.clear()  # a copy: nobody can forget for the sandbox
    at = "2026-09-21T14:13:20.250Z"
    expected = [
        {"method": "POST", "path": "/v1/avatars", "status": 429, "at": at},
        {"method": "GET", "path": "/v1/avatars", "status": 200, "at": at},
    ]
    assert sandbox.requests == expected
    assert client.http.get("/_sandbox/requests").json() == expected


def test_an_error_of_its_own_is_a_500_in_json(client: Client, tmp_path: Path) -> None:
    avatar_id = client.create().json()["id"]
    (tmp_path / "avatars" / avatar_id / "avatar.json").write_text("{")
    answer = client.get(avatar_id)
    assert (answer.status_code, answer.json()) == (500, {"error": "Internal server error"})


def test_knobs_are_checked_from_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="link_life"):
        Sandbox(tmp_path, key=KEY, knobs=Knobs(link_life=-1))


def test_every_fault_is_in_the_documentation() -> None:
    page = (ROOT / "docs" / "sandbox.md").read_text()
    assert [name for name in (*ANSWERS, *SPOILERS) if f"` !{name}`" not in page] == []
