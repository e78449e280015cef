"""/tokens: people make their programs' tokens, see them, and revoke them."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from avatars import tokens
from avatars.models import Right, Token
from avatars.services import credentials
from avatars.views.tokens import PAST_SHOWN
from dashboard.people.models import User
from dashboard.people.roles import Role, give
from tests.conftest import ClientOf, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(name="Mia Berg", role=Role.CREATOR)


@pytest.fixture
def desk(client_of: ClientOf, mia: User) -> Client:
    return client_of(mia)


@pytest.fixture
def office(client_of: ClientOf) -> Client:
    return client_of(Role.ADMINISTRATOR)


def token_of(owner: User, name: str = "Build server", **fields: Any) -> Token:
    token, _ = credentials.make(owner, name, [Right.READ], by=owner)
    Token.objects.filter(pk=token.pk).update(**fields)
    return token


def page(client: Client) -> str:
    response = client.get("/tokens")
    assert response.status_code == 200
    return unescape(response.content.decode())


def form(**changes: Any) -> dict[str, Any]:
    filled = {
        "name": "Build server",
        "rights": ["avatars:read"],
        "days": "30",
        "rate": "60",
        "month_limit": "",
        "wish": str(uuid4()),
    }
    return {**filled, **changes}


def send(client: Client, **changes: Any) -> Any:
    return client.post("/tokens/make", form(**changes))


def text_in(response: Any) -> str:
    """The token that the page tells."""
    assert response.status_code == 200
    (found,) = set(re.findall(tokens.PATTERN, response.content.decode()))
    return str(found)


def said(response: Any) -> str:
    assert (response.status_code, response["Location"]) == (302, "/tokens")
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# Making one --------------------------------------------------------------------------------------
def test_the_answer_tells_the_token_and_no_page_afterwards_does(desk: Client, mia: User) -> None:
    text = text_in(send(desk, month_limit="50"))
    token = Token.objects.by_text(text)
    assert token
    assert (token.owner, token.created_by, token.name) == (mia, mia, "Build server")
    assert (token.rights, token.rate, token.month_limit) == (["avatars:read"], 60, 50)
    assert token.expires_at - token.created_at == timedelta(days=30)
    assert text not in page(desk)
    assert f"{text[:8]}…" in page(desk)


def test_a_token_from_the_page_opens_the_gateway(desk: Client) -> None:
    program = Client(headers={"Authorization": f"Bearer {text_in(send(desk))}"})
    assert program.get("/v1/avatars").status_code == 200


def test_nothing_keeps_the_answer(desk: Client) -> None:
    assert "no-store" in send(desk)["Cache-Control"]
    assert "no-store" in desk.get("/tokens")["Cache-Control"]


def test_the_answer_has_a_call_to_this_server(desk: Client, settings: Settings) -> None:
    header = 'curl -H "Authorization: Bearer $GREENROOM_TOKEN" '
    answer = unescape(send(desk).content.decode())
    assert f"{header}http://testserver/v1/avatars</textarea>" in answer
    settings.PUBLIC_URL = "https://greenroom.example.com"
    made = send(desk, rights=["avatars:create", "avatars:read"]).content.decode()
    call = "https://greenroom.example.com/v1/avatars -F displayName=Mia -F imageFile=@mia.jpg"
    assert header + call in unescape(made)


@pytest.mark.parametrize("right", Right)
def test_there_is_a_call_for_every_right(client_of: ClientOf, right: Right) -> None:
    answer = send(client_of(Role.REVIEWER), rights=[right.value])
    assert "http://testserver/v1/" in answer.content.decode()


@pytest.mark.parametrize("role", Role)
def test_the_page_offers_what_the_role_covers(
    person: MakePerson, client_of: ClientOf, role: Role
) -> None:
    somebody = person(role=role)
    offered = re.findall(r'name="rights" value="([^"]+)"', page(client_of(somebody)))
    assert offered == credentials.rights_of(somebody)


def test_reading_is_picked_and_the_settings_are_filled_in(desk: Client, settings: Settings) -> None:
    settings.TOKEN_DAYS, settings.TOKEN_RATE = 12, 34
    shown = page(desk)
    assert re.findall(r'value="([^"]+)"[^>]* checked', shown) == ["avatars:read"]
    assert 'name="days" value="12"' in shown
    assert 'name="rate" value="34"' in shown


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "required"),
        ({"name": "\u200b"}, "a name that people can see"),
        ({"name": "x" * 61}, "at most 60"),
        ({"rights": []}, "a token without rights opens nothing"),
        ({"rights": ["review"]}, "Your role does not cover review"),
        ({"rights": ["avatars:fly"]}, "Your role does not cover avatars:fly"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"days": "367"}, "less than or equal to 366"),
        ({"days": "soon"}, "whole number"),
        ({"rate": "0"}, "greater than or equal to 1"),
        ({"rate": ""}, "required"),
        ({"month_limit": "-3"}, "greater than or equal to 1"),
        ({"wish": ""}, "required"),
        ({"wish": "w" * 101}, "at most 100"),
    ],
)
def test_what_is_wrong_is_said_beside_it(desk: Client, wrong: dict[str, Any], words: str) -> None:
    response = send(desk, **wrong)
    assert response.status_code == 422
    assert words in unescape(response.content.decode())
    assert "No token was made." in response.content.decode()
    assert not Token.objects.exists()


def test_wrong_limits_are_not_folded_away(desk: Client) -> None:
    assert "<details open>" in send(desk, rate="0").content.decode()
    assert "<details open>" not in send(desk, name="").content.decode()


def test_a_name_is_kept_as_people_see_it(desk: Client) -> None:
    send(desk, name="  Build\t server\u200b ")
    assert Token.objects.get().name == "Build server"


# The same form twice -----------------------------------------------------------------------------
def test_every_form_is_a_wish_of_its_own(desk: Client) -> None:
    wishes = [re.findall(r'name="wish" value="([^"]+)"', page(desk)) for _ in range(2)]
    assert len({wish for (wish,) in wishes}) == 2


def test_a_double_click_makes_one_token(desk: Client) -> None:
    twice = form()
    first, second = (text_in(desk.post("/tokens/make", twice)) for _ in range(2))
    assert first == second
    assert Token.objects.count() == 1


def test_a_form_sent_again_later_tells_nothing_and_says_why(desk: Client) -> None:
    again = form()
    desk.post("/tokens/make", again)
    Token.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    response = desk.post("/tokens/make", again)
    assert "told only once" in said(response)
    assert Token.objects.get().hint in said(response)
    assert Token.objects.count() == 1


# Seeing them -------------------------------------------------------------------------------------
def test_before_the_first_one_the_page_says_what_they_are_for(desk: Client) -> None:
    assert "No token works at the moment" in page(desk)
    assert "<table" not in page(desk)


def test_people_see_their_own_tokens_alone(desk: Client, mia: User, person: MakePerson) -> None:
    token_of(mia, name="Mine")
    other = token_of(person(name="Eve"), name="Hers")
    shown = page(desk)
    assert "Mine" in shown
    assert ("Hers" in shown, "Eve" in shown, other.hint in shown) == (False, False, False)
    assert "Person</th>" not in shown


def test_administrators_see_everybodys(office: Client, mia: User, person: MakePerson) -> None:
    token_of(mia, name="Build server")
    token_of(person(name="Eve"), name="Night job")
    shown = page(office)
    for words in ("Person</th>", "Mia Berg", "Build server", "Eve", "Night job"):
        assert words in shown


def test_a_row_says_what_there_is_to_know(desk: Client, mia: User) -> None:
    token = token_of(mia, rate=77, month_limit=9)
    for words in ("avatars:read", "77 calls a minute, 9 avatars a month", "never", ">Works<"):
        assert words in page(desk)
    used = timezone.now() - timedelta(days=1)
    Token.objects.filter(pk=token.pk).update(last_used_at=used)
    assert f"{timezone.localtime(used):%H:%M}</time>" in page(desk)


def test_one_made_by_command_says_so(desk: Client, mia: User) -> None:
    token_of(mia)
    assert "by command" not in page(desk)
    token_of(mia, created_by=None)
    assert "by command" in page(desk)


def test_what_is_over_stays_in_view_below(desk: Client, mia: User) -> None:
    token_of(mia, name="Too old", expires_at=timezone.now())
    revoked = token_of(mia, name="Leaked")
    credentials.revoke(revoked.pk, mia)
    above, _, below = page(desk).partition("Revoked and expired: 2")
    assert "No token works at the moment" in above
    for words in ("Too old", ">Expired<", "Leaked", ">Revoked<", "by Mia Berg"):
        assert words in below
        assert words not in above
    assert "/revoke" not in below


def test_of_very_many_the_newest_are_shown(desk: Client, mia: User) -> None:
    for number in range(PAST_SHOWN + 1):
        token_of(mia, name=f"Number {number}.", expires_at=timezone.now())
    shown = page(desk)
    assert f"the newest {PAST_SHOWN} of {PAST_SHOWN + 1}" in shown
    assert f"Number {PAST_SHOWN}." in shown
    assert "Number 0." not in shown


def test_tokens_of_somebody_deactivated_are_shown_as_asleep(office: Client, mia: User) -> None:
    token_of(mia)
    User.objects.filter(pk=mia.pk).update(is_active=False)
    shown = page(office)
    assert "Person deactivated" in shown
    assert "Works again if they come back." in shown
    assert ">Works<" not in shown


def test_the_page_asks_as_often_for_many_tokens_as_for_few(
    office: Client,
    person: MakePerson,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    def fill() -> None:
        somebody = person(role=Role.CREATOR)
        token_of(somebody)
        credentials.revoke(token_of(somebody).pk, somebody)

    fill()
    with django_assert_max_num_queries(50) as few:
        page(office)
    for _ in range(6):
        fill()
    with django_assert_max_num_queries(len(few)):
        page(office)


# Revoking ----------------------------------------------------------------------------------------
def test_a_revoked_token_is_refused_from_then_on(desk: Client) -> None:
    text = text_in(send(desk))
    token = Token.objects.get()
    program = Client(headers={"Authorization": f"Bearer {text}"})
    assert program.get("/v1/avatars").status_code == 200
    assert "“Build server” is revoked." in said(desk.post(f"/tokens/{token.pk}/revoke"))
    assert program.get("/v1/avatars").status_code == 401
    assert "was revoked already" in said(desk.post(f"/tokens/{token.pk}/revoke"))


def test_nobody_revokes_the_token_of_somebody_else(
    desk: Client, client_of: ClientOf, person: MakePerson
) -> None:
    other = token_of(person(role=Role.REVIEWER))
    for client in (desk, client_of(Role.REVIEWER)):
        assert client.post(f"/tokens/{other.pk}/revoke").status_code == 404
    assert Token.objects.open(timezone.now()).count() == 1


def test_an_administrator_revokes_anybodys(office: Client, mia: User) -> None:
    token = token_of(mia)
    office.post(f"/tokens/{token.pk}/revoke")
    token.refresh_from_db()
    assert token.revoked_by
    assert token.revoked_by.role is Role.ADMINISTRATOR


def test_nothing_is_changed_by_a_get(desk: Client, mia: User) -> None:
    token = token_of(mia)
    assert desk.get("/tokens/make").status_code == 405
    assert desk.get(f"/tokens/{token.pk}/revoke").status_code == 405
    assert desk.post("/tokens").status_code == 405


def test_somebody_who_lost_every_role_makes_and_sees_none(desk: Client, mia: User) -> None:
    token = token_of(mia)
    mia.groups.clear()
    assert desk.get("/tokens").status_code == 403
    assert send(desk).status_code == 403
    assert desk.post(f"/tokens/{token.pk}/revoke").status_code == 403


def test_a_role_given_away_takes_its_rights_from_the_form(desk: Client, mia: User) -> None:
    give(mia, Role.VIEWER)
    assert send(desk, rights=["avatars:create"]).status_code == 422


# The way there -----------------------------------------------------------------------------------
def test_every_page_leads_there(desk: Client) -> None:
    for address in ("/", "/tokens", "/account"):
        shown = desk.get(address).content.decode()
        assert 'href="/tokens"' in shown
        assert 'href="/feeds"' in shown


def test_the_reference_is_for_everybody(desk: Client) -> None:
    assert 'href="/docs/api"' in page(desk)


def test_webhooks_are_for_administrators(desk: Client, office: Client) -> None:
    assert 'href="/webhooks"' not in page(desk)
    assert 'href="/webhooks"' in page(office)
