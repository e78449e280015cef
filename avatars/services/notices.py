"""Telling administrators what only they can end, and the end of old notices."""

from datetime import datetime, timedelta

from django.conf import settings

from avatars.models import Notice, Weather, holders

from . import outgoing

_READ_KEPT = timedelta(days=90)
_KEPT = timedelta(days=365)


def tell_administrators(*, rehearsal: bool) -> None:
    """One mail about what an administrator must mend, and no other until a photo gets through.

    Pages tell it too; without mail set up they do it alone.
    """
    if not settings.MAILERS or not Weather.objects.take_telling(rehearsal=rehearsal):
        return
    words = Weather.at(rehearsal=rehearsal).words
    if words is None:
        return
    text = f"{words.happened} {words.next}\n\nWhat waits, and why: {settings.PUBLIC_URL}/status\n"
    for person in holders("avatars.operate_avatar"):
        outgoing.send(person, f"Greenroom: {words.title}", text)


def forget_old(now: datetime) -> None:
    """Delete those that nobody needs any more. They are not the record, which keeps all of it."""
    Notice.objects.over(now - _READ_KEPT, now - _KEPT).delete()
