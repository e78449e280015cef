"""What waits for somebody, as numbers for the frame of every page."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from avatars.access import policy_of
from avatars.models import Notice
from avatars.services.queue import Queue

MOST = 99  # that are counted; beyond, nobody needs the number


def bell(request: HttpRequest) -> dict[str, object]:
    """For templates: `unread_notices` and `waiting_reviews`, such as "3", or "99+", or "".

    Asked for only where they are shown.
    """
    return {
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
        "waiting_reviews": SimpleLazyObject(lambda: _counted(_queue(request).rows)),
    }


def _unread(request: HttpRequest) -> str:
    if not request.user.is_authenticated:
        return ""
    return _counted(Notice.objects.filter(person=request.user).unread())


def _queue(request: HttpRequest) -> Queue:
    """What they can decide about, as the page for reviews counts it."""
    return Queue(request.user, policy_of(request))


def _counted(rows: QuerySet[Any]) -> str:
    count = rows.order_by()[: MOST + 1].count()
    return f"{MOST}+" if count > MOST else str(count or "")
