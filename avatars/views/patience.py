"""Waiting for an equal request that was first."""

import time
from collections.abc import Callable

from avatars.services.wishes import StillRunning

PATIENCE = 10.0  # seconds


def patiently[Made](work: Callable[[], Made]) -> Made:
    """As the first of several equal requests is answered, so are the others.

    Raises `StillRunning` when that takes too long, and what `work` raises.
    """
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except StillRunning:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)
