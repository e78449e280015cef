"""The maker's answer to a reviewer who asked for changes."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from avatars.models import Approval, Avatar, Kind, Policy, State
from avatars.services.review import Verdict, decide
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson
from tests.views.test_upload import photo, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Ines")


@pytest.fixture
def maker(client_of: ClientOf, ines: User) -> Client:
    return client_of(ines)


@pytest.fixture
def sent_back(ready_avatar: MakeAvatar, ines: User, person: MakePerson) -> Avatar:
    found = ready_avatar(owner=ines, display_name="Anna <A>")
    decide(found.pk, Verdict(Approval.CHANGES, 0, "Too <dark>", "quality"), person())
    found.refresh_from_db()
    return found


def hands_in(browser: Client, avatar: Avatar, note: str = "") -> str:
    """The page that comes back."""
    response = browser.post(f"/avatars/{avatar.pk}/resubmit", {"note": note}, follow=True)
    return response.content.decode()


def test_the_maker_reads_what_was_asked_for_and_why(maker: Client, sent_back: Avatar) -> None:
    page = maker.get(sent_back.get_absolute_url()).content.decode()
    part = re.search(r'<section class="panel" id="resubmit".*?</section>', page, re.DOTALL)
    assert part
    assert "Too &lt;dark&gt;" in part[0]
    assert "The picture is not good enough" in part[0]
    assert "Hand it in again" in part[0]
    assert f'href="/upload?instead={sent_back.pk}"' in part[0]


def test_what_the_maker_has_to_do_comes_first(maker: Client, sent_back: Avatar) -> None:
    page = maker.get(sent_back.get_absolute_url()).content.decode()
    for later in ('class="steps"', "<h2>Facts</h2>"):
        assert page.index('id="resubmit"') < page.index(later), later
    # Where the stage comes before it, on small screens, there is a way past it.
    assert (
        page.index('href="#resubmit"') < page.index('class="stage"') < page.index('id="resubmit"')
    )


def test_one_click_hands_it_in_again(maker: Client, ines: User, sent_back: Avatar) -> None:
    before = timezone.now()
    page = hands_in(maker, sent_back, "Now by the window")
    sent_back.refresh_from_db()
    assert "with the reviewers again" in page
    assert (sent_back.approval, sent_back.version) == ("waiting", 2)
    assert sent_back.asked_at >= before
    event = sent_back.events.last()
    assert event
    assert (event.kind, event.actor, event.note) == (Kind.RESUBMITTED, ines, "Now by the window")
    assert "Hand it in again" not in maker.get(sent_back.get_absolute_url()).content.decode()


def test_a_second_click_changes_nothing(maker: Client, sent_back: Avatar) -> None:
    hands_in(maker, sent_back)
    assert "Nobody waits for an answer" in hands_in(maker, sent_back)
    sent_back.refresh_from_db()
    assert sent_back.version == 2


def test_a_note_that_is_too_long_is_kept_to_be_shortened(maker: Client, sent_back: Avatar) -> None:
    answer = maker.post(f"/avatars/{sent_back.pk}/resubmit", {"note": "n" * 2001})
    assert answer.status_code == 422
    assert "n" * 2001 in answer.content.decode()
    sent_back.refresh_from_db()
    assert sent_back.approval == "changes"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (None, 403),
        (Role.VIEWER, 403),
        (Role.CREATOR, 403),
        (Role.REVIEWER, 403),
        (Role.ADMINISTRATOR, 302),
    ],
)
def test_only_its_maker_or_an_administrator_hands_it_in(
    client_of: ClientOf, sent_back: Avatar, role: Role | None, status: int
) -> None:
    browser = client_of(role)
    if role:
        page = browser.get(sent_back.get_absolute_url()).content.decode()
        assert ("Hand it in again" in page) is (status == 302)
        assert "Send another photo" not in page
    assert browser.post(f"/avatars/{sent_back.pk}/resubmit").status_code == status
    sent_back.refresh_from_db()
    assert (sent_back.approval == "waiting") is (status == 302)


@pytest.mark.parametrize("approval", ["waiting", "approved", "rejected"])
def test_there_is_nothing_to_hand_in_where_nobody_asked(
    maker: Client, ines: User, ready_avatar: MakeAvatar, approval: str
) -> None:
    found = ready_avatar(owner=ines, approval=approval)
    assert "Hand it in again" not in maker.get(found.get_absolute_url()).content.decode()
    assert "Nobody waits for an answer" in hands_in(maker, found)
    found.refresh_from_db()
    assert (found.approval, found.version) == (approval, 0)


# Another photo ------------------------------------------------------------------------------------
def test_another_photo_takes_the_place_of_the_one_that_was_sent_back(
    maker: Client, ines: User, sent_back: Avatar
) -> None:
    Policy.objects.filter(pk=1).update(review="before")
    page = maker.get(f"/upload?display_name=Anna&replaces={sent_back.pk}").content.decode()
    assert f'<input type="hidden" name="replaces" value="{sent_back.pk}">' in page
    assert "Too &lt;dark&gt;" in page
    send(maker, photo(), replaces=str(sent_back.pk))
    made = Avatar.objects.get(state=State.REVIEW)
    assert (made.replaces, made.owner) == (sent_back, ines)


def test_a_refused_form_still_knows_whose_place_it_takes(maker: Client, sent_back: Avatar) -> None:
    page = send(maker, replaces=str(sent_back.pk)).content.decode()
    assert f'name="replaces" value="{sent_back.pk}"' in page


@pytest.mark.parametrize("which", ["others", "erased", "x", "00000000-0000-4000-8000-000000000000"])
def test_nobody_takes_the_place_of_what_is_not_theirs(
    maker: Client, ines: User, ready_avatar: MakeAvatar, which: str
) -> None:
    found = {
        "others": lambda: str(ready_avatar(review_note="Secret").pk),
        "erased": lambda: str(ready_avatar(owner=ines, erased_at=timezone.now()).pk),
    }.get(which, lambda: which)()
    page = maker.get(f"/upload?replaces={found}").content.decode()
    assert 'name="replaces"' not in page
    assert "Secret" not in page
    send(maker, photo(), replaces=found)
    assert Avatar.objects.get(state=State.QUEUED).replaces is None
