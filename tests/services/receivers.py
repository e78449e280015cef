"""Receivers of webhooks on loopback: real servers that remember what they got."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Got:
    """One request. Names of headers are lower case."""

    headers: dict[str, str]
    body: bytes


class Receiver:
    """Answers `statuses` one after the other, the last of them for ever; 410 and the like too."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.statuses = [204]
        self.said = b""
        self.holding = threading.Event()
        self.arrived = threading.Event()
        self.holding.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/greenroom"

    def hang(self) -> None:
        """Take whatever comes and say nothing, until `answer`."""
        self.holding.clear()

    def answer(self) -> None:
        self.holding.set()

    def close(self) -> None:
        self.answer()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def types(self) -> list[str]:
        """What it was told of, in the order in which it came."""
        return [json.loads(got.body)["type"] for got in self.got]

    def take(self, got: Got) -> tuple[int, bytes]:
        self.got.append(got)
        self.arrived.set()
        self.holding.wait(30)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return status, self.said


def _handler(receiver: Receiver) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said = receiver.take(Got(headers, body))
            try:
                self.send_response(status)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            except OSError:
                return  # the sender hung up or died, which some tests are about

        def log_message(self, *_: Any) -> None:
            """Not among the words of the tests."""

    return Handler


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.close()
