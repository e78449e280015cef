"""Fetching the good site's photo, in a test's own time."""

import pytest

from avatars.upstream.fetch import Fetched, Unreachable, fetch

PHOTO = "https://good.example/photo.jpg"


def got(url: str = PHOTO, *, most_bytes: int = 1000, seconds: float = 5) -> Fetched:
    return fetch(url, most_bytes=most_bytes, seconds=seconds)


def unreachable(url: str = PHOTO, *, most_bytes: int = 1000, seconds: float = 5) -> None:
    with pytest.raises(Unreachable) as caught:
        got(url, most_bytes=most_bytes, seconds=seconds)
    assert str(caught.value) == str(Unreachable())
    assert caught.value.__suppress_context__
    assert caught.value.__cause__ is None
