"""Each move happens from the states it is meant for, and for one caller alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from avatars.models import Avatar, State
from avatars.upstream.wire import avatar_from
from tests.conftest import MakeAvatar, at_once
from tests.upstream.answers import described

NOW = timezone.now()
Move = Callable[[Avatar], bool]

MOVES: dict[str, tuple[Move, set[State]]] = {
    "claim": (
        lambda a: Avatar.objects.claim(a.pk, timezone.now(), claimed_by=""),
        {State.QUEUED, State.HELD},
    ),
    "record_created": (
        lambda a: Avatar.objects.record_created(a.pk, avatar_from(described()), NOW, 1.0),
        {State.SENDING, State.UNKNOWN, State.QUEUED, State.HELD, State.REFUSED},
    ),
    "hold": (
        lambda a: Avatar.objects.hold(a.pk, NOW, cause="rate", said="", retry_at=NOW),
        {State.SENDING},
    ),
    "refuse": (
        lambda a: Avatar.objects.refuse(a.pk, NOW, cause="age", said=""),
        {State.SENDING},
    ),
    "lose": (
        lambda a: Avatar.objects.lose(a.pk, NOW, cause="no-answer", said=""),
        {State.SENDING},
    ),
    "ask_to_choose": (
        lambda a: Avatar.objects.ask_to_choose(a.pk, NOW, cause="several-fit", candidates=[]),
        {State.UNKNOWN},
    ),
    "requeue_absent": (lambda a: Avatar.objects.requeue_absent(a.pk, NOW), {State.UNKNOWN}),
    "requeue_on_request": (
        lambda a: Avatar.objects.requeue_on_request(a.pk, NOW),
        {State.HELD, State.REFUSED},
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_made_from_its_own_states_only(
    avatar: MakeAvatar, name: str, state: State
) -> None:
    move, allowed = MOVES[name]
    found = avatar(state=state, retry_at=NOW)
    assert move(found) is (state in allowed)
    before = found.changed_at
    found.refresh_from_db()
    assert (found.changed_at != before) is (state in allowed)


@pytest.mark.django_db
def test_a_held_avatar_is_not_due_before_its_time(avatar: MakeAvatar) -> None:
    avatar(state=State.HELD, retry_at=NOW + timedelta(hours=1))
    avatar(state=State.HELD, retry_at=None)
    assert not Avatar.objects.due(timezone.now()).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_one_succeeds(avatar: MakeAvatar) -> None:
    pk = avatar().pk
    results = at_once(lambda: Avatar.objects.claim(pk, timezone.now(), claimed_by=""), 8)
    assert sorted(results, key=bool) == [False] * 7 + [True]
    assert Avatar.objects.get(pk=pk).attempts == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_the_lease_one_gets_it(ready_avatar: MakeAvatar) -> None:
    found = ready_avatar()

    def take() -> bool:
        length = timedelta(seconds=25)
        now = timezone.now()
        return Avatar.objects.take_lease(found.pk, found.refreshed_at, now, length)

    assert sorted(at_once(take, 8), key=bool) == [False] * 7 + [True]


@pytest.mark.django_db
def test_whoever_saw_an_older_reading_gets_no_lease(ready_avatar: MakeAvatar) -> None:
    found, length = ready_avatar(), timedelta(seconds=25)
    old = NOW - timedelta(minutes=1)
    assert not Avatar.objects.take_lease(found.pk, old, NOW, length)
    assert Avatar.objects.take_lease(found.pk, found.refreshed_at, NOW, length)
    late = NOW + timedelta(seconds=26)
    assert Avatar.objects.take_lease(found.pk, found.refreshed_at, late, length)
