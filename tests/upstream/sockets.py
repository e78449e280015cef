"""Servers on loopback that misbehave in the ways only a real socket can."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n"

Manners = Callable[[socket.socket, threading.Event], None]


class Server:
    """Takes connections one after the other and treats each with the same manners."""

    def __init__(self, manners: Manners) -> None:
        self.connections = 0
        self._manners = manners
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return "http://{}:{}".format(*self.place)

    @property
    def place(self) -> tuple[str, int]:
        host, port = self._listener.getsockname()
        return host, port

    def close(self) -> None:
        self._over.set()
        with socket.create_connection(self.place):
            pass  # wakes `accept`
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            line, _ = self._listener.accept()
            with line:
                if self._over.is_set():
                    return
                self.connections += 1
                try:
                    self._manners(line, self._over)
                except OSError:
                    continue  # the client hung up, which is what it should do


@contextmanager
def serving(manners: Manners) -> Iterator[Server]:
    server = Server(manners)
    try:
        yield server
    finally:
        server.close()


def read_request(line: socket.socket) -> bytes:
    """Up to the end of the body: a connection closed over unread bytes is a reset."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += _more(line)
    head, _, body = request.partition(b"\r\n\r\n")
    length = next(
        (
            int(row.split(b":")[1])
            for row in head.lower().split(b"\r\n")
            if b"content-length" in row
        ),
        0,
    )
    while len(body) < length:
        body += _more(line)
    return head + b"\r\n\r\n" + body


def _more(line: socket.socket) -> bytes:
    received = line.recv(65_536)
    if not received:
        raise ConnectionError("they hung up in the middle")
    return received


def resetting(line: socket.socket, over: threading.Event) -> None:
    read_request(line)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def closing(line: socket.socket, over: threading.Event) -> None:
    read_request(line)


def half(line: socket.socket, over: threading.Event) -> None:
    read_request(line)
    line.sendall(HEAD + b'{"id":')


def hanging(line: socket.socket, over: threading.Event) -> None:
    read_request(line)
    over.wait(30)
    line.sendall(HEAD + b'{"id": "a-1"}'[:12])


def never_reading(line: socket.socket, over: threading.Event) -> None:
    over.wait(30)


def dripping(text: bytes, over_before: int) -> Manners:
    """One byte every 0.2 s; the whole answer would be good, and comes far too late."""

    def drip(line: socket.socket, over: threading.Event) -> None:
        read_request(line)
        line.sendall(text[:over_before])
        for byte in text[over_before:]:
            if over.wait(0.2):
                return
            line.sendall(bytes([byte]))

    return drip
