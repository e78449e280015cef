"""The stock-take: what an upstream has and our rows don't, and the other way round."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import httpx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Approval, Avatar, Difference, Event, Kind, State, StockTake, Weather
from avatars.services.stock_take import take_stock
from avatars.upstream.errors import Cause
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, ScriptAnam, wipe
from tests.services.lab import Lab, row_of

pytestmark = pytest.mark.django_db

ONLY_THERE, GONE = Difference.Kind.ONLY_THERE, Difference.Kind.GONE
RENAMED, VERSION = Difference.Kind.RENAMED, Difference.Kind.VERSION
PREVIEW = Difference.Kind.PREVIEW
CLIP = "https://clips.r2.cloudflarestorage.com/1.webm"
Keep = Callable[..., Avatar]


@pytest.fixture
def lab(anam: ScriptAnam) -> Lab:
    lab = Lab()
    anam(lab.answer)
    return lab


@pytest.fixture
def kept(lab: Lab, person: MakePerson) -> Keep:
    """In the Lab and here, with nothing to tell them apart unless told otherwise."""
    owner = person(Role.CREATOR)

    def make(name: str = "Anna Berg", *, there: dict[str, Any] | None = None, **row: Any) -> Avatar:
        avatar = row_of(lab.add(name), **{"owner": owner, **row})
        avatar.save()
        lab.avatars[str(avatar.upstream_id)] = {**avatar.upstream, **(there or {})}
        return avatar

    return make


def take() -> StockTake:
    run = take_stock(False, pause=lambda _: None)
    assert run is not None
    return run


def open_ones() -> list[tuple[str, str]]:
    return list(Difference.objects.open(rehearsal=False).values_list("kind", "upstream_id"))


def events(avatar: Avatar) -> list[str]:
    return [event.kind for event in avatar.events.all()]


# The whole ---------------------------------------------------------------------------------------
def five_thousand(lab: Lab, owner: User) -> list[dict[str, Any]]:
    for number in range(5000):
        stock = {"createdByOrganizationId": None} if number % 10 == 0 else {}
        video = {"videoUrl": f"{CLIP}?{number}"} if number % 2 else {}
        lab.add(f"Face {number}", **stock, **video)
    Avatar.objects.bulk_create(
        (
            row_of(item, owner=owner)
            for item in lab.avatars.values()
            if item["createdByOrganizationId"]
        ),
        batch_size=500,
    )
    return [item for item in lab.avatars.values() if item["createdByOrganizationId"]]


def seed_forty(lab: Lab, custom: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Eight of each kind and, of the names, four on each side; at random places."""
    silent = [item for item in custom if not item["videoUrl"]]
    dice = Random(40)
    previews = dice.sample(silent, 8)
    rest = [item for item in custom if item not in previews]
    only_there, gone, renamed, versions = _eights(dice.sample(rest, 32))
    wipe(Avatar.objects.filter(upstream_id__in=[item["id"] for item in only_there]))
    for item in gone:
        del lab.avatars[item["id"]]
    for item in renamed[:4]:
        lab.avatars[item["id"]] = {**item, "displayName": f"{item['displayName']} there"}
    for item in renamed[4:]:
        Avatar.objects.filter(upstream_id=item["id"]).update(display_name="Another here")
    for item in versions:
        lab.avatars[item["id"]] = {**item, "activeVersion": "cara-5"}
    for item in previews:
        lab.avatars[item["id"]] = {**item, "videoUrl": CLIP}
    kinds = {
        ONLY_THERE: only_there,
        GONE: gone,
        RENAMED: renamed,
        VERSION: versions,
        PREVIEW: previews,
    }
    return {(kind.value, item["id"]) for kind, items in kinds.items() for item in items}


