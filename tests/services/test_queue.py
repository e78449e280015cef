"""The reviewers' queue: its order, its parts, and who is at it already."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from avatars.models import Avatar, Look, Policy, Standing, State
from avatars.services import queue as queues
from avatars.services.queue import Part, Queue
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def rita(person: MakePerson) -> User:
    return person(role=Role.REVIEWER)


def test_only_what_can_be_decided_about_waits(
    rita: User, avatar: MakeAvatar, ready_avatar: MakeAvatar
) -> None:
    waiting = [ready_avatar(), avatar(state=State.REVIEW, review="before")]
    for state in set(State) - {State.READY}:
        avatar(state=state, review="after")
    ready_avatar(approval="approved")
    ready_avatar(stock=True)
    ready_avatar(cause="gone")
    ready_avatar(errand="erase")
    assert set(Queue(rita, Policy.current()).rows) == set(waiting)
    assert all(found.awaits_review for found in waiting)


def test_every_waiting_one_is_in_the_part_for_deciding_or_in_the_one_for_consent(
    rita: User, ready_avatar: MakeAvatar
) -> None:
    for standing in Standing:
        for until in (None, NOW - timedelta(days=1), NOW + timedelta(days=1)):
            for needed in (True, False):
                ready_avatar(consent=standing, consent_until=until, needs_consent=needed)
    parts = {part: set(Queue(rita, Policy.current(), part).rows) for part in Part}
    assert parts[Part.CONSENT] == {row for row in Avatar.objects.all() if row.lacks_consent}
    assert parts[Part.DECIDE] == {row for row in Avatar.objects.all() if not row.lacks_consent}


def test_places_are_counted_no_further_than_anybody_reads(
    rita: User, ready_avatar: MakeAvatar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "MANY", 3)
    avatars = [ready_avatar(asked_at=NOW + timedelta(hours=i)) for i in range(5)]
    places = [Queue(rita, Policy.current()).place_of(each) for each in avatars]
    assert [(p.number, p.total, p.many) for p in places if p] == [
        (1, 3, True),
        (2, 3, True),
        (3, 3, True),
        (3, 3, True),
        (3, 3, True),
    ]


def test_what_does_not_wait_has_no_place(rita: User, ready_avatar: MakeAvatar) -> None:
    queue = Queue(rita, Policy.current())
    for found in (ready_avatar(approval="rejected"), ready_avatar(consent=Standing.DENIED)):
        assert queue.place_of(found) is None


def test_of_those_who_asked_at_once_none_is_passed_over(
    rita: User, ready_avatar: MakeAvatar
) -> None:
    ids = [UUID(int=number) for number in (3, 1, 2)]
    for pk in ids:
        ready_avatar(pk=pk, asked_at=NOW)
    queue, found = Queue(rita, Policy.current()), None
    seen = [found := queue.next_after(found) for _ in range(4)]
    assert [avatar.pk.int for avatar in seen if avatar] == [1, 2, 3, 1]
    back: list[Avatar | None] = []
    while found and len(back) < 3:
        found = queue.last_before(found)
        back.append(found)
    assert [avatar.pk.int for avatar in back if avatar] == [3, 2, 1]


def test_a_look_of_ones_own_keeps_nothing_back_and_an_old_one_neither(
    rita: User, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    found, queue = ready_avatar(), Queue(rita, Policy.current())
    Look.objects.take(found.pk, rita, 0, timezone.now())
    assert queue.next_after(None) == found
    other = person(role=Role.REVIEWER)
    Look.objects.take(found.pk, other, 0, timezone.now())
    assert queue.next_after(None) is None
    Look.objects.filter(reviewer=other).update(seen_at=timezone.now() - timedelta(seconds=46))
    assert queue.next_after(None) == found
    Look.objects.take(found.pk, other, 0, timezone.now())
    Look.objects.leave_all(other)
    assert queue.next_after(None) == found


def test_nobody_is_sent_to_the_one_they_are_at(rita: User, ready_avatar: MakeAvatar) -> None:
    only, queue = ready_avatar(), Queue(rita, Policy.current())
    assert queue.next_after(only) is None
    assert queue.last_before(only) is None
