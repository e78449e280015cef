"""Lengths of time, as people say them."""


def roughly(seconds: float) -> str:
    """Such as `8 s`, `about 40 s`, `about 3 min`, `about 2 h`."""
    if seconds < 10:
        return f"{max(1, round(seconds))} s"
    if seconds < 100:
        return f"about {round(seconds / 5) * 5} s"
    if seconds < 5400:
        return f"about {round(seconds / 60)} min"
    return f"about {round(seconds / 3600)} h"
