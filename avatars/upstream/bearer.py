"""Who we are to Anam: the key, or a session token, on the way out and hidden on the way back."""

import re
from collections.abc import Generator

import httpx


class Bearer(httpx.Auth):
    """Puts the secret on each request, so that no client, repr or default header holds it."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers["Authorization"] = f"Bearer {self._secret}"
        yield request

    def hidden_in(self, body: bytes, mark: bytes = b"[key]") -> bytes:
        """`body` without the secret: an upstream that echoes it must not get it into our rows.

        JSON may write any character as an escape, so it is looked for in each such spelling.
        """
        spelled = b"".join(_spellings(character) for character in self._secret)
        return re.sub(spelled, mark, body) if spelled else body


def _spellings(character: str) -> bytes:
    plain = re.escape(character.encode())
    code = f"\\\\u{ord(character):04x}".encode()
    return b"(?:%s|\\\\%s|(?i:%s))" % (plain, plain, code)