def _eights(items: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [items[start : start + 8] for start in range(0, len(items), 8)]


def test_over_5000_avatars_exactly_the_40_seeded_differences_are_found_and_then_none(
    lab: Lab, person: MakePerson
) -> None:
    seeded = seed_forty(lab, five_thousand(lab, person(Role.CREATOR)))
    assert len(seeded) == 40
    began = time.monotonic()
    first = take()
    assert (first.found, first.cause, first.pages) == (40, "", 50)
    assert first.seen == first.expected == len(lab.avatars)
    assert set(Difference.objects.values_list("kind", "upstream_id")) == seeded
    assert Counter(Difference.objects.values_list("outcome", flat=True)) == {"": 24, "recorded": 16}
    assert Avatar.objects.filter(stock=True).count() == 500
    with CaptureQueriesContext(connection) as queries:
        second = take()
    assert (second.found, second.cause) == (0, "")
    assert Difference.objects.count() == 40
    assert time.monotonic() - began < 30
    # One for each page, and a handful for all rows together.
    assert len(queries) < second.pages + 30


def test_an_account_that_was_never_here_offers_everything(lab: Lab) -> None:
    lab.add("Anna", id="a-1")
    lab.add("Ben", id="a-2", createdAt=None)
    lab.add("Stock", createdByOrganizationId=None)
    assert take().found == 2
    assert open_ones() == [(ONLY_THERE, "a-1"), (ONLY_THERE, "a-2")]


def test_avatars_of_the_sandbox_are_not_compared_with_those_of_anam(
    lab: Lab, ready_avatar: MakeAvatar
) -> None:
    ready_avatar(rehearsal=True)
    lab.add(createdByOrganizationId=None)
    assert take().found == 0


def test_the_sandbox_has_its_own_stock_takes(accepted: MakeAvatar) -> None:
    run = take_stock(True)
    assert run is not None
    assert (run.rehearsal, run.found, run.cause) == (True, 0, "")
    assert Avatar.objects.filter(stock=True, rehearsal=True).count() == 3


# One at a time -----------------------------------------------------------------------------------
def test_a_second_one_does_not_begin_while_the_first_runs(lab: Lab) -> None:
    StockTake.objects.create(rehearsal=False)
    assert take_stock(False) is None
    assert lab.calls == []


def test_one_whose_process_died_is_closed_by_the_next(lab: Lab, settings: Settings) -> None:
    folder = settings.DATA_DIR / "processes"
    folder.mkdir(exist_ok=True)
    (folder / "dead").touch()
    dead = StockTake.objects.create(rehearsal=False, claimed_by="dead")
    assert take().cause == ""
    dead.refresh_from_db()
    assert dead.cause == StockTake.INTERRUPTED
    assert dead.ended_at


def test_one_that_runs_for_an_hour_is_given_up(lab: Lab) -> None:
    long_ago = timezone.now() - timedelta(minutes=61)
    StockTake.objects.create(rehearsal=False, started_at=long_ago)
    assert take().cause == ""


def test_one_that_was_given_up_writes_nothing_when_it_wakes(lab: Lab, anam: ScriptAnam) -> None:
    lab.add()

    def slow(request: httpx.Request) -> httpx.Response:
        StockTake.objects.update(ended_at=timezone.now(), cause=StockTake.INTERRUPTED)
        return lab.answer(request)

    anam(slow)
    assert take().cause == StockTake.INTERRUPTED
    assert not Difference.objects.exists()


# Only there --------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_what_may_be_a_wish_on_its_way_is_left_for_later(
    lab: Lab, avatar: MakeAvatar, state: State
) -> None:
    now = timezone.now()
    wish = avatar(state=state, rehearsal=False, claimed_at=now)
    lab.add(id="new", createdAt=now.isoformat())
    lab.add(id="early", createdAt=(now - timedelta(minutes=1)).isoformat())
    lab.add(id="undated", createdAt=None)
    lab.add(id="old", createdAt=(now - timedelta(minutes=3)).isoformat())
    assert take().found == 1
    assert open_ones() == [(ONLY_THERE, "old")]
    Avatar.objects.filter(pk=wish.pk).update(state=State.READY, upstream_id="new")
    assert take().found == 2


