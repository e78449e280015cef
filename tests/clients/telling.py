"""How a program that uses a client says what it found: a line of JSON for each check.

It runs in the client's own Python, which has nothing of the project's.
"""

import json
import os
import sys
from collections.abc import Awaitable, Callable

BASE_URL = os.environ["CLIENTS_BASE_URL"]
TOKEN = os.environ["CLIENTS_TOKEN"]
AVATAR = os.environ["CLIENTS_AVATAR"]
SPARE = os.environ.get("CLIENTS_SPARE", "")  # for whoever deletes one
NOBODY = "0b7e8c3a-0000-4000-8000-000000000000"


def expect(holds: object, otherwise: object) -> None:
    if not holds:
        raise AssertionError(otherwise)


async def check(name: str, attempt: Callable[[], Awaitable[str]]) -> None:
    """Tells what `attempt` returned, or that it raised."""
    try:
        said, good = await attempt(), True
    except Exception as error:
        said, good = f"{type(error).__name__}: {error}", False
    # Nobody's token stands in a table.
    said = " ".join(said.replace(TOKEN, "[token]").split())[:200]
    sys.stdout.write(json.dumps({"check": name, "good": good, "said": said}) + "\n")
    sys.stdout.flush()
