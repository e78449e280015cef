"""Settling what became of a photo whose answer was lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Kind, State
from avatars.services.create import send_next
from avatars.services.listing import read_all
from avatars.services.settling import absent_from, choose, settle, settle_unknown
from avatars.tasks import sweep
from avatars.upstream.errors import Cause, UpstreamError
from tests.conftest import ClientOf, MakeAvatar, MakePerson, ScriptAnam, at_once, time_passes
from tests.upstream.answers import described, listed

pytestmark = pytest.mark.django_db

MakeLost = Callable[..., Avatar]


def moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now_described(name: str = "Anna Berg", **fields: Any) -> dict[str, Any]:
    return described(name, **{"createdAt": moment(timezone.now()), **fields})


@pytest.fixture
def lost(avatar: MakeAvatar) -> MakeLost:
    """Sent a moment ago, and no clean answer came."""

    def make(**fields: Any) -> Avatar:
        now = timezone.now()
        defaults = {
            "display_name": "Anna Berg",
            "state": State.UNKNOWN,
            "cause": Cause.NO_ANSWER,
            "rehearsal": False,
            "claimed_at": now,
            "lost_at": now,
        }
        return avatar(**{**defaults, **fields})

    return make


def long_ago(settings: Settings) -> datetime:
    return timezone.now() - timedelta(seconds=3.5 * settings.SETTLING_SECONDS + 1)


def state_after_settling(avatar: Avatar) -> str:
    settle_unknown()
    avatar.refresh_from_db()
    return str(avatar.state)


def test_the_one_that_fits_is_adopted(lost: MakeLost, anam: ScriptAnam) -> None:
    anam(lambda _: listed(now_described(id="a-1")))
    avatar = lost()
    assert state_after_settling(avatar) == State.READY
    assert (avatar.upstream_id, avatar.cause, avatar.lost_at) == ("a-1", "", None)
    assert [event.kind for event in avatar.events.all()] == [Kind.ADOPTED]


def test_it_is_found_on_a_later_page_too(lost: MakeLost, anam: ScriptAnam) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.params["page"] == "1":
            return listed(now_described("Anna Bergmann"), following=2)
        return listed(now_described(id="a-2"))

    anam(handler)
    avatar = lost()
    assert state_after_settling(avatar) == State.READY
    assert avatar.upstream_id == "a-2"


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Anna Bergmann"},
        {"name": "anna berg"},
        {"createdByOrganizationId": None},
        {"createdAt": "2020-01-01T00:00:00.000Z"},
    ],
    ids=["longer name", "other case", "stock", "older"],
)
def test_what_does_not_fit_is_left_alone(
    lost: MakeLost, anam: ScriptAnam, other: dict[str, Any]
) -> None:
    anam(lambda _: listed(now_described(**other)))
    assert state_after_settling(lost()) == State.UNKNOWN


def test_an_avatar_that_is_ours_already_is_not_adopted_twice(
    lost: MakeLost, ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    ready_avatar(display_name="Anna Berg", upstream_id="a-1")
    anam(lambda _: listed(now_described(id="a-1")))
    assert state_after_settling(lost()) == State.UNKNOWN


def test_one_that_was_made_before_it_was_sent_is_never_taken_for_it(
    lost: MakeLost, anam: ScriptAnam, settings: Settings
) -> None:
    sent = long_ago(settings)
    before = moment(sent - timedelta(seconds=90))
    anam(lambda _: listed(now_described(createdAt=before, id="a-1")))
    assert state_after_settling(lost()) == State.UNKNOWN
    # Nor is it sent again: the clocks may differ, so a person has to look.
    avatar = lost(claimed_at=sent, lost_at=sent, display_name="Anna Berg")
    assert state_after_settling(avatar) == State.UNKNOWN
    assert [candidate["id"] for candidate in avatar.candidates] == ["a-1"]


@pytest.mark.parametrize(
    "odd",
    [{"createdByOrganizationId": None}, {"createdAt": "2026-01-01T00:00:00Z"}],
    ids=["flagged as stock", "of another day"],
)
def test_a_namesake_of_that_day_is_put_to_a_person_whatever_its_flags(
    lost: MakeLost, anam: ScriptAnam, settings: Settings, odd: dict[str, Any]
) -> None:
    sent = long_ago(settings)
    anam(lambda _: listed(described("Anna Berg", **{"createdAt": moment(sent), **odd})))
    avatar = lost(claimed_at=sent, lost_at=sent)
    of_that_day = "createdAt" not in odd
    expected = State.UNKNOWN if of_that_day else State.QUEUED
    assert state_after_settling(avatar) == expected


@pytest.mark.parametrize(
    "page",
    [
        {"data": [], "meta": {"next": 2, "total": 150}},
        {"data": [described()] * 100, "meta": {}},
        {"data": [{"no": "id"}], "meta": {"next": None}},
    ],
    ids=["goes in circles", "full, without a word about the next", "with an odd item"],
)
def test_a_list_that_was_not_read_to_its_end_proves_no_absence(
    lost: MakeLost, anam: ScriptAnam, settings: Settings, page: dict[str, Any]
) -> None:
    anam(lambda _: httpx.Response(200, json=page))
    avatar = lost(claimed_at=long_ago(settings), lost_at=long_ago(settings))
    assert state_after_settling(avatar) == State.UNKNOWN


def test_a_404_proves_no_absence_but_the_list_of_everything_does(
    lost: MakeLost, anam: ScriptAnam, settings: Settings
) -> None:
    anam(lambda _: httpx.Response(404))
    avatar = lost(claimed_at=long_ago(settings), lost_at=long_ago(settings))
    assert state_after_settling(avatar) == State.UNKNOWN

    def of_stock_alone(request: httpx.Request) -> httpx.Response:
        if "onlyOneShot" in request.url.params:
            return httpx.Response(404)
        return listed(described("Ada", createdByOrganizationId=None))

    anam(of_stock_alone)
    assert state_after_settling(avatar) == State.QUEUED


def test_a_list_that_shifts_while_it_is_read_proves_no_absence(
    lost: MakeLost, anam: ScriptAnam, settings: Settings
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        meta = {"next": 2 if number == 1 else None, "total": 102 - number}
        return httpx.Response(200, json={"data": [], "meta": meta})

    anam(handler)
    avatar = lost(claimed_at=long_ago(settings), lost_at=long_ago(settings))
    assert state_after_settling(avatar) == State.UNKNOWN


def test_what_another_wish_on_its_way_is_called_is_left_to_that_one(
    lost: MakeLost, anam: ScriptAnam, settings: Settings, avatar: MakeAvatar
) -> None:
    sent = long_ago(settings)
    anam(lambda _: listed(described("Ben", createdAt=moment(sent))))
    avatar(display_name="Ben", state=State.SENDING, claimed_at=sent, rehearsal=False)
    anna = lost(claimed_at=sent, lost_at=sent)
    assert state_after_settling(anna) == State.QUEUED
    assert anna.candidates == []


def test_absent_is_not_absent_before_the_list_has_settled(
    lost: MakeLost, anam: ScriptAnam, settings: Settings
) -> None:
    anam(lambda _: listed())
    assert state_after_settling(lost()) == State.UNKNOWN
    avatar = lost(claimed_at=long_ago(settings), lost_at=long_ago(settings))
    assert state_after_settling(avatar) == State.QUEUED
    assert [event.kind for event in avatar.events.all()] == [Kind.ABSENT]


def test_a_broken_line_is_given_the_time_that_creating_takes(
    lost: MakeLost, anam: ScriptAnam, settings: Settings
) -> None:
    anam(lambda _: listed())
    moment = timezone.now() - timedelta(seconds=settings.SETTLING_SECONDS + 1)
    avatar = lost(claimed_at=moment, lost_at=moment)
    assert state_after_settling(avatar) == State.UNKNOWN


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(401, json={"error": "Invalid API key"}),
        httpx.Response(200, text="<html></html>"),
        httpx.Response(200, json={"data": None}),
    ],
)
def test_without_a_list_nothing_is_proven(
    lost: MakeLost, anam: ScriptAnam, settings: Settings, answer: httpx.Response
) -> None:
    anam(lambda _: answer)
    avatar = lost(lost_at=long_ago(settings))
    assert state_after_settling(avatar) == State.UNKNOWN


def test_several_that_fit_are_put_to_a_person_once(lost: MakeLost, anam: ScriptAnam) -> None:
    anam(lambda _: listed(now_described(id="a-1"), now_described(id="a-2")))
    avatar = lost()
    assert state_after_settling(avatar) == State.UNKNOWN
    assert avatar.cause == Cause.SEVERAL_FIT
    assert [candidate["id"] for candidate in avatar.candidates] == ["a-1", "a-2"]
    settle_unknown()
    assert [event.kind for event in avatar.events.all()] == [Kind.SEVERAL]


def test_the_chosen_one_is_adopted(lost: MakeLost, anam: ScriptAnam, person: MakePerson) -> None:
    anam(lambda request: httpx.Response(200, json=now_described(id=request.url.path[-3:])))
    avatar = lost(cause=Cause.SEVERAL_FIT, candidates=[{"id": "a-1"}, {"id": "a-2"}])
    someone = person()
    assert choose(avatar, "a-2", someone)
    avatar.refresh_from_db()
    assert (avatar.state, avatar.upstream_id, avatar.candidates) == (State.READY, "a-2", [])
    assert avatar.events.get(kind=Kind.ADOPTED).actor == someone


def test_none_of_them_sends_the_photo_again(lost: MakeLost, person: MakePerson) -> None:
    avatar = lost(cause=Cause.SEVERAL_FIT, candidates=[{"id": "a-1"}])
    someone = person()
    assert not choose(avatar, "", someone)  # Anam may still be making it
    time_passes(1 + (absent_from(avatar) - timezone.now()).total_seconds())
    avatar.refresh_from_db()
    assert choose(avatar, "", someone)
    avatar.refresh_from_db()
    assert (avatar.state, avatar.candidates) == (State.QUEUED, [])
    assert [(event.kind, event.actor) for event in avatar.events.all()] == [(Kind.ABSENT, someone)]


def test_two_wishes_can_not_choose_the_same_one(
    lost: MakeLost, anam: ScriptAnam, person: MakePerson
) -> None:
    anam(lambda _: httpx.Response(200, json=now_described(id="a-1")))
    one, other = (
        lost(cause=Cause.SEVERAL_FIT, candidates=[{"id": "a-1"}, {"id": "a-2"}]) for _ in range(2)
    )
    assert choose(one, "a-1", person())
    assert not choose(other, "a-1", person())
    other.refresh_from_db()
    assert (other.state, other.upstream_id) == (State.UNKNOWN, None)


def test_a_choice_that_anam_does_not_confirm_changes_nothing(
    lost: MakeLost, anam: ScriptAnam, person: MakePerson
) -> None:
    anam(lambda _: httpx.Response(502))
    avatar = lost(cause=Cause.SEVERAL_FIT, candidates=[{"id": "a-1"}])
    with pytest.raises(UpstreamError):
        choose(avatar, "a-1", person())
    avatar.refresh_from_db()
    assert (avatar.state, avatar.cause) == (State.UNKNOWN, Cause.SEVERAL_FIT)


def test_a_sweep_makes_good_a_create_whose_sender_died(
    avatar: MakeAvatar, anam: ScriptAnam, settings: Settings
) -> None:
    gone = timezone.now() - timedelta(seconds=settings.CREATE_SECONDS + 60)
    dead = avatar(display_name="Anna Berg", state=State.SENDING, rehearsal=False, claimed_at=gone)
    anam(lambda _: listed(now_described(id="a-1")))
    sweep()
    dead.refresh_from_db()
    assert (dead.state, dead.upstream_id) == (State.READY, "a-1")
    assert [event.kind for event in dead.events.all()] == [Kind.LOST, Kind.ADOPTED]


@pytest.mark.parametrize("fault", ["lost-502-html", "lost-html", "lost-empty", "lost-half"])
def test_a_made_avatar_whose_answer_was_lost_exists_once_in_the_end(
    accepted: MakeAvatar, settings: Settings, client_of: ClientOf, fault: str
) -> None:
    avatar = accepted(display_name=f"Anna !{fault}-once")
    send_next()
    avatar.refresh_from_db()
    assert avatar.state == State.UNKNOWN
    assert state_after_settling(avatar) == State.READY
    assert send_next() is None


def test_a_new_avatar_whose_name_came_back_changed_is_put_to_a_person(
    lost: MakeLost, anam: ScriptAnam, settings: Settings
) -> None:
    sent = long_ago(settings)
    changed = described("Anna &amp; Berg", id="a-1", createdAt=moment(sent))
    anam(lambda _: listed(changed))
    avatar = lost(claimed_at=sent)
    assert state_after_settling(avatar) == State.UNKNOWN
    assert avatar.candidates == []  # its own may still come
    Avatar.objects.update(lost_at=sent)
    assert state_after_settling(avatar) == State.UNKNOWN
    assert [candidate["id"] for candidate in avatar.candidates] == ["a-1"]


def test_twins_on_their_way_are_never_told_apart_by_guessing(
    lost: MakeLost, anam: ScriptAnam
) -> None:
    anam(lambda _: listed(now_described(id="a-1")))
    first, second = lost(), lost()
    assert state_after_settling(first) == State.UNKNOWN
    assert state_after_settling(second) == State.UNKNOWN
    assert Avatar.objects.filter(cause=Cause.SEVERAL_FIT).count() == 2


def test_what_remains_after_a_choice_is_settled_without_a_person(
    lost: MakeLost, anam: ScriptAnam, ready_avatar: MakeAvatar
) -> None:
    anam(lambda _: listed(now_described(id="a-1"), now_described(id="a-2")))
    avatar = lost()
    assert state_after_settling(avatar) == State.UNKNOWN
    ready_avatar(upstream_id="a-1")
    assert state_after_settling(avatar) == State.READY
    assert avatar.upstream_id == "a-2"


def test_after_three_lost_answers_a_person_must_ask_for_another_try(
    lost: MakeLost, anam: ScriptAnam, settings: Settings
) -> None:
    anam(lambda _: listed())
    avatar = lost(claimed_at=long_ago(settings), lost_at=long_ago(settings), attempts=9)
    for kind in (Kind.LOST, Kind.LOST, Kind.AGAIN, Kind.LOST, Kind.HELD, Kind.LOST):
        avatar.events.create(kind=kind)
    assert state_after_settling(avatar) == State.QUEUED
    Avatar.objects.update(state=State.UNKNOWN, lost_at=long_ago(settings))
    avatar.events.create(kind=Kind.LOST)
    assert state_after_settling(avatar) == State.REFUSED
    assert avatar.cause == Cause.LOST_OFTEN
    assert [event.kind for event in avatar.events.all()][-1] == Kind.STOPPED


def test_a_settler_that_slept_leaves_a_newer_sending_alone(
    lost: MakeLost, anam: ScriptAnam, settings: Settings
) -> None:
    sent = long_ago(settings)
    slept = lost(claimed_at=sent, lost_at=sent, attempts=1)
    Avatar.objects.update(attempts=2, lost_at=timezone.now())
    anam(lambda _: listed())
    settle(slept, read_all(False, custom_only=True), timezone.now())
    slept.refresh_from_db()
    assert slept.state == State.UNKNOWN


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("there", "kind"), [(True, Kind.ADOPTED), (False, Kind.ABSENT)])
def test_sweeps_at_once_settle_once(
    lost: MakeLost, anam: ScriptAnam, settings: Settings, there: bool, kind: Kind
) -> None:
    sent = long_ago(settings)
    anam(lambda _: listed(*[described("Anna Berg", createdAt=moment(sent))] * there))
    avatar = lost(claimed_at=sent, lost_at=sent)
    assert at_once(settle_unknown, 4) == [None] * 4
    assert [event.kind for event in avatar.events.all()] == [kind]