def test_what_was_left_alone_is_not_asked_again(lab: Lab) -> None:
    lab.add()
    take()
    Difference.objects.all().settle(timezone.now(), outcome=Difference.Outcome.IGNORED)
    assert take().found == 0
    assert open_ones() == []


def test_what_went_away_there_asks_nobody_any_more(lab: Lab) -> None:
    item = lab.add()
    lab.add(createdByOrganizationId=None)
    take()
    del lab.avatars[item["id"]]
    assert take().found == 0
    assert Difference.objects.get().outcome == Difference.Outcome.VANISHED


@pytest.mark.parametrize("state", [State.REMOVED, State.READY])
def test_what_a_row_owns_is_not_only_there(lab: Lab, kept: Keep, state: State) -> None:
    kept(state=state)
    assert take().found == 0


# Gone and back -----------------------------------------------------------------------------------
def test_a_gone_one_is_marked_told_and_asked_about_once(lab: Lab, kept: Keep) -> None:
    gone = kept("Anna")
    kept("Ben")
    del lab.avatars[gone.upstream_id]
    assert take().found == 1
    gone.refresh_from_db()
    assert (gone.state, gone.cause) == (State.READY, Cause.GONE)
    assert events(gone) == [Kind.GONE]
    assert open_ones() == [(GONE, gone.upstream_id)]
    assert take().found == 0
    assert events(gone) == [Kind.GONE]


def test_the_youngest_is_not_gone_because_a_reading_lags(lab: Lab, kept: Keep) -> None:
    young = kept("Anna", ready_at=timezone.now())
    kept("Ben")
    del lab.avatars[young.upstream_id]
    assert take().found == 0


def test_a_gone_one_frees_its_slot(lab: Lab, kept: Keep) -> None:
    gone = kept("Anna")
    kept("Ben")
    Weather.objects.create(rehearsal=False, cause=Cause.QUOTA, until=timezone.now())
    del lab.avatars[gone.upstream_id]
    take()
    assert not Weather.at(rehearsal=False).is_closed


def test_one_that_shifted_while_the_list_was_read_is_not_gone(lab: Lab, kept: Keep) -> None:
    shifted = kept("Anna")
    kept("Ben")
    lab.hidden = {str(shifted.upstream_id)}
    assert take().found == 0
    assert lab.calls == ["page 1", shifted.upstream_id]
    shifted.refresh_from_db()
    assert shifted.cause == ""


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_a_question_without_a_clear_answer_proves_nothing(
    lab: Lab, kept: Keep, status: int
) -> None:
    gone = kept("Anna")
    kept("Ben")
    lab.hidden = {str(gone.upstream_id)}
    lab.failing[str(gone.upstream_id)] = httpx.Response(status)
    run = take()
    assert (run.found, run.cause) == (0, "")


def test_at_most_200_are_asked_for_and_the_rest_next_time(lab: Lab, kept: Keep) -> None:
    kept("Ben")
    for _ in range(201):
        kept()
    lab.avatars = dict(list(lab.avatars.items())[:1])
    assert take().found == 200
    assert take().found == 1


def test_a_list_with_an_item_nobody_can_read_makes_nobody_gone(lab: Lab, kept: Keep) -> None:
    gone = kept("Anna")
    kept("Ben")
    del lab.avatars[gone.upstream_id]
    lab.avatars["odd"] = {"id": None, "displayName": "Anna"}
    assert take().found == 0


def test_an_address_where_nothing_is_makes_nobody_gone(
    lab: Lab, kept: Keep, anam: ScriptAnam
) -> None:
    kept()
    anam(lambda _: httpx.Response(404))
    assert take().found == 0


def test_one_that_is_seen_again_is_back(lab: Lab, kept: Keep) -> None:
    gone = kept("Anna")
    kept("Ben")
    item = lab.avatars.pop(str(gone.upstream_id))
    take()
    lab.avatars[item["id"]] = item
    assert take().found == 0
    gone.refresh_from_db()
    assert (gone.cause, events(gone)) == ("", [Kind.GONE, Kind.BACK])
    assert Difference.objects.get().outcome == Difference.Outcome.VANISHED


