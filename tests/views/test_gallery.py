"""The team's avatars, newest first: search, filters and paging."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from avatars.models import Approval, Avatar, State
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db
Names = list[str]


@pytest.fixture
def visitor(client_of: ClientOf) -> Client:
    return client_of(Role.VIEWER)


def names(visitor: Client, **query: Any) -> Names:
    return [card.display_name for card in visitor.get("/", query).context["cards"]]


def many(avatar: MakeAvatar, person: MakePerson, number: int) -> set[str]:
    """Several to a moment, so that paging has to look at more than the time."""
    owner, now = person(Role.CREATOR), timezone.now()
    made = [
        avatar(owner=owner, created_at=now - timedelta(seconds=place // 7))
        for place in range(number)
    ]
    return {found.display_name for found in made}


def test_an_empty_gallery_shows_the_first_step(client_of: ClientOf) -> None:
    assert "Make the first avatar" in client_of(Role.CREATOR).get("/").content.decode()
    assert "Make the first avatar" not in client_of(Role.VIEWER).get("/").content.decode()


def test_a_search_that_finds_nothing_says_so(visitor: Client, avatar: MakeAvatar) -> None:
    avatar(display_name="Anna Berg")
    assert "Nobody fits" in visitor.get("/", {"q": "Zoë"}).content.decode()


def test_the_newest_comes_first(visitor: Client, avatar: MakeAvatar) -> None:
    avatar(display_name="Old", created_at=timezone.now() - timedelta(days=1))
    avatar(display_name="New")
    assert names(visitor) == ["New", "Old"]


def test_searching_looks_for_a_part_of_the_name(visitor: Client, avatar: MakeAvatar) -> None:
    for name in ("Anna Berg", "Joanna", "Bert", "100% Berg"):
        avatar(display_name=name)
    assert set(names(visitor, q="anna")) == {"Anna Berg", "Joanna"}
    assert names(visitor, q="%") == ["100% Berg"]


def test_filters_go_together(visitor: Client, avatar: MakeAvatar, person: MakePerson) -> None:
    ada = person(Role.CREATOR)
    avatar(display_name="One", owner=ada, state=State.READY, model="cara-3")
    avatar(display_name="Two", owner=ada, state=State.READY)
    avatar(display_name="Three", state=State.READY, model="cara-3")
    avatar(display_name="Four", owner=ada, model="cara-3")
    query = {"owner": str(ada.pk), "state": "ready", "model": "cara-3"}
    assert names(visitor, **query) == ["One"]
    assert set(names(visitor, owner=str(ada.pk))) == {"One", "Two", "Four"}


def test_removed_avatars_show_only_when_asked_for(visitor: Client, avatar: MakeAvatar) -> None:
    avatar(display_name="Gone", state=State.REMOVED)
    avatar(display_name="Here")
    assert names(visitor) == ["Here"]
    assert names(visitor, state="removed") == ["Gone"]


@pytest.mark.parametrize(
    "query",
    [
        {"state": "flying"},
        {"owner": "1"},
        {"owner": "' OR 1=1 --"},
        {"model": "cara-99"},
        {"q": "a\0b"},
        {"q": "x" * 61},
        {"before": "yesterday"},
        {"before": "~"},
        {"before": "2026-04-22T10:00:00~00000000-0000-4000-8000-000000000000"},
        {"before": "0001-01-01T00:00:00+14:00~00000000-0000-4000-8000-000000000000"},
        {"before": "9999-12-31T23:59:59-12:00~00000000-0000-4000-8000-000000000000"},
        {"page": "2"},
    ],
)
def test_nonsense_in_the_address_is_ignored(
    visitor: Client, avatar: MakeAvatar, query: dict[str, str]
) -> None:
    avatar(display_name="Here")
    assert names(visitor, **query) == ["Here"]


def test_paging_visits_every_avatar_exactly_once(
    visitor: Client, avatar: MakeAvatar, person: MakePerson
) -> None:
    made = many(avatar, person, 60)
    seen: list[str] = []
    address, pages = "/", 0
    while address:
        context = visitor.get(address).context
        seen += [card.display_name for card in context["cards"]]
        address, pages = context["older_url"], pages + 1
    assert pages == 3
    assert len(seen) == 60
    assert set(seen) == made


def test_avatars_made_while_somebody_pages_show_none_twice(
    visitor: Client, avatar: MakeAvatar, person: MakePerson
) -> None:
    many(avatar, person, 30)
    first = visitor.get("/").context
    avatar(display_name="Late")
    second = visitor.get(first["older_url"]).context
    assert not {card.pk for card in first["cards"]} & {card.pk for card in second["cards"]}
    assert len(second["cards"]) == 6


def test_pages_keep_the_search(visitor: Client, avatar: MakeAvatar, person: MakePerson) -> None:
    owner = person(Role.CREATOR)
    for number in range(26):
        avatar(display_name=f"A & B {number}", owner=owner)
    context = visitor.get("/", {"q": "A & B"}).context
    older = visitor.get(context["older_url"]).context
    assert len(older["cards"]) == 2
    assert older["older_url"] == ""
    assert older["newer_url"] == "/?q=A+%26+B"


def test_exactly_one_page_has_no_next(
    visitor: Client, avatar: MakeAvatar, person: MakePerson
) -> None:
    many(avatar, person, 24)
    context = visitor.get("/").context
    assert (len(context["cards"]), context["older_url"]) == (24, "")


@pytest.mark.parametrize("number", [1, 24, 30])
def test_a_page_costs_the_same_whatever_is_on_it(
    visitor: Client,
    avatar: MakeAvatar,
    person: MakePerson,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    many(avatar, person, number)
    visitor.get("/")  # the session goes into the cache
    # The person, their permissions (their own and their groups'), the policy, the owners, whether
    # there is stock, the cards, the unread notices.
    with django_assert_num_queries(8):
        visitor.get("/")


def test_a_card_holds_the_name_the_state_and_a_picture(
    visitor: Client, accepted: MakeAvatar
) -> None:
    found = accepted(display_name="Anna Berg")
    page = visitor.get("/").content.decode()
    card = re.search(r'<ul class="cards".*</ul>', page, re.DOTALL)
    assert card
    assert "Anna Berg" in card[0]
    assert found.thumbnail_url(320) in card[0]
    assert found.get_absolute_url() in card[0]


# Anam's stock ------------------------------------------------------------------------------------
@pytest.fixture
def stock(avatar: MakeAvatar) -> MakeAvatar:
    """As the stock-take leaves it."""

    def make(name: str, **fields: Any) -> Avatar:
        made = avatar(display_name=name, stock=True, state=State.READY, **fields)
        Avatar.objects.filter(pk=made.pk).update(owner=None, approval=Approval.APPROVED)
        return made

    return make


def test_stock_avatars_stand_in_a_tab_of_their_own(
    visitor: Client, avatar: MakeAvatar, stock: MakeAvatar
) -> None:
    avatar(display_name="Ours")
    assert "?tab=stock" not in visitor.get("/").content.decode()
    stock("Ada", image_url="/rehearsal/media/stills/1.svg")
    assert names(visitor) == ["Ours"]
    assert names(visitor, tab="stock") == ["Ada"]
    assert "?tab=stock" in visitor.get("/").content.decode()


def test_the_owner_of_stock_is_anam_and_its_picture_comes_through_our_door(
    visitor: Client, stock: MakeAvatar
) -> None:
    found = stock("Ada", image_url="/rehearsal/media/stills/1.svg")
    card = visitor.get("/?tab=stock").content.decode()
    assert "<span>Anam</span>" in card
    assert f'src="/avatars/{found.pk}/still"' in card


def test_searching_and_paging_stay_in_the_tab(
    visitor: Client, avatar: MakeAvatar, stock: MakeAvatar
) -> None:
    avatar(display_name="Ada of ours")
    for number in range(25):
        stock(f"Ada {number}")
    context = visitor.get("/", {"tab": "stock", "q": "ada"}).context
    older = visitor.get(context["older_url"]).context
    assert (len(context["cards"]), len(older["cards"])) == (24, 1)
    assert older["newer_url"] == "/?q=ada&tab=stock"
    assert "Nobody fits" in visitor.get("/", {"tab": "stock", "q": "Zoë"}).content.decode()


def test_the_sandboxs_stock_is_not_shown_beside_anams(
    visitor: Client, stock: MakeAvatar, settings: Settings
) -> None:
    stock("Ada")
    stock("Real", rehearsal=False)
    assert names(visitor, tab="stock") == ["Ada"]
    settings.REHEARSAL = False
    assert names(visitor, tab="stock") == ["Real"]


def test_without_stock_the_tab_is_the_teams(visitor: Client, avatar: MakeAvatar) -> None:
    avatar(display_name="Ours")
    assert names(visitor, tab="stock") == ["Ours"]


def test_nobody_reviews_sends_or_changes_stock(client_of: ClientOf, stock: MakeAvatar) -> None:
    found = stock("Ada", image_url="/rehearsal/media/stills/1.svg")
    office = client_of(Role.ADMINISTRATOR)
    page = office.get(found.get_absolute_url())
    assert page.status_code == 200
    assert page.context["say"] is None
    assert not page.context["can_retry"]
    assert not page.context["manage"]["can_remove"]
    assert page.context["steps"] == []
    assert "A stock avatar of Anam" in page.content.decode()
    assert "Ada" not in office.get("/review").content.decode()
    office.post(f"/avatars/{found.pk}/review", {"decision": "rejected", "note": "x", "version": 0})
    found.refresh_from_db()
    assert found.approval == Approval.APPROVED
    facts = office.get(found.get_absolute_url(), headers={"Accept": "application/json"}).json()
    assert facts["owner"] == "Anam"
