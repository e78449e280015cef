"""Session tokens that nobody has to remember: signed, and good for an hour.

Anam's JavaScript SDK (4.27.0) takes them for JSON Web Tokens and reads the middle part before its
first call: `type` may not be "legacy", with "ephemeral" and "stateful" the program may bring no
persona of its own, and `accountId` goes into its metrics. The Python SDK (0.12.0) passes them on
unread. Anam's guide calls a token stateful when it names a stored persona, else ephemeral.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from .avatar import ORGANIZATION
from .secret import secret_of

LIFE = 3600  # seconds; Anam says one hour
_HEAD = {"alg": "HS256", "typ": "JWT"}

Claims = dict[str, Any]


class Mint:
    """Makes session tokens and knows them again. `now`: seconds since 1970."""

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        # Not the secret itself: no signature of a link may ever do for a token.
        self._secret = hmac.digest(secret_of(folder), b"session tokens", "sha256")
        self._now = now

    def issue(self, avatar_id: str | None) -> str:
        """For a conversation with an avatar, or with a stored persona; never the same twice."""
        began = int(self._now())
        claims = {
            "type": "ephemeral" if avatar_id else "stateful",
            "accountId": ORGANIZATION,
            "avatarId": avatar_id,
            "iat": began,
            "exp": began + LIFE,
            "jti": str(uuid4()),
        }
        said = f"{_packed(_HEAD)}.{_packed(claims)}"
        return f"{said}.{self._signature(said)}"

    def claims(self, token: str) -> Claims | None:
        """What a token says; None when it is not of this folder, or over."""
        said, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(said).encode()):
            return None
        claims: Claims = json.loads(_unpacked(said.partition(".")[2]))
        return claims if self._now() < claims["exp"] else None

    def _signature(self, said: str) -> str:
        return _text(hmac.digest(self._secret, said.encode(), "sha256"))


def _packed(value: object) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
