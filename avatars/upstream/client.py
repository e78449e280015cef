"""The five calls of Anam's avatars API, with deadlines, bounds and an honest error for each end.

Source: Anam's API reference of April 2026. The create call blocks for 30 s to 2 min as seen by
independent clients, and Anam's own app waits up to 300 s.
"""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings

from avatars.sandbox import Knobs, Sandbox

from .deadline import DeadlineTransport, deadline
from .errors import Cause, Held, Missing, NotSent, OutcomeUnknown, error_for
from .wire import Page, UpstreamAvatar, avatar_from, json_from, page_from, sentence_from

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0  # whole deadline of every call but create
ANSWER_BYTES_MAX = 4_000_000  # a page of 100 avatars is about 200 kB
REHEARSAL_PATH = "/rehearsal"
_REHEARSAL_KEY = "the-sandbox-of-this-server"  # no secret: it guards nothing


class Upstream:
    """Anam, or something that behaves like it, at one base address with one key."""

    def __init__(self, base_url: str, key: str, transport: httpx.BaseTransport | None) -> None:
        self._bearer = _Bearer(key)
        # Creates get a connection each: on a kept one, a server that has just hung up looks the
        # same as one that took the photo, and the outcome would be unknown for nothing.
        self._creating = _client(base_url, self._bearer, transport, keepalive=0)
        self._reading = _client(base_url, self._bearer, transport, keepalive=4)

    def create(
        self, *, display_name: str, model: str, photo: bytes, content_type: str, filename: str
    ) -> UpstreamAvatar:
        """Make an avatar from `photo`. Never call it twice for one wish without `NotSent`.

        Raises any `UpstreamError`; a missing endpoint is an address fault, so `Held`.
        """
        fields = {"displayName": display_name, "avatarModel": model}
        files = {"imageFile": (filename, photo, content_type)}
        try:
            with deadline(settings.CREATE_SECONDS):
                body = self._call(
                    self._creating,
                    "POST",
                    "/v1/avatars",
                    data={name: value for name, value in fields.items() if value},
                    files=files,
                    timeout=httpx.Timeout(settings.CREATE_SECONDS, connect=CONNECT_SECONDS),
                )
        except Missing as missing:
            raise Held(Cause.ADDRESS, missing.said) from None
        return avatar_from(json_from(body))

    def get(self, upstream_id: str) -> UpstreamAvatar:
        """Read one avatar, with fresh links. Raises `Missing` when Anam doesn't know it."""
        return avatar_from(self._read("GET", _path(upstream_id)))

    def list(self, *, page: int = 1, search: str = "", custom_only: bool = True) -> Page:
        """Read one page of 100. An empty list may come as a 404 (reference of April 2026)."""
        query: dict[str, str | int] = {"page": page, "perPage": 100}
        if search:
            query["search"] = search
        if custom_only:
            query["onlyOneShot"] = "true"
        try:
            return page_from(self._read("GET", "/v1/avatars", params=query))
        except Missing:
            return Page(avatars=(), next=None, denied=True)

    def ping(self) -> None:
        """The cheapest call there is, to learn whether key and address are right."""
        try:
            self._read("GET", "/v1/avatars", params={"page": 1, "perPage": 1})
        except Missing as missing:
            # With Anam's own avatars the list is never empty.
            raise Held(Cause.ADDRESS, missing.said) from None

    def rename(self, upstream_id: str, display_name: str) -> UpstreamAvatar:
        """Change the one thing that can change."""
        return avatar_from(
            self._read("PUT", _path(upstream_id), json={"displayName": display_name})
        )

    def delete(self, upstream_id: str, *, hard: bool = False) -> None:
        """Hide the avatar, or with `hard` purge its image and assets too."""
        with deadline(READ_SECONDS):
            query = {"hard": "true"} if hard else {}
            self._call(self._reading, "DELETE", _path(upstream_id), params=query)

    def _read(self, method: str, path: str, **options: Any) -> object:
        with deadline(READ_SECONDS):
            return json_from(self._call(self._reading, method, path, **options))

    def _call(self, client: httpx.Client, method: str, path: str, **options: Any) -> bytes:
        """One request, and the body of its 2xx answer; other ends raise an `UpstreamError`."""
        with _told_apart(), client.stream(method, path, **options) as response:
            body = self._bearer.hidden_in(_bounded(response))
        if response.is_success:
            return body
        retry_after = response.headers.get("Retry-After")
        raise error_for(response.status_code, sentence_from(body), retry_after)


