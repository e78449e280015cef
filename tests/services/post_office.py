"""A mail server on loopback that answers as a test wants, and the setting that leads to it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class PostOffice:
    """`answers` by the first word of a command, or "." for a whole mail; "" hangs up there."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.calls = 0
        office = self

        class Counter(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                office.serve(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Counter)
        self._server.daemon_threads = True

    @property
    def mailer(self) -> dict[str, Any]:
        host, port = self._server.server_address[:2]
        options = {"host": host, "port": port, "timeout": 10}
        return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}

    def serve(self, caller: socketserver.StreamRequestHandler) -> None:
        self.calls += 1
        caller.wfile.write(b"220 here\r\n")
        for line in caller.rfile:
            word = line.split()[0].decode().upper()
            if word == "RCPT":
                self.recipients.append(line.decode().partition("<")[2].partition(">")[0])
            if word == "DATA" and word not in self.answers:
                word = self._takes_in(caller)
            answer = self.answers.get(word, "250 fine")
            if not answer or word == "QUIT":
                return
            caller.wfile.write(f"{answer}\r\n".encode())

    def _takes_in(self, caller: socketserver.StreamRequestHandler) -> str:
        caller.wfile.write(b"354 go on\r\n")
        lines = list(iter(caller.rfile.readline, b".\r\n"))
        if "." not in self.answers:
            text = b"".join(lines)
            self.mails.append(message_from_bytes(text, policy=policy.default))
        return "."

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def open_office() -> Iterator[PostOffice]:
    office = PostOffice()
    thread = threading.Thread(target=office.run)
    thread.start()
    try:
        yield office
    finally:
        office.close()
        thread.join()
