"""An Anam that takes its time with every photo, and counts how many it has in hand at once."""

import json
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

_LOOK = 0.05  # seconds between two looks whether the caller is still there


class SlowAnam(ThreadingHTTPServer):
    """`seconds` is what a create takes; `most` is the greatest number at once so far."""

    daemon_threads = True

    def __init__(self, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seconds = seconds
        self.creates, self.most, self._now = 0, 0, 0
        self.made: list[dict[str, Any]] = []
        self._lock = Lock()

    @property
    def settings(self) -> dict[str, str]:
        """What makes a Greenroom use it."""
        return {"ANAM_API_URL": f"http://127.0.0.1:{self.server_port}", "ANAM_API_KEY": "a-key"}

    @property
    def now(self) -> int:
        """How many are in hand at the moment."""
        with self._lock:
            return self._now

    @contextmanager
    def in_hand(self) -> Iterator[None]:
        with self._lock:
            self.creates += 1
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are what this is about."""


class _Handler(BaseHTTPRequestHandler):
    server: SlowAnam
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        name = _name_in(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.in_hand():
            self._wait(self.server.seconds)
        made = _avatar(name)
        self.server.made.append(made)
        self._answer(201, made)

    def do_GET(self) -> None:
        found = {"data": self.server.made, "meta": {"next": None, "total": len(self.server.made)}}
        self._answer(200, found)

    def _wait(self, seconds: float) -> None:
        """Ends early when the caller hangs up: then the photo is no longer on its way."""
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            if select.select([self.connection], [], [], _LOOK)[0]:
                raise ConnectionAbortedError

    def _answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Silent."""


@contextmanager
def slow_anam(seconds: float) -> Iterator[SlowAnam]:
    server = SlowAnam(seconds)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def _name_in(body: bytes) -> str:
    _, _, rest = body.partition(b'name="displayName"\r\n\r\n')
    return rest.split(b"\r\n", 1)[0].decode()


def _avatar(name: str) -> dict[str, Any]:
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    return {
        "id": str(uuid4()),
        "displayName": name,
        "videoUrl": "https://videos.example/clip.webm",
        "createdAt": moment,
        "updatedAt": moment,
        "createdByOrganizationId": "org-of-the-team",
    }
