"""A real Greenroom over the folder and the database of this drill, and people in front of it."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from django.conf import settings
from django.db import connections

from avatars.models import Avatar, Event, Kind
from tests.browser.greenroom import Greenroom

from .acts import maker, photo, session_of

_HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|wish)" value="([^"]+)"')


@contextmanager
def greenroom(**more: str) -> Iterator[Greenroom]:
    """`manage.py up`; a second one on the same rows is as good."""
    environment = {"DATABASE_URL": os.environ["DATABASE_URL"], "LOG_LEVEL": "WARNING", **more}
    with Greenroom(Path(settings.DATA_DIR), **environment) as house:
        yield house
    connections.close_all()


class Guest:
    """Somebody who is signed in, with a browser of their own."""

    def __init__(self, house: Greenroom, name: str) -> None:
        self.user = maker(name)
        cookies = {settings.SESSION_COOKIE_NAME: session_of(self.user)}
        self._browser = httpx.Client(
            base_url=house.address, cookies=cookies, timeout=60, trust_env=False
        )

    def uploads(self, name: str) -> None:
        """By the form, as scripts send it: they are not asked about a known photo."""
        status = self.sends(name, photo())
        if status != 202:
            raise AssertionError(f"the upload was answered with {status}")

    def sends(self, name: str, data: bytes) -> int:
        """The status of the answer to a form with this photo."""
        page = self._browser.get("/upload")
        form = {"display_name": name, "avatar_model": "cara-4", **dict(_HIDDEN.findall(page.text))}
        files = {"image_file": ("portrait.jpg", data, "image/jpeg")}
        headers = {"Accept": "application/json"}
        return self._browser.post("/upload", data=form, files=files, headers=headers).status_code

    def looks_at_the_gallery(self) -> float:
        """Seconds until it was there."""
        answer = self._browser.get("/")
        answer.raise_for_status()
        return answer.elapsed.total_seconds()


def states() -> dict[str, int]:
    """How many avatars are in each state."""
    found: dict[str, int] = {}
    for state in Avatar.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def sendings() -> int:
    """How often a photo was sent, or tried to be."""
    return Event.objects.filter(kind=Kind.SENDING).count()
