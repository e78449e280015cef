"""Times of one piece of work, the middle of several runs."""

import statistics
import time
from collections.abc import Callable


def milliseconds(work: Callable[[], object], runs: int = 15) -> float:
    """The median of `runs`, after one run that nobody counts."""
    work()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000
