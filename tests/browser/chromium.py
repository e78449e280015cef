"""The browser on this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# A microphone that hums, for whoever is given leave to use it. Machines for tests have none.
_MICROPHONE = "--use-fake-device-for-media-stream"


def place_of_chromium() -> str | None:
    """Where it is, from CHROMIUM or from the PATH; None when this machine has none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def chromium(place: str) -> Iterator[Browser]:
    # Chromium refuses its own sandbox to root, who runs most containers.
    arguments = [_MICROPHONE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=arguments)
        yield browser
        browser.close()
