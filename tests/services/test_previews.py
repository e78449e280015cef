"""Links to the vendor's videos that never die, although each lives an hour."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from django.utils import timezone

from avatars.models import Avatar, Kind, State
from avatars.services.previews import fresh_link, look, next_look
from avatars.tasks import look_for_preview, schedule_look, sweep
from tests.conftest import MakeAvatar, ScriptAnam, at_once, time_passes
from tests.upstream.answers import described

MakeFilmed = Callable[..., Avatar]
HOUR = 3600


def signed(age: float, life: int = HOUR, host: str = "bucket.r2.cloudflarestorage.com") -> str:
    """A link signed `age` seconds ago."""
    date = datetime.now(UTC) - timedelta(seconds=age)
    query = {"X-Amz-Date": date.strftime("%Y%m%dT%H%M%SZ"), "X-Amz-Expires": str(life)}
    return f"https://{host}/video.mp4?{urlencode(query)}"


class Anam:
    """Gives a new link on every read, or what the test says."""

    def __init__(self, **fields: Any) -> None:
        self.reads = 0
        self.answer: httpx.Response | None = None
        self._fields = fields

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.reads += 1
        if self.answer is not None:
            return self.answer
        return httpx.Response(200, json=described(**{"videoUrl": signed(0), **self._fields}))


@pytest.fixture
def filmed(ready_avatar: MakeAvatar) -> MakeFilmed:
    """An avatar of Anam's whose link was signed and read `age` seconds ago."""

    def make(age: float, **link: Any) -> Avatar:
        read = timezone.now() - timedelta(seconds=age)
        return ready_avatar(rehearsal=False, video_url=signed(age, **link), refreshed_at=read)

    return make


def answering(anam: ScriptAnam, **fields: Any) -> Anam:
    vendor = Anam(**fields)
    anam(vendor)
    return vendor


@pytest.mark.django_db
@pytest.mark.parametrize("age", [0, 600, 2900])
def test_a_fresh_link_costs_no_call(filmed: MakeFilmed, anam: ScriptAnam, age: float) -> None:
    vendor = answering(anam)
    avatar = filmed(age)
    link = fresh_link(avatar)
    assert link is not None
    assert link.url == avatar.video_url
    assert vendor.reads == 0


@pytest.mark.django_db
@pytest.mark.parametrize("age", [3010, 3590, 3610, 90_000])
def test_within_its_last_sixth_a_link_is_renewed(
    filmed: MakeFilmed, anam: ScriptAnam, age: float
) -> None:
    vendor = answering(anam)
    avatar = filmed(age)
    old = avatar.video_url
    link = fresh_link(avatar)
    assert link is not None
    assert link.url != old
    assert 2900 < link.seconds <= 3000
    assert vendor.reads == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "life"), [(0, HOUR), (2900, HOUR), (100, 300), (0, 6), (0, 1)])
def test_it_may_never_be_remembered_for_as_long_as_it_lives(
    filmed: MakeFilmed, anam: ScriptAnam, age: float, life: int
) -> None:
    answering(anam).answer = httpx.Response(500)  # no younger link comes in between
    link = fresh_link(filmed(age, life=life))
    assert link is None or 0 <= link.seconds <= life - age


@pytest.mark.django_db(transaction=True)
def test_a_crowd_at_an_expired_link_is_one_read(filmed: MakeFilmed, anam: ScriptAnam) -> None:
    vendor = Anam()

    def slowly(request: httpx.Request) -> httpx.Response:
        time.sleep(0.3)  # long enough for everybody to arrive meanwhile
        return vendor(request)

    anam(slowly)
    pk = filmed(HOUR + 10).pk
    links = at_once(lambda: fresh_link(Avatar.objects.get(pk=pk)), 20)
    avatar = Avatar.objects.get(pk=pk)
    assert [getattr(link, "url", link) for link in links] == [avatar.video_url] * 20
    assert vendor.reads == 1
    assert avatar.lease_until is None


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "link_is_given"), [(3100, True), (3700, False)])
def test_while_anam_is_down_the_old_link_serves_as_long_as_it_lives(
    filmed: MakeFilmed, anam: ScriptAnam, age: float, link_is_given: bool
) -> None:
    vendor = answering(anam)
    vendor.answer = httpx.Response(503)
    avatar = filmed(age)
    link = fresh_link(avatar)
    assert (link is not None) is link_is_given
    assert link is None or link.url == avatar.video_url
    fresh_link(Avatar.objects.get(pk=avatar.pk))
    assert vendor.reads == 1  # and Anam isn't asked again at once


