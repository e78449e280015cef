"""A sandbox over a fresh folder, with a clock the tests move by hand."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from avatars.sandbox import Knobs, Sandbox

KEY = "rehearsal-key"
ROOT = Path(__file__).parents[2]
FOREIGN = re.compile("SANDBOX_|DJANGO_")  # of the environment: nobody's settings but the test's
PROMPT = Knobs(delay=0, preview_after=4)


Names = list[str]


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_790_000_000.25

    def __call__(self) -> float:
        return self.seconds

    def move(self, seconds: float) -> None:
        self.seconds += seconds


class Client:
    """The calls a test makes, so that each test shows only what it is about."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def create(self, name: str = "Anna Berg", **fields: str) -> httpx.Response:
        files = {"imageFile": ("anna.jpg", photo(), "image/jpeg")}
        return self.http.post("/v1/avatars", data={"displayName": name, **fields}, files=files)

    def get(self, avatar_id: str) -> httpx.Response:
        return self.http.get(f"/v1/avatars/{avatar_id}")

    def list(self, **query: str | int) -> httpx.Response:
        return self.http.get("/v1/avatars", params=query)

    def names(self, **query: str | int) -> Names:
        return [avatar["displayName"] for avatar in self.list(**query).json()["data"]]

    def custom(self) -> Names:
        return self.names(onlyOneShot="true")


def photo(form: str = "JPEG", size: tuple[int, int] = (320, 400)) -> bytes:
    stream = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(stream, form)
    return stream.getvalue()


def connected(app: Sandbox) -> Client:
    transport = httpx.WSGITransport(app=app)
    headers = {"Authorization": f"Bearer {KEY}"}
    return Client(httpx.Client(transport=transport, base_url="http://sandbox", headers=headers))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(tmp_path: Path, clock: Clock) -> Sandbox:
    return Sandbox(tmp_path, key=KEY, knobs=PROMPT, now=clock)


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    client = connected(sandbox)
    with client.http:
        yield client


@pytest.fixture
def another(tmp_path: Path, clock: Clock) -> Callable[[], Sandbox]:
    """More sandboxes over the same folder, as other processes would have."""
    return lambda: Sandbox(tmp_path, key=KEY, knobs=PROMPT, now=clock)


class Standalone:
    """The server of its own: a process, its folder and the address it printed."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        command = [sys.executable, "-m", "avatars.sandbox", "--port", "0", *arguments]
        own = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
        self.folder = folder
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=own | environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        self.announcement = self.process.stdout.readline()
        self.address = self.announcement.split()[-1]
        headers = {"Authorization": f"Bearer {KEY}"}
        self.client = Client(httpx.Client(base_url=self.address, headers=headers))

    def stop(self) -> int:
        self.client.http.close()
        self.process.terminate()
        with self.process:
            return self.process.wait(timeout=20)


@pytest.fixture
def standalone(tmp_path: Path) -> Iterator[Standalone]:
    knobs = ("--delay", "0", "--preview-after", "0")
    server = Standalone(tmp_path, "--key", KEY, "--folder", str(tmp_path), *knobs)
    yield server
    server.stop()