def connect(*, rehearsal: bool) -> Upstream:
    """The upstream of an avatar: the sandbox for a rehearsed one, Anam for a real one.

    Raises `Held` when an avatar is real and there is no key (any more).
    """
    if rehearsal:
        return _rehearsal(settings.DATA_DIR / "sandbox", _knobs())
    if not settings.ANAM_API_KEY:
        raise Held(Cause.KEY)
    return _anam(settings.ANAM_API_URL, settings.ANAM_API_KEY, settings.ANAM_TRANSPORT)


@lru_cache(maxsize=4)
def sandbox(folder: Path, knobs: Knobs) -> Sandbox:
    """The embedded stand-in; its links lead to `REHEARSAL_PATH` on this very server."""
    return Sandbox(folder, key=_REHEARSAL_KEY, media_url=REHEARSAL_PATH, knobs=knobs)


def embedded_sandbox() -> Sandbox:
    """The sandbox that rehearsed avatars live in, for the door that serves its pictures."""
    return sandbox(settings.DATA_DIR / "sandbox", _knobs())


def _knobs() -> Knobs:
    return Knobs(
        delay=settings.SANDBOX_DELAY,
        preview_after=settings.SANDBOX_PREVIEW_AFTER,
        link_life=settings.SANDBOX_LINK_LIFE,
        quota=settings.SANDBOX_QUOTA,
        faults=settings.SANDBOX_FAULTS,
    )


@lru_cache(maxsize=4)
def _anam(base_url: str, key: str, transport: httpx.BaseTransport | None) -> Upstream:
    return Upstream(base_url, key, transport)


@lru_cache(maxsize=4)
def _rehearsal(folder: Path, knobs: Knobs) -> Upstream:
    transport = httpx.WSGITransport(app=sandbox(folder, knobs))
    return Upstream("http://sandbox.invalid", _REHEARSAL_KEY, transport)


class _Bearer(httpx.Auth):
    """Puts the key on each request, so that no client, repr or default header holds it."""

    def __init__(self, key: str) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers["Authorization"] = f"Bearer {self._key}"
        yield request

    def hidden_in(self, body: bytes) -> bytes:
        """`body` without the key: an upstream that echoes it must not get it into our rows.

        JSON may write any character as an escape, so the key is looked for in each such spelling.
        """
        spelled = b"".join(_spellings(character) for character in self._key)
        return re.sub(spelled, b"[key]", body) if spelled else body


def _spellings(character: str) -> bytes:
    plain = re.escape(character.encode())
    code = f"\\\\u{ord(character):04x}".encode()
    return b"(?:%s|\\\\%s|(?i:%s))" % (plain, plain, code)


def _client(
    base_url: str, bearer: _Bearer, transport: httpx.BaseTransport | None, *, keepalive: int
) -> httpx.Client:
    return httpx.Client(
        base_url=base_url,
        auth=bearer,
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        transport=transport or DeadlineTransport(connections=32, keepalive=keepalive),
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
    )


def _path(upstream_id: str) -> str:
    return f"/v1/avatars/{quote(upstream_id, safe='')}"


@contextmanager
def _told_apart() -> Iterator[None]:
    # `from None`: httpx errors carry the request, and the request carries the key.
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        raise NotSent(Cause.OUTAGE) from None
    except (httpx.UnsupportedProtocol, httpx.InvalidURL):
        raise NotSent(Cause.ADDRESS) from None
    except (httpx.HTTPError, httpx.StreamError):
        raise OutcomeUnknown(Cause.NO_ANSWER) from None


def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > ANSWER_BYTES_MAX:
            raise OutcomeUnknown(Cause.NO_ANSWER)
    return bytes(body)
