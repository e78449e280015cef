"""Wake-ups only: they look at the rows and call services. A lost one costs a sweep's minute."""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from avatars.models import Avatar, Consent, Delivery, Pulse, State, StockTake, Weather, Wish
from avatars.services import (
    consent_ends,
    consent_mail,
    consent_sums,
    create,
    deliveries,
    drafts,
    errands,
    line,
    lookalikes,
    notice_mail,
    notices,
    presence,
    previews,
    release,
    settling,
    stock_take,
    strays,
    thumbnails,
    weather,
    wishes,
)

logger = logging.getLogger(__name__)

_LATE = timedelta(seconds=5)  # after a planned look, before its wake-up counts as lost
_STRAY = timedelta(days=7)  # how old a file without a row must be, before it belongs to nobody
_SOON = timedelta(seconds=2)  # after a lost answer, before Anam's list is looked at


@task(queue_name="creates")
def send_due() -> None:
    """Send whoever's turn it is, then wake somebody for the next.

    One at a time, so that a worker that is told to stop begins no other.
    """
    if look_again_at := line.look_out():
        send_due.using(run_after=look_again_at).enqueue()
    avatar = create.send_next(lambda _: _wake_for_the_next(line.PACE))
    if avatar is None:
        if moment := line.next_start():
            send_due.using(run_after=moment).enqueue()
        return
    _follow_up(avatar)


def send_here(avatar: Avatar) -> Avatar:
    """Send this very one in the caller's own thread if it is its turn; else wake a worker.

    For callers who wait for it anyway: between them and Anam stands no queue then. Answers how it
    stands afterwards.
    """
    sent = create.send_next(lambda _: _wake_for_the_next(line.PACE), only=avatar)
    if sent is None:
        send_due.enqueue()
        return avatar
    _follow_up(sent)
    return sent


def _follow_up(avatar: Avatar) -> None:
    """Plan what comes after a sending, by how it ended."""
    avatar.refresh_from_db()
    if avatar.state in (State.HELD, State.UNKNOWN):
        _come_back_to_the_way(avatar.rehearsal)
    if avatar.state == State.UNKNOWN:
        settle_lost.using(run_after=timezone.now() + _SOON).enqueue()
    elif avatar.preview_pending:
        _plan_look(avatar)
    _wake_for_the_next()


def _come_back_to_the_way(rehearsal: bool) -> None:
    gate = Weather.at(rehearsal=rehearsal)
    if gate.is_closed:
        send_due.using(run_after=gate.until).enqueue()
        tell_administrators.enqueue(rehearsal=rehearsal)


@task
def settle_lost() -> None:
    """Look at once whether a lost answer's avatar is there; the sweep looks again later."""
    settling.settle_unknown()
    for avatar in Avatar.objects.preview_overdue(timezone.now())[:100]:
        schedule_look(avatar.pk)
    _wake_for_the_next()


@task
def tell_administrators(rehearsal: bool) -> None:
    """By mail, where mail is set up: something keeps everybody's photos that only they can end."""
    notices.tell_administrators(rehearsal=rehearsal)


@task
def mail_consent(consent_id: str, way: str, origin: str) -> None:
    """Send the link of a question (`consent`) or of its withdrawal (`withdraw`)."""
    consent_mail.send(consent_id, way, origin)


def mail_question(consent: Consent, origin: str) -> None:
    """If mail is set up and the address is known; `origin` is where people reach this server."""
    if consent_mail.plan(consent):
        mail_consent.enqueue(str(consent.pk), consent_mail.QUESTION, origin)


def mail_way_back(consent: Consent, origin: str) -> None:
    """The link with which they take back what they gave, for them to keep."""
    if consent_mail.plan_way_back(consent):
        mail_consent.enqueue(str(consent.pk), consent_mail.WAY_BACK, origin)


@task
def run_errands() -> None:
    """Tell Anam what was changed here longest ago, then wake somebody for the next."""
    avatar = errands.run_next()
    if avatar is None:
        return
    if Avatar.objects.errands_due(timezone.now()).exists():
        run_errands.enqueue()
    avatar.refresh_from_db()
    if avatar.errand and avatar.errand_at:
        run_errands.using(run_after=avatar.errand_at).enqueue()
    elif avatar.state == State.REMOVED:
        _wake_for_the_next()  # a slot at Anam may have become free


def wake_for_errand(avatar: Avatar) -> None:
    """Plan for when Anam is to be told of a change, if it is."""
    avatar.refresh_from_db()
    if avatar.errand and avatar.errand_at:
        run_errands.using(run_after=avatar.errand_at).enqueue()


@task
def make_thumbnails(avatar_id: str) -> None:
    """For a photo that came in without; the door that shows them makes those that are missing."""
    avatar = Avatar.objects.filter(pk=avatar_id).first()
    if avatar is not None:
        thumbnails.make_missing(avatar)


