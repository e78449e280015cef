"""The two calls that open a conversation, up to the point where sound and picture would begin.

As read from Anam's SDKs (Python 0.12.0, JavaScript 4.27.0), not from a service:

- A server asks for a session token with the API key and a persona; a client opens the engine's
  session with that token alone. The Python SDK with an API key asks for no token: it opens the
  session with the key and the persona at once.
- Both SDKs take 200 and 201, and parse every answer as JSON before they look at its status.
- From the engine's answer they read `sessionId`, `engineHost` (perhaps with a path),
  `engineProtocol`, `signallingEndpoint`, `region` and `clientConfig`; the JavaScript SDK fails
  without `clientConfig` and its list `iceServers`. Then they open a websocket at
  `engineHost` + `signallingEndpoint`, and post spoken text to `engineHost`/talk.
- A browser asks first whether a page from elsewhere may send these headers (a preflight).
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from .answers import Answer, Problem, Refusal, as_json, invalid
from .call import Call
from .desk import MISSING, UUID
from .parcel import json_object
from .session_token import Mint
from .shelf import Shelf

# RFC 2606: a name that no resolver knows, so that no sound or picture ever goes anywhere.
ENGINE = "engine.sandbox.invalid"
FOR_ANY_PAGE = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type"),
    ("Access-Control-Allow-Methods", "POST"),
)

Persona = Mapping[str, object]


class Sessions:
    def __init__(self, shelf: Shelf, mint: Mint) -> None:
        self._shelf = shelf
        self._mint = mint

    def token(self, call: Call) -> Answer:
        return as_json(200, {"sessionToken": self._mint.issue(self._avatar_wanted(call))})

    def engine(self, call: Call) -> Answer:
        """For a session token, or for the key and a persona. Where it leads, there is nobody."""
        claims = self._mint.claims(call.bearer)
        if claims is None:
            self._avatar_wanted(call)
        else:
            self._check(claims["avatarId"])  # it may be gone since
        return as_json(200, _session())

    def preflight(self, call: Call) -> Answer:
        return Answer(204, (), ())

    def _avatar_wanted(self, call: Call) -> str | None:
        """None for a stored persona: the sandbox knows none, so it takes any for one."""
        persona = json_object(call).get("personaConfig")
        if not isinstance(persona, dict):
            raise Refusal(invalid([_problem("personaConfig", "Required", "invalid_type")]))
        if problems := [*_problems_of_avatar(persona), *_problems_of_length(persona)]:
            raise Refusal(invalid(problems))
        avatar_id = None if "personaId" in persona else str(persona["avatarId"]).lower()
        self._check(avatar_id)
        return avatar_id

    def _check(self, avatar_id: str | None) -> None:
        if avatar_id and self._shelf.find(avatar_id) is None:
            raise Refusal(MISSING)


def for_any_page(answer: Answer) -> Answer:
    """The answer with leave for pages from anywhere to read it; no cookie counts here."""
    return replace(answer, headers=(*answer.headers, *FOR_ANY_PAGE))


def _problems_of_avatar(persona: Persona) -> list[Problem]:
    if "personaId" in persona:
        said = persona["personaId"]
        fits = isinstance(said, str) and bool(said)
        return [] if fits else [_problem("personaConfig.personaId", "Required", "invalid_type")]
    path, avatar_id = "personaConfig.avatarId", persona.get("avatarId")
    if not isinstance(avatar_id, str):
        return [_problem(path, "Required", "invalid_type")]
    valid = UUID.fullmatch(avatar_id.lower())
    return [] if valid else [_problem(path, "Invalid uuid", "invalid_string")]


def _problems_of_length(persona: Persona) -> list[Problem]:
    seconds = persona.get("maxSessionLengthSeconds", 1)
    if isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0:
        return []
    words = "Expected a positive whole number"
    return [_problem("personaConfig.maxSessionLengthSeconds", words, "too_small")]


def _problem(path: str, words: str, code: str) -> Problem:
    return {"path": path, "message": words, "code": code}


def _session() -> dict[str, object]:
    return {
        "sessionId": str(uuid4()),
        "engineHost": ENGINE,
        "engineProtocol": "https",
        "signallingEndpoint": "/ws",
        "region": "sandbox",
        "clientConfig": {
            "heartbeatIntervalSeconds": 5,
            "maxWsReconnectionAttempts": 5,
            "iceServers": [{"urls": [f"stun:{ENGINE}:3478"]}],
            "iceTransportPolicy": "all",
        },
    }
