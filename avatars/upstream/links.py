"""Signed links: how long they live and where they may lead.

Videos sit behind S3-style presigned links on Cloudflare R2 whose query holds `X-Amz-Date` and
`X-Amz-Expires`; their life was later documented as one hour (Anam reference, 2026).
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

DOCUMENTED_LIFE = timedelta(hours=1)
_LONGEST_LINK = 2048  # characters; what Django sends a browser to
_LONGEST_LIFE = 604_800  # seconds: the week that S3 signatures allow at most


def life_of(url: str, fetched_at: datetime) -> tuple[datetime, datetime]:
    """When the link began and when it ends; an hour from the fetch where the query doesn't say."""
    try:
        query = parse_qs(urlsplit(url).query)
        signed = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        seconds = int(query["X-Amz-Expires"][0])
        life = timedelta(seconds=min(max(seconds, 0), _LONGEST_LIFE))
        return signed, signed + life
    except (KeyError, ValueError, OverflowError):
        return fetched_at, fetched_at + DOCUMENTED_LIFE


def is_signed(url: str) -> bool:
    """Whether the link says itself that it will end."""
    return "X-Amz-Expires=" in url


def is_allowed(url: str, origins: Iterable[str]) -> bool:
    """Whether a page may be sent to `url`.

    `origins` are `https://host`, `https://*.host` (any subdomain), `http://host:port`, or a path on
    this very server such as `/rehearsal/`. A backslash or a control character is never allowed:
    browsers and parsers disagree about them.
    """
    if len(url) > _LONGEST_LINK or any(ord(c) <= 32 or c in "\\\x7f" for c in url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if not parts.scheme and not parts.netloc:
        own = [origin for origin in origins if origin.startswith("/")]
        path = unquote(parts.path)  # browsers take %2e%2e for a step up too
        return ".." not in path and any(path.startswith(start) for start in own)
    if parts.username is not None or parts.hostname is None:
        return False
    return any(
        _matches(parts.scheme, parts.hostname, port, origin)
        for origin in origins
        if not origin.startswith("/")
    )


def _matches(scheme: str, host: str, port: int | None, origin: str) -> bool:
    wanted = urlsplit(origin)
    name = wanted.hostname or ""
    same_host = host.endswith(name[1:]) if name.startswith("*.") else host == name
    usual = {"https": 443, "http": 80}.get(scheme)
    return scheme == wanted.scheme and same_host and (port or usual) == (wanted.port or usual)
