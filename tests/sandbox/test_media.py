from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from PIL import Image

from avatars.sandbox import Sandbox

from .conftest import KEY, Client, Clock, connected


@pytest.fixture
def avatar(client: Client, clock: Clock) -> dict[str, str]:
    avatar_id = client.create().json()["id"]
    clock.move(60)
    found: dict[str, str] = client.get(avatar_id).json()
    return found


def refusal(answer: httpx.Response) -> str:
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/xml")
    return answer.text


@pytest.mark.parametrize(
    ("field", "size"),
    [
        ("imageUrl", (1152, 1152)),
        ("landscapeImageUrl", (1152, 768)),
        ("portraitImageUrl", (768, 1152)),
    ],
)
def test_pictures_need_no_key_and_have_the_documented_size(
    client: Client, avatar: dict[str, str], field: str, size: tuple[int, int]
) -> None:
    answer = client.http.get(avatar[field], headers={"Authorization": ""})
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(answer.content)).size == size


def test_picture_addresses_stay_the_same(client: Client, avatar: dict[str, str]) -> None:
    again = client.get(avatar["id"]).json()
    assert again["imageUrl"] == avatar["imageUrl"]
    assert "?" not in avatar["imageUrl"]


def test_clip_links_differ_on_every_read_and_all_work(
    client: Client, avatar: dict[str, str]
) -> None:
    again = client.get(avatar["id"]).json()
    assert again["videoUrl"] != avatar["videoUrl"]
    clips = {client.http.get(link["videoUrl"]).content for link in (avatar, again)}
    assert len(clips) == 1


def test_a_link_names_its_time_and_life_as_s3_does(avatar: dict[str, str]) -> None:
    query = parse_qs(urlsplit(avatar["videoUrl"]).query)
    assert query["X-Amz-Date"] == ["20260921T141420Z"]
    assert query["X-Amz-Expires"] == ["3600"]


def test_a_link_dies_at_the_end_of_its_life(
    client: Client, avatar: dict[str, str], clock: Clock
) -> None:
    clock.move(3599)
    assert client.http.get(avatar["videoUrl"]).status_code == 200
    clock.move(1)
    text = refusal(client.http.get(avatar["videoUrl"]))
    assert "<Code>AccessDenied</Code><Message>Request has expired</Message>" in text
    assert client.http.get(client.get(avatar["id"]).json()["videoUrl"]).status_code == 200


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("X-Amz-Expires=3600", "X-Amz-Expires=7200"),
        ("video.webm", "idle.webm"),
        ("X-Amz-Signature=", "X-Amz-Signature=0"),
        ("X-Amz-Nonce=", "extra=1&X-Amz-Nonce="),
    ],
)
def test_a_link_can_not_be_stretched_or_turned(
    client: Client, avatar: dict[str, str], old: str, new: str
) -> None:
    tampered = avatar["videoUrl"].replace(old, new)
    assert "SignatureDoesNotMatch" in refusal(client.http.get(tampered))


def test_a_clip_without_a_signature_is_denied_to_key_holders_too(
    client: Client, avatar: dict[str, str]
) -> None:
    bare = avatar["videoUrl"].partition("?")[0]
    assert "AccessDenied" in refusal(client.http.get(bare))


def test_the_secret_is_for_its_owner_alone(client: Client, tmp_path: Path) -> None:
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-", 0, None),
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=-50", -50, None),
        ("bytes=10-99999999", 10, None),
        ("bytes=-99999999", 0, None),
    ],
)
def test_one_range_is_answered_in_part(
    client: Client, avatar: dict[str, str], wanted: str, start: int, end: int | None
) -> None:
    whole = client.http.get(avatar["videoUrl"])
    part = client.http.get(avatar["videoUrl"], headers={"Range": wanted})
    assert (part.status_code, part.content) == (206, whole.content[start:end])
    first = start % len(whole.content)
    last = first + len(part.content) - 1
    assert part.headers["content-range"] == f"bytes {first}-{last}/{len(whole.content)}"
    assert part.headers["etag"] == whole.headers["etag"]


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=9-3", "bytes=-0"])
def test_a_range_outside_the_file_is_a_416(
    client: Client, avatar: dict[str, str], wanted: str
) -> None:
    size = client.http.head(avatar["videoUrl"]).headers["content-length"]
    answer = client.http.get(avatar["videoUrl"], headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=-", "lines=1-2", "bytes=a-b"])
def test_a_range_of_another_kind_is_ignored(
    client: Client, avatar: dict[str, str], wanted: str
) -> None:
    answer = client.http.get(avatar["imageUrl"], headers={"Range": wanted})
    assert answer.status_code == 200
    assert answer.headers["accept-ranges"] == "bytes"


def test_head_tells_the_size_and_sends_nothing(client: Client, avatar: dict[str, str]) -> None:
    head, get = client.http.head(avatar["videoUrl"]), client.http.get(avatar["videoUrl"])
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == get.headers
    assert int(head.headers["content-length"]) == len(get.content)


def test_nothing_else_is_served_from_the_folder(client: Client, avatar: dict[str, str]) -> None:
    for name in ("source", "avatar.json", "..%2Favatar.json", "secret", "image.jpg/"):
        base = avatar["imageUrl"].rpartition("/")[0]
        assert client.http.get(f"{base}/{name}").status_code == 404


def test_links_start_with_the_prefix_and_work_where_it_is_mounted(
    tmp_path: Path, clock: Clock
) -> None:
    app = Sandbox(tmp_path, key=KEY, media_url="/rehearsal", now=clock)
    avatar = connected(app).list().json()["data"][0]
    assert avatar["videoUrl"].startswith(f"/rehearsal/media/{avatar['id']}/video.webm?")
    with httpx.Client(transport=httpx.WSGITransport(app=app, script_name="/rehearsal")) as mounted:
        inside = avatar["videoUrl"].removeprefix("/rehearsal")
        assert mounted.get(f"http://greenroom{inside}").status_code == 200


def test_links_follow_the_caller_without_a_prefix(sandbox: Sandbox) -> None:
    transport = httpx.WSGITransport(app=sandbox, script_name="/anam")
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(transport=transport, headers=headers) as http:
        avatar = http.get("https://stand-in.example:8443/v1/avatars").json()["data"][0]
    assert avatar["imageUrl"].startswith("https://stand-in.example:8443/anam/media/")


def test_two_sandboxes_that_start_at_once_share_one_secret(
    another: Callable[[], Sandbox], clock: Clock
) -> None:
    with ThreadPoolExecutor(8) as pool:
        clients = [connected(app) for app in pool.map(lambda _: another(), range(16))]
    link = clients[0].list().json()["data"][0]["videoUrl"]
    assert {client.http.head(link).status_code for client in clients} == {200}


def test_a_clip_asked_for_by_many_at_once_is_whole_for_all(
    another: Callable[[], Sandbox],
) -> None:
    clients = [connected(another()) for _ in range(2)]
    link = clients[0].list().json()["data"][0]["videoUrl"]
    with ThreadPoolExecutor(6) as pool:
        clips = list(pool.map(lambda index: clients[index % 2].http.get(link).content, range(6)))
    assert len(set(clips)) == 1
    assert clips[0].startswith(bytes.fromhex("1a45dfa3"))


def test_link_life_is_a_knob(client: Client, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.set(link_life=1)
    link = client.list().json()["data"][0]["videoUrl"]
    assert "X-Amz-Expires=1&" in link
    clock.move(1)
    assert client.http.get(link).status_code == 403
