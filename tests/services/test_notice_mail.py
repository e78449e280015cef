"""Notices by mail: to those concerned, once, in plain words, and never twice."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from avatars.models import (
    Approval,
    Avatar,
    Event,
    Kind,
    MailChoice,
    Mailing,
    Notice,
    Pulse,
    Standing,
    State,
    Weather,
)
from avatars.services import erasing, notice_mail
from avatars.services.letters import SHOWN
from avatars.services.review import Verdict, decide
from avatars.tasks import send_notices, tidy
from dashboard.people.models import User
from dashboard.people.roles import Role, give
from dashboard.settings import PERIODIC
from tests.conftest import MakeAvatar, MakePerson, at_once

from .post_office import PostOffice, open_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia Berg")


@pytest.fixture
def rita(person: MakePerson) -> User:
    return person(role=Role.REVIEWER, name="Rita")


@pytest.fixture
def anna(ready_avatar: MakeAvatar, mia: User) -> Avatar:
    return ready_avatar(owner=mia, display_name="Anna")


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with open_office() as running:
        settings.MAILERS = {"default": running.mailer}
        yield running


A_WHILE = timedelta(minutes=1)


def happens(
    avatar: Avatar, kind: Kind = Kind.APPROVED, ago: timedelta = A_WHILE, **more: Any
) -> None:
    Event.objects.create(avatar=avatar, kind=kind, at=timezone.now() - ago, **more)


def chooses(person: User, mailing: Mailing, digest_at: datetime | None = None) -> None:
    notice_mail.choose(person, mailing)
    MailChoice.objects.filter(person=person).update(digest_at=digest_at)


def waits(person: User) -> int:
    """How many notices of theirs no mail has told yet."""
    return Notice.objects.of(person).unmailed().count()


# One for each -------------------------------------------------------------------------------------
def test_a_maker_reads_by_mail_what_a_reviewer_wants_and_what_to_do(
    settings: Settings, mia: User, rita: User, anna: Avatar
) -> None:
    settings.PUBLIC_URL = "https://greenroom.example.com"
    note = "The light comes from below.\r\nTry a window."
    happens(anna, Kind.CHANGES, actor=rita, note=note)
    Avatar.objects.update(approval=Approval.CHANGES)
    send_notices()
    (letter,) = mail.outbox
    notice = Notice.objects.get()
    assert (letter.to, letter.subject) == (
        ["mia.berg@example.com"],
        "Rita asks for changes to Anna",
    )
    assert letter.body == (
        "Hello Mia,\n"
        "\n"
        "Rita asks for changes to Anna:\n"
        "> The light comes from below.\n"
        "> Try a window.\n"
        "Change it, or write why not, and ask for another review on its page.\n"
        f"https://greenroom.example.com/notices/{notice.pk}\n"
        "\n"
        "-- \n"
        "Greenroom writes to you soon after something happens that concerns you. You choose how "
        "often, or never:\n"
        "https://greenroom.example.com/notices\n"
    )
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_without_a_public_address_a_mail_has_words_in_place_of_links(anna: Avatar) -> None:
    happens(anna)
    send_notices()
    assert "http" not in mail.outbox[0].body
    assert "in Greenroom, on the page “Notices”" in mail.outbox[0].body


def test_mails_go_to_those_concerned_alone(
    person: MakePerson, mia: User, rita: User, anna: Avatar
) -> None:
    person(role=Role.ADMINISTRATOR)
    happens(anna, actor=rita)
    happens(anna, actor=mia)
    send_notices()
    assert [letter.to for letter in mail.outbox] == [[mia.email]]
    assert mail.outbox[0].subject == "Anna was approved by Rita"


def test_nothing_is_sent_twice(anna: Avatar) -> None:
    happens(anna)
    send_notices()
    send_notices()
    assert len(mail.outbox) == 1


def test_what_is_read_on_the_page_within_half_a_minute_is_not_sent(mia: User, anna: Avatar) -> None:
    happens(anna, ago=timedelta(seconds=20))
    send_notices()
    assert mail.outbox == []
    happens(anna, ago=timedelta(seconds=40))
    Notice.objects.of(mia).read(timezone.now())
    send_notices()
    assert mail.outbox == []


def test_a_burst_makes_one_mail_with_the_newest_first(
    mia: User, rita: User, ready_avatar: MakeAvatar
) -> None:
    for number in range(1, 4):
        happens(ready_avatar(owner=mia, display_name=f"Face {number}"), actor=rita)
    send_notices()
    (letter,) = mail.outbox
    assert letter.subject == "Face 3 was approved by Rita, and 2 more"
    assert letter.body.index("Face 3") < letter.body.index("Face 2") < letter.body.index("Face 1")


def test_a_flood_makes_one_short_mail(mia: User, anna: Avatar) -> None:
    for _ in range(SHOWN + 5):
        happens(anna)
    send_notices()
    (letter,) = mail.outbox
    assert letter.subject == f"Anna was approved, and {SHOWN + 4} more"
    assert letter.body.count("Anna was approved") == SHOWN
    assert "There are 5 more, a little older." in letter.body
    assert waits(mia) == 0


def test_what_is_weeks_old_is_no_news(anna: Avatar, mia: User) -> None:
    happens(anna, ago=timedelta(days=15))
    send_notices()
    assert mail.outbox == []
    assert Notice.objects.of(mia).unread().count() == 1


@pytest.mark.parametrize("much", [10, 200])
def test_a_mail_costs_the_same_however_much_it_tells(
    mia: User, anna: Avatar, rita: User, much: int
) -> None:
    for _ in range(much):
        happens(anna, actor=rita)
    with CaptureQueriesContext(connection) as asked:
        send_notices()
    assert len(mail.outbox) == 1
    assert len(asked) <= 12


def test_who_wants_none_gets_none_and_not_all_at_once_when_they_want_some_again(
    mia: User, anna: Avatar
) -> None:
    notice_mail.choose(mia, Mailing.OFF)
    happens(anna)
    send_notices()
    notice_mail.choose(mia, Mailing.EACH)
    send_notices()
    assert mail.outbox == []
    happens(anna, Kind.REJECTED)
    send_notices()
    assert [letter.subject for letter in mail.outbox] == ["Anna was rejected"]


def test_without_mail_set_up_nothing_is_taken(settings: Settings, mia: User, anna: Avatar) -> None:
    mailers, settings.MAILERS = settings.MAILERS, {}
    happens(anna)
    send_notices()
    assert waits(mia) == 1
    settings.MAILERS = mailers
    send_notices()
    assert len(mail.outbox) == 1


def gone(mia: User) -> None:
    User.objects.filter(pk=mia.pk).update(is_active=False)


def without_a_role(mia: User) -> None:
    mia.groups.clear()


@pytest.mark.parametrize("lose", [gone, without_a_role])
def test_who_left_between_event_and_mail_gets_none(mia: User, anna: Avatar, lose: Any) -> None:
    happens(anna)
    lose(mia)
    send_notices()
    assert mail.outbox == []


def test_of_an_avatar_that_became_private_there_is_no_mail(
    settings: Settings, rita: User, anna: Avatar
) -> None:
    decide(anna.pk, Verdict(Approval.CHANGES, 0, "lighter"), rita)
    happens(anna, Kind.RESUBMITTED)
    give(rita, Role.VIEWER)
    Notice.objects.exclude(person=rita).delete()
    settings.POLICY = {"private": True}
    send_notices()
    assert mail.outbox == []


def test_of_an_erased_avatar_a_mail_says_nothing_but_that(
    rita: User, mia: User, person: MakePerson, anna: Avatar
) -> None:
    happens(anna, Kind.CHANGES, actor=rita, note="Anna is blurred")
    erasing.erase(anna, person(role=Role.ADMINISTRATOR))
    send_notices()
    assert "Anna" not in f"{mail.outbox[0].subject} {mail.outbox[0].body}"


def test_a_name_with_the_end_of_a_line_makes_no_header(
    office: PostOffice, rita: User, anna: Avatar
) -> None:
    evil = "A\r\nBcc: all@example.com\n\nHurry"
    Avatar.objects.update(display_name=evil)
    anna.refresh_from_db()
    User.objects.filter(pk=rita.pk).update(name="Rita\nTo: b@example.com")
    happens(
        anna, Kind.CHANGES, actor=User.objects.get(pk=rita.pk), note="-- \r\nBcc: c@example.com"
    )
    send_notices()
    (letter,) = office.mails
    assert office.recipients == ["mia.berg@example.com"]
    assert (letter["To"], letter["Bcc"]) == ("mia.berg@example.com", None)
    (subject,) = letter.get_all("Subject", [])
    # A long one comes folded, which adds a space before its first word.
    whole = "Rita To: b@example.com asks for changes to A Bcc: all@example.com Hurry"
    assert subject.strip() == whole
    assert "\n> Bcc: c@example.com" in letter.get_content()


def test_a_subject_stays_a_subject(ready_avatar: MakeAvatar, mia: User) -> None:
    happens(ready_avatar(owner=mia, display_name="A" * 50), actor=None)
    happens(ready_avatar(owner=mia), Kind.CONSENT_GIVEN, visitor="B" * 100)
    send_notices()
    subject = mail.outbox[0].subject
    assert len(subject) <= 120
    assert subject.endswith("…, and 1 more")


# One a day ----------------------------------------------------------------------------------------
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def berlin(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2027, 5, 3, 6, 59, tzinfo=BERLIN), datetime(2027, 5, 2, 7, tzinfo=BERLIN)),
        (datetime(2027, 5, 3, 7, 0, tzinfo=BERLIN), datetime(2027, 5, 3, 7, tzinfo=BERLIN)),
        (datetime(2027, 5, 3, 23, 0, tzinfo=BERLIN), datetime(2027, 5, 3, 7, tzinfo=BERLIN)),
        # The nights in which the clocks change.
        (datetime(2027, 3, 28, 6, 30, tzinfo=BERLIN), datetime(2027, 3, 27, 7, tzinfo=BERLIN)),
        (datetime(2027, 10, 31, 8, 0, tzinfo=BERLIN), datetime(2027, 10, 31, 7, tzinfo=BERLIN)),
    ],
)
def test_a_day_begins_at_seven_where_this_server_is(now: datetime, morning: datetime) -> None:
    assert notice_mail._morning(now) == morning


def yesterday() -> datetime:
    return notice_mail._morning(timezone.now()) - timedelta(hours=1)


def test_who_wants_one_a_day_gets_one_with_everything_new(
    mia: User, anna: Avatar, rita: User
) -> None:
    chooses(mia, Mailing.DAILY, yesterday())
    happens(anna, Kind.CHANGES, actor=rita, note="lighter")
    happens(anna, Kind.RENAMED, actor=rita)
    send_notices()
    happens(anna, Kind.REJECTED, actor=rita)
    send_notices()
    (letter,) = mail.outbox
    assert letter.subject == "Rita renamed an avatar of yours to Anna, and 1 more"
    assert "Greenroom writes to you once a day." in letter.body
    assert waits(mia) == 1
    MailChoice.objects.update(digest_at=yesterday())  # a day goes by
    send_notices()
    assert mail.outbox[1].subject == "Anna was rejected by Rita"


def test_a_worker_that_slept_for_days_sends_one(mia: User, anna: Avatar) -> None:
    chooses(mia, Mailing.DAILY, timezone.now() - timedelta(days=5))
    happens(anna)
    send_notices()
    send_notices()
    assert len(mail.outbox) == 1


def test_who_chooses_one_a_day_hears_the_next_morning(mia: User, anna: Avatar) -> None:
    happens(anna)
    notice_mail.choose(mia, Mailing.DAILY)
    send_notices()
    assert mail.outbox == []
    assert waits(mia) == 1


def test_a_day_without_news_has_no_mail(mia: User) -> None:
    chooses(mia, Mailing.DAILY, yesterday())
    send_notices()
    assert mail.outbox == []


def test_a_reviewer_is_told_how_many_wait_and_since_when(
    settings: Settings, rita: User, anna: Avatar, ready_avatar: MakeAvatar
) -> None:
    settings.PUBLIC_URL = "https://greenroom.example.com"
    settings.POLICY = {"four_eyes": True}
    ready_avatar(owner=rita)  # which others have to look at
    Avatar.objects.filter(pk=anna.pk).update(asked_at=datetime(2026, 5, 3, 12, tzinfo=BERLIN))
    chooses(rita, Mailing.DAILY, yesterday())
    send_notices()
    assert mail.outbox[0].subject == "1 avatar waits for review, since 3 May"
    ready_avatar()
    MailChoice.objects.update(digest_at=yesterday())
    send_notices()
    assert mail.outbox[1].subject == "2 avatars wait for review, the longest since 3 May"
    assert "https://greenroom.example.com/review" in mail.outbox[1].body


def test_an_administrator_is_told_what_waits_for_them(
    person: MakePerson, avatar: MakeAvatar, ready_avatar: MakeAvatar
) -> None:
    soon = timezone.now() + timedelta(days=3)
    given = {"consent": Standing.GIVEN, "approval": Approval.APPROVED}
    ready_avatar(display_name="Ada", consent_until=soon, **given)
    ready_avatar(display_name="Bo", consent_until=soon + timedelta(days=9), **given)
    ready_avatar(consent_until=soon + timedelta(days=60), **given)
    avatar(state=State.UNKNOWN, candidates=[{"id": "a"}])
    Weather.objects.create(rehearsal=True, cause="key")
    olga = person(role=Role.ADMINISTRATOR, name="Olga")
    chooses(olga, Mailing.DAILY, yesterday())
    send_notices()
    (letter,) = mail.outbox
    day = f"{timezone.localtime(soon).day} {timezone.localtime(soon):%B}"
    assert letter.subject == "Sending is paused: Anam does not accept the key, and 2 more"
    assert "- 1 avatar needs somebody to say which one at Anam it is." in letter.body
    assert f"- Consent for Ada ends on {day}, and for 1 more within 30 days." in letter.body


def test_who_does_neither_is_told_nothing_of_that(
    mia: User, anna: Avatar, ready_avatar: MakeAvatar
) -> None:
    Weather.objects.create(rehearsal=True, cause="key")
    chooses(mia, Mailing.DAILY, yesterday())
    send_notices()
    assert mail.outbox == []


# The mail server ----------------------------------------------------------------------------------
def closed_port() -> dict[str, Any]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"host": "127.0.0.1", "port": port, "timeout": 10}
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


@pytest.mark.parametrize("mailing", [Mailing.EACH, Mailing.DAILY])
def test_a_server_that_is_not_there_loses_no_mail_and_is_given_time(
    settings: Settings,
    mia: User,
    anna: Avatar,
    mailing: Mailing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = yesterday()
    chooses(mia, mailing, before)
    happens(anna)
    settings.MAILERS = {"default": closed_port()}
    send_notices()
    assert waits(mia) == 1
    assert MailChoice.objects.get().digest_at == before
    assert "ConnectionRefusedError" in caplog.text
    with open_office() as office:
        settings.MAILERS = {"default": office.mailer}
        send_notices()
        assert office.calls == 0
        Pulse.objects.update(at=timezone.now() - timedelta(minutes=6))
        send_notices()
        send_notices()
        assert [letter["Subject"] for letter in office.mails] == ["Anna was approved"]


def test_a_server_that_refuses_us_keeps_nobody_elses_mail(
    office: PostOffice, mia: User, ready_avatar: MakeAvatar, anna: Avatar
) -> None:
    happens(anna)
    happens(ready_avatar())
    office.answers["MAIL"] = "553 not from you"
    send_notices()
    assert office.calls == 1
    assert Notice.objects.unmailed().count() == 2


def test_an_address_that_is_put_off_is_tried_an_hour_later_and_keeps_no_other(
    office: PostOffice, mia: User, anna: Avatar, ready_avatar: MakeAvatar
) -> None:
    happens(anna)
    office.answers["RCPT"] = "450 come again"
    send_notices()
    del office.answers["RCPT"]
    happens(ready_avatar())
    send_notices()
    assert (len(office.mails), waits(mia)) == (1, 1)
    MailChoice.objects.update(again_at=timezone.now())
    send_notices()
    assert (len(office.mails), waits(mia)) == (2, 0)


@pytest.mark.parametrize(
    ("word", "answer"), [("RCPT", "550 nobody"), (".", "554 no"), (".", ""), ("RCPT", "")]
)
def test_what_is_refused_for_good_or_may_have_arrived_is_not_sent_again(
    office: PostOffice,
    mia: User,
    anna: Avatar,
    word: str,
    answer: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    happens(anna)
    office.answers[word] = answer
    send_notices()
    office.answers.clear()
    send_notices()
    assert (office.calls, waits(mia)) == (1, 0)
    assert str(mia.pk) in caplog.text
    assert mia.email not in caplog.text


def test_an_impossible_address_keeps_nobody_elses_mail(
    office: PostOffice,
    mia: User,
    anna: Avatar,
    ready_avatar: MakeAvatar,
    caplog: pytest.LogCaptureFixture,
) -> None:
    User.objects.filter(pk=mia.pk).update(email="mia\r\nBcc: all@example.com")
    happens(anna)
    happens(ready_avatar())
    send_notices()
    assert len(office.mails) == 1
    assert "all@example.com" not in office.recipients
    assert f"the mail to {mia.pk} ended as IN_VAIN" in caplog.text
    assert "all@example.com" not in caplog.text


class Watchful(EmailBackend):
    """Looks at the database while a mail is on its way."""

    in_transaction: bool | None = None

    def send_messages(self, messages: Any) -> int:
        Watchful.in_transaction = connection.in_atomic_block
        return int(super().send_messages(messages))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mailing", [Mailing.EACH, Mailing.DAILY])
def test_no_transaction_is_open_while_a_mail_is_on_its_way(
    settings: Settings, mia: User, anna: Avatar, mailing: Mailing
) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Watchful"}}
    chooses(mia, mailing, yesterday())
    happens(anna)
    send_notices()
    assert len(mail.outbox) == 1
    assert Watchful.in_transaction is False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mailing", [Mailing.EACH, Mailing.DAILY])
def test_two_workers_at_once_send_one_mail(
    office: PostOffice, mia: User, anna: Avatar, mailing: Mailing
) -> None:
    chooses(mia, mailing, yesterday())
    for _ in range(5):
        happens(anna)
    assert at_once(send_notices, 6) == [None] * 6
    assert [letter["Subject"] for letter in office.mails] == ["Anna was approved, and 4 more"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_a_reviewer_once_what_waits(
    office: PostOffice, rita: User, anna: Avatar
) -> None:
    chooses(rita, Mailing.DAILY, yesterday())
    assert at_once(send_notices, 6) == [None] * 6
    assert len(office.mails) == 1


# Wake-ups and the end -----------------------------------------------------------------------------
def test_the_worker_looks_every_minute() -> None:
    assert PERIODIC["avatars.tasks.send_notices"] == 60


def test_old_notices_go_and_the_record_stays(mia: User, anna: Avatar) -> None:
    now = timezone.now()
    for read_days, days in ((None, 364), (89, 364), (91, 100), (None, 366)):
        happens(anna, ago=timedelta(days=days))
        newest = Notice.objects.filter(pk=Notice.objects.of(mia)[0].pk)
        if read_days:
            newest.update(read_at=now - timedelta(days=read_days))
    tidy()
    kept = [notice.read_at for notice in Notice.objects.of(mia)]
    assert kept == [now - timedelta(days=89), None]
    assert anna.events.count() == 4
