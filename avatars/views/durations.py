"""Times and lengths of time, as people say them."""

from datetime import datetime

from django.utils import timezone


def roughly(seconds: float) -> str:
    """Such as `8 s`, `about 40 s`, `about 3 min`, `about 2 h`."""
    if seconds < 10:
        return f"{max(1, round(seconds))} s"
    if seconds < 100:
        return f"about {round(seconds / 5) * 5} s"
    if seconds < 5400:
        return f"about {round(seconds / 60)} min"
    return f"about {round(seconds / 3600)} h"


def clock(moment: datetime) -> str:
    """The time of day here."""
    return f"{timezone.localtime(moment):%H:%M:%S}"