@pytest.mark.django_db
def test_a_link_that_a_player_could_not_use_is_read_again(
    filmed: MakeFilmed, anam: ScriptAnam
) -> None:
    vendor = answering(anam)
    avatar = filmed(60)
    old = avatar.video_url
    link = fresh_link(avatar, reported_broken=True)
    assert link is not None
    assert link.url != old
    fresh_link(avatar, reported_broken=True)  # a moment old: the complaint is not believed
    assert vendor.reads == 1


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "anam.ai.evil.example"])
def test_a_link_to_an_unknown_host_is_not_given(
    filmed: MakeFilmed, anam: ScriptAnam, host: str
) -> None:
    answering(anam)
    assert fresh_link(filmed(0, host=host)) is None


@pytest.mark.django_db
def test_a_new_link_to_an_unknown_host_is_not_given_either(
    filmed: MakeFilmed, anam: ScriptAnam
) -> None:
    answering(anam, videoUrl=signed(0, host="evil.example"))
    assert fresh_link(filmed(HOUR + 10)) is None


@pytest.mark.django_db
def test_a_look_that_finds_the_preview_writes_it_down_once(
    ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    answering(anam, description="A woman in orange")
    avatar = ready_avatar(rehearsal=False)
    look(avatar)
    look(avatar)
    avatar.refresh_from_db()
    assert (avatar.has_video, avatar.description) == (True, "A woman in orange")
    assert [event.kind for event in avatar.events.all()] == [Kind.PREVIEW]


@pytest.mark.django_db
def test_a_look_while_anam_is_down_changes_nothing(
    ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    vendor = answering(anam)
    vendor.answer = httpx.Response(500)
    avatar = ready_avatar(rehearsal=False)
    look(avatar)
    avatar.refresh_from_db()
    assert (avatar.state, avatar.has_video) == (State.READY, False)


@pytest.mark.django_db
def test_a_new_version_that_a_look_brings_is_in_the_history(
    filmed: MakeFilmed, anam: ScriptAnam
) -> None:
    answering(anam, activeVersion="cara-5")
    avatar = filmed(age=HOUR)
    Avatar.objects.filter(pk=avatar.pk).update(upstream=described(activeVersion="cara-4"))
    avatar.refresh_from_db()
    fresh_link(avatar)
    event = avatar.events.get(kind=Kind.VERSION)
    assert event.detail["after"]["active"] == "cara-5"


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "wait"), [(0, 1), (30, 10), (600, 60)])
def test_looks_become_ever_rarer(ready_avatar: MakeAvatar, age: float, wait: float) -> None:
    now = timezone.now()
    moment = next_look(ready_avatar(ready_at=now - timedelta(seconds=age)))
    assert moment is not None
    assert wait <= (moment - now).total_seconds() < wait + 5


@pytest.mark.django_db
def test_after_a_quarter_of_an_hour_nobody_looks_any_more(ready_avatar: MakeAvatar) -> None:
    avatar = ready_avatar(ready_at=timezone.now() - timedelta(minutes=16))
    assert next_look(avatar) is None
    assert not avatar.preview_pending


@pytest.mark.django_db
def test_a_finished_look_plans_the_next_one_until_the_preview_is_there(
    ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    vendor = answering(anam, videoUrl=None)
    avatar = ready_avatar(rehearsal=False)
    look_for_preview.call(str(avatar.pk))
    avatar.refresh_from_db()
    assert avatar.look_again_at is not None
    look_for_preview.call(str(avatar.pk))  # a doubled wake-up, before its time
    assert vendor.reads == 1
    time_passes(5)
    vendor.answer = httpx.Response(200, json=described(videoUrl=signed(0)))
    look_for_preview.call(str(avatar.pk))
    avatar.refresh_from_db()
    looks_again = avatar.look_again_at is not None
    assert (avatar.has_video, looks_again) == (True, False)
    look_for_preview.call(str(avatar.pk))
    assert vendor.reads == 2


@pytest.mark.django_db
def test_a_sweep_plans_a_look_that_was_forgotten(ready_avatar: MakeAvatar) -> None:
    avatar = ready_avatar()
    schedule_look(avatar.pk)
    forgotten = timezone.now() - timedelta(minutes=5)
    Avatar.objects.filter(pk=avatar.pk).update(look_again_at=forgotten)
    sweep()
    avatar.refresh_from_db()
    assert avatar.look_again_at is not None
    assert avatar.look_again_at > timezone.now()
