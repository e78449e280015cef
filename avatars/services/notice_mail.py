"""Notices by mail: one soon after something happened, or one a day, as people choose.

Rows are claimed before a mail is sent, so nobody gets it twice; they are given back only when it
surely did not go out. No transaction is open while the mail server is talked to.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from avatars.models import MailChoice, Mailing, Notice, Policy, Pulse, holders
from avatars.models.notice import NoticeQuerySet

from .chores import chores_of
from .letters import SHOWN, Letter, Told, letter_to
from .notice_words import words_of
from .outgoing import Outcome, send

SETTLED = timedelta(seconds=30)  # a burst makes one mail, and who is at it reads it on the page
_NEWS = timedelta(days=14)  # what is older is no news: the page has it
_MORNING = time(7)  # where this server is
_SERVER_RESTS = timedelta(minutes=5)  # after it took nothing
_ADDRESS_RESTS = timedelta(hours=1)  # after one mail was put off
_CLOSED = "mail refused"


def send_due() -> None:
    """Send whatever is due to anybody. Without mail set up nothing is, and nothing is claimed."""
    now = timezone.now()
    last = Pulse.last(_CLOSED)
    if not settings.MAILERS or (last and now - last < _SERVER_RESTS):
        return
    for person, daily in [*((p, False) for p in _soon(now)), *((p, True) for p in _daily(now))]:
        outcome = _send_digest(person, now) if daily else _send_news(person, now)
        if outcome is Outcome.CLOSED:
            Pulse.beat(_CLOSED)
            return


def choose(person: Any, mailing: Mailing) -> None:
    """From now on: what came in while they wanted no mail is not sent afterwards."""
    now = timezone.now()
    with transaction.atomic():
        before = MailChoice.objects.of(person).mailing
        begins = {"digest_at": now} if mailing == Mailing.DAILY != before else {}
        changes = {"mailing": mailing, "again_at": None, **begins}
        MailChoice.objects.update_or_create(person=person, defaults=changes)
        if before == Mailing.OFF:
            Notice.objects.of(person).unmailed().claim_for_mail(now)


# Whose turn it is ---------------------------------------------------------------------------------
def _soon(now: datetime) -> QuerySet[Any]:
    news = _news(now).order_by().filter(person=OuterRef("pk"))
    wanted = Q(mail_choice=None) | Q(mail_choice__mailing=Mailing.EACH)
    return _reachable(now).filter(wanted).filter(Exists(news))


def _daily(now: datetime) -> QuerySet[Any]:
    unsent = Q(mail_choice__digest_at=None) | Q(mail_choice__digest_at__lt=_morning(now))
    return _reachable(now).filter(unsent, mail_choice__mailing=Mailing.DAILY)


def _reachable(now: datetime) -> QuerySet[Any]:
    people = holders("avatars.view_avatar").order_by("pk")
    return people.exclude(mail_choice__again_at__gt=now)


def _morning(now: datetime) -> datetime:
    """The latest morning, with the clock of this place."""
    here = timezone.localtime(now)
    today = datetime.combine(here.date(), _MORNING, tzinfo=here.tzinfo)
    return today if today <= here else today - timedelta(days=1)


def _news(now: datetime) -> NoticeQuerySet:
    ripe = (now - _NEWS, now - SETTLED)
    return Notice.objects.unmailed().filter(event__at__range=ripe)


# One mail -----------------------------------------------------------------------------------------
def _send_news(person: Any, now: datetime) -> Outcome | None:
    ids = _news(now).filter(person=person).claim_for_mail(now)
    told, earlier = _told(person, ids, Policy.current())
    if not told:
        return None
    return _post(person, letter_to(person, told, earlier=earlier), ids, now)


def _send_digest(person: Any, now: datetime) -> Outcome | None:
    before = MailChoice.objects.of(person).digest_at
    if not MailChoice.objects.claim_digest(person, _morning(now), now):
        return None
    policy = Policy.current()
    ids = _news(now).filter(person=person).claim_for_mail(now)
    told, earlier = _told(person, ids, policy)
    chores = chores_of(person, policy)
    if not told and not chores:
        return None
    letter = letter_to(person, told, earlier=earlier, chores=chores, daily=True)
    outcome = _post(person, letter, ids, now)
    if outcome in (Outcome.LATER, Outcome.CLOSED):
        MailChoice.objects.give_digest_back(person, now, before)
    return outcome


def _post(person: Any, letter: Letter, ids: list[int], now: datetime) -> Outcome:
    outcome = send(person, letter.subject, letter.body)
    if outcome in (Outcome.LATER, Outcome.CLOSED):
        Notice.objects.filter(pk__in=ids).give_back()
    if outcome is Outcome.LATER:
        MailChoice.objects.wait(person, now + _ADDRESS_RESTS)
    return outcome


def _told(person: Any, ids: list[int], policy: Policy) -> tuple[Told, int]:
    """The newest with their words, and how many more there are.

    Of what they may not know of any more there is no mail.
    """
    rows = Notice.objects.filter(pk__in=ids).with_events().order_by("-id")[:SHOWN]
    known = [row for row in rows if row.event.is_shown_to(person, policy)]
    return [(row, words_of(row, person, policy)) for row in known], max(0, len(ids) - SHOWN)
