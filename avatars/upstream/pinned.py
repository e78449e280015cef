"""Sockets that lead to the very addresses that were checked, and to no others.

A name that is looked up twice, once for the check and once for the connection, may answer
differently (DNS rebinding). Here the check stands between the look-up and the connection: httpcore
asks for a name, and gets a socket to one of the addresses that the name had when it was checked.
TLS and the Host header go on using the name.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Any

import httpcore
from django.conf import settings

from .addresses import Resolver, is_public
from .web_address import literal

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0  # look-up and connection together
_TRIED_MAX = 16  # addresses of one name
_SHARE = 1.0  # seconds that each of them gets at least, while there are any
# The system's resolver can't be interrupted. Whoever names slow name servers may hold this many.
_look_ups = threading.BoundedSemaphore(32)


class PinnedBackend(httpcore.SyncBackend):
    """Connects to public addresses alone, or to any with `private`.

    Raises `httpcore.ConnectError` or `ConnectTimeout` and never says why: the reason is nobody's
    business.
    """

    def __init__(self, *, private: bool) -> None:
        self._private = private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        ends_at = time.monotonic() + (CONNECT_SECONDS if timeout is None else timeout)
        addresses = self._permitted(host, port, ends_at)
        for index, address in enumerate(addresses):
            if (left := ends_at - time.monotonic()) <= 0:
                break
            # One silent address must not eat up the time of the others.
            wait = min(left, max(left / (len(addresses) - index), _SHARE))
            try:
                return self._connected(address, port, wait, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        raise httpcore.ConnectError

    def _permitted(self, host: str, port: int, ends_at: float) -> list[str]:
        addresses = _addresses_of(host, port, ends_at - time.monotonic())
        # One forbidden address among good ones is no accident.
        if not self._private and not all(is_public(address) for address in addresses):
            logger.warning("%s leads inside the network, so nothing was opened", host)
            raise httpcore.ConnectError
        return addresses[:_TRIED_MAX]

    def _connected(
        self, address: str, port: int, wait: float, options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        place = _place_of(address, port)
        stream = super().connect_tcp(*place, wait, None, options)
        if not self._private and not _leads_to(stream, place):
            stream.close()
            raise httpcore.ConnectError
        return stream


def _place_of(address: str, port: int) -> tuple[str, int]:
    found_at: Callable[[str, int], tuple[str, int]] | None = settings.FETCH_CONNECT
    return found_at(address, port) if found_at else (address, port)


def _leads_to(stream: httpcore.NetworkStream, place: tuple[str, int]) -> bool:
    """Whether the other end is the address that was checked, as the kernel sees it."""
    try:
        host, port, *_ = stream.get_extra_info("server_addr")
        return (ip_address(host), port) == (ip_address(place[0]), place[1])
    except (OSError, ValueError):
        return False


def _addresses_of(host: str, port: int, seconds: float) -> list[str]:
    if address := literal(host):
        return [str(address)]
    resolver: Resolver = settings.FETCH_RESOLVER or _system
    return _in_time(partial(resolver, host, port), seconds)


def _system(name: str, port: int) -> list[str]:
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _in_time(look_up: Callable[[], list[str]], seconds: float) -> list[str]:
    ends_at = time.monotonic() + seconds
    if not _look_ups.acquire(timeout=max(seconds, 0)):
        raise httpcore.ConnectTimeout
    answers: SimpleQueue[list[str] | None] = SimpleQueue()
    threading.Thread(target=_answer, args=(look_up, answers), daemon=True).start()
    try:
        found = answers.get(timeout=max(ends_at - time.monotonic(), 0))
    except Empty:
        raise httpcore.ConnectTimeout from None
    if not found:
        raise httpcore.ConnectError
    return found


def _answer(look_up: Callable[[], list[str]], answers: SimpleQueue[list[str] | None]) -> None:
    try:
        answers.put(look_up())
    except Exception:  # OSError from the system; whatever it is, the name leads nowhere
        answers.put(None)
    finally:
        _look_ups.release()
