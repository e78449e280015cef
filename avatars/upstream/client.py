"""The calls of Anam's API that we make, with deadlines, bounds and an honest error for each end.

Source: Anam's API reference of April 2026. The create call blocks for 30 s to 2 min as seen by
independent clients, and Anam's own app waits up to 300 s.
"""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings

from avatars.sandbox import Knobs, Sandbox

from .bearer import Bearer
from .connection import CONNECT_SECONDS, READ_SECONDS, bounded, client_for, told_apart
from .deadline import deadline
from .errors import Cause, Held, Missing, SessionOver, error_for
from .wire import (
    Page,
    UpstreamAvatar,
    avatar_from,
    headline_from,
    json_from,
    object_from,
    page_from,
    sentence_from,
)

REHEARSAL_PATH = "/rehearsal"
_REHEARSAL_KEY = "the-sandbox-of-this-server"  # no secret: it guards nothing


class Upstream:
    """Anam, or something that behaves like it, at one base address with one key."""

    def __init__(self, base_url: str, key: str, transport: httpx.BaseTransport | None) -> None:
        self._bearer = Bearer(key)
        # Creates get a connection each: on a kept one, a server that has just hung up looks the
        # same as one that took the photo, and the outcome would be unknown for nothing.
        self._creating = client_for(base_url, self._bearer, transport, keepalive=0)
        self._reading = client_for(base_url, self._bearer, transport, keepalive=4)

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

    def session_token(self, body: dict[str, Any]) -> dict[str, Any]:
        """Anam's answer to a wish for a conversation, whole: `sessionToken` opens it for an hour.

        `body` holds `personaConfig` and goes out as it is. Raises any `UpstreamError`.
        """
        return self._converse("/v1/auth/session-token", body)

    def engine_session(self, session_token: str, body: dict[str, Any]) -> dict[str, Any]:
        """Anam's answer to the holder of a session token: where sound and picture come from.

        The token goes out in place of the key. Raises `SessionOver` when Anam does not take it, or
        any other `UpstreamError`; none of them holds the token.
        """
        if not re.fullmatch("[!-~]+", session_token):  # it could not even be sent
            raise SessionOver(Cause.INVALID)
        try:
            return self._converse("/v1/engine/session", body, Bearer(session_token))
        except Held as held:
            if held.cause == Cause.KEY:
                raise SessionOver(Cause.INVALID, held.said) from None
            raise

    def _converse(
        self, path: str, body: dict[str, Any], bearer: Bearer | None = None
    ) -> dict[str, Any]:
        # Not httpx's own JSON: that fails over half a surrogate pair, which a program may send.
        sent = {"content": json.dumps(body), "headers": {"Content-Type": "application/json"}}
        with deadline(READ_SECONDS):
            answer = self._call(self._creating, "POST", path, bearer=bearer, **sent)
        return object_from(json_from(answer))

    def _read(self, method: str, path: str, **options: Any) -> object:
        with deadline(READ_SECONDS):
            return json_from(self._call(self._reading, method, path, **options))

    def _call(
        self,
        client: httpx.Client,
        method: str,
        path: str,
        *,
        bearer: Bearer | None = None,
        **options: Any,
    ) -> bytes:
        """One request, and the body of its 2xx answer; other ends raise an `UpstreamError`.

        `bearer` goes out in place of the key.
        """
        who = bearer or self._bearer
        with told_apart(), client.stream(method, path, auth=who, **options) as response:
            body = self._bearer.hidden_in(bounded(response))
        if response.is_success:
            return body
        if bearer:
            body = bearer.hidden_in(body, b"[token]")
        retry_after = response.headers.get("Retry-After")
        error = error_for(response.status_code, sentence_from(body), retry_after)
        error.status, error.headline = response.status_code, headline_from(body)
        raise error


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


def _path(upstream_id: str) -> str:
    return f"/v1/avatars/{quote(upstream_id, safe='')}"
