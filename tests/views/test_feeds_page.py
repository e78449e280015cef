"""The page of the feeds: who sees what, and what the buttons do."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from avatars.models import Approval, Avatar, Feed
from avatars.services import feeds
from avatars.views.feeds import HISTORY
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of: ClientOf) -> Client:
    return client_of(Role.REVIEWER)


@pytest.fixture
def anna(ready_avatar: MakeAvatar) -> Avatar:
    return ready_avatar(display_name="Anna", approval=Approval.APPROVED)


@pytest.fixture
def berta(ready_avatar: MakeAvatar) -> Avatar:
    return ready_avatar(display_name="Berta", approval=Approval.APPROVED)


@pytest.fixture
def feed(anna: Avatar, person: MakePerson) -> Feed:
    return feeds.open_feed("support-de", anna, "", person(role=Role.REVIEWER))


def test_without_a_feed_the_page_says_what_one_is_for(desk: Client) -> None:
    page = desk.get("/feeds").content.decode()
    assert "No feed yet" in page
    assert "there is none yet" in page  # nobody is approved either


def test_a_reviewer_opens_a_feed(desk: Client, anna: Avatar) -> None:
    form = {"slug": "support-de", "avatar": str(anna.pk), "model": "cara-3", "version": "0"}
    assert desk.post("/feeds/open", form, follow=True).status_code == 200
    feed = Feed.objects.get()
    assert (feed.slug, feed.avatar, feed.model) == ("support-de", anna, "cara-3")


@pytest.mark.parametrize("slug", ["", "Support", "a b", "a--b", "-a", "ü", "a" * 61])
def test_a_name_that_is_none_is_told_so(desk: Client, anna: Avatar, slug: str) -> None:
    form = {"slug": slug, "avatar": str(anna.pk), "version": "0"}
    response = desk.post("/feeds/open", form)
    assert (response.status_code, Feed.objects.exists()) == (422, False)


def test_many_feeds_cost_as_many_queries_as_few(
    desk: Client, anna: Avatar, berta: Avatar, person: MakePerson
) -> None:
    reviewer, counts = person(role=Role.REVIEWER), []
    for names in ("ab", "cdefghijkl"):
        for name in names:
            feed = feeds.open_feed(name, anna, "", reviewer)
            for number in range(12):
                feed.refresh_from_db()
                assert feeds.swap(feed, (berta, anna)[number % 2], "", reviewer)
        with CaptureQueriesContext(connection) as asked:
            shown = desk.get("/feeds").context["feeds"]
        counts.append(len(asked))
        assert {len(row["history"]) for row in shown} == {HISTORY}
        assert {row["latest"].version for row in shown} == {13}
        assert {row["before"].version for row in shown} == {12}
    assert counts[0] == counts[1]


def test_a_name_that_is_taken_is_told_so(desk: Client, feed: Feed, berta: Avatar) -> None:
    form = {"slug": "support-de", "avatar": str(berta.pk), "version": "0"}
    response = desk.post("/feeds/open", form)
    assert response.status_code == 422
    assert "of this name already" in response.content.decode()


def test_one_click_swaps_and_one_undoes(desk: Client, feed: Feed, berta: Avatar) -> None:
    form = {"avatar": str(berta.pk), "version": "1"}
    page = desk.post("/feeds/support-de/swap", form, follow=True).content.decode()
    assert "support-de leads to Berta now." in page
    page = desk.post("/feeds/support-de/undo", {"version": "2"}, follow=True).content.decode()
    assert "support-de leads to Anna now." in page


def test_a_stale_click_changes_nothing_and_says_so(desk: Client, feed: Feed, berta: Avatar) -> None:
    form = {"avatar": str(berta.pk), "version": "0"}
    page = desk.post("/feeds/support-de/swap", form, follow=True).content.decode()
    assert "Somebody else changed this feed meanwhile" in page
    page = desk.post("/feeds/support-de/undo", {"version": "0"}, follow=True).content.decode()
    assert "Somebody else changed this feed meanwhile" in page
    feed.refresh_from_db()
    assert feed.version == 1


@pytest.mark.parametrize("chosen", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_an_avatar_that_is_none_changes_nothing(desk: Client, feed: Feed, chosen: str) -> None:
    form = {"avatar": chosen, "version": "1"}
    page = desk.post("/feeds/support-de/swap", form, follow=True).content.decode()
    assert "Choose an approved avatar" in page


def test_a_feed_whose_avatar_was_withdrawn_warns(desk: Client, feed: Feed) -> None:
    Avatar.objects.update(approval=Approval.REJECTED)
    assert "Programs get no avatar from this feed" in desk.get("/feeds").content.decode()


def test_the_avatars_own_page_names_its_feeds(desk: Client, feed: Feed, anna: Avatar) -> None:
    page = desk.get(anna.get_absolute_url()).content.decode()
    assert "/feeds#feed-support-de" in page


def test_who_would_remove_or_erase_it_is_warned(
    client_of: ClientOf, feed: Feed, anna: Avatar, berta: Avatar
) -> None:
    office = client_of(Role.ADMINISTRATOR)
    warning = "Programs use it through"
    for path in ("", "/erase"):
        assert warning in office.get(anna.get_absolute_url() + path).content.decode()
        assert warning not in office.get(berta.get_absolute_url() + path).content.decode()


def test_who_only_looks_gets_no_buttons(client_of: ClientOf, feed: Feed, berta: Avatar) -> None:
    viewer = client_of(Role.VIEWER)
    page = viewer.get("/feeds").content.decode()
    assert "Anna" in page
    assert "/swap" not in page
    form = {"avatar": str(berta.pk), "version": "1"}
    assert viewer.post("/feeds/support-de/swap", form).status_code == 403
    assert viewer.post("/feeds/support-de/undo", {"version": "1"}).status_code == 403


def test_many_avatars_can_be_searched(
    desk: Client, ready_avatar: MakeAvatar, feed: Feed, berta: Avatar
) -> None:
    page = desk.get("/feeds", {"q": "bert"}).content.decode()
    assert "Berta</option>" in page
    assert "Anna</option>" not in page


def test_a_model_that_the_avatar_is_not_there_for_is_told_so(
    desk: Client, feed: Feed, berta: Avatar
) -> None:
    Avatar.objects.filter(pk=berta.pk).update(upstream={"availableVersions": ["cara-4"]})
    form = {"avatar": str(berta.pk), "model": "cara-3", "version": "1"}
    page = desk.post("/feeds/support-de/swap", form, follow=True).content.decode()
    assert "there for cara-4 alone. Nothing was changed." in page


def test_no_undo_is_offered_to_what_may_not_be_used(
    desk: Client, feed: Feed, anna: Avatar, berta: Avatar
) -> None:
    desk.post("/feeds/support-de/swap", {"avatar": str(berta.pk), "version": "1"})
    assert "Undo: back to <bdi>Anna</bdi>" in desk.get("/feeds").content.decode()
    Avatar.objects.filter(pk=anna.pk).update(approval=Approval.REJECTED)
    assert "Undo: back" not in desk.get("/feeds").content.decode()
