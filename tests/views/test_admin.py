"""Django's admin shows avatars and their history, and changes nothing."""

import pytest
from django.test import Client

from avatars.models import Avatar, Event, Kind
from avatars.services.create import send_next
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client_of: ClientOf) -> Client:
    return client_of(Role.ADMINISTRATOR)


@pytest.fixture
def made(accepted: MakeAvatar) -> Avatar:
    avatar = accepted(display_name="Anna Berg")
    send_next()
    avatar.refresh_from_db()
    return avatar


def test_the_list_and_its_filters_show_avatars(office: Client, made: Avatar) -> None:
    for query in ("", "?q=Anna", f"?q={made.pk}", "?state__exact=ready", "?o=2"):
        page = office.get(f"/admin/avatars/avatar/{query}").content.decode()
        assert "Anna Berg" in page


def test_an_avatars_page_shows_its_history(office: Client, made: Avatar) -> None:
    page = office.get(f"/admin/avatars/avatar/{made.pk}/change/").content.decode()
    for event in made.events.all():
        assert event.sentence in page
    assert str(made.upstream_id) in page


def test_an_avatar_that_was_not_made_here_can_be_shown(
    office: Client, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar(upstream={})
    assert office.get(f"/admin/avatars/avatar/{found.pk}/change/").status_code == 200


def test_events_can_be_read(office: Client, made: Avatar) -> None:
    event = made.events.get(kind=Kind.CREATED)
    assert event.sentence in office.get("/admin/avatars/event/").content.decode()
    assert office.get(f"/admin/avatars/event/{event.pk}/change/").status_code == 200


@pytest.mark.parametrize("model", ["avatar", "event"])
def test_nothing_can_be_added_changed_or_deleted(office: Client, made: Avatar, model: str) -> None:
    event = made.events.get(kind=Kind.CREATED)
    pk = made.pk if model == "avatar" else event.pk
    form = {"display_name": "Other", "note": "Other", "action": "delete_selected"}
    form["_selected_action"] = str(pk)
    base = f"/admin/avatars/{model}/"
    assert office.get(f"{base}add/").status_code == 403
    assert office.post(f"{base}{pk}/change/", form).status_code == 403
    assert office.post(f"{base}{pk}/delete/", {"post": "yes"}).status_code == 403
    office.post(base, form)
    made.refresh_from_db()
    assert made.display_name == "Anna Berg"
    assert Event.objects.filter(pk=event.pk, note="").exists()
