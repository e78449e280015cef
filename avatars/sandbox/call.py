"""One HTTP call as it arrived: a reader of the WSGI environment."""

from functools import cached_property
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

from .answers import Refusal, text
from .faults import Line

# Anam says 4.5MB, and elsewhere that the whole request must stay under it: the stricter reading.
MOST_BYTES = 4_500_000
TOO_LARGE = text(413, "Request Entity Too Large")


class Call:
    def __init__(self, environ: WSGIEnvironment) -> None:
        self._environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ.get("PATH_INFO", "")
        self.query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))

    def header(self, name: str) -> str:
        """Empty when absent. `name` as in "Content-Type"."""
        key = name.upper().replace("-", "_")
        value: str = self._environ.get(f"HTTP_{key}", "") or self._environ.get(key, "")
        return value

    @property
    def bearer(self) -> str:
        """What `Authorization` carries as a bearer; empty for anything else."""
        scheme, _, token = self.header("Authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def base(self) -> str:
        """Where the caller sees this application: "http://127.0.0.1:8100", perhaps with a path."""
        host = self.header("Host") or "{SERVER_NAME}:{SERVER_PORT}".format(**self._environ)
        script = self._environ.get("SCRIPT_NAME", "").rstrip("/")
        return f"{self._environ['wsgi.url_scheme']}://{host}{script}"

    @property
    def line(self) -> Line | None:
        """The connection itself, which only the standalone server can hand over."""
        line: Line | None = self._environ.get("sandbox.line")
        return line

    @cached_property
    def body(self) -> bytes:
        """The whole body. Raises a 413 beyond MOST_BYTES, before reading when the length is known.

        Without a Content-Length (an embedded client that streams) it reads to the end.
        """
        length = self.header("Content-Length")
        if length and (not length.isdecimal() or int(length) > MOST_BYTES):
            raise Refusal(TOO_LARGE)
        chunked = not length and bool(self.header("Transfer-Encoding"))
        wanted = int(length) if length else MOST_BYTES + 1 if chunked else 0
        body: bytes = self._environ["wsgi.input"].read(wanted)
        if len(body) > MOST_BYTES:
            raise Refusal(TOO_LARGE)
        return body
