"""A link for somebody without an account opens its own page, and nothing else in the house."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from avatars.models import Avatar, Consent, Event, PhotoCall
from avatars.services import consents, photo_calls
from avatars.services.consents import Terms
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson
from tests.views.doors import addresses
from tests.views.outside import address, question, stranger, text_of, way_back
from tests.views.test_closed import OPEN

pytestmark = pytest.mark.django_db
FOR_ALL = OPEN - {a for a in OPEN if a.startswith(("/consent", "/withdraw", "/call"))}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia Maker")


@pytest.fixture
def anna(accepted: MakeAvatar, mia: User) -> Avatar:
    return accepted(owner=mia, display_name="Face for hall three")


@pytest.fixture
def links(anna: Avatar, mia: User) -> dict[str, str]:
    """Each kind, and where it leads. The code is the last part of the address."""
    asked = consents.ask(anna, Terms("Anna Berg", "Films"), mia)
    given = consents.state_own(anna, Terms("Anna Berg", "Films"), mia)
    call = photo_calls.open_call(mia, title="T", purpose="P", model="cara-4", places=3, days=3)
    return {"consent": question(asked), "withdraw": way_back(given), "call": address(call)}


KINDS = ["consent", "withdraw", "call"]


@pytest.fixture
def visitor() -> Client:
    return stranger()


@pytest.mark.parametrize("kind", KINDS)
def test_its_code_in_any_other_door_opens_nothing(
    visitor: Client, links: dict[str, str], kind: str
) -> None:
    """Every address there is, with the code in the place of whatever it takes."""
    code = links[kind].rpartition("/")[2]
    own = {links[kind], f"{links[kind]}/photo"}
    visitor.get(links[kind])
    opened = []
    for path in sorted({a.replace("code", code) for a in addresses().values()} - own):
        for method in METHODS:
            response = visitor.generic(method, path)
            open_to_all = path in FOR_ALL or response.status_code in (401, 403, 404, 405, 429)
            to_the_door = response.status_code == 302 and "/login/" in response["Location"]
            if not open_to_all and not to_the_door and response.status_code != 204:
                opened.append(f"{method} {path}: {response.status_code}")
    assert opened == []


@pytest.mark.parametrize("kind", KINDS)
def test_who_has_it_reaches_nothing_of_the_avatar_by_its_own_address(
    visitor: Client, links: dict[str, str], anna: Avatar, kind: str
) -> None:
    visitor.get(links[kind])
    row = Consent.objects.first()
    assert row
    for path in (
        anna.get_absolute_url(),
        f"/avatars/{anna.pk}/still",
        f"/avatars/{anna.pk}/video",
        f"/avatars/{anna.pk}/consent",
        f"/avatars/{anna.pk}/consents/{row.pk}/file",
        anna.thumbnail_url(96),
    ):
        response = visitor.get(path)
        assert (response.status_code, response["Location"][:16]) == (302, "/accounts/login/")


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_kinds_and_no_two_rows_share_a_code(
    links: dict[str, str], anna: Avatar, mia: User, kind: str
) -> None:
    codes = [link.rpartition("/")[2] for link in links.values()]
    row = Consent.objects.first()
    assert row
    codes += [consents.ask(anna, Terms("A"), mia).code, row.code, row.withdrawal_code]
    assert {len(code) for code in codes} == {43}
    assert len(set(codes)) >= 5


def test_no_row_holds_a_code(links: dict[str, str]) -> None:
    rows = repr([*Consent.objects.values(), *PhotoCall.objects.values(), *Event.objects.values()])
    for link in links.values():
        assert link.rpartition("/")[2] not in rows


def closed(by: User) -> None:
    for call in PhotoCall.objects.all():
        photo_calls.close(call, by)


def taken_back(by: User) -> None:
    for consent in Consent.objects.filter(standing="asked"):
        consents.cancel(consent, by)


@pytest.mark.parametrize(("kind", "revoke"), [("call", closed), ("consent", taken_back)])
def test_a_leaked_link_is_revoked_with_the_next_click(
    visitor: Client,
    links: dict[str, str],
    mia: User,
    kind: str,
    revoke: Callable[[User], None],
) -> None:
    assert visitor.get(links[kind]).status_code == 200
    revoke(mia)
    response = visitor.get(links[kind])
    assert response.status_code == 410
    assert "Films" not in text_of(response)


def test_under_another_key_links_go_on_working_and_no_page_shows_a_wrong_one(
    visitor: Client,
    client_of: ClientOf,
    links: dict[str, str],
    anna: Avatar,
    mia: User,
    settings: Settings,
) -> None:
    before = {row.pk: row.code for row in Consent.objects.all()}
    settings.SECRET_KEY = "another key altogether"
    assert all(row.code != before[row.pk] for row in Consent.objects.all())
    for link in links.values():
        assert visitor.get(link).status_code == 200
    team = client_of(mia)
    for page in ("/calls", f"/avatars/{anna.pk}/consent"):
        text = text_of(team.get(page))
        assert "another <code>SECRET_KEY</code>" in text
        assert not re.search(r"/(call|consent)/[\w-]{43}", text)
