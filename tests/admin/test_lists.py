"""What Django's admin shows of avatars, and how they are found."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from avatars.models import Approval, Avatar, Event, Kind, PhotoCall, Policy, Standing, State
from avatars.services import photo_calls
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson
from tests.upstream.answers import described

from .conftest import list_of, operates_only, page_of

pytestmark = pytest.mark.django_db
SIGNED = "https://clips.r2.cloudflarestorage.com/a.mp4?X-Amz-Date=1&X-Amz-Signature=feedbeef"


def found_by(office: Client, query: str) -> set[str]:
    page = office.get(f"{list_of(Avatar)}?{query}")
    return {avatar.display_name for avatar in page.context["cl"].result_list}


def test_an_avatar_is_found_by_name_ids_owner_and_request(
    office: Client, made: Avatar, ready_avatar: MakeAvatar
) -> None:
    ready_avatar(display_name="Somebody else", former_ids=["older-one"])
    assert made.owner
    Event.objects.create(avatar=made, kind=Kind.AGAIN, trace="a1b2c3d4e5")
    for term in ("Anna", str(made.pk), made.upstream_id, made.owner.email, "a1b2c3d4e5"):
        assert found_by(office, f"q={term}") == {"Anna Berg"}, term
    assert found_by(office, "q=older-one") == {"Somebody else"}
    assert found_by(office, "q=nobody") == set()


def test_filters_tell_avatars_apart(office: Client, ready_avatar: MakeAvatar) -> None:
    soon, past = timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=1)
    ready_avatar(display_name="Plain")
    ready_avatar(display_name="Approved", approval=Approval.APPROVED)
    ready_avatar(display_name="Lacking", needs_consent=True)
    ready_avatar(
        display_name="Given", needs_consent=True, consent=Standing.GIVEN, consent_until=soon
    )
    ready_avatar(display_name="Over", consent=Standing.GIVEN, consent_until=past)
    ready_avatar(display_name="Withdrawn", consent=Standing.WITHDRAWN, needs_consent=True)
    ready_avatar(display_name="Held", state=State.HELD)
    owned = ready_avatar(display_name="Stock", stock=True)
    assert found_by(office, "approval__exact=approved") == {"Approved"}
    assert found_by(office, "state__exact=held") == {"Held"}
    assert found_by(office, "stock__exact=1") == {"Stock"}
    assert found_by(office, "consent__exact=withdrawn") == {"Withdrawn"}
    assert found_by(office, "in_order=blocked") == {"Over", "Withdrawn"}
    assert found_by(office, "in_order=missing") == {"Lacking"}
    in_order = {"Plain", "Approved", "Given", "Held", "Stock"}
    assert found_by(office, "in_order=yes") == in_order
    assert found_by(office, f"owner__id__exact={owned.owner_id}") == {"Stock"}
    assert found_by(office, "rehearsal__exact=0") == set()


def test_the_filter_says_what_the_avatars_say(office: Client, ready_avatar: MakeAvatar) -> None:
    now = timezone.now()
    for standing in Standing:
        for needed in (True, False):
            for until in (None, now - timedelta(days=1), now + timedelta(days=1)):
                ready_avatar(consent=standing, needs_consent=needed, consent_until=until)
    rows = list(Avatar.objects.all())
    blocked = {row.display_name for row in rows if row.is_blocked}
    lacking = {row.display_name for row in rows if row.lacks_consent}
    assert found_by(office, "in_order=blocked") == blocked
    assert found_by(office, "in_order=missing") == lacking - blocked
    assert found_by(office, "in_order=yes") == {row.display_name for row in rows} - lacking


def test_the_list_shows_faces(office: Client, made: Avatar) -> None:
    page = office.get(list_of(Avatar)).content.decode()
    assert f'src="{made.thumbnail_url(96)}"' in page
    assert f'src="{made.thumbnail_url(320)}"' in office.get(page_of(made)).content.decode()


def test_an_avatars_page_shows_its_record_and_its_consents(
    office: Client, furnished: Avatar
) -> None:
    page = office.get(page_of(furnished)).content.decode()
    for event in furnished.events.all():
        assert event.sentence in page
        assert event.trace in page
    for words in ("It is their own face", "Consent asked for", "The museum"):
        assert words in page
    assert str(furnished.upstream_id) in page


def test_what_anam_said_can_be_read_without_links_that_open_something(
    office: Client, ready_avatar: MakeAvatar
) -> None:
    answer = described(videoUrl=SIGNED, note=f"see {SIGNED} or not", own="/media/a?X-Amz-Expires=1")
    found = ready_avatar(upstream=answer, video_url=SIGNED, image_url=answer["imageUrl"])
    page = office.get(page_of(found)).content.decode()
    assert "org-of-the-team" in page
    assert "(a link to clips.r2.cloudflarestorage.com)" in page
    assert "see (a link to clips.r2.cloudflarestorage.com) or not" in page
    assert "(a link to this server)" in page
    for secret in ("X-Amz", "feedbeef", "a.mp4"):
        assert secret not in page


def test_an_avatar_that_was_not_made_here_can_be_shown(
    office: Client, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar(upstream={})
    assert "Nothing is kept." in office.get(page_of(found)).content.decode()


def queries(office: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert office.get(address).status_code == 200
    return len(caught)


def test_the_list_asks_as_much_for_200_avatars_as_for_10(
    office: Client, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    owners = [person() for _ in range(5)]
    for number in range(10):
        ready_avatar(owner=owners[number % 5])
    few = queries(office, list_of(Avatar))
    for number in range(190):
        ready_avatar(owner=owners[number % 5])
    assert queries(office, list_of(Avatar)) == few
    assert queries(office, f"{list_of(Avatar)}?q=Face") <= few + 1
    assert few < 20


def test_a_page_asks_as_much_with_a_long_record_as_with_a_short_one(
    office: Client, made: Avatar, person: MakePerson
) -> None:
    few = queries(office, page_of(made))
    for _ in range(80):
        Event.objects.create(avatar=made, actor=person(), kind=Kind.AGAIN)
    assert queries(office, page_of(made)) == few
    page = office.get(page_of(made)).content.decode()
    assert page.count("asked for another try") == 50


def test_the_record_asks_as_much_for_200_events_as_for_10(
    office: Client, made: Avatar, person: MakePerson
) -> None:
    actors = [person() for _ in range(5)]
    few = queries(office, list_of(Event))
    for number in range(190):
        Event.objects.create(avatar=made, actor=actors[number % 5], kind=Kind.AGAIN)
    assert queries(office, list_of(Event)) == few


def test_the_photo_calls_ask_as_much_for_11_as_for_1(office: Client, person: MakePerson) -> None:
    call: dict[str, Any] = {
        "title": "New faces",
        "purpose": "p",
        "model": "",
        "places": 3,
        "days": 3,
    }
    photo_calls.open_call(person(role=Role.CREATOR), **call)
    few = queries(office, list_of(PhotoCall))
    for _ in range(10):
        photo_calls.open_call(person(role=Role.CREATOR), **call)
    assert queries(office, list_of(PhotoCall)) == few
    Policy.objects.update_or_create(pk=1, defaults={"creators": "administrators"})
    page = office.get(list_of(PhotoCall)).content.decode()
    assert page.count("No: of somebody who makes no avatars any more") == 11


def test_what_the_policy_keeps_private_is_kept_from_operators_who_do_not_review(
    client_of: ClientOf, office: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    ready_avatar(display_name="Private")
    ready_avatar(display_name="Shown", approval=Approval.APPROVED)
    Policy.objects.update(private=True)
    narrow = client_of(operates_only(person()))
    assert found_by(narrow, "") == {"Shown"}
    assert found_by(office, "") == {"Private", "Shown"}


def test_events_are_found_by_what_they_are_about(
    office: Client, operator: User, furnished: Avatar
) -> None:
    event = Event.objects.create(avatar=furnished, kind=Kind.VERSION, trace="a1b2c3d4e5")
    for query in (
        f"q={event.trace}",
        f"q={furnished.pk}",
        "kind__exact=version",
        "q=Anna",
    ):
        assert event.sentence in office.get(f"{list_of(Event)}?{query}").content.decode(), query
    theirs = office.get(f"{list_of(Event)}?actor__id__exact={operator.pk}")
    rows = theirs.context["cl"].result_list
    assert {row.actor_id for row in rows} == {operator.pk}
    assert len(rows) > 2
    calls = office.get(f"{list_of(Event)}?subject__exact=call").content.decode()
    assert "opened the photo call “The new ones”" in calls
    assert "Photo call: The new ones" in calls


def test_times_have_24_hours_as_everywhere_else(office: Client, made: Avatar) -> None:
    late = timezone.now().replace(year=2026, month=3, day=4, hour=22, minute=57)
    Event.objects.create(avatar=made, kind=Kind.AGAIN, at=late)
    assert "4 March 2026, 22:57" in office.get(list_of(Event)).content.decode()


def test_an_event_says_what_was_before_and_after(office: Client, made: Avatar) -> None:
    event = Event.objects.create(
        avatar=made,
        kind=Kind.POLICY_CHANGED,
        detail={"before": {"four_eyes": False}, "after": {"four_eyes": True}, "link": SIGNED},
    )
    page = office.get(page_of(event)).content.decode()
    assert "Four eyes: no → yes" in page
    assert "feedbeef" not in page