# Another name ------------------------------------------------------------------------------------
def detail() -> dict[str, Any]:
    return dict(Difference.objects.open(rehearsal=False).get().detail)


def test_a_name_that_was_changed_there_is_told_so(lab: Lab, kept: Keep) -> None:
    kept("Anna", there={"displayName": "Anne"})
    assert take().found == 1
    assert detail() == {"theirs": "Anne", "ours": "Anna", "changed": "there"}
    assert take().found == 0


def test_a_preview_that_was_looked_at_does_not_turn_their_change_into_ours(
    lab: Lab, kept: Keep
) -> None:
    renamed = kept("Anna", there={"displayName": "Anne"})
    renamed.upstream = lab.avatars[str(renamed.upstream_id)]
    renamed.save()
    take()
    assert detail()["changed"] == "there"


def test_a_name_that_was_changed_here_is_told_so(lab: Lab, kept: Keep) -> None:
    renamed = kept("Anna")
    Event.objects.create(avatar=renamed, kind=Kind.RENAMED)
    Avatar.objects.filter(pk=renamed.pk).update(display_name="Anne")
    take()
    assert detail() == {"theirs": "Anna", "ours": "Anne", "changed": "here"}


def test_a_name_on_its_way_to_anam_is_no_difference(lab: Lab, kept: Keep) -> None:
    kept("Anna", there={"displayName": "Anne"}, errand="rename")
    assert take().found == 0


def test_a_name_that_was_just_changed_may_still_be_settling(lab: Lab, kept: Keep) -> None:
    kept("Anna", there={"displayName": "Anne"}, changed_at=timezone.now())
    assert take().found == 0


@pytest.mark.parametrize("theirs", [None, "", "A" * 50 + "nother"])
def test_no_name_and_a_longer_one_are_no_other_name(lab: Lab, kept: Keep, theirs: object) -> None:
    kept("A" * 50, there={"displayName": theirs})
    assert take().found == 0


def test_a_third_name_replaces_the_question(lab: Lab, kept: Keep) -> None:
    renamed = kept("Anna", there={"displayName": "Anne"})
    take()
    lab.avatars[str(renamed.upstream_id)]["displayName"] = "Anni"
    assert take().found == 1
    assert detail()["theirs"] == "Anni"


def test_names_that_agree_again_ask_nobody(lab: Lab, kept: Keep) -> None:
    renamed = kept("Anna", there={"displayName": "Anne"})
    take()
    lab.avatars[str(renamed.upstream_id)]["displayName"] = "Anna"
    assert take().found == 0
    assert open_ones() == []


# News --------------------------------------------------------------------------------------------
def test_a_new_version_is_written_down_at_once(lab: Lab, kept: Keep) -> None:
    avatar = kept(there={"activeVersion": "v2", "availableVersions": ["v2", "cara-4"]})
    assert take().found == 1
    avatar.refresh_from_db()
    assert (avatar.active_version, avatar.versions) == ("cara-3", ["cara-3", "cara-4"])
    event = avatar.events.get(kind=Kind.VERSION)
    assert event.detail == {
        "before": {"active": "cara-4", "available": ["cara-4"]},
        "after": {"active": "cara-3", "available": ["cara-3", "cara-4"]},
    }
    difference = Difference.objects.get()
    assert (difference.kind, difference.outcome) == (VERSION, "recorded")


def test_versions_in_another_order_are_no_news(lab: Lab, kept: Keep) -> None:
    avatar = kept(there={"availableVersions": ["b", "a"]})
    avatar.upstream["availableVersions"] = ["a", "b"]
    avatar.save()
    assert take().found == 0


@pytest.mark.parametrize("versions", [{"activeVersion": None}, {"availableVersions": None}])
def test_an_answer_without_versions_says_nothing_about_them(
    lab: Lab, kept: Keep, versions: dict[str, Any]
) -> None:
    kept(there=versions)
    assert take().found == 0


