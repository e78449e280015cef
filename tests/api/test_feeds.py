"""A stable name gives the avatar in use, and says when nothing has changed."""

from typing import Any

import pytest

from avatars.models import Approval, Avatar, Feed, State
from tests.api.conftest import Program
from tests.conftest import MakeAvatar

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(ready_avatar: MakeAvatar) -> Feed:
    avatar = ready_avatar(approval=Approval.APPROVED, display_name="Anna")
    return Feed.objects.create(slug="support-de", avatar=avatar, model="cara-3", version=1)


def test_a_feed_names_the_avatar_and_the_model(program: Program, feed: Feed) -> None:
    assert feed.avatar
    answer = program.get("feed/support-de")
    body = answer.json()
    assert answer.status_code == 200
    assert body.pop("changedAt")
    assert body == {
        "slug": "support-de",
        "avatarId": feed.avatar.upstream_id,
        "avatarModel": "cara-3",
        "displayName": "Anna",
        "version": 1,
    }


def test_what_has_not_changed_is_not_told_again(program: Program, feed: Feed) -> None:
    etag = program.get("feed/support-de")["ETag"]
    same = program.get("feed/support-de", headers={"If-None-Match": f'"other", {etag}'})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)


def test_a_swap_is_seen_with_the_next_call(
    program: Program, feed: Feed, ready_avatar: MakeAvatar
) -> None:
    etag = program.get("feed/support-de")["ETag"]
    other = ready_avatar(approval=Approval.APPROVED)
    Feed.objects.filter(pk=feed.pk).update(avatar=other, version=2)
    answer = program.get("feed/support-de", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.json()["avatarId"]) == (200, other.upstream_id)


def test_a_new_name_is_seen_too(program: Program, feed: Feed) -> None:
    etag = program.get("feed/support-de")["ETag"]
    Avatar.objects.update(display_name="Anna Berg")
    answer = program.get("feed/support-de", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.json()["displayName"]) == (200, "Anna Berg")


@pytest.mark.parametrize(
    "fields",
    [
        {"approval": Approval.REJECTED},
        {"approval": Approval.CHANGES},
        {"state": State.REMOVED},
        {"cause": "gone"},
        {"errand": "erase"},
        {"rehearsal": False},
    ],
)
def test_what_may_not_be_used_is_given_to_nobody(
    program: Program, feed: Feed, fields: dict[str, Any]
) -> None:
    etag = program.get("feed/support-de")["ETag"]
    Avatar.objects.update(**fields)
    answer = program.get("feed/support-de", headers={"If-None-Match": etag})
    assert answer.status_code == 404
    assert "may not be used" in answer.json()["message"]


@pytest.mark.parametrize("slug", ["nobody", "%00", "a%2Fb", "%F0%9F%98%80"])
def test_a_feed_that_nobody_opened_is_a_404(program: Program, slug: str) -> None:
    assert program.get(f"feed/{slug}").status_code == 404


def test_a_tag_that_a_proxy_weakened_still_holds(program: Program, feed: Feed) -> None:
    fresh = program.get("feed/support-de")
    same = program.get("feed/support-de", headers={"If-None-Match": f"W/{fresh['ETag']}"})
    assert same.status_code == 304
    assert same["Cache-Control"] == fresh["Cache-Control"] == "private, no-cache"
