"""Settling what a stock-take found, each difference once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from avatars.models import Approval, Avatar, Difference, Event, Kind, Look, ReviewTime, State
from avatars.services import differences
from avatars.services.differences import Outcome
from avatars.services.review import approve_seen
from avatars.services.stock_take import take_stock
from avatars.upstream.errors import Cause
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, ScriptAnam, at_once
from tests.services.lab import Lab, row_of

pytestmark = pytest.mark.django_db
GONE, RENAMED = Difference.Kind.GONE, Difference.Kind.RENAMED
Found = Callable[..., Difference]
Settle = Callable[[Difference, Any], bool]


@pytest.fixture
def administrator(person: MakePerson) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def lab(anam: ScriptAnam) -> Lab:
    lab = Lab()
    anam(lab.answer)
    return lab


@pytest.fixture
def gone(ready_avatar: MakeAvatar, lab: Lab) -> Found:
    """Marked as gone, and Anam still denies it."""

    def make(**fields: Any) -> Difference:
        avatar = ready_avatar(rehearsal=False, cause=Cause.GONE, **fields)
        return _about(avatar, GONE, ours=avatar.display_name)

    return make


@pytest.fixture
def renamed(ready_avatar: MakeAvatar) -> Found:
    def make(**fields: Any) -> Difference:
        avatar = ready_avatar(rehearsal=False, display_name="Anna", **fields)
        return _about(avatar, RENAMED, ours="Anna", theirs="Anne", changed="there")

    return make


def _about(avatar: Avatar, kind: Difference.Kind, **detail: str) -> Difference:
    return Difference.objects.create(
        rehearsal=False,
        kind=kind,
        upstream_id=str(avatar.upstream_id),
        avatar=avatar,
        detail=detail,
    )


def row_in(difference: Difference) -> Avatar:
    assert difference.avatar_id
    return Avatar.objects.get(pk=difference.avatar_id)


def take() -> None:
    assert take_stock(False, pause=lambda _: None)


def ids() -> list[int]:
    return list(Difference.objects.values_list("pk", flat=True))


# Only there --------------------------------------------------------------------------------------
def test_an_imported_avatar_is_ready_and_waits_for_review(lab: Lab, administrator: User) -> None:
    item = lab.add("Anna", activeVersion="cara-4")
    take()
    assert differences.import_these(ids(), administrator) == 1
    row = Avatar.objects.get()
    assert (row.owner, row.display_name, row.upstream_id) == (administrator, "Anna", item["id"])
    assert (row.state, row.approval, row.rehearsal) == (State.READY, Approval.WAITING, False)
    assert (row.upstream, row.image_url) == (item, item["imageUrl"])
    assert row.created_at.isoformat() == "2026-04-22T10:00:00+00:00"
    assert [(event.kind, event.actor) for event in row.events.all()] == [
        (Kind.IMPORTED, administrator)
    ]
    difference = Difference.objects.get()
    assert (difference.outcome, difference.settled_by) == (Outcome.IMPORTED, administrator)
    assert difference.avatar == row


def test_what_was_imported_differs_in_nothing(lab: Lab, administrator: User) -> None:
    lab.add("A" * 80)
    lab.add("")
    lab.add("New", createdAt=timezone.now().isoformat())
    take()
    assert differences.import_these(ids(), administrator) == 3
    before = Difference.objects.count()
    take()
    assert Difference.objects.count() == before


def test_only_a_young_avatar_is_looked_at_for_its_preview(lab: Lab, administrator: User) -> None:
    lab.add("Old")
    lab.add("Young", createdAt=timezone.now().isoformat())
    take()
    differences.import_these(ids(), administrator)
    pending = Avatar.objects.exclude(look_again_at=None)
    assert [avatar.display_name for avatar in pending] == ["Young"]


def test_several_hundred_are_imported_at_once(lab: Lab, administrator: User) -> None:
    for number in range(450):
        lab.add(f"Face {number}")
    take()
    assert differences.import_these(ids(), administrator) == 450
    assert Event.objects.filter(kind=Kind.IMPORTED).count() == 450
    assert not Difference.objects.open(rehearsal=False).exists()


def test_one_that_became_ours_meanwhile_is_not_imported(
    lab: Lab, administrator: User, person: MakePerson
) -> None:
    item = lab.add("Anna")
    lab.add("Ben")
    take()
    row_of(item, owner=person(Role.CREATOR)).save()
    assert differences.import_these(ids(), administrator) == 1
    assert Avatar.objects.filter(upstream_id=item["id"]).count() == 1
    assert Difference.objects.get(upstream_id=item["id"]).outcome == Outcome.VANISHED


@pytest.mark.django_db(transaction=True)
def test_two_administrators_import_it_once(lab: Lab, person: MakePerson) -> None:
    lab.add()
    take()
    one = person(Role.ADMINISTRATOR)
    found = ids()
    results = at_once(lambda: differences.import_these(found, one), times=4)
    assert sorted(map(str, results)) == ["0", "0", "0", "1"]
    assert Event.objects.count() == 1


def test_what_is_left_alone_can_be_asked_about_again(lab: Lab, administrator: User) -> None:
    lab.add()
    take()
    assert differences.ignore(ids(), administrator) == 1
    assert differences.ignore(ids(), administrator) == 0
    assert differences.import_these(ids(), administrator) == 0
    take()
    assert not Difference.objects.open(rehearsal=False).exists()
    assert differences.forget_ignored(rehearsal=False) == 1
    take()
    assert Difference.objects.open(rehearsal=False).count() == 1


def test_importing_touches_no_difference_of_another_kind(gone: Found, administrator: User) -> None:
    difference = gone()
    assert differences.import_these([difference.pk], administrator) == 0
    assert differences.ignore([difference.pk], administrator) == 0
    assert Difference.objects.open(rehearsal=False).count() == 1


# Gone --------------------------------------------------------------------------------------------
def test_keeping_a_gone_one_keeps_record_and_photo(gone: Found, administrator: User) -> None:
    difference = gone(photo="photos/1.jpg")
    assert differences.keep_gone(difference, administrator)
    row = row_in(difference)
    assert (row.state, row.removed_from, row.removed_by) == ("removed", "ready", administrator)
    assert (str(row.photo), bool(row.removed_at), row.errand) == ("photos/1.jpg", True, "")
    assert [event.kind for event in row.events.all()] == [Kind.REMOVED]


def test_a_gone_one_with_a_photo_goes_back_to_the_queue(gone: Found, administrator: User) -> None:
    links = {"video_url": "https://x", "image_url": "https://y"}
    difference = gone(photo="photos/1.jpg", approval=Approval.APPROVED, **links)
    assert differences.create_again(difference, administrator)
    row = row_in(difference)
    assert (row.state, row.cause, row.upstream_id) == (State.QUEUED, "", None)
    assert (row.video_url, row.image_url, row.upstream) == ("", "", {})
    assert row.approval == Approval.WAITING  # nobody has seen what is made anew
    assert row.former_ids == [difference.upstream_id]  # for an erasure, one day
    told = [(event.kind, event.actor) for event in row.events.all()]
    assert told == [(Kind.AGAIN, administrator), (Kind.RELEASED, administrator)]


@pytest.mark.parametrize("rules", [{"review": "before"}, {"review": "both"}, {"needs_consent": 1}])
def test_what_needs_somebodys_yes_before_it_is_sent_waits_for_it_again(
    gone: Found, administrator: User, rules: dict[str, Any]
) -> None:
    difference = gone(photo="photos/1.jpg", approval=Approval.APPROVED, **rules)
    assert differences.create_again(difference, administrator)
    row = row_in(difference)
    assert (row.state, row.approval) == (State.REVIEW, Approval.WAITING)
    assert not Avatar.objects.due(timezone.now()).exists()


@pytest.mark.parametrize("review", ReviewTime)
def test_what_was_rejected_is_not_created_again(
    gone: Found, administrator: User, review: ReviewTime
) -> None:
    difference = gone(photo="photos/1.jpg", approval=Approval.REJECTED, review=review)
    assert not differences.create_again(difference, administrator)
    row = row_in(difference)
    assert (row.state, row.approval) == (State.READY, Approval.REJECTED)
    assert Difference.objects.open(rehearsal=False).get() == difference


def test_whoever_saw_what_is_gone_has_not_seen_what_is_made_anew(
    gone: Found, administrator: User, person: MakePerson
) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    difference, reviewer = gone(photo="photos/1.jpg", asked_at=long_ago), person(Role.REVIEWER)
    old = row_in(difference)
    Look.objects.take(old.pk, reviewer, old.version, timezone.now())
    assert differences.create_again(difference, administrator)
    assert row_in(difference).asked_at > long_ago
    Avatar.objects.filter(pk=old.pk).update(state=State.READY, upstream_id="another")
    assert approve_seen({old.pk: old.version}, reviewer) == ([], [old.pk])
    assert row_in(difference).approval == Approval.WAITING


def test_without_a_photo_nothing_can_be_created_again(gone: Found, administrator: User) -> None:
    difference = gone()
    assert not differences.create_again(difference, administrator)
    assert row_in(difference).state == State.READY
    assert Difference.objects.open(rehearsal=False).count() == 1


@pytest.mark.parametrize("settle", [differences.keep_gone, differences.create_again])
def test_one_that_is_back_is_left_as_it_is(
    gone: Found, administrator: User, settle: Settle
) -> None:
    difference = gone(photo="photos/1.jpg")
    Avatar.objects.mark_back(row_in(difference).pk, timezone.now())
    assert not settle(difference, administrator)
    assert not Event.objects.exists()


def test_one_that_anam_knows_after_all_is_not_created_again(
    ready_avatar: MakeAvatar, lab: Lab, administrator: User
) -> None:
    row = row_of(lab.add("Anna"), owner=administrator, photo="photos/1.jpg", cause=Cause.GONE)
    row.save()
    assert not differences.create_again(_about(row, GONE), administrator)
    assert Avatar.objects.get(pk=row.pk).state == State.READY


# Another name ------------------------------------------------------------------------------------
def test_their_name_is_taken(renamed: Found, administrator: User) -> None:
    difference = renamed()
    assert differences.take_their_name(difference, administrator)
    row = row_in(difference)
    assert (row.display_name, row.errand) == ("Anne", "")
    assert row.version == 1  # of the name, whoever reviews it has seen the old one
    event = row.events.get()
    assert (event.kind, event.detail) == (Kind.RENAMED_THERE, {"from": "Anna", "to": "Anne"})


def test_our_name_is_kept_and_an_errand_tells_anam(renamed: Found, administrator: User) -> None:
    difference = renamed()
    assert differences.keep_our_name(difference, administrator)
    row = row_in(difference)
    assert (row.display_name, row.errand, row.errand_tries) == ("Anna", "rename", 0)
    assert row in Avatar.objects.errands_due(timezone.now())


@pytest.mark.parametrize("settle", [differences.take_their_name, differences.keep_our_name])
def test_a_name_that_changed_meanwhile_is_not_overwritten(
    renamed: Found, administrator: User, settle: Settle
) -> None:
    difference = renamed()
    Avatar.objects.update(display_name="Anni")
    assert not settle(difference, administrator)
    assert row_in(difference).display_name == "Anni"


def test_a_settled_difference_is_not_settled_again(renamed: Found, administrator: User) -> None:
    difference = renamed()
    Difference.objects.all().settle(timezone.now(), outcome=Outcome.VANISHED)
    assert not differences.take_their_name(difference, administrator)
    assert row_in(difference).display_name == "Anna"
    assert not Event.objects.exists()