def test_the_first_version_that_is_heard_of_is_no_new_one(lab: Lab, kept: Keep) -> None:
    avatar = kept()
    Avatar.objects.filter(pk=avatar.pk).update(upstream={"id": avatar.upstream_id})
    assert take().found == 0
    avatar.refresh_from_db()
    assert (avatar.active_version, events(avatar)) == ("cara-4", [])


def test_a_preview_that_came_late_is_written_down_at_once(lab: Lab, kept: Keep) -> None:
    avatar = kept(there={"videoUrl": CLIP})
    assert take().found == 1
    avatar.refresh_from_db()
    assert (avatar.video_url, events(avatar)) == (CLIP, [Kind.PREVIEW])
    assert Difference.objects.get().kind == PREVIEW


def test_a_list_without_links_takes_no_video_away(lab: Lab, kept: Keep) -> None:
    avatar = kept(there={"activeVersion": "cara-5", "videoUrl": None}, video_url=CLIP)
    assert take().found == 1
    avatar.refresh_from_db()
    assert avatar.video_url == CLIP


def test_a_link_that_differs_in_every_answer_is_no_news(lab: Lab, kept: Keep) -> None:
    kept(there={"videoUrl": f"{CLIP}?2"}, video_url=f"{CLIP}?1")
    assert take().found == 0


def test_what_was_re_read_while_the_list_was_is_not_overwritten(lab: Lab, kept: Keep) -> None:
    later = timezone.now() + timedelta(minutes=1)
    avatar = kept(there={"activeVersion": "cara-5"}, refreshed_at=later)
    assert take().found == 0
    avatar.refresh_from_db()
    assert avatar.active_version == "cara-4"


# Stock -------------------------------------------------------------------------------------------
def test_stock_avatars_are_nobodys_and_approved(lab: Lab) -> None:
    lab.add("Ada", createdByOrganizationId=None, videoUrl=CLIP)
    assert take().found == 0
    row = Avatar.objects.get()
    assert (row.owner, row.stock, row.display_name) == (None, True, "Ada")
    assert (row.state, row.approval, row.video_url) == (State.READY, Approval.APPROVED, CLIP)


def test_stock_avatars_follow_anam(lab: Lab) -> None:
    item = lab.add("Ada", createdByOrganizationId=None)
    lab.add("Ben", createdByOrganizationId=None)
    take()
    row = Avatar.objects.get(display_name="Ada")
    lab.avatars[item["id"]] = {**item, "displayName": "Ada at the desk"}
    assert take().found == 0
    row.refresh_from_db()
    assert row.display_name == "Ada at the desk"
    gone = lab.avatars.pop(item["id"])
    assert take().found == 0
    row.refresh_from_db()
    assert row.state == State.REMOVED
    lab.avatars[item["id"]] = gone
    take()
    row.refresh_from_db()
    assert row.state == State.READY


def test_stock_avatars_whose_links_alone_are_new_are_not_written(lab: Lab) -> None:
    item = lab.add("Ada", createdByOrganizationId=None, imageUrl="https://x/1?a", videoUrl=CLIP)
    take()
    before = Avatar.objects.get().changed_at
    lab.avatars[item["id"]] = {**item, "imageUrl": "https://x/1?b", "videoUrl": f"{CLIP}?b"}
    take()
    assert Avatar.objects.get().changed_at == before


# When Anam is not well ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "cause"), [(500, Cause.NO_ANSWER), (401, Cause.KEY), (429, Cause.RATE)]
)
def test_a_list_that_ends_early_proves_nothing(
    lab: Lab, kept: Keep, status: int, cause: Cause
) -> None:
    for _ in range(101):
        kept()
    lab.failing["page 2"] = httpx.Response(status)
    run = take()
    assert (run.cause, run.found, run.pages, run.seen) == (cause, 0, 1, 100)
    assert run.ended_at
    assert not Difference.objects.exists()
    lab.failing.clear()
    assert take().cause == ""
