"""Who may call, and what a token that may not is told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from avatars import tokens
from avatars.models import Right, Token
from dashboard.people.roles import Role, give
from tests.api.conftest import MakeToken, Program
from tests.conftest import ClientOf, MakeAvatar, MakePerson, at_once

pytestmark = pytest.mark.django_db

UNKNOWN = "00000000-0000-4000-8000-000000000000"
# A call for each right: method, path, and what it is answered once the right is there.
CALLS = [
    (Right.READ, "get", "/v1/avatars", 200),
    (Right.READ, "get", f"/v1/avatars/{UNKNOWN}", 404),
    (Right.CREATE, "post", "/v1/avatars", 400),
    (Right.WRITE, "put", f"/v1/avatars/{UNKNOWN}", 400),
    (Right.DELETE, "delete", f"/v1/avatars/{UNKNOWN}", 404),
    (Right.REVIEW, "post", f"/v1/avatars/{UNKNOWN}/review", 400),
    (Right.FEED, "get", "/v1/feed/support-de", 404),
    (Right.SESSIONS, "post", "/v1/auth/session-token", 400),
]


def call(text: str, method: str, path: str) -> tuple[int, dict[str, str]]:
    response = getattr(Client(headers={"Authorization": f"Bearer {text}"}), method)(path)
    return response.status_code, response.json()


@pytest.mark.parametrize(("right", "method", "path", "status"), CALLS)
def test_each_call_needs_its_right_and_names_it(
    make_token: MakeToken, right: Right, method: str, path: str, status: int
) -> None:
    _, with_it = make_token(right)
    _, without = make_token(*(other for other in Right if other != right))
    assert call(with_it, method, path)[0] == status
    refused, body = call(without, method, path)
    assert (refused, body["right"]) == (403, right)
    assert right in body["message"]


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic abc", "Bearer grn_short", f"Bearer {tokens.new_token()}"],
)
def test_without_a_known_token_nothing_is_open(header: str) -> None:
    for _, method, path, _ in CALLS:
        response = getattr(Client(headers={"Authorization": header}), method)(path)
        assert response.status_code == 401
        assert response["WWW-Authenticate"].startswith("Bearer")
        assert set(response.json()) == {"error", "message"}


def test_a_session_of_the_pages_opens_nothing_here(client_of: ClientOf) -> None:
    assert client_of(Role.ADMINISTRATOR).get("/v1/avatars").status_code == 401


def test_a_revoked_token_is_refused_from_the_next_call_on(program: Program) -> None:
    assert program.get("avatars").status_code == 200
    assert program.token
    Token.objects.revoke(program.token.pk, timezone.now())
    response = program.get("avatars")
    assert response.status_code == 401
    assert "revoked" in response.json()["message"]


def test_an_expired_token_is_refused(make_token: MakeToken) -> None:
    _, text = make_token(expires_at=timezone.now() - timedelta(seconds=1))
    status, body = call(text, "get", "/v1/avatars")
    assert status == 401
    assert "expired" in body["message"]


def test_the_tokens_of_somebody_who_was_deactivated_open_nothing(program: Program) -> None:
    program.person.is_active = False
    program.person.save()
    assert program.get("avatars").status_code == 401


def test_a_token_can_do_no_more_than_its_person(make_token: MakeToken, person: MakePerson) -> None:
    owner = person(role=Role.CREATOR)
    program = Program(make_token(Right.CREATE, owner=owner)[1])
    give(owner, Role.VIEWER)
    response = program.create()
    assert (response.status_code, response.json()["right"]) == (403, "avatars:create")


def test_the_person_behind_a_token_decides_whose_avatars_it_changes(
    make_token: MakeToken, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    avatar = ready_avatar(upstream_id=UNKNOWN)
    stranger = Program(make_token(owner=person(role=Role.CREATOR))[1])
    assert stranger.put(f"avatars/{UNKNOWN}", {"displayName": "Mine"}).status_code == 403
    assert stranger.delete(f"avatars/{UNKNOWN}").status_code == 403
    assert stranger.delete(f"avatars/{UNKNOWN}?hard=true").status_code == 403
    avatar.refresh_from_db()
    assert avatar.state == "ready"


def test_beyond_its_rate_a_token_is_told_when_to_come_back(make_token: MakeToken) -> None:
    program = Program(make_token(rate=3)[1])
    assert [program.get("avatars").status_code for _ in range(4)] == [200, 200, 200, 429]
    response = program.get("avatars")
    assert 0 < int(response["Retry-After"]) <= 60


@pytest.mark.django_db(transaction=True)
def test_the_rate_holds_for_calls_at_once(make_token: MakeToken) -> None:
    _, text = make_token(rate=5)
    answers = at_once(lambda: call(text, "get", "/v1/avatars")[0], times=12)
    assert sorted(answers, key=str) == [200] * 5 + [429] * 7


def test_it_is_seen_when_a_token_was_used_last(program: Program) -> None:
    program.get("avatars")
    assert program.token
    program.token.refresh_from_db()
    assert program.token.last_used_at is not None
