"""The sandbox behind a socket of its own: what only a real connection can show."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from avatars.sandbox import Sandbox

from .conftest import KEY, ROOT, Standalone, connected


def test_it_prints_its_address_and_answers_there(standalone: Standalone) -> None:
    assert standalone.announcement.startswith("Sandbox listening on http://127.0.0.1:")
    avatar = standalone.client.create().json()
    assert avatar["videoUrl"].startswith(f"{standalone.address}/media/")
    assert standalone.client.http.get(avatar["videoUrl"]).headers["content-type"] == "video/webm"


def test_it_ends_on_sigterm(standalone: Standalone) -> None:
    assert standalone.client.list().status_code == 200
    assert standalone.stop() == 0


def test_every_option_can_come_from_the_environment(tmp_path: Path) -> None:
    server = Standalone(
        tmp_path,
        SANDBOX_KEY=KEY,
        SANDBOX_FOLDER=str(tmp_path),
        SANDBOX_DELAY="0",
        SANDBOX_QUOTA="1",
        SANDBOX_FAULTS="list=503x1",
        SANDBOX_MEDIA_URL="https://clips.example",
    )
    try:
        created = server.client.create()
        assert created.json()["imageUrl"].startswith("https://clips.example/media/")
        assert server.client.create().status_code == 403
        assert server.client.list().status_code == 503
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--folder", "here"], "--key"),
        (["--key", KEY], "--folder"),
        (["--key", KEY, "--folder", "here", "--quota", "-1"], "quota must be a whole number"),
        (["--key", KEY, "--folder", "here", "--faults", "create=x"], "no fault is called"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_a_line(
    tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    command = [sys.executable, "-m", "avatars.sandbox", *arguments]
    environment = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert complaint in done.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset", httpx.ReadError),
        ("half", httpx.RemoteProtocolError),
        ("hang", httpx.ReadTimeout),
    ],
)
def test_a_broken_connection_is_really_broken(
    standalone: Standalone, fault: str, error: type[httpx.TransportError]
) -> None:
    standalone.client.http.timeout = httpx.Timeout(10, read=1)
    with pytest.raises(error):
        standalone.client.create(f"Anna !lost-{fault}")
    assert standalone.client.custom() == [f"Anna !lost-{fault}"]


@pytest.mark.parametrize(
    ("fault", "error"), [("reset", httpx.ReadError), ("hang", httpx.ReadTimeout)]
)
def test_a_connection_can_break_before_anything_is_made(
    standalone: Standalone, fault: str, error: type[httpx.TransportError]
) -> None:
    standalone.client.http.timeout = httpx.Timeout(10, read=1)
    with pytest.raises(error):
        standalone.client.create(f"Anna !{fault}")
    assert standalone.client.custom() == []


def test_a_dripping_answer_never_trips_a_read_timeout(standalone: Standalone) -> None:
    files = {"imageUrl": (None, "https://pictures.example/anna.jpg")}
    form = {"displayName": (None, "Anna !lost-drip"), **files}
    with standalone.client.http.stream("POST", "/v1/avatars", files=form) as answer:
        pieces = answer.iter_raw()
        assert [len(next(pieces)) for _ in range(3)] == [1, 1, 1]
    assert standalone.client.custom() == ["Anna !lost-drip"]


def test_hanging_calls_let_go_of_their_threads_when_the_client_leaves(
    standalone: Standalone,
) -> None:
    standalone.client.http.put("/_sandbox/knobs", json={"faults": "get=hang"})
    standalone.client.http.timeout = httpx.Timeout(10, read=0.02)
    for _ in range(40):  # more than there are threads
        with pytest.raises(httpx.ReadTimeout):
            standalone.client.get("any")
    standalone.client.http.timeout = httpx.Timeout(10)
    assert standalone.client.list().status_code == 200


def test_the_requests_are_counted_for_tests_outside(standalone: Standalone) -> None:
    standalone.client.create("Anna !500")
    asked = standalone.client.http.get("/_sandbox/requests").json()
    assert [(call["method"], call["status"]) for call in asked] == [("POST", 500)]


def test_an_embedded_sandbox_and_a_server_can_share_a_folder(standalone: Standalone) -> None:
    embedded = connected(Sandbox(standalone.folder, key=KEY, media_url=standalone.address))
    avatar = standalone.client.create().json()
    assert embedded.custom() == ["Anna Berg"]
    stock = embedded.list(search="Ada").json()["data"][0]
    assert standalone.client.http.get(stock["videoUrl"]).status_code == 200
    embedded.http.delete(f"/v1/avatars/{avatar['id']}?hard=true")
    assert standalone.client.get(avatar["id"]).status_code == 404
