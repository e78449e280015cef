"""Telling administrators what only they can end, and the end of old notices."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail

from avatars.models import Notice, Weather, holders

logger = logging.getLogger(__name__)

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
    try:
        for person in holders("avatars.operate_avatar"):
            send_mail(f"Greenroom: {words.title}", text, None, [person.email])
    except (OSError, SMTPException):
        logger.exception("the administrators could not be told by mail")


def forget_old(now: datetime) -> None:
    """Delete those that nobody needs any more. They are not the record, which keeps all of it."""
    Notice.objects.over(now - _READ_KEPT, now - _KEPT).delete()