@task(queue_name="webhooks")
def deliver_due() -> None:
    """Tell one webhook one thing, then wake somebody for the next."""
    if deliveries.deliver_next() is not None:
        wake_for_deliveries()


def wake_for_deliveries() -> None:
    """Wake a thread for each webhook that something is due to, as far as there are threads.

    Called every other second. While nothing is due it asks one question, which an index answers.
    """
    receivers = Delivery.objects.receivers(timezone.now())[: settings.WEBHOOK_SLOTS]
    if wanted := receivers.count():
        asleep = DBTaskResult.objects.filter(
            task_path=deliver_due.module_path, status=TaskResultStatus.READY
        )
        for _ in range(wanted - asleep.count()):
            deliver_due.enqueue()


@task
def look_for_preview(avatar_id: str) -> None:
    """Ask Anam whether the preview is there, and come back later while it may still come."""
    avatar = Avatar.objects.filter(pk=avatar_id).first()
    if avatar is None or not avatar.preview_pending:
        return
    if avatar.look_again_at is None or avatar.look_again_at <= timezone.now():
        previews.look(avatar)
        schedule_look(avatar.pk)


def schedule_look(avatar_id: UUID) -> None:
    """Plan the next look, and leave its time in the row for the sweep."""
    _plan_look(Avatar.objects.get(pk=avatar_id))


def _plan_look(avatar: Avatar) -> None:
    moment = previews.next_look(avatar)
    Avatar.objects.filter(pk=avatar.pk).update(look_again_at=moment)
    if moment is not None:
        look_for_preview.using(run_after=moment).enqueue(str(avatar.pk))


@task(queue_name="stocktakes")
def take_stock(rehearsal: bool, asked_by_id: str | None = None) -> None:
    """Compare everything with everything; one that finds another at work leaves it alone."""
    asked_by = get_user_model().objects.filter(pk=asked_by_id).first() if asked_by_id else None
    stock_take.take_stock(rehearsal, asked_by)


def take_stock_on_schedule() -> None:
    """Plan a stock-take of the upstream in use, unless the last whole one is young."""
    young = timezone.now() - timedelta(seconds=settings.STOCKTAKE_SECONDS / 2)
    whole = StockTake.objects.filter(rehearsal=settings.REHEARSAL, cause="", ended_at__gt=young)
    if not whole.exists():
        take_stock.enqueue(settings.REHEARSAL)


def sweep() -> None:
    """Make good whatever was left behind: dead senders, lost wake-ups, lost answers."""
    Pulse.beat("sweep")
    for step in _STEPS:
        try:
            step()
        except Exception:
            # A fault in one must not keep the others from their work; the next sweep tries again.
            logger.exception("%s failed in a sweep", step.__name__)


def watch_consents() -> None:
    """End what the clock has ended, tell people ahead, and let go on what has its yes."""
    consent_ends.expire_due()
    consent_ends.remind_due()
    consent_sums.mend()
    Consent.objects.tidy(timezone.now())


def send_notices() -> None:
    """By mail, where mail is set up and people want it. The rows say what is due to whom."""
    notice_mail.send_due()


def watch_the_key() -> None:
    """Learn about a bad key before somebody's photo does."""
    if not settings.REHEARSAL:
        weather.watch(rehearsal=False)
        notices.tell_administrators(rehearsal=False)


def _wake_for_previews() -> None:
    for avatar in Avatar.objects.preview_overdue(timezone.now() - _LATE)[:100]:
        schedule_look(avatar.pk)


def _wake_the_slots() -> None:
    if Avatar.objects.due(timezone.now()).exists():
        for _ in range(settings.CREATE_SLOTS):
            send_due.enqueue()


def _wake_for_the_next(wait: timedelta = timedelta(0)) -> None:
    if Avatar.objects.due(timezone.now()).exists():
        send_due.using(run_after=timezone.now() + wait).enqueue()


def _wake_for_errands() -> None:
    if Avatar.objects.errands_due(timezone.now()).exists():
        run_errands.enqueue()


def tidy() -> None:
    """Forget what is over: old wishes, deliveries, notices and drafts, stray files, dead locks.

    And look at photos from before likenesses were kept.
    """
    now = timezone.now()
    wishes.forget_old(now)
    deliveries.forget_old(now)
    notices.forget_old(now)
    drafts.take_off_old(now)
    strays.delete_stray_files(now - _STRAY)
    claims = (
        Avatar.objects.filter(state=State.SENDING),
        Wish.objects.filter(done_at=None),
        StockTake.objects.filter(ended_at=None),
    )
    presence.forget_the_gone({row.claimed_by for rows in claims for row in rows})
    lookalikes.fill_missing()


_STEPS: tuple[Callable[[], object], ...] = (
    weather.doubt_far_times,
    create.give_up_orphans,
    wishes.clean_up_after_the_dead,
    settling.settle_unknown,
    release.recall_due,
    release.release_due,
    _wake_for_previews,
    _wake_for_errands,
    _wake_the_slots,
)
