"""Why somebody may make no more avatars, for the page and the command line alike."""

from django.utils import timezone
from django.utils.dateformat import format as formatted

from avatars.photos.finding import Finding
from avatars.services.limits import MonthIsFull, first_of_the_next_month

MAY_NOT_CREATE = Finding(
    code="not-for-you",
    severity="error",
    title="Making avatars is left to others",
    measured="your role",
    wanted="one that the policy lets make avatars",
    how_to_fix="Nothing was made. Ask somebody who may, or an administrator about the policy.",
)


def month_is_full(full: MonthIsFull) -> Finding:
    """With what is left of the month, if anything is."""
    room = formatted(timezone.localtime(first_of_the_next_month()), "j F")
    fewer = f"Nothing was made. Send {_photos(full.left)}, or wait: there" if full.left else ""
    return Finding(
        code="month-full",
        severity="error",
        title=f"Only {full.left} more this month" if full.left else "This month is full",
        measured=f"{full.limit - full.left} of {full.limit} are made",
        wanted=f"{full.limit} avatars a month at most",
        how_to_fix=f"{fewer or 'Nothing was made. There'} is room again on {room}. An "
        "administrator can raise the limit on the page “Policy”.",
    )


def _photos(count: int) -> str:
    return "one photo" if count == 1 else f"{count} photos at most"
