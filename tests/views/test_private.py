"""What the policy keeps private until it is approved is not there for others, at no door."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from avatars.models import Approval, Avatar, State
from avatars.services import consents, feeds
from avatars.services.consents import Terms
from avatars.services.review import Verdict, decide
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson
from tests.rules import settle
from tests.views.doors import EXAMPLES, addresses

pytestmark = pytest.mark.django_db
DOORS = sorted(
    address.replace(EXAMPLES["uuid"], "{}")
    for route, address in addresses().items()
    if "<uuid:avatar_id>" in route and route.startswith("avatars/")
)
NOBODY = UUID(EXAMPLES["uuid"])


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia Berg")


@pytest.fixture
def hidden(accepted: MakeAvatar, mia: User) -> Avatar:
    settle(private=True)
    avatar = accepted(owner=mia, display_name="Under wraps", purpose="A surprise")
    Avatar.objects.filter(pk=avatar.pk).update(
        state=State.READY, upstream_id="at-anam", video_url="/rehearsal/media/v", image_url="/x"
    )
    avatar.refresh_from_db()
    return avatar


def test_there_are_as_many_doors_as_one_thinks() -> None:
    assert len(DOORS) >= 14
    assert {"/avatars/{}", "/avatars/{}/video", "/avatars/{}/still"} <= set(DOORS)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CREATOR])
@pytest.mark.parametrize("door", DOORS)
def test_for_others_it_is_as_if_there_was_none(
    client_of: ClientOf, hidden: Avatar, role: Role, door: str
) -> None:
    other = client_of(role)
    for method in ("GET", "HEAD", "POST"):
        there = other.generic(method, door.replace("{}", str(hidden.pk)))
        nowhere = other.generic(method, door.replace("{}", str(NOBODY)))
        assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
        assert there.status_code in (403, 404, 405)
    events = list(hidden.events.values_list("kind", flat=True))
    assert events == ["uploaded"]


def test_its_pictures_are_as_hidden_as_its_page(client_of: ClientOf, hidden: Avatar) -> None:
    assert status_of(client_of(Role.VIEWER), hidden.thumbnail_url(96)) == 404
    assert status_of(client_of(Role.REVIEWER), hidden.thumbnail_url(96)) == 200


def status_of(client: Client, path: str) -> int:
    response: Any = client.get(path)
    response.getvalue()  # or else the file in it stays open
    return int(response.status_code)


def may_look(client: Client, avatar: Avatar) -> bool:
    page = avatar.get_absolute_url()
    paths = [page, f"{page}/progress", f"{page}/still", avatar.thumbnail_url(320)]
    (status,) = {status_of(client, path) for path in paths}
    return status == 200


def test_its_owner_reviewers_and_administrators_see_it(
    client_of: ClientOf, hidden: Avatar, mia: User
) -> None:
    for who in (mia, Role.REVIEWER, Role.ADMINISTRATOR):
        client = client_of(who)
        assert may_look(client, hidden)
        assert "Under wraps" in client.get("/").content.decode()


def test_a_yes_opens_it_for_everybody_and_a_no_closes_it_again(
    client_of: ClientOf, hidden: Avatar, person: MakePerson
) -> None:
    viewer, reviewer = client_of(Role.VIEWER), person(role=Role.REVIEWER)
    assert not may_look(viewer, hidden)
    assert decide(hidden.pk, Verdict(Approval.APPROVED, 0), reviewer)
    assert may_look(viewer, hidden)
    assert decide(hidden.pk, Verdict(Approval.REJECTED, 1, "No"), reviewer)
    assert not may_look(viewer, hidden)


def test_the_rule_counts_at_once_and_for_those_who_came_in_before(
    client_of: ClientOf, hidden: Avatar
) -> None:
    viewer = client_of(Role.VIEWER)
    settle(private=False)
    assert may_look(viewer, hidden)
    settle(private=True)
    assert not may_look(viewer, hidden)


def test_the_gallery_knows_neither_it_nor_its_owner(
    client_of: ClientOf, hidden: Avatar, mia: User, ready_avatar: MakeAvatar
) -> None:
    shown = ready_avatar(approval=Approval.APPROVED, display_name="On stage")
    viewer = client_of(Role.VIEWER)
    for query in ({}, {"q": "wraps"}, {"owner": str(mia.pk)}, {"state": "ready"}):
        page = viewer.get("/", query).content.decode()
        assert "Under wraps" not in page
        assert "Mia Berg" not in page
    assert "On stage" in viewer.get("/").content.decode()
    assert str(shown.owner) in viewer.get("/").content.decode()
    assert "Mia Berg" in client_of(Role.REVIEWER).get("/").content.decode()


def test_as_json_it_is_not_there_either(client_of: ClientOf, hidden: Avatar, mia: User) -> None:
    def facts(client: Client) -> Any:
        return client.get(hidden.get_absolute_url(), headers={"Accept": "application/json"})

    assert facts(client_of(Role.VIEWER)).status_code == 404
    assert json.loads(facts(client_of(mia)).content)["display_name"] == "Under wraps"


def test_a_feed_does_not_give_it_away(
    client_of: ClientOf, hidden: Avatar, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    reviewer = person(role=Role.REVIEWER)
    decide(hidden.pk, Verdict(Approval.APPROVED, 0), reviewer)
    hidden.refresh_from_db()
    feed = feeds.open_feed("lobby", hidden, "", reviewer)
    decide(hidden.pk, Verdict(Approval.CHANGES, 1, "Another light"), reviewer)
    viewer = client_of(Role.VIEWER)
    page = viewer.get("/feeds").content.decode()
    assert "Under wraps" not in page
    assert str(hidden.pk) not in page
    assert "only its owner and reviewers see" in page
    assert "Under wraps" in client_of(reviewer).get("/feeds").content.decode()
    feed.refresh_from_db()
    other = ready_avatar(approval=Approval.APPROVED, display_name="On stage")
    assert feeds.swap(feed, other, "", reviewer)
    later = viewer.get("/feeds").content.decode()
    assert "On stage" in later
    assert "Under wraps" not in later


def test_erasing_another_avatar_of_its_photo_does_not_give_it_away(
    client_of: ClientOf, hidden: Avatar, accepted: MakeAvatar, person: MakePerson
) -> None:
    bob = person(role=Role.CREATOR)
    own = accepted(owner=bob)
    page = client_of(bob).get(f"/avatars/{own.pk}/erase").content.decode()
    assert "other avatar of this very photo" not in page
    assert "with the last avatar that was made from it" in page
    assert Avatar.objects.filter(pk=hidden.pk).update(approval=Approval.APPROVED)
    page = client_of(bob).get(f"/avatars/{own.pk}/erase").content.decode()
    assert "1 other avatar of this very photo stays" in page


@pytest.mark.usefixtures("wording")
def test_of_a_consent_to_its_photo_others_learn_how_it_stands_and_no_more(
    client_of: ClientOf, hidden: Avatar, mia: User, accepted: MakeAvatar, person: MakePerson
) -> None:
    terms = Terms("Carla Secret", "Film of the merger", email="carla@example.com")
    filed = consents.put_on_file(hidden, terms, mia, data=b"%PDF-1.4", extension=".pdf")
    bob = person(role=Role.CREATOR)
    own = accepted(owner=bob)
    page = client_of(bob).get(f"/avatars/{own.pk}/consent").content.decode()
    assert filed.words in page
    secrets = ("Carla", "merger", "carla@example.com", "Mia Berg", "Download", "Under wraps")
    assert [secret for secret in secrets if secret in page] == []
    reviewers = client_of(Role.REVIEWER).get(f"/avatars/{own.pk}/consent").content.decode()
    assert "Carla Secret" in reviewers
    # Nor does Bob's copy of the picture take somebody else's avatar out of use.
    door = f"/avatars/{own.pk}/consents/{filed.pk}/withdrawn"
    assert door not in page
    assert client_of(bob).post(door).status_code == 403
    hidden.refresh_from_db()
    assert not hidden.is_blocked


def test_stock_is_everybodys(client_of: ClientOf, ready_avatar: MakeAvatar) -> None:
    settle(private=True)
    ada = ready_avatar(display_name="Ada of Anam", stock=True, approval=Approval.WAITING)
    viewer = client_of(Role.VIEWER)
    assert viewer.get(ada.get_absolute_url()).status_code == 200
    assert "Ada of Anam" in viewer.get("/", {"tab": "stock"}).content.decode()


def test_hiding_costs_no_more_queries_than_showing(
    client_of: ClientOf,
    ready_avatar: MakeAvatar,
    person: MakePerson,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settle(private=True)
    owner = person(role=Role.CREATOR)
    for number in range(30):
        ready_avatar(owner=owner, approval=Approval.APPROVED if number % 2 else Approval.WAITING)
    viewer = client_of(Role.VIEWER)
    viewer.get("/")
    with django_assert_num_queries(8):
        assert len(viewer.get(reverse("gallery")).context["cards"]) == 15
