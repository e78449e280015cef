"""How often pages for people without an account may be asked for, by one address and by one code.

Codes can't be guessed at any speed. This keeps a leaked link, or somebody who tries, from costing
the server more than people do. Counted in Django's cache, in windows that begin anew: with several
processes and a cache of their own each, every one counts for itself.
"""

import ipaddress
import time
from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

MINUTE, HOUR = 60, 3600
# What somebody does -> how often one address may, how often with one code, and in which window.
# A whole office may answer a photo call in one meeting, and has one address.
_LIMITS: dict[str, tuple[int, int, int]] = {
    "open": (120, 240, MINUTE),
    "see": (240, 480, MINUTE),  # pictures come with their pages
    "save": (60, 60, MINUTE),  # drafts go by themselves while somebody types
    "post": (40, 80, MINUTE),
    "miss": (60, 60, HOUR),
}


def wait(request: HttpRequest, what: str, code: str) -> int:
    """Count one more; in how many seconds to come back, 0 while there is room.

    `what` is one of `open`, `see`, `save`, `post`, and `miss` for a code that opens nothing.
    """
    each, together, window = _LIMITS[what]
    now = time.time()
    number = int(now // window)
    address = _count(f"{what} {_address(request)}", number, window) > each
    crowd = what != "miss" and _count(f"{what} code {code}", number, window) > together
    return max(1, int((number + 1) * window - now)) if address or crowd else 0


def _count(whose: str, number: int, window: int) -> int:
    """The cache knows neither addresses nor codes."""
    key = f"throttle-{sha256(whose.encode()).hexdigest()}-{number}"
    cache.add(key, 0, timeout=2 * window)
    try:
        return cache.incr(key)
    except ValueError:  # thrown out meanwhile, because the cache is full
        return 1


def _address(request: HttpRequest) -> str:
    """The visitor's, behind however many proxies are trusted; of IPv6 the network of one home."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return f"{int(address) >> 64:x}"
    return str(address)
