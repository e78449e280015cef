"""Wake-ups only: they look at the rows and call services. A lost one costs a sweep's minute."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.tasks import task
from django.utils import timezone

from avatars.models import Avatar, Pulse, State
from avatars.services import previews, stocktake
from avatars.services.create import give_up_stale, send_next

logger = logging.getLogger(__name__)

_GRACE = timedelta(seconds=30)  # after the deadline of a create, before its sender counts as dead

_LATE = timedelta(seconds=5)  # after a planned look, before its wake-up counts as lost


@task(queue_name="creates")
def send_due() -> None:
    """Send the avatar that has waited longest, then wake somebody for the next.

    One at a time, so that a worker that is told to stop begins no other.
    """
    avatar = send_next()
    if avatar is None:
        return
    if Avatar.objects.due(timezone.now()).exists():
        send_due.enqueue()
    avatar.refresh_from_db()
    if avatar.state == State.HELD:
        send_due.using(run_after=avatar.retry_at).enqueue()
    schedule_look(avatar.pk)


@task
def look_for_preview(avatar_id: str) -> None:
    """Ask Anam whether the preview is there, and come back later while it may still come."""
    avatar = Avatar.objects.filter(pk=avatar_id).first()
    if avatar is not None and avatar.preview_pending:
        previews.look(avatar)
        schedule_look(avatar.pk)


def schedule_look(avatar_id: UUID) -> None:
    """Plan the next look, and leave its time in the row for the sweep."""
    avatar = Avatar.objects.get(pk=avatar_id)
    moment = previews.next_look(avatar)
    Avatar.objects.filter(pk=avatar_id).update(look_again_at=moment)
    if moment is not None:
        look_for_preview.using(run_after=moment).enqueue(str(avatar_id))


def sweep() -> None:
    """Make good whatever was left behind: dead senders, lost wake-ups, lost answers."""
    now = timezone.now()
    Pulse.beat("sweep")
    give_up_stale(now - timedelta(seconds=settings.CREATE_SECONDS) - _GRACE)
    stocktake.settle_unknown()
    for avatar in Avatar.objects.preview_overdue(now - _LATE)[:100]:
        schedule_look(avatar.pk)
    if Avatar.objects.due(now).exists():
        for _ in range(settings.CREATE_SLOTS):
            send_due.enqueue()
