"""The sandbox as a WSGI callable: who may call, which method answers, what is remembered."""

import hmac
import logging
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from threading import Lock
from wsgiref.types import StartResponse, WSGIEnvironment

from .answers import Answer, Refusal, as_json, error, message
from .assets import Assets
from .avatar import moment
from .call import Call
from .desk import Desk
from .knobs import Knobs, Panel
from .links import Signer
from .media import Media
from .parcel import json_object, prepare_django
from .session_token import Mint
from .sessions import Sessions, for_any_page
from .shelf import Shelf

logger = logging.getLogger(__name__)

MOST_REMEMBERED = 10_000
AVATARS = re.compile(r"/v1/avatars/?")
AVATAR = re.compile(r"/v1/avatars/([^/]+)/?")
MEDIA = re.compile(r"/media/([0-9a-f-]{36})/([a-z.]+)")
SESSION_TOKEN = re.compile(r"/v1/auth/session-token/?")
ENGINE_SESSION = re.compile(r"/v1/engine/session/?")
FROM_BROWSERS = re.compile(f"{SESSION_TOKEN.pattern}|{ENGINE_SESSION.pattern}")
KNOBS = re.compile(r"/_sandbox/knobs")
REQUESTS = re.compile(r"/_sandbox/requests")
UNAUTHORIZED = error(401, "Invalid or missing API key", ("WWW-Authenticate", "Bearer"))

Methods = Mapping[str, tuple[str, Callable[..., Answer]]]
Route = tuple[re.Pattern[str], Methods]


class Sandbox:
    """Anam's avatars API over `folder`, open to bearers of `key`.

    Several of them, in several processes, can share a folder; knobs and the list of requests are
    each one's own. `media_url` is the prefix of the links it gives; empty for the caller's own
    scheme and host. `now` is the clock, in seconds since 1970.
    """

    def __init__(
        self,
        folder: Path,
        *,
        key: str,
        media_url: str = "",
        knobs: Knobs = Knobs(),  # noqa: B008  # frozen
        now: Callable[[], float] = time.time,
    ) -> None:
        prepare_django()
        shelf, self._now = Shelf(folder), now
        signer, self._mint = Signer(folder, now), Mint(folder, now)
        self._key = key
        self._panel = Panel(knobs)
        self._asked: deque[dict[str, object]] = deque(maxlen=MOST_REMEMBERED)
        self._lock = Lock()
        self._routes = self._table(
            Desk(shelf, signer, self._panel, now, media_url),
            Media(Assets(shelf), signer),
            Sessions(shelf, self._mint),
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        call = Call(environ)
        answer = self._answer(call)
        if FROM_BROWSERS.fullmatch(call.path):
            answer = for_any_page(answer)
        if not call.path.startswith("/_sandbox/"):
            self._remember(call, answer)
        start_response(answer.line, list(answer.headers))
        return () if call.method == "HEAD" else answer.body

    @property
    def knobs(self) -> Knobs:
        return self._panel.knobs

    @property
    def requests(self) -> list[dict[str, object]]:
        """What was asked so far, oldest first: method, path, status, at. Capped at 10,000."""
        with self._lock:
            return list(self._asked)

    def set(self, **knobs: object) -> None:
        """Turns some knobs. ValueError for one that doesn't exist or can't be so."""
        self._panel.set(knobs)

    def _answer(self, call: Call) -> Answer:
        try:
            return self._routed(call)
        except Refusal as refusal:
            return refusal.answer
        except Exception:  # httpx.WSGITransport would hand it to a client that expects a status
            logger.exception("%s %s failed", call.method, call.path)
            return error(500, "Internal server error")

    def _routed(self, call: Call) -> Answer:
        if not self._may_enter(call):
            return UNAUTHORIZED
        for pattern, methods in self._routes:
            if match := pattern.fullmatch(call.path):
                if call.method not in methods:
                    return _not_allowed(methods)
                kind, handler = methods[call.method]
                work = partial(handler, call, *match.groups())
                fault = self._panel.next_fault(kind)
                return fault.happen(work, call.line) if fault else work()
        return message(404, "Not found")

    def _may_enter(self, call: Call) -> bool:
        if call.path.startswith("/media/"):  # its links are signed
            return True
        if call.method == "OPTIONS" and FROM_BROWSERS.fullmatch(call.path):
            return True  # a browser that asks first shows nothing
        if hmac.compare_digest(call.bearer.encode(), self._key.encode()):
            return True
        opens = ENGINE_SESSION.fullmatch(call.path) and self._mint.claims(call.bearer)
        return bool(opens)

    def _remember(self, call: Call, answer: Answer) -> None:
        with self._lock:
            self._asked.append(
                {
                    "method": call.method,
                    "path": call.path,
                    "status": answer.status,
                    "at": moment(self._now()),
                }
            )

    def _set_knobs(self, call: Call) -> Answer:
        try:
            return as_json(200, asdict(self._panel.set(json_object(call))))
        except ValueError as wrong:
            return error(400, str(wrong))

    def _list_requests(self, call: Call) -> Answer:
        return as_json(200, self.requests)

    def _table(self, desk: Desk, media: Media, sessions: Sessions) -> Sequence[Route]:
        """For each path: the kind of call, as the `faults` knob names it, and who answers."""
        avatar = {
            "GET": ("get", desk.get),
            "PUT": ("rename", desk.rename),
            "DELETE": ("delete", desk.delete),
        }
        preflight = ("", sessions.preflight)
        return (
            (AVATARS, {"GET": ("list", desk.list), "POST": ("create", desk.create)}),
            (AVATAR, avatar),
            (SESSION_TOKEN, {"POST": ("session", sessions.token), "OPTIONS": preflight}),
            (ENGINE_SESSION, {"POST": ("engine", sessions.engine), "OPTIONS": preflight}),
            (MEDIA, {"GET": ("media", media.serve), "HEAD": ("media", media.serve)}),
            (KNOBS, {"PUT": ("", self._set_knobs)}),
            (REQUESTS, {"GET": ("", self._list_requests)}),
        )


def _not_allowed(methods: Methods) -> Answer:
    return error(405, "Method not allowed", ("Allow", ", ".join(methods)))
