"""The stock-take's page: what differs, and the buttons about it."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries, Settings

from avatars.models import Avatar, Difference, State, StockTake
from avatars.services.stock_take import take_stock
from avatars.tasks import take_stock as take_stock_task
from avatars.tasks import take_stock_on_schedule
from avatars.upstream.errors import Cause
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson, ScriptAnam
from tests.services.lab import Lab, row_of

pytestmark = pytest.mark.django_db
Kind, Outcome = Difference.Kind, Difference.Outcome


@pytest.fixture
def lab(anam: ScriptAnam) -> Lab:
    lab = Lab()
    anam(lab.answer)
    return lab


@pytest.fixture
def administrator(person: MakePerson) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def office(client_of: ClientOf, administrator: User) -> Client:
    return client_of(administrator)


def page(office: Client, address: str = "/stocktake") -> str:
    return office.get(address).content.decode()


def planned() -> list[Any]:
    return list(DBTaskResult.objects.filter(task_path="avatars.tasks.take_stock"))


def take() -> None:
    assert take_stock(False, pause=lambda _: None)


def do(office: Client, difference: Difference, what: str) -> str:
    response = office.post(f"/stocktake/{difference.pk}", {"do": what}, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def found(kind: Difference.Kind) -> Difference:
    return Difference.objects.open(rehearsal=False).get(kind=kind)


# The page ----------------------------------------------------------------------------------------
def test_before_the_first_one_the_page_says_what_it_does(office: Client) -> None:
    assert "None yet." in page(office)
    assert "Take stock now" in page(office)
    assert "agree" not in page(office)


def test_where_nothing_differs_both_agree(office: Client, lab: Lab) -> None:
    lab.add(createdByOrganizationId=None)
    take()
    assert "Greenroom and Anam agree" in page(office)


def test_a_first_run_on_an_existing_account_is_an_offer(
    office: Client, lab: Lab, ready_avatar: MakeAvatar
) -> None:
    for name in ("Anna", "Ben & Co"):
        lab.add(name)
    lab.add("Ada", createdByOrganizationId=None)
    take()
    text = page(office)
    assert "2 avatars to bring in" in text
    assert "Import all 2" in text
    assert "Ben &amp; Co" in text
    assert "22 April 2026" in text
    assert "lab-" in text
    assert "Ada" not in text
    ready_avatar(rehearsal=False)
    assert "Only at Anam: 2" in page(office)


def test_at_most_fifty_of_a_kind_are_shown(
    office: Client, lab: Lab, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        lab.add(f"Face {number}")
    take()
    page(office)
    with django_assert_num_queries(17):
        text = page(office)
    assert text.count('id="difference-') == 50
    assert "the first 50 of 60" in text


def test_what_was_written_down_by_itself_is_told(
    office: Client, lab: Lab, person: MakePerson
) -> None:
    row = row_of(lab.add("Anna"), owner=person(Role.CREATOR))
    row.save()
    lab.avatars[str(row.upstream_id)] = {**row.upstream, "activeVersion": "cara-5"}
    take()
    assert "New version at Anam, cara-4 → cara-5" in page(office)


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (Cause.KEY, "does not accept the key"),
        (Cause.NO_ANSWER, "did not answer"),
        (StockTake.INTERRUPTED, "was stopped"),
        ("nonsense", "did not answer"),
    ],
)
def test_one_that_ended_early_says_why(office: Client, cause: str, words: str) -> None:
    StockTake.objects.create(rehearsal=True, ended_at=timezone.now(), cause=cause)
    text = page(office)
    assert "ended early" in text
    assert words in text
    assert "agree" not in text


def test_rehearsed_and_real_ones_are_apart(office: Client, lab: Lab, settings: Settings) -> None:
    lab.add("Anna")
    take()
    difference = found(Kind.ONLY_THERE)
    settings.REHEARSAL = True
    assert "Anna" not in page(office)
    assert office.post(f"/stocktake/{difference.pk}", {"do": "import"}).status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CREATOR, Role.REVIEWER])
@pytest.mark.parametrize("address", ["/stocktake/take", "/stocktake/all", "/stocktake/1"])
def test_only_operators_take_stock_and_settle(
    client_of: ClientOf, role: Role, address: str
) -> None:
    browser = client_of(role)
    assert browser.get("/stocktake").status_code == 403
    assert browser.post(address, {"do": "import"}).status_code == 403


# Taking stock ------------------------------------------------------------------------------------
def test_a_click_plans_one_and_the_page_follows_it(
    office: Client, lab: Lab, administrator: User
) -> None:
    lab.add(createdByOrganizationId=None)
    address = office.post("/stocktake/take")["Location"]
    (task,) = planned()
    assert "Asked for." in page(office, address)
    assert f'hx-get="{address}"' in page(office, address)
    take_stock_task.call(*task.args_kwargs["args"])
    text = page(office, address)
    assert "Asked for." not in text
    assert "hx-get" not in text
    assert f"asked for by {administrator}" in text


def test_while_one_runs_the_page_counts_and_no_other_begins(office: Client) -> None:
    StockTake.objects.create(rehearsal=True, seen=300, expected=5040)
    text = page(office)
    assert "300 of 5040 avatars read" in text
    assert 'hx-trigger="every 2s"' in text
    assert '<meta http-equiv="refresh"' in text
    assert "Take stock now" not in text
    office.post("/stocktake/take")
    assert planned() == []


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30, "²"])
def test_nonsense_in_the_address_waits_for_nothing(office: Client, after: str) -> None:
    assert "Asked for." not in page(office, f"/stocktake?after={after}")


# Settling ----------------------------------------------------------------------------------------
def test_importing_and_leaving_alone(office: Client, lab: Lab, administrator: User) -> None:
    lab.add("Anna")
    lab.add("Ben")
    take()
    anna, ben = Difference.objects.order_by("pk")
    assert "Taken over" in do(office, anna, "import")
    assert Avatar.objects.get(stock=False).owner == administrator
    assert "Left alone" in do(office, ben, "ignore")
    assert "1 avatar at Anam is left alone" in page(office)
    assert "changed meanwhile" in do(office, ben, "import")
    assert Avatar.objects.filter(stock=False).count() == 1


def test_all_are_imported_at_once(office: Client, lab: Lab) -> None:
    for number in range(60):
        lab.add(f"Face {number}")
    take()
    answer = office.post("/stocktake/all", {"do": "import"}, follow=True).content.decode()
    assert "Taken over from Anam: 60." in answer
    assert Avatar.objects.filter(state=State.READY).count() == 60


def test_all_are_left_alone_and_asked_about_again(office: Client, lab: Lab) -> None:
    lab.add("Anna")
    lab.add("Ben")
    take()
    office.post("/stocktake/all", {"do": "ignore"})
    take()
    assert not Difference.objects.open(rehearsal=False).exists()
    office.post("/stocktake/all", {"do": "ask"})
    take()
    assert Difference.objects.open(rehearsal=False).count() == 2


@pytest.mark.parametrize(
    ("what", "photo", "state"),
    [("keep", "", State.REMOVED), ("again", "photos/1.jpg", State.QUEUED)],
)
def test_a_gone_one_is_kept_or_created_again(
    office: Client, lab: Lab, person: MakePerson, what: str, photo: str, state: State
) -> None:
    row = row_of(lab.add("Anna"), owner=person(Role.CREATOR), photo=photo, photo_sha256="ab" * 32)
    row.save()
    lab.add(createdByOrganizationId=None)
    del lab.avatars[str(row.upstream_id)]
    take()
    assert ("Create again" in page(office)) is bool(photo)
    assert "Gone at Anam" in page(office, row.get_absolute_url())
    do(office, found(Kind.GONE), what)
    row.refresh_from_db()
    assert row.state == state


def test_of_a_rejected_one_the_page_says_why_it_is_not_created_again(
    office: Client, lab: Lab, person: MakePerson
) -> None:
    rejected = {"photo": "photos/1.jpg", "photo_sha256": "ab" * 32, "approval": "rejected"}
    row = row_of(lab.add("Anna"), owner=person(Role.CREATOR), **rejected)
    row.save()
    lab.add(createdByOrganizationId=None)
    del lab.avatars[str(row.upstream_id)]
    take()
    text = page(office)
    assert "A reviewer rejected it, so it is not created again." in text
    assert 'value="again"' not in text


@pytest.mark.parametrize(
    ("what", "name", "errand"), [("theirs", "Anne", ""), ("ours", "Anna", "rename")]
)
def test_two_names_become_one(
    office: Client, lab: Lab, person: MakePerson, what: str, name: str, errand: str
) -> None:
    row = row_of(lab.add("Anna"), owner=person(Role.CREATOR))
    row.save()
    lab.avatars[str(row.upstream_id)] = {**row.upstream, "displayName": "Anne"}
    take()
    assert "Anam calls it “Anne”" in page(office)
    do(office, found(Kind.RENAMED), what)
    row.refresh_from_db()
    assert (row.display_name, row.errand) == (name, errand)


@pytest.mark.parametrize("what", ["", "keep", "theirs", "nonsense"])
def test_what_does_not_fit_the_difference_is_not_done(office: Client, lab: Lab, what: str) -> None:
    lab.add()
    take()
    difference = found(Kind.ONLY_THERE)
    assert office.post(f"/stocktake/{difference.pk}", {"do": what}).status_code == 404
    assert office.post("/stocktake/all", {"do": what}).status_code == 404


# By itself and by hand ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("age", "cause", "plans"),
    [(0.4, "", 0), (0.6, "", 1), (0.1, Cause.NO_ANSWER, 1)],
    ids=["young", "old", "ended early"],
)
def test_the_schedule_leaves_out_what_a_young_one_has_told(
    settings: Settings, age: float, cause: str, plans: int
) -> None:
    ended = timezone.now() - timedelta(seconds=settings.STOCKTAKE_SECONDS * age)
    StockTake.objects.create(rehearsal=True, ended_at=ended, cause=cause)
    take_stock_on_schedule()
    assert len(planned()) == plans


def test_the_command_prints_what_differs(lab: Lab, person: MakePerson) -> None:
    row = row_of(lab.add("Anna"), owner=person(Role.CREATOR))
    row.save()
    lab.avatars[str(row.upstream_id)] = {**row.upstream, "displayName": "Anne"}
    lab.add("Ben", id="b-1")
    out = StringIO()
    call_command("stocktake", stdout=out)
    assert "Read 2 avatars, found 2 new differences." in out.getvalue()
    lines = out.getvalue().splitlines()
    assert [line.split()[-1] for line in lines[1:]] == ["Ben", "Anne"]
    assert "b-1" in lines[1]


def test_when_most_are_gone_the_key_is_doubted(office: Client, ready_avatar: MakeAvatar) -> None:
    for _ in range(7):
        ready_avatar(rehearsal=True, cause="gone")
    assert "right organisation" in page(office)
    for _ in range(8):
        ready_avatar(rehearsal=True)
    assert "right organisation" not in page(office)
