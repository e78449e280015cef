"""Fetching what a stranger's address leads to, and sending to it, without lending them our network.

Only https on the usual ports, only public addresses, connected to as they were checked, at most
three redirects that are each judged like a new address, a deadline for the whole, and raw bytes
counted. All that isn't reachable reads the same, so that nobody can map the network with it.
"""

import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import httpx
from django.conf import settings

from avatars.names import tidy_name

from .deadline import DeadlineTransport, deadline
from .pinned import CONNECT_SECONDS, PinnedBackend
from .web_address import BadAddress as BadAddress
from .web_address import following, read

logger = logging.getLogger(__name__)

TOTAL_SECONDS = 10.0  # from the look-up of the first name to the last byte
REDIRECTS_MAX = 3
SAID_MAX = 500  # characters of an answer that we keep
_SAID_BYTES = 16_384  # bytes of an answer that we look at
_REDIRECTS = (301, 302, 303, 307, 308)
_NAME_MAX = 100  # characters


class Unreachable(Exception):
    """No usable answer, whatever the reason."""

    def __init__(self) -> None:
        super().__init__(
            "This address could not be reached. Nothing has changed here. "
            "Check that anybody on the internet can open it without signing in, then try again."
        )


class _OfNoUse(Exception):
    """An answer that we don't take; the reason is for the log alone."""


class TooManyBytes(Exception):
    """A public address answered with more than was asked for."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(
            f"The file at this address is larger than {most_bytes / 1_000_000:g} MB. "
            "Nothing has changed here. Give the address of a smaller one."
        )


@dataclass(frozen=True)
class Fetched:
    """What was at an address.

    `content_type` is what its server claims, such as `image/jpeg`, and `filename` the last part of
    the path that was asked for, tidied. Both may be "".
    """

    data: bytes
    content_type: str
    filename: str


@dataclass(frozen=True)
class Posted:
    """How a receiver answered. `said`: the beginning of its text, cleaned, or ""."""

    status: int
    said: str


def check(url: str, *, private: bool = False) -> None:
    """Judge an address by its text alone. Raises `BadAddress`."""
    read(url, private=private)


def fetch(url: str, *, most_bytes: int, seconds: float = TOTAL_SECONDS) -> Fetched:
    """GET what is at `url`, `most_bytes` at most, within `seconds`.

    Raises `BadAddress` for what the text alone tells, `TooManyBytes`, and else `Unreachable`.
    """
    asked = place = read(url)
    request = {"Accept": "image/*, */*;q=0.1"}
    with _one_wording(asked), deadline(seconds):
        for _ in range(REDIRECTS_MAX + 1):
            with _answer("GET", place, request) as response:
                if response.status_code not in _REDIRECTS:
                    data = _bounded(_good(response), most_bytes)
                    return Fetched(data, _media_type(response), _filename(asked))
            place = following(place, response.headers.get("Location", ""))
        raise _OfNoUse("too many redirects")


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private: bool = False,
    seconds: float = TOTAL_SECONDS,
) -> Posted:
    """POST `body` to `url` and say how it was answered, whatever the status. Follows no redirects.

    `private` is the operator's word that any address, any port and http will do. Raises
    `BadAddress`, or `Unreachable`, after which the receiver may have got it all the same.
    """
    place = read(url, private=private)
    with (
        _one_wording(place),
        deadline(seconds),
        _answer("POST", place, headers, body, private=private) as response,
    ):
        return Posted(response.status_code, _said(response))


@contextmanager
def _one_wording(place: httpx.URL) -> Iterator[None]:
    # `from None`: the reason is for the operator's log, and it must not ride along to anybody else.
    try:
        yield
    except (httpx.HTTPError, BadAddress, _OfNoUse) as error:
        why = error if isinstance(error, _OfNoUse) else type(error).__name__
        logger.info("nothing came from %s: %s", place.raw_host.decode("ascii"), why)
        raise Unreachable from None


@contextmanager
def _answer(
    method: str,
    place: httpx.URL,
    headers: Mapping[str, str],
    body: bytes | None = None,
    *,
    private: bool = False,
) -> Iterator[httpx.Response]:
    """One request on a connection of its own, without cookies, proxies or anything of before."""
    request = httpx.Request(
        method,
        place,
        headers={
            # Said here: httpx would read the name once more, and trip over those that IDNA forbids.
            "Host": place.netloc.decode("ascii"),
            "User-Agent": "Greenroom",
            **headers,
            "Accept-Encoding": "identity",
        },
        content=body,
        extensions={"timeout": {"connect": CONNECT_SECONDS}},
    )
    with _transport(private=private) as transport:
        response = transport.handle_request(request)
        try:
            yield response
        finally:
            response.close()


def _transport(*, private: bool) -> DeadlineTransport:
    return DeadlineTransport(
        connections=1,
        keepalive=0,
        backend=PinnedBackend(private=private),
        trust=settings.FETCH_TRUST or _trust(),
    )


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _good(response: httpx.Response) -> httpx.Response:
    """A success in plain bytes: what is packed may unpack to anything."""
    if not response.is_success:
        raise _OfNoUse(f"status {response.status_code}")
    if _is_packed(response):
        raise _OfNoUse("packed")
    return response


def _is_packed(response: httpx.Response) -> bool:
    encoding: str = response.headers.get("Content-Encoding", "identity")
    return encoding.strip().lower() != "identity"


def _bounded(response: httpx.Response, most_bytes: int) -> bytes:
    if int(response.headers.get("Content-Length", 0)) > most_bytes:
        raise TooManyBytes(most_bytes)
    data = bytearray()
    for chunk in response.iter_raw():
        data += chunk
        if len(data) > most_bytes:
            raise TooManyBytes(most_bytes)
    return bytes(data)


def _said(response: httpx.Response) -> str:
    """The beginning of a text. Its end may be missing: the status is known, and that counts."""
    kind = _media_type(response)
    if _is_packed(response) or not (kind.startswith("text/") or kind.endswith("json")):
        return ""
    data = bytearray()
    try:
        for chunk in response.iter_raw():
            data += chunk
            if len(data) > _SAID_BYTES:
                break
    except httpx.HTTPError:
        pass
    return tidy_name(bytes(data[:_SAID_BYTES]).decode("utf-8", "replace"))[:SAID_MAX]


def _media_type(response: httpx.Response) -> str:
    value: str = response.headers.get("Content-Type", "")
    return tidy_name(value.partition(";")[0]).lower()[:_NAME_MAX]


def _filename(place: httpx.URL) -> str:
    segment = place.path.rpartition("/")[2]
    name = tidy_name(segment.rpartition("\\")[2])
    return name[-_NAME_MAX:].strip()
