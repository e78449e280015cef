"""Changing and removing: each move from its own states, and nothing newer is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from avatars.models import Avatar, Errand, State
from avatars.models.errand_transitions import LEASE
from tests.conftest import MakeAvatar, at_once, time_passes

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LATER = NOW + timedelta(hours=1)
Move = Callable[[Avatar], bool]
UNSENT = {State.QUEUED, State.HELD, State.REFUSED, State.REVIEW}

MOVES: dict[str, tuple[Move, set[State]]] = {
    "rename_unsent": (lambda a: Avatar.objects.rename_unsent(a.pk, "Bea", NOW), UNSENT),
    "rename_ready": (lambda a: Avatar.objects.rename_ready(a.pk, "Bea", NOW), {State.READY}),
    "remove": (
        lambda a: Avatar.objects.remove(a.pk, a.upstream_id, NOW, by=a.owner, tell_at=LATER),
        UNSENT | {State.READY},
    ),
    "begin_erasure": (
        lambda a: Avatar.objects.begin_erasure(a.pk, NOW, by=a.owner),
        set(State) - {State.SENDING, State.UNKNOWN},
    ),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_made_from_its_own_states_only(
    avatar: MakeAvatar, name: str, state: State
) -> None:
    move, allowed = MOVES[name]
    found = avatar(state=state)
    assert move(found) is (state in allowed)
    before = found.changed_at
    found.refresh_from_db()
    assert (found.changed_at != before) is (state in allowed)


@pytest.mark.parametrize("name", MOVES)
def test_what_is_anams_own_is_nobodys_to_change(ready_avatar: MakeAvatar, name: str) -> None:
    assert not MOVES[name][0](ready_avatar(stock=True))


@pytest.mark.parametrize("name", ["remove", "begin_erasure"])
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_moves_it(ready_avatar: MakeAvatar, name: str) -> None:
    found = ready_avatar()
    results = at_once(lambda: MOVES[name][0](found), 6)
    assert sorted(results, key=bool) == [False] * 5 + [True]


def test_an_avatar_that_became_one_at_anam_meanwhile_is_not_removed_without_telling(
    avatar: MakeAvatar,
) -> None:
    seen = avatar(state=State.QUEUED)
    Avatar.objects.filter(pk=seen.pk).update(state=State.READY, upstream_id="a-1")
    assert not MOVES["remove"][0](seen)


def test_erasing_remembers_where_a_removed_one_came_from(ready_avatar: MakeAvatar) -> None:
    found = ready_avatar()
    Avatar.objects.remove(found.pk, found.upstream_id, NOW, by=found.owner, tell_at=LATER)
    assert Avatar.objects.begin_erasure(found.pk, LATER, by=found.owner)
    found.refresh_from_db()
    assert (found.removed_from, found.removed_at) == (State.READY, NOW)


def test_a_reviewer_who_has_the_page_open_comes_too_late(ready_avatar: MakeAvatar) -> None:
    found = ready_avatar()
    Avatar.objects.begin_erasure(found.pk, NOW, by=found.owner)
    assert not Avatar.objects.decide(
        found.pk, found.version, NOW, approval="rejected", review_note="It is Anna's brother"
    )


def test_blanking_needs_an_erasure_and_happens_once(ready_avatar: MakeAvatar) -> None:
    found = ready_avatar()
    assert not Avatar.objects.blank(found.pk, NOW)
    Avatar.objects.begin_erasure(found.pk, NOW, by=found.owner)
    assert [Avatar.objects.blank(found.pk, NOW) for _ in range(2)] == [True, False]


def test_errands_run_in_the_order_in_which_they_are_due(ready_avatar: MakeAvatar) -> None:
    second = ready_avatar(errand=Errand.RENAME, errand_at=NOW - timedelta(minutes=1))
    first = ready_avatar(errand=Errand.REMOVE, errand_at=NOW - timedelta(minutes=2))
    ready_avatar(errand=Errand.REMOVE, errand_at=LATER)
    ready_avatar()
    assert list(Avatar.objects.errands_due(NOW)) == [first, second]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_an_errand_one_gets_it_until_its_lease_is_over(
    ready_avatar: MakeAvatar,
) -> None:
    found = ready_avatar(errand=Errand.RENAME, errand_at=NOW)

    def claim() -> bool:
        return Avatar.objects.claim_errand(found.pk, Errand.RENAME, timezone.now())

    assert sorted(at_once(claim, 6), key=bool) == [False] * 5 + [True]
    assert not claim()
    time_passes(LEASE.total_seconds() + 1)
    assert claim()


def test_a_newer_name_waits_for_the_older_one_to_come_back(ready_avatar: MakeAvatar) -> None:
    found = ready_avatar()
    Avatar.objects.rename_ready(found.pk, "Bea", NOW)
    Avatar.objects.claim_errand(found.pk, Errand.RENAME, NOW)
    Avatar.objects.rename_ready(found.pk, "Bettina", NOW)
    found.refresh_from_db()
    assert found.errand_at == NOW + LEASE
    assert not Avatar.objects.finish_rename(found.pk, "Bea", NOW)
    assert Avatar.objects.finish_rename(found.pk, "Bettina", NOW)


def test_a_newer_name_does_not_wait_as_long_as_an_outage(ready_avatar: MakeAvatar) -> None:
    found = ready_avatar(errand=Errand.RENAME, errand_at=LATER, errand_tries=9)
    Avatar.objects.rename_ready(found.pk, "Bea", NOW)
    found.refresh_from_db()
    assert (found.errand_at, found.errand_tries) == (NOW + LEASE, 0)


def test_what_was_asked_for_meanwhile_is_not_put_off(ready_avatar: MakeAvatar) -> None:
    found = ready_avatar(errand=Errand.RENAME, errand_at=NOW, errand_tries=3)
    Avatar.objects.remove(found.pk, found.upstream_id, NOW, by=found.owner, tell_at=NOW)
    assert not Avatar.objects.postpone_errand(found.pk, "rename", 3, until=LATER, cause="rate")
    assert not Avatar.objects.finish_errand(found.pk, "rename")
    found.refresh_from_db()
    assert (found.errand, found.errand_at, found.errand_cause) == (Errand.REMOVE, NOW, "")


def test_a_newer_name_is_not_put_off_by_the_failure_of_the_older_one(
    ready_avatar: MakeAvatar,
) -> None:
    found = ready_avatar(errand=Errand.RENAME, errand_at=NOW, errand_tries=3)
    Avatar.objects.rename_ready(found.pk, "Bea", NOW)
    assert not Avatar.objects.postpone_errand(found.pk, "rename", 3, until=LATER, cause="rate")
