"""Who the clients are pointed at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.browser.greenroom import StandaloneSandbox
from tests.photos import pictures

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
def own_sandbox(folder: Path) -> Iterator[Server]:
    with StandaloneSandbox(folder, "--delay", "0", "--preview-after", "0") as sandbox:
        avatar = make_avatar(sandbox.address, sandbox.key, "Made to be talked to")
        yield Server(sandbox.address, sandbox.key, avatar)


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
