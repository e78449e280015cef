"""The reviewers' queue: what waits, in which part of it, and the ways through it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from avatars.models import Avatar, Look, Policy, Standing, State
from avatars.photos.rules import SIDEWAYS
from avatars.services.review import Verdict, decide
from avatars.views.review import DECIDED, PAGE
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


def waiting(ready_avatar: MakeAvatar, number: int) -> list[Avatar]:
    """So many, the first waiting longest."""
    began = timezone.now() - timedelta(hours=number)
    return [ready_avatar(asked_at=began + timedelta(hours=i)) for i in range(number)]


def shown(response: Any) -> list[Avatar]:
    return [row.avatar for row in response.context["rows"]]


def row_of(response: Any, avatar: Avatar) -> str:
    page = response.content.decode()
    found = re.search(rf'<li class="queue-row" id="avatar-{avatar.pk}">.*?</li>', page, re.DOTALL)
    assert found
    return found[0]


def looks_at(avatar: Avatar, reviewer: User) -> None:
    Look.objects.take(avatar.pk, reviewer, avatar.version, timezone.now())


def test_the_longest_waiting_come_first_and_the_others_a_page_later(
    desk: Client, ready_avatar: MakeAvatar
) -> None:
    avatars = waiting(ready_avatar, PAGE + 2)
    first = desk.get("/review")
    assert shown(first) == avatars[:PAGE]
    second = desk.get(f"/review?after={first.context['more_after']}")
    assert (shown(second), second.context["more_after"]) == (avatars[PAGE:], None)
    assert "Back to the longest waiting" in second.content.decode()


def test_who_asked_at_the_same_moment_is_neither_skipped_nor_shown_twice(
    desk: Client, ready_avatar: MakeAvatar
) -> None:
    moment = timezone.now()
    avatars = [ready_avatar(asked_at=moment) for _ in range(PAGE + 3)]
    first = desk.get("/review")
    second = desk.get(f"/review?after={first.context['more_after']}")
    both = [*shown(first), *shown(second)]
    assert (len(both), set(both)) == (PAGE + 3, set(avatars))


@pytest.mark.parametrize("after", ["x", "00000000-0000-4000-8000-000000000000", ""])
def test_an_address_that_names_nobody_begins_at_the_beginning(
    desk: Client, ready_avatar: MakeAvatar, after: str
) -> None:
    avatars = waiting(ready_avatar, 2)
    assert shown(desk.get(f"/review?after={after}&show=nonsense")) == avatars


def test_a_row_says_who_asks_since_when_and_why(desk: Client, ready_avatar: MakeAvatar) -> None:
    asked = timezone.now() - timedelta(hours=3)
    found = ready_avatar(asked_at=asked, purpose="Greets <visitors>", advice=[{"code": "a"}] * 2)
    row = row_of(desk.get("/review"), found).replace("\xa0", " ")
    for words in (found.display_name, found.owner_name, "3 hours ago", "Greets &lt;visitors&gt;"):
        assert words in row
    assert "2 findings" in row
    assert "After creating" in row
    assert "Consent" not in row


def test_what_greenroom_put_in_order_is_no_finding_for_reviewers(
    desk: Client, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar(asked_at=timezone.now(), advice=[SIDEWAYS.found("mirrored").as_dict()])
    assert "finding" not in row_of(desk.get("/review"), found)
    assert SIDEWAYS.title not in desk.get(f"/review/{found.pk}").content.decode()


def test_a_row_says_when_nothing_was_sent_yet_and_how_consent_stands(
    desk: Client, avatar: MakeAvatar
) -> None:
    found = avatar(state=State.REVIEW, review="before", consent=Standing.GIVEN)
    row = row_of(desk.get("/review"), found)
    assert "Before sending" in row
    assert "Consent given" in row


def test_only_what_this_reviewer_has_seen_as_it_is_now_can_be_chosen(
    desk: Client, rita: User, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    seen, changed, seen_by_others, unseen = waiting(ready_avatar, 4)
    for each in (seen, changed):
        looks_at(each, rita)
    looks_at(seen_by_others, person(role=Role.REVIEWER))
    Avatar.objects.filter(pk=changed.pk).update(version=1)
    page = desk.get("/review")
    assert f'value="{seen.pk}:0"' in row_of(page, seen)
    for each in (changed, seen_by_others, unseen):
        row = row_of(page, each)
        assert "Open it first" in row
        assert "checkbox" not in row


def test_a_row_says_who_else_is_looking_at_it_and_for_how_long_that_counts(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    found, mia, leo = ready_avatar(), person(name="Mia"), person(name="Leo")
    looks_at(found, mia)
    assert "Mia is looking at it" in row_of(desk.get("/review"), found)
    looks_at(found, leo)
    assert "Mia and Leo are looking at it" in row_of(desk.get("/review"), found)
    Look.objects.update(seen_at=timezone.now() - timedelta(seconds=46))
    assert "looking at it" not in row_of(desk.get("/review"), found)


def test_going_back_to_the_queue_lets_go_of_what_was_open(
    desk: Client, rita: User, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar()
    looks_at(found, rita)
    desk.get("/review")
    look = Look.objects.get()
    assert (look.seen_at, look.version) == (None, found.version)


def test_what_lacks_consent_waits_in_a_part_of_its_own(
    desk: Client, ready_avatar: MakeAvatar
) -> None:
    now = timezone.now()
    good = [
        ready_avatar(),
        ready_avatar(needs_consent=True, consent=Standing.GIVEN),
        ready_avatar(consent=Standing.GIVEN, consent_until=now + timedelta(days=1)),
    ]
    lacking = [
        ready_avatar(needs_consent=True),
        ready_avatar(needs_consent=True, consent=Standing.ASKED),
        ready_avatar(consent=Standing.WITHDRAWN),
        ready_avatar(consent=Standing.GIVEN, consent_until=now - timedelta(days=1)),
    ]
    assert set(shown(desk.get("/review"))) == set(good)
    page = desk.get("/review?show=consent")
    assert set(shown(page)) == set(lacking)
    assert all(avatar.lacks_consent for avatar in lacking)
    assert "No yes yet" in row_of(page, lacking[0])
    assert [(str(part), count) for part, count in page.context["parts"]] == [
        ("decide", 3),
        ("consent", 4),
        ("own", 0),
    ]


def test_ones_own_are_among_the_others_unless_the_policy_wants_four_eyes(
    desk: Client, rita: User, ready_avatar: MakeAvatar
) -> None:
    own, others = ready_avatar(owner=rita), ready_avatar()
    looks_at(own, rita)
    assert set(shown(desk.get("/review"))) == {own, others}
    assert shown(desk.get("/review?show=own")) == [own]
    Policy.objects.filter(pk=1).update(four_eyes=True)
    assert shown(desk.get("/review")) == [others]
    page = desk.get("/review?show=own")
    assert shown(page) == [own]
    assert "somebody else decides" in page.content.decode()
    assert "checkbox" not in row_of(page, own)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("decide", "Nobody is waiting"),
        ("consent", "consent is missing"),
        ("own", "Nothing of yours waits"),
    ],
)
def test_every_part_says_so_when_it_is_empty(desk: Client, part: str, words: str) -> None:
    page = desk.get(f"/review?show={part}").content.decode()
    assert words in page
    assert "Start reviewing" not in page


def test_lately_decided_ones_are_listed_with_who_decided(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    mia, avatars = person(name="Mia"), [ready_avatar() for _ in range(DECIDED + 1)]
    for each in avatars:
        decide(each.pk, Verdict("changes", 0, "Too <dark>"), mia)  # type: ignore[arg-type]
    response = desk.get("/review")
    assert [event.avatar for event in response.context["decided"]] == avatars[:0:-1]
    page = response.content.decode()
    assert "Too &lt;dark&gt;" in page
    assert "Mia" in page


def test_the_queue_costs_the_same_at_ten_and_at_ten_thousand(
    desk: Client, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    maker = person(role=Role.CREATOR)
    costs, sizes = [], []
    for number in (10, 9_990):
        _many(maker, number)
        desk.get("/review")
        with CaptureQueriesContext(connection) as queries:
            response = desk.get("/review")
        costs.append(len(queries))
        sizes.append(len(response.content))
        assert len(shown(response)) == min(PAGE, Avatar.objects.count())
    assert costs[0] == costs[1] <= 14
    assert sizes[1] < 4 * sizes[0]
    assert "1,000+" in response.content.decode()


def _many(maker: User, number: int) -> None:
    now = timezone.now()
    common: dict[str, Any] = {"owner": maker, "model": "cara-4", "rehearsal": True}
    common |= {"state": State.READY, "ready_at": now, "refreshed_at": now}
    rows = (Avatar(display_name=f"Face {n}", asked_at=now, **common) for n in range(number))
    Avatar.objects.bulk_create(rows, batch_size=500)


# The ways through it ------------------------------------------------------------------------------
def goes_to(desk: Client, address: str) -> str:
    return str(desk.get(address)["Location"])


def test_starting_opens_the_first_that_nobody_else_is_looking_at(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    first, second, _ = waiting(ready_avatar, 3)
    assert "Start reviewing" in desk.get("/review").content.decode()
    assert goes_to(desk, "/review/next") == f"/review/{first.pk}?show=decide"
    looks_at(first, person(role=Role.REVIEWER))
    assert goes_to(desk, "/review/next") == f"/review/{second.pk}?show=decide"


def test_next_and_previous_go_round_the_queue(desk: Client, ready_avatar: MakeAvatar) -> None:
    first, second, third = waiting(ready_avatar, 3)
    for way, here, there in (
        ("after", first, second),
        ("after", third, first),
        ("before", third, second),
        ("before", first, third),
    ):
        assert goes_to(desk, f"/review/next?{way}={here.pk}") == f"/review/{there.pk}?show=decide"


def test_next_and_previous_pass_over_what_others_look_at(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    first, second, third = waiting(ready_avatar, 3)
    looks_at(second, person(role=Role.REVIEWER))
    assert goes_to(desk, f"/review/next?after={first.pk}").startswith(f"/review/{third.pk}")
    assert goes_to(desk, f"/review/next?before={third.pk}").startswith(f"/review/{first.pk}")


def test_a_part_of_the_queue_is_kept_on_the_way(desk: Client, ready_avatar: MakeAvatar) -> None:
    ready_avatar()
    lacking = [ready_avatar(needs_consent=True) for _ in range(2)]
    address = f"/review/next?show=consent&after={lacking[0].pk}"
    assert goes_to(desk, address) == f"/review/{lacking[1].pk}?show=consent"


def test_where_there_is_no_other_the_way_ends(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    assert goes_to(desk, "/review/next") == "/review/done?show=decide"
    only = ready_avatar()
    assert goes_to(desk, f"/review/next?after={only.pk}") == "/review/done?show=decide"
    assert goes_to(desk, f"/review/next?before={only.pk}") == f"/review/{only.pk}?show=decide"
    assert "There is more to look at" in desk.get("/review/done").content.decode()
    looks_at(only, person(role=Role.REVIEWER))
    assert "Others are looking at the rest" in desk.get("/review/done").content.decode()


def test_the_end_tells_what_one_decided_today_and_what_waits_for_others(
    desk: Client, rita: User, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    Policy.objects.filter(pk=1).update(four_eyes=True)
    avatars = [ready_avatar() for _ in range(3)]
    for avatar, word in zip(avatars, ["approved", "approved", "rejected"], strict=True):
        decide(avatar.pk, Verdict(word, 0, "No"), rita)  # type: ignore[arg-type]
    decide(ready_avatar().pk, Verdict("approved", 0), person())  # type: ignore[arg-type]
    ready_avatar(needs_consent=True)
    ready_avatar(owner=rita)
    response = desk.get("/review/done")
    page = re.sub(r"<[^>]+>", "", response.content.decode())
    assert "That was the last one" in page
    assert "Today you approved 2 and rejected 1." in page
    assert "1 waits for consent" in page
    assert "1 of your own waits for other eyes" in page
    assert [event.avatar for event in response.context["mine"]] == avatars[::-1]


@pytest.mark.parametrize("path", ["/review/next", "/review/done", "/review"])
def test_the_queue_is_for_reviewers(client_of: ClientOf, path: str) -> None:
    for role in (None, Role.VIEWER, Role.CREATOR):
        assert client_of(role).get(path).status_code == 403
