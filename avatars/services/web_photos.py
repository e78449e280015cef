"""Photos that are named by their address on the web: fetched here, as if they had been dropped."""

from threading import BoundedSemaphore
from typing import Any

from avatars.models import Draft
from avatars.photos.limits import FILE_BYTES_MAX
from avatars.upstream.fetch import fetch

from . import drafts

# Pages have few threads, and a slow server of somebody else's may keep one for ten seconds.
_AT_ONCE = BoundedSemaphore(3)


class Busy(Exception):
    """As many addresses as may be are being fetched at this moment."""


def put_from_the_web(
    owner: Any, key: str, address: str, name: str = "", place: int | None = None
) -> Draft:
    """The picture at the address, on the desk.

    Raises `Busy`, `BadAddress`, `Unreachable` and `TooManyBytes` of the fetch, and what
    `drafts.put` does.
    """
    if known := drafts.put_before(owner, key):
        return known
    if not _AT_ONCE.acquire(blocking=False):
        raise Busy
    try:
        fetched = fetch(address, most_bytes=FILE_BYTES_MAX)
    finally:
        _AT_ONCE.release()
    return drafts.put(owner, key, fetched.filename, fetched.data, name, place)
