"""The page of notices, the bell, and what counts as read."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from avatars.models import (
    Approval,
    Avatar,
    Event,
    Kind,
    MailChoice,
    Mailing,
    Notice,
    Standing,
    State,
    Subject,
)
from avatars.services import record
from avatars.views.bell import bell
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia")


@pytest.fixture
def rita(person: MakePerson) -> User:
    return person(role=Role.REVIEWER, name="Rita")


@pytest.fixture
def anna(ready_avatar: MakeAvatar, mia: User) -> Avatar:
    return ready_avatar(owner=mia, display_name="Anna", approval=Approval.CHANGES)


@pytest.fixture
def browser(client_of: ClientOf, mia: User) -> Client:
    return client_of(mia)


def happens(avatar: Avatar, kind: Kind = Kind.CHANGES, **more: Any) -> Notice:
    event = Event.objects.create(avatar=avatar, kind=kind, **more)
    return Notice.objects.get(event=event)


def is_read(notice: Notice) -> bool:
    notice.refresh_from_db()
    return notice.read_at is not None


def titles(browser: Client, address: str = "/notices") -> list[str]:
    return [row["words"].title for row in browser.get(address).context["rows"]]


# The page -----------------------------------------------------------------------------------------
def test_who_was_told_nothing_reads_what_comes_here(browser: Client) -> None:
    page = browser.get("/notices").content.decode()
    assert "Nothing to tell you yet" in page
    assert "Mark all as read" not in page


def test_a_notice_says_who_wants_what_and_leads_on(
    browser: Client, anna: Avatar, rita: User
) -> None:
    notice = happens(anna, actor=rita, note="The light\ncomes from below.")
    page = browser.get("/notices").content.decode()
    assert f'<a href="/notices/{notice.pk}">Rita asks for changes to Anna</a>' in page
    assert "<blockquote>The light<br>comes from below.</blockquote>" in page
    assert "ask for another review on its page" in page


def test_words_of_others_are_words_and_no_markup(browser: Client, anna: Avatar) -> None:
    Avatar.objects.update(display_name="<b>Anna")
    happens(anna, note="<script>alert(1)</script>")
    page = browser.get("/notices").content.decode()
    assert "&lt;b&gt;Anna" in page
    assert "<script>alert" not in page


def test_unread_ones_are_marked_and_stay_so_when_the_list_is_looked_at(
    browser: Client, anna: Avatar
) -> None:
    old, new = happens(anna), happens(anna)
    Notice.objects.filter(pk=old.pk).read(timezone.now())
    for _ in range(2):
        assert browser.get("/notices").content.decode().count(">New</span>") == 1
    assert not is_read(new)


def test_people_see_their_own_alone(browser: Client, client_of: ClientOf, anna: Avatar) -> None:
    notice = happens(anna)
    assert titles(browser) == ["Somebody asks for changes to Anna"]
    for role in Role:
        other = client_of(role)
        assert titles(other) == []
        assert other.get(f"/notices/{notice.pk}").status_code == 404
        other.post("/notices/read", {"newest": notice.pk})
    assert not is_read(notice)


def test_pages_follow_each_other_without_a_gap(browser: Client, anna: Avatar) -> None:
    made = [happens(anna).pk for _ in range(60)]
    address, seen = "/notices", []
    while address:
        page = browser.get(address)
        seen += [row["notice"].pk for row in page.context["rows"]]
        address = page.context["older_url"]
    assert seen == made[::-1]
    assert "Nothing older" in browser.get(f"/notices?before={made[0]}").content.decode()


@pytest.mark.parametrize("before", ["", "0", "-1", "x", "9" * 19, "9" * 400, "²", "٣٤٥٦٧"])
def test_an_odd_place_in_the_list_is_no_error(browser: Client, anna: Avatar, before: str) -> None:
    happens(anna)
    assert browser.get("/notices", {"before": before}).status_code == 200


@pytest.mark.parametrize("much", [10, 200])
def test_the_page_asks_the_database_the_same_however_much_there_is(
    browser: Client, mia: User, ready_avatar: MakeAvatar, rita: User, much: int
) -> None:
    for _ in range(much // 5):
        avatar = ready_avatar(owner=mia)
        for _ in range(5):
            happens(avatar, actor=rita)
    with CaptureQueriesContext(connection) as asked:
        browser.get("/notices")
    assert len(asked) <= 9


def test_an_avatar_that_became_private_is_neither_named_nor_shown(
    client_of: ClientOf, person: MakePerson, anna: Avatar, settings: Settings
) -> None:
    viktor = person(name="Viktor")
    event = Event.objects.create(avatar=anna, kind=Kind.PREVIEW)
    Notice.objects.tell(event, [viktor])
    settings.POLICY = {"private": True}
    browser = client_of(viktor)
    page = browser.get("/notices").content.decode()
    assert "an avatar that you may not see any more" in page
    assert "Anna" not in page
    assert str(anna.pk) not in page
    assert browser.get(f"/notices/{Notice.objects.get().pk}")["Location"] == "/notices"


def test_a_face_that_is_out_of_use_is_shown_to_who_reviews_alone(
    browser: Client, client_of: ClientOf, rita: User, mia: User, accepted: MakeAvatar
) -> None:
    face = accepted(owner=mia)
    event = Event.objects.create(avatar=face, kind=Kind.CONSENT_WITHDRAWN)
    Notice.objects.tell(event, [rita])
    assert browser.get("/notices").context["rows"][0]["face"] == face
    Avatar.objects.update(consent=Standing.WITHDRAWN)
    assert browser.get("/notices").context["rows"][0]["face"] is None
    assert face.thumbnail_url_96 not in browser.get("/notices").content.decode()
    assert client_of(rita).get("/notices").context["rows"][0]["face"] == face


def test_an_erased_face_is_not_shown(browser: Client, anna: Avatar) -> None:
    happens(anna)
    Avatar.objects.update(errand="erase", image_url="https://example.com/a.jpg")
    assert browser.get("/notices").context["rows"][0]["face"] is None


# Read ---------------------------------------------------------------------------------------------
def test_who_opens_a_notice_has_read_it_and_is_where_it_is_dealt_with(
    browser: Client, anna: Avatar
) -> None:
    notice, other = happens(anna), happens(anna)
    door = f"/notices/{notice.pk}"
    assert browser.head(door).status_code == 302
    assert not is_read(notice)
    assert browser.get(door)["Location"] == f"/avatars/{anna.pk}"
    assert is_read(notice)
    assert not is_read(other)
    assert browser.post(door).status_code == 405


def test_a_notice_about_no_avatar_leads_to_its_own_place(browser: Client, mia: User) -> None:
    record.write(Kind.ROLE_CHANGED, (Subject.PERSON, mia.pk, "Mia"))
    assert browser.get(f"/notices/{Notice.objects.get().pk}")["Location"] == "/account"


def test_a_door_that_is_none(browser: Client) -> None:
    assert browser.get(f"/notices/{'9' * 30}").status_code == 404


def test_all_are_read_at_once_but_what_came_in_meanwhile(browser: Client, anna: Avatar) -> None:
    happens(anna)
    newest = browser.get("/notices").context["newest"]
    late = happens(anna)
    page = browser.post("/notices/read", {"newest": newest}, follow=True)
    assert "All read." in page.content.decode()
    assert list(Notice.objects.unread()) == [late]


@pytest.mark.parametrize("newest", ["", "x", "9" * 400])
def test_an_odd_number_of_the_newest_is_no_error(browser: Client, newest: str) -> None:
    assert browser.post("/notices/read", {"newest": newest}).status_code == 302


def test_who_opens_an_avatar_has_read_its_notices_and_no_others(
    browser: Client, anna: Avatar, mia: User, ready_avatar: MakeAvatar, rita: User
) -> None:
    notice, other = happens(anna), happens(ready_avatar(owner=mia))
    Notice.objects.tell(notice.event, [rita])
    theirs = Notice.objects.get(person=rita)
    page = f"/avatars/{anna.pk}"
    browser.head(page)
    browser.get(page, headers={"Accept": "application/json"})
    assert not is_read(notice)
    browser.get(page)
    assert is_read(notice)
    assert not is_read(other)
    assert not is_read(theirs)


def test_who_watches_it_being_refused_needs_no_mail(browser: Client, anna: Avatar) -> None:
    Avatar.objects.update(state=State.REFUSED, cause="unprocessable")
    notice = happens(anna, Kind.REFUSED)
    browser.get(f"/avatars/{anna.pk}/progress")
    assert is_read(notice)


def test_a_page_without_news_writes_nothing(browser: Client, anna: Avatar) -> None:
    with CaptureQueriesContext(connection) as asked:
        browser.get(f"/avatars/{anna.pk}")
    assert [query["sql"] for query in asked if query["sql"].startswith("UPDATE")] == []


# The bell -----------------------------------------------------------------------------------------
def request_of(person: User) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = person
    return request


@pytest.mark.parametrize(("count", "said"), [(0, ""), (3, "3"), (99, "99"), (120, "99+")])
def test_the_bell_counts_with_one_question_and_not_beyond_what_people_count(
    mia: User, anna: Avatar, count: int, said: str
) -> None:
    event = Event.objects.create(avatar=anna, kind=Kind.PREVIEW)
    Notice.objects.tell(event, [mia])
    Notice.objects.of(mia).read(timezone.now())
    for _ in range(count):
        happens(anna)
    with CaptureQueriesContext(connection) as asked:
        found = bell(request_of(mia))
        assert len(asked) == 0
        assert str(found["unread_notices"]) == said
        assert str(found["unread_notices"]) == said
    assert len(asked) == 1


def test_the_bell_says_in_words_what_it_shows(mia: User, anna: Avatar) -> None:
    words = render_to_string("avatars/_bell.html", bell(request_of(mia)))
    assert '<span class="visually-hidden">Notices</span>' in words
    for _ in range(3):
        happens(anna)
    words = render_to_string("avatars/_bell.html", bell(request_of(mia)))
    assert '<span class="visually-hidden">Notices, 3 unread</span>' in words
    assert 'href="/notices"' in words


# By mail ------------------------------------------------------------------------------------------
def test_people_choose_how_often(browser: Client, mia: User) -> None:
    assert browser.get("/notices").context["form"]["mailing"].value() == Mailing.EACH
    page = browser.post("/notices/mail", {"mailing": "daily"}, follow=True).content.decode()
    assert "One mail a day with everything new: that is your choice from now on." in page
    assert browser.get("/notices").context["form"]["mailing"].value() == Mailing.DAILY
    choice = MailChoice.objects.get(person=mia)
    assert choice.mailing == Mailing.DAILY
    assert choice.digest_at
    assert timezone.now() - choice.digest_at < timedelta(minutes=1)


@pytest.mark.parametrize("mailing", ["", "hourly", "each\0"])
def test_what_is_no_choice_changes_nothing(browser: Client, mailing: str) -> None:
    page = browser.post("/notices/mail", {"mailing": mailing}, follow=True).content.decode()
    assert "Nothing was changed." in page
    assert not MailChoice.objects.exists()


def test_the_page_says_whether_mail_is_set_up(browser: Client, settings: Settings) -> None:
    assert "Mail is not set up here" not in browser.get("/notices").content.decode()
    settings.MAILERS = {}
    assert "Mail is not set up here" in browser.get("/notices").content.decode()
    page = browser.post("/notices/mail", {"mailing": "off"}, follow=True).content.decode()
    assert "It counts once mail is set up." in page


@pytest.mark.parametrize("address", ["/notices/read", "/notices/mail"])
def test_what_changes_something_is_no_link(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 405
