"""Approving several at once: what was seen, and nothing else."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from avatars.models import Avatar, Kind, Look, Policy, State
from avatars.services.changing import rename
from avatars.services.review import Verdict, decide
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(person: MakePerson) -> User:
    return person(role=Role.REVIEWER, name="Rita")


@pytest.fixture
def desk(client_of: ClientOf, rita: User) -> Client:
    return client_of(rita)


@pytest.fixture
def seen(ready_avatar: MakeAvatar, rita: User) -> Callable[..., Avatar]:
    def make(**fields: object) -> Avatar:
        avatar = ready_avatar(**fields)
        Look.objects.take(avatar.pk, rita, avatar.version, timezone.now())
        return avatar

    return make


def approves(desk: Client, *chosen: Avatar, version: int = 0) -> str:
    """The page that comes back."""
    values = [f"{avatar.pk}:{version}" for avatar in chosen]
    return desk.post("/review/approve", {"chosen": values}, follow=True).content.decode()


def approved() -> set[Avatar]:
    return set(Avatar.objects.filter(approval="approved"))


def test_what_was_seen_is_approved_at_once(desk: Client, rita: User, seen: MakeAvatar) -> None:
    avatars = [seen(display_name=f"Face {letter}") for letter in "ABCDEFG"]
    page = approves(desk, *avatars)
    assert approved() == set(avatars)
    assert "Approved 7: Face A, Face B, Face C, Face D, Face E and 2 more." in page
    for avatar in avatars:
        (event,) = avatar.events.all()
        assert (event.kind, event.actor) == (Kind.APPROVED, rita)


def test_what_was_not_seen_is_named_and_not_approved(
    desk: Client, seen: MakeAvatar, ready_avatar: MakeAvatar
) -> None:
    good, unseen = seen(), ready_avatar(display_name="Face <U>")
    page = approves(desk, good, unseen)
    assert approved() == {good}
    assert "Not approved: Face &lt;U&gt;. Open it first" in page


def test_the_head_of_a_page_is_no_look_at_it(
    desk: Client, seen: MakeAvatar, ready_avatar: MakeAvatar
) -> None:
    unseen, open_one = ready_avatar(display_name="Unseen"), seen()
    for path in (f"/review/{unseen.pk}", "/review", "/review/done"):
        assert desk.head(path).status_code == 200
    assert [look.avatar for look in Look.objects.exclude(seen_at=None)] == [open_one]
    assert "Not approved: Unseen." in approves(desk, unseen)
    assert not approved()


def test_what_has_changed_since_is_named_with_what_happened(
    desk: Client, person: MakePerson, seen: MakeAvatar
) -> None:
    avatar = seen(display_name="Face X")
    decide(avatar.pk, Verdict("rejected", 0, "No"), person(name="Leo"))  # type: ignore[arg-type]
    page = approves(desk, avatar)
    assert approved() == set()
    assert "Not approved: Face X. Leo rejected the avatar, just now." in page
    assert "It has moved on meanwhile." in approves(desk, seen(version=3), version=2)


def test_what_has_got_another_name_since_is_not_approved_under_it(
    desk: Client, person: MakePerson, seen: MakeAvatar
) -> None:
    avatar = seen(display_name="Anna")
    assert rename(avatar, "The Chancellor", person(name="Mia"))
    page = approves(desk, avatar)
    assert approved() == set()
    assert "Not approved: The Chancellor. Mia renamed the avatar, just now." in page


def test_what_lacks_consent_or_is_ones_own_is_named_with_the_reason(
    desk: Client, rita: User, seen: MakeAvatar
) -> None:
    Policy.objects.filter(pk=1).update(four_eyes=True)
    page = approves(desk, seen(needs_consent=True), seen(owner=rita))
    assert approved() == set()
    assert "There is no word of the person who is shown" in page
    assert "the policy wants four eyes" in page


def test_enter_on_a_box_approves_nothing(desk: Client, seen: MakeAvatar) -> None:
    form = {"chosen": [f"{seen().pk}:0"], "enter": ""}
    assert desk.post("/review/approve", form).status_code == 204
    assert approved() == set()


def test_without_a_choice_nothing_happens(desk: Client) -> None:
    assert "Choose some first" in desk.post("/review/approve", follow=True).content.decode()


@pytest.mark.parametrize(
    "value", ["", "x:0", "00000000-0000-4000-8000-000000000000", ":1", "\0:\0"]
)
def test_what_was_made_up_is_left_out(desk: Client, seen: MakeAvatar, value: str) -> None:
    good = seen()
    desk.post("/review/approve", {"chosen": [value, f"{good.pk}:0"]})
    assert approved() == {good}


def test_one_that_is_gone_is_told(desk: Client) -> None:
    chosen = "00000000-0000-4000-8000-000000000000:0"
    page = desk.post("/review/approve", {"chosen": chosen}, follow=True).content.decode()
    assert "One of them is not here any more" in page


def test_what_waited_for_this_goes_on_its_way_and_a_worker_is_woken(
    desk: Client, seen: MakeAvatar
) -> None:
    approves(desk, seen())
    assert not DBTaskResult.objects.filter(task_path="avatars.tasks.send_due").exists()
    avatar = seen(state=State.REVIEW, review="before", upstream_id=None)
    approves(desk, avatar)
    avatar.refresh_from_db()
    assert avatar.state == State.QUEUED
    assert DBTaskResult.objects.filter(task_path="avatars.tasks.send_due").count() == 1


def test_only_reviewers_approve(client_of: ClientOf, seen: MakeAvatar) -> None:
    avatar = seen()
    for role in (None, Role.VIEWER, Role.CREATOR):
        form = {"chosen": f"{avatar.pk}:0"}
        assert client_of(role).post("/review/approve", form).status_code == 403
    assert approved() == set()
    assert client_of(Role.REVIEWER).get("/review/approve").status_code == 405
