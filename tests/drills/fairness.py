"""Whether people took turns: nobody far ahead of anybody who still waits."""

from collections import Counter
from collections.abc import Sequence


def first_successes(served: Sequence[str]) -> list[str]:
    """Everybody once, in the order in which each of them was served for the first time."""
    return list(dict.fromkeys(served))


def greatest_lead(served: Sequence[str]) -> int:
    """By how many anybody was ever ahead of somebody who still waited. Taking turns makes it 1."""
    wishes, done, lead = Counter(served), Counter[str](), 0
    for person in served:
        done[person] += 1
        waiting = [other for other in wishes if done[other] < wishes[other]]
        lead = max([lead, *(done[person] - done[other] for other in waiting)])
    return lead
