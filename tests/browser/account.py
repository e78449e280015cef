"""An account at Anam on this machine, for a Greenroom in a process of its own."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import httpx

from tests.services.lab import Lab


class Account:
    """Lists and shows what is in `lab`, and makes nothing: photos get `refusals`, one by one."""

    key = "other-key"

    def __init__(self) -> None:
        self.lab = Lab()
        self.refusals: list[tuple[int, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def settings(self) -> dict[str, str]:
        """What makes a Greenroom use it."""
        address = f"http://127.0.0.1:{self._server.server_port}"
        return {"ANAM_API_URL": address, "ANAM_API_KEY": self.key}

    def refuse(self) -> httpx.Response:
        status, message = self.refusals.pop(0)
        return httpx.Response(status, content=json.dumps({"message": message}))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(account: Account) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._say(account.lab.answer(httpx.Request("GET", f"http://anam.test{self.path}")))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._say(account.refuse())

        def _say(self, answer: httpx.Response) -> None:
            self.send_response(answer.status_code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
