"""Web addresses that people and servers give us, read once and judged by their text.

httpx's own parser reads each of them, and what it made of the text is what is checked, looked up,
connected to and sent. So no second parser can see another host in it.
"""

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urljoin

import httpx
from django.conf import settings

PORTS = {"https": 443, "http": 80}
_LONGEST = 8000  # characters; signed addresses of clouds may have 2,000 and more
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\Z")
# Half of the world takes a name that ends in a number for IPv4: 127.1, 0x7f.1, 2130706433
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\Z")

_SAYINGS = {
    "not-an-address": "This is not a full web address. Nothing was opened. "
    "Write it like https://www.example.com/photo.jpg.",
    "scheme": "Only addresses that begin with https:// can be used. Nothing was opened. "
    "Look whether there is one for this too.",
    "credentials": "The address holds a name or a password. Nothing was opened. "
    "Take out everything between // and @.",
    "port": "The address names an unusual port. Nothing was opened. "
    "Take out the colon and the number behind the host.",
}


class BadAddress(Exception):
    """An address that its text alone rules out. `code` is one of the keys of `_SAYINGS`."""

    def __init__(self, code: str) -> None:
        super().__init__(_SAYINGS[code])
        self.code = code


def read(text: str, *, private: bool = False) -> httpx.URL:
    """The parts of the address. `private` allows http and any port. Raises `BadAddress`."""
    url, host = _parsed(text)
    if not url.scheme:
        raise BadAddress("not-an-address")
    if url.scheme not in PORTS or (url.scheme == "http" and not (private or settings.FETCH_HTTP)):
        raise BadAddress("scheme")
    if url.userinfo:
        raise BadAddress("credentials")
    if not _is_host(host):
        raise BadAddress("not-an-address")
    if not (private or port_of(url) in PORTS.values()) or not 0 < port_of(url) < 65_536:
        raise BadAddress("port")
    return url


def following(url: httpx.URL, location: str) -> httpx.URL:
    """Where an answer of `url` sends us, read like any other address. Raises `BadAddress`."""
    _refuse_odd(location)
    try:
        return read(urljoin(str(url), location))
    except ValueError:
        raise BadAddress("not-an-address") from None


def port_of(url: httpx.URL) -> int:
    """The port that is written, or the usual one."""
    return PORTS[url.scheme] if url.port is None else url.port


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that `host` is; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _parsed(text: str) -> tuple[httpx.URL, str]:
    _refuse_odd(text)
    try:
        url = httpx.URL(text)
        return url, url.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError):
        raise BadAddress("not-an-address") from None


def _refuse_odd(text: str) -> None:
    # Parsers disagree about controls, blanks and backslashes: some drop them, some end the host.
    if len(text) > _LONGEST or any(c == "\\" or _is_blank(c) for c in text):
        raise BadAddress("not-an-address")


def _is_blank(character: str) -> bool:
    return unicodedata.category(character)[0] in "CZ"


def _is_host(host: str) -> bool:
    address = literal(host)
    if isinstance(address, IPv6Address):
        return address.scope_id is None
    return address is not None or bool(_NAME.match(host) and not _ENDS_IN_NUMBER.match(host))
