"""Who the clients are pointed at."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

import httpx

from tests.browser.greenroom import ROOT, Greenroom
from tests.photos import pictures

PERSON = "program@example.com"
RIGHTS = "avatars:read,avatars:create,avatars:write,avatars:delete,review,sessions:create"
CREATE_SECONDS = 300.0  # as long as Anam's own app waits


@dataclass(frozen=True)
class Server:
    """`avatar`: an id that `token` may start conversations with."""

    base_url: str
    token: str
    avatar: str

    @property
    def environment(self) -> dict[str, str]:
        """What the programs read, so that no token stands in a command line."""
        return {
            "CLIENTS_BASE_URL": self.base_url,
            "CLIENTS_TOKEN": self.token,
            "CLIENTS_AVATAR": self.avatar,
        }


@contextmanager
def own_greenroom(folder: Path) -> Iterator[Server]:
    """`manage.py up` in rehearsal, with a person, a token and an approved avatar."""
    with Greenroom(folder, SANDBOX_DELAY="0", SANDBOX_PREVIEW_AFTER="0") as house:
        _manage(folder, "people", "add", PERSON, "--role", "administrator")
        token = _manage(folder, "tokens", "create", PERSON, "--rights", RIGHTS).split()[-1]
        avatar = make_avatar(house.address, token, "Made to be talked to")
        _approve(house.address, token, avatar)
        yield Server(house.address, token, avatar)


def _manage(folder: Path, *arguments: str) -> str:
    place = {"DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'greenroom.sqlite3'}"}
    own = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=own | place | {"GREENROOM_PASSWORD": token_urlsafe()},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _approve(base_url: str, token: str, avatar: str) -> None:
    answer = httpx.post(
        f"{base_url}/v1/avatars/{avatar}/review",
        headers={"Authorization": f"Bearer {token}"},
        json={"decision": "approved", "version": 0},
        trust_env=False,
    )
    answer.raise_for_status()


def make_avatar(base_url: str, token: str, name: str) -> str:
    """The id of a new avatar. SystemExit when the server makes none."""
    answer = httpx.post(
        f"{base_url}/v1/avatars",
        headers={"Authorization": f"Bearer {token}"},
        data={"displayName": name},
        files={"imageFile": ("portrait.jpg", pictures.portrait_jpeg(), "image/jpeg")},
        timeout=CREATE_SECONDS,
        trust_env=False,
    )
    if answer.status_code != httpx.codes.CREATED:
        raise SystemExit(f"no avatar could be made: {answer.status_code} {answer.text[:300]}")
    return str(answer.json()["id"])
