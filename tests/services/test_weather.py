"""What one avatar meets, nobody else has to meet again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from avatars.models import READABLE, Avatar, State, Weather
from avatars.services import line, weather
from avatars.services.create import send_next
from avatars.tasks import tell_administrators
from avatars.upstream.errors import Cause, Held
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, ScriptAnam, time_passes
from tests.services.post_office import open_office
from tests.upstream.answers import described, listed

pytestmark = pytest.mark.django_db

BAD_KEY = httpx.Response(401, json={"error": "Invalid API key"})
FULL = httpx.Response(403, json={"error": "maximum number of one-shot avatars"})


class Anam:
    """Answers creates and reads with what a test has put there; counts both."""

    def __init__(self) -> None:
        self.on_create: Any = None
        self.on_read: Any = None
        self.creates = 0
        self.reads = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.creates += 1
            return self._give(self.on_create) or httpx.Response(201, json=described())
        self.reads += 1
        return self._give(self.on_read) or listed()

    @staticmethod
    def _give(answer: Any) -> httpx.Response | None:
        if isinstance(answer, type) and issubclass(answer, Exception):
            raise answer("on purpose")
        found: httpx.Response | None = answer
        return found


@pytest.fixture
def lab(anam: ScriptAnam) -> Anam:
    lab = Anam()
    anam(lab)
    return lab


def states() -> list[str]:
    return list(Avatar.objects.order_by("created_at").values_list("state", flat=True))


def here() -> Weather:
    return Weather.at(rehearsal=False)


def sends_all() -> int:
    """How many are sent until nobody may be sent any more."""
    return sum(1 for _ in iter(send_next, None))


def test_one_bad_key_pauses_everybody(lab: Anam, accepted: MakeAvatar) -> None:
    lab.on_create = BAD_KEY
    for _ in range(3):
        accepted()
    assert sends_all() == 1
    assert states() == [State.HELD, State.QUEUED, State.QUEUED]
    assert (here().cause, here().key_cause) == (Cause.KEY, Cause.KEY)


def test_a_cheap_read_finds_out_that_the_key_works_again(lab: Anam, accepted: MakeAvatar) -> None:
    lab.on_create = lab.on_read = BAD_KEY
    for _ in range(3):
        accepted()
    send_next()
    time_passes(73)
    assert line.look_out() is not None
    assert (sends_all(), lab.creates, lab.reads) == (0, 1, 1)
    lab.on_create = lab.on_read = None
    assert line.look_out() is None  # it is not time yet
    time_passes(73)
    line.look_out()
    assert (lab.reads, sends_all()) == (2, 3)
    assert states() == [State.READY] * 3
    assert (here().cause, here().key_cause) == ("", "")


def retry_after(value: str) -> httpx.Response:
    return httpx.Response(429, headers={"Retry-After": value})


def in_seven_seconds() -> str:
    return format_datetime(timezone.now() + timedelta(seconds=7), usegmt=True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("date", 6),
        ("0", 1),
        ("-1", 60),
        ("1000000000", 3600),
        ("1e9", 60),
        ("soon", 60),
    ],
)
def test_retry_after_is_kept_by_everybody_and_has_sane_caps(
    lab: Anam, accepted: MakeAvatar, value: str, seconds: int
) -> None:
    lab.on_create = retry_after(in_seven_seconds() if value == "date" else value)
    accepted()
    accepted()
    assert sends_all() == 1
    lab.on_create = None
    time_passes(seconds - 0.9)
    assert (sends_all(), lab.creates) == (0, 1)
    time_passes(1.9)
    assert (sends_all(), lab.creates) == (2, 3)


def test_after_a_wait_one_goes_ahead_alone(
    lab: Anam, accepted: MakeAvatar, avatar: MakeAvatar
) -> None:
    lab.on_create = retry_after("7")
    accepted()
    send_next()
    time_passes(8)
    avatar(rehearsal=False, state=State.SENDING, claimed_at=timezone.now())  # the one ahead
    accepted()
    assert send_next() is None


def test_one_that_was_under_way_already_opens_nothing_and_closes_nothing(
    lab: Anam, avatar: MakeAvatar
) -> None:
    early = avatar(rehearsal=False, state=State.SENDING, claimed_at=timezone.now())
    late = avatar(rehearsal=False, state=State.SENDING, claimed_at=timezone.now())
    weather.note_failure(early, Held(Cause.QUOTA))
    until = here().until
    weather.note_success(late)
    assert (here().cause, here().until) == (Cause.QUOTA, until)
    weather.note_failure(late, Held(Cause.PLAN))
    assert (here().cause, here().until) == (Cause.QUOTA, until)


def test_no_slot_at_anam_makes_one_line_and_a_free_one_moves_it(
    lab: Anam, accepted: MakeAvatar
) -> None:
    lab.on_create = FULL
    waiting = [accepted() for _ in range(3)]
    assert sends_all() == 1
    place = line.place_of(waiting[1])
    assert place
    assert (place.number, place.of, place.weather.cause) == (1, 3, Cause.QUOTA)
    lab.on_create = None
    weather.open_slot(rehearsal=False)
    assert sends_all() == 3


def outage_waits(lab: Anam) -> Iterator[float]:
    for _ in range(12):
        until: datetime | None = here().until
        assert until is not None
        wait = (until - timezone.now()).total_seconds()
        yield wait
        time_passes(wait + 0.01)
        line.look_out()


def test_an_outage_is_looked_at_by_single_reads_ever_more_patiently(
    lab: Anam, accepted: MakeAvatar
) -> None:
    lab.on_create = lab.on_read = httpx.ConnectError
    for _ in range(5):
        accepted()
    assert sends_all() == 1
    waits = list(outage_waits(lab))
    assert (lab.creates, lab.reads) == (1, 12)
    assert 4 <= waits[0] <= 6
    assert all(480 <= wait <= 720 for wait in waits[-2:])
    lab.on_create = lab.on_read = None
    time_passes(720)
    line.look_out()
    assert sends_all() == 5


def test_a_server_error_stops_the_others_and_one_create_finds_out(
    lab: Anam, accepted: MakeAvatar
) -> None:
    lab.on_create = httpx.Response(503)
    for _ in range(4):
        accepted()
    assert sends_all() == 1
    time_passes(36)
    assert sends_all() == 1  # reads work all the time, and prove nothing
    lab.on_create = None
    time_passes(72)
    assert (sends_all(), states().count(State.READY)) == (2, 2)


def test_a_single_broken_line_is_bad_luck_and_three_are_weather(
    lab: Anam, accepted: MakeAvatar
) -> None:
    lab.on_create = httpx.ReadError
    for _ in range(5):
        accepted()
    assert sends_all() == 3
    assert here().cause == Cause.NO_ANSWER


def test_a_success_forgets_the_broken_lines(lab: Anam, accepted: MakeAvatar) -> None:
    for answer in (httpx.ReadError, httpx.ReadError, None, httpx.ReadError, httpx.ReadError):
        lab.on_create = answer
        accepted()
        send_next()
    assert here().cause == ""


def test_reads_that_are_refused_show_that_somebody_is_there(
    lab: Anam, accepted: MakeAvatar
) -> None:
    lab.on_create = BAD_KEY
    lab.on_read = httpx.Response(403, json={"error": "lacks the permission to list"})
    accepted()
    send_next()
    lab.on_create = None
    time_passes(73)
    line.look_out()
    assert sends_all() == 1


def test_the_rehearsal_has_weather_of_its_own(lab: Anam, accepted: MakeAvatar) -> None:
    lab.on_create = BAD_KEY
    accepted()
    send_next()
    accepted()
    Avatar.objects.filter(state=State.QUEUED).update(rehearsal=True)
    assert sends_all() == 1


def test_administrators_get_one_mail_about_a_bad_key(
    lab: Anam, accepted: MakeAvatar, person: MakePerson
) -> None:
    person(role=Role.ADMINISTRATOR, name="Olga")
    person(role=Role.REVIEWER)
    lab.on_create = BAD_KEY
    accepted()
    send_next()
    tell_administrators.enqueue(rehearsal=False)
    tell_administrators.func(rehearsal=False)
    assert [message.to for message in mail.outbox] == [["olga@example.com"]]
    assert "ANAM_API_KEY" in mail.outbox[0].body


def test_an_address_that_is_refused_keeps_no_other_administrator_uninformed(
    lab: Anam,
    accepted: MakeAvatar,
    person: MakePerson,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    addresses = {str(person(role=Role.ADMINISTRATOR).email) for _ in range(2)}
    lab.on_create = BAD_KEY
    accepted()
    send_next()
    with open_office() as office:
        settings.MAILERS = {"default": office.mailer}
        office.answers["RCPT"] = "550 nobody"
        tell_administrators.func(rehearsal=False)
    assert set(office.recipients) == addresses
    assert "ended as IN_VAIN" in caplog.text
    assert "@" not in caplog.text


def test_the_usual_time_comes_from_our_own_history(ready_avatar: MakeAvatar) -> None:
    assert weather.usual_time(rehearsal=True) is None
    for seconds in range(1, 101):
        ready_avatar(creating_seconds=seconds)
    usual = weather.usual_time(rehearsal=True)
    assert usual == weather.Usual(50.5, 95)


def test_a_wait_that_anam_named_is_not_cut_short_by_a_read(lab: Anam, accepted: MakeAvatar) -> None:
    lab.on_create = httpx.ConnectError
    avatar = accepted()
    send_next()
    time_passes(7)
    weather.note_failure(avatar, Held(Cause.RATE, retry_after=1800))
    until = here().until
    weather.open_again(rehearsal=False, causes=READABLE)  # a read that began before comes back
    assert not Weather.objects.stay_closed(
        rehearsal=False, cause=Cause.OUTAGE, said="", until=timezone.now()
    )
    assert (here().cause, here().until) == (Cause.RATE, until)


def test_a_list_that_fails_alone_does_not_hold_the_photos_for_ever(
    lab: Anam, accepted: MakeAvatar
) -> None:
    lab.on_create = httpx.ConnectError
    accepted()
    send_next()
    lab.on_create, lab.on_read = None, httpx.Response(500)
    time_passes(7)
    line.look_out()
    assert here().cause == Cause.NO_ANSWER  # it can be reached: a create has to tell
    time_passes(100)
    assert sends_all() == 1
    assert states() == [State.READY]


def test_a_key_that_reads_but_may_not_create_is_tried_ever_more_rarely_and_told_once(
    lab: Anam, accepted: MakeAvatar
) -> None:
    lab.on_create = BAD_KEY
    accepted()
    waits, tellings = [], []
    for _ in range(4):
        send_next()
        waits.append((here().until or timezone.now()) - timezone.now())
        tellings.append(Weather.objects.take_telling(rehearsal=False))
        time_passes(700)
        line.look_out()
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(minutes=5)
    assert tellings == [True, False, False, False]


def test_a_wrong_address_does_not_look_like_an_empty_list(lab: Anam) -> None:
    lab.on_read = httpx.Response(404)
    error = weather.check_key(rehearsal=False)
    assert error is not None
    assert error.cause == Cause.ADDRESS


def test_a_503_is_given_the_time_it_asks_for(lab: Anam, accepted: MakeAvatar) -> None:
    lab.on_create = httpx.Response(503, headers={"Retry-After": "600"})
    accepted()
    send_next()
    until = here().until
    assert until is not None
    assert until - timezone.now() > timedelta(seconds=590)


def test_a_time_far_off_comes_from_a_wrong_clock(lab: Anam, accepted: MakeAvatar) -> None:
    lab.on_create = retry_after("7")
    accepted()
    send_next()
    time_passes(-100_000)
    lab.on_create = None
    weather.doubt_far_times()
    assert sends_all() == 1


def test_watching_the_key_makes_nobody_try_before_the_time(lab: Anam, accepted: MakeAvatar) -> None:
    lab.on_create = httpx.Response(403, json={"error": "not on your plan"})
    accepted()
    send_next()
    weather.watch(rehearsal=False)
    assert sends_all() == 0
