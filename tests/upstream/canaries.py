"""Listeners inside the network that nobody may wake."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PLACES = [("127.0.0.1", 0), ("127.0.0.1", 0), ("::1", 0)]
_USUAL = [(host, port) for host in ("127.0.0.1", "127.0.0.2", "::1") for port in (80, 443)]


class Canaries:
    """Several listeners on loopback; the first is always there, on a port of its own."""

    def __init__(self, listeners: list[socket.socket]) -> None:
        self._listeners = listeners
        self._counting = threading.Lock()
        self._came = 0
        self.place: tuple[str, int] = listeners[0].getsockname()

    @property
    def woken(self) -> int:
        """How many connections came in until now, by any door."""
        self._count()
        return self._came

    def hang_up_until(self, over: socket.socket) -> None:
        """To have come is enough: nobody gets an answer, and nobody has to wait for none."""
        while over not in select.select([*self._listeners, over], [], [])[0]:
            self._count()

    def _count(self) -> None:
        with self._counting:
            for listener in self._listeners:
                with suppress(BlockingIOError):
                    while True:
                        listener.accept()[0].close()
                        self._came += 1


@contextmanager
def listening() -> Iterator[Canaries]:
    """On free ports, and on 80 and 443 where this machine lets us."""
    listeners = list(_listeners())
    canaries = Canaries(listeners)
    told, over = socket.socketpair()
    thread = threading.Thread(target=canaries.hang_up_until, args=(over,))
    thread.start()
    try:
        yield canaries
    finally:
        told.close()
        thread.join()
        for open_one in (over, *listeners):
            open_one.close()


def _listeners() -> Iterator[socket.socket]:
    for host, port in [*_PLACES, *_USUAL]:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with suppress(OSError):
            listener = socket.create_server((host, port), family=family)
            listener.setblocking(False)
            yield listener
