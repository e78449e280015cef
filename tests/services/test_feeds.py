"""Feeds: one avatar behind a name, each change once and on the record."""

import pytest

from avatars.models import Approval, Avatar, Event, Feed, Kind, State
from avatars.services import feeds
from avatars.services.feeds import NothingToUndo, NotUsable, Taken
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(person: MakePerson) -> User:
    return person(role=Role.REVIEWER)


@pytest.fixture
def faces(ready_avatar: MakeAvatar) -> list[Avatar]:
    names = ("Anna", "Berta", "Cleo")
    return [ready_avatar(display_name=name, approval=Approval.APPROVED) for name in names]


@pytest.fixture
def feed(faces: list[Avatar], reviewer: User) -> Feed:
    opened = feeds.open_feed("support-de", faces[0], "", reviewer)
    return Feed.objects.get(pk=opened.pk)


def swapped(feed: Feed) -> Feed:
    return Feed.objects.get(pk=feed.pk)


def test_a_swap_is_on_the_record_of_both_avatars(
    feed: Feed, faces: list[Avatar], reviewer: User
) -> None:
    assert feeds.swap(feed, faces[1], "cara-3", reviewer)
    now = swapped(feed)
    assert (now.avatar, now.model, now.version) == (faces[1], "cara-3", 2)
    off = Event.objects.get(kind=Kind.FEED_OFF)
    on = Event.objects.filter(kind=Kind.FEED_ON).latest("id")
    assert (off.avatar, on.avatar, on.actor) == (faces[0], faces[1], reviewer)
    assert on.sentence == "put the avatar on the feed support-de"


def test_undoing_goes_one_step_back_and_forth(
    feed: Feed, faces: list[Avatar], reviewer: User
) -> None:
    feeds.swap(feed, faces[1], "cara-3", reviewer)
    assert feeds.undo(swapped(feed), reviewer)
    assert (swapped(feed).avatar, swapped(feed).model) == (faces[0], "")
    assert feeds.undo(swapped(feed), reviewer)
    assert (swapped(feed).avatar, swapped(feed).model) == (faces[1], "cara-3")
    assert [change.undone for change in feed.changes.all()] == [True, True, False, False]


def test_the_first_avatar_can_not_be_undone(feed: Feed, reviewer: User) -> None:
    with pytest.raises(NothingToUndo):
        feeds.undo(feed, reviewer)


def test_what_was_withdrawn_does_not_come_back(
    feed: Feed, faces: list[Avatar], reviewer: User
) -> None:
    feeds.swap(feed, faces[1], "", reviewer)
    Avatar.objects.filter(pk=faces[0].pk).update(approval=Approval.REJECTED)
    with pytest.raises(NotUsable):
        feeds.undo(swapped(feed), reviewer)
    assert swapped(feed).avatar == faces[1]


@pytest.mark.parametrize(
    "fields",
    [
        {"approval": Approval.WAITING},
        {"state": State.REMOVED},
        {"cause": "gone"},
        {"errand": "erase"},
        {"rehearsal": False},
    ],
)
def test_only_what_may_be_used_goes_on_a_feed(
    feed: Feed, faces: list[Avatar], reviewer: User, fields: dict[str, object]
) -> None:
    Avatar.objects.filter(pk=faces[1].pk).update(**fields)
    faces[1].refresh_from_db()
    assert faces[1] not in feeds.usable()
    with pytest.raises(NotUsable):
        feeds.swap(feed, faces[1], "", reviewer)
    assert faces[2] in feeds.usable()


def test_a_name_is_given_once(feed: Feed, faces: list[Avatar], reviewer: User) -> None:
    with pytest.raises(Taken):
        feeds.open_feed("support-de", faces[1], "", reviewer)
    assert swapped(feed).avatar == faces[0]


@pytest.mark.django_db(transaction=True)
def test_of_two_swaps_at_once_one_counts(feed: Feed, faces: list[Avatar], reviewer: User) -> None:
    seen = swapped(feed)

    def swap() -> bool:
        return feeds.swap(Feed.objects.get(pk=seen.pk, version=1), faces[1], "", reviewer)

    results = at_once(swap, times=6)
    assert results.count(True) == 1
    assert feed.changes.count() == 2
    assert Event.objects.filter(kind=Kind.FEED_OFF).count() == 1


def test_what_is_there_already_is_no_change_and_leaves_the_undo(
    feed: Feed, faces: list[Avatar], reviewer: User
) -> None:
    feeds.swap(feed, faces[1], "", reviewer)
    assert feeds.swap(swapped(feed), faces[1], "", reviewer)
    assert swapped(feed).version == 2
    assert feeds.undo(swapped(feed), reviewer)
    assert swapped(feed).avatar == faces[0]
