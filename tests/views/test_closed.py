"""Nothing of Greenroom is open to strangers but the doors named here."""

import pytest
from django.test import Client

from avatars.models import State
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar
from tests.views.doors import addresses

ALL = addresses()
OPEN = {
    "/healthz",
    "/readyz",
    "/setup/code",
    "/invitations/code",
    "/admin/login/",
    "/accounts/login/",
    "/accounts/logout/",
    "/accounts/inactive/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-1/",
    "/accounts/password/reset/key/done/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/1/",
    "/accounts/login/code/confirm/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/webauthn/login/",
    "/v1/openapi.json",
    "/links/a",  # the pass in the address is the key
    "/consent/code",  # and here the code is
    "/consent/code/photo",
    "/withdraw/code",
    "/withdraw/code/photo",
    "/call/code",
}
GATES = {path for path in ALL.values() if path.startswith("/v1/")} - OPEN - {"/v1/"}
METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]


def test_the_walk_finds_the_doors() -> None:
    assert set(ALL.values()) >= OPEN
    assert {"/", "/upload", "/review", "/status", "/account", "/admin/"} <= set(ALL.values())
    assert len(ALL) > 60


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", sorted(set(ALL.values()) - OPEN - GATES))
def test_a_stranger_gets_the_sign_in_or_nothing(client: Client, path: str, method: str) -> None:
    response = client.generic(method, path)
    if response.status_code == 302:
        assert "/login/?next=" in response["Location"]
    else:
        assert response.status_code in (403, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted(GATES))
def test_the_gateway_asks_everybody_for_a_token(
    client: Client, client_of: ClientOf, path: str
) -> None:
    """A session of the pages is no token either. What is left says which methods there are."""
    for visitor in (client, client_of(Role.ADMINISTRATOR)):
        answers = {method: visitor.generic(method, path).status_code for method in METHODS}
        assert 401 in answers.values()
        assert set(answers.values()) <= {204, 401, 405}
        assert answers["OPTIONS"] == (204 if path == "/v1/engine/session" else 405)


@pytest.mark.django_db
def test_a_stranger_sees_no_picture_of_an_avatar_that_exists(
    client: Client, accepted: MakeAvatar
) -> None:
    avatar = accepted()
    for what in ("", "/still", "/video", "/progress"):
        response = client.get(f"/avatars/{avatar.pk}{what}")
        assert (response.status_code, response["Location"][:16]) == (302, "/accounts/login/")
    assert client.get(avatar.thumbnail_url(96)).status_code == 302


PLACES = {
    "/": Role.VIEWER,
    "/upload": Role.CREATOR,
    "/calls": Role.CREATOR,
    "/review": Role.REVIEWER,
    "/policy": Role.VIEWER,
    "/policy/replies": Role.REVIEWER,
    "/policy/wording": Role.VIEWER,
    "/help/photos/": Role.VIEWER,
    "/help/refusals/": Role.VIEWER,
    "/status": Role.ADMINISTRATOR,
    "/record": Role.ADMINISTRATOR,
    "/record.csv": Role.ADMINISTRATOR,
    "/record.json": Role.ADMINISTRATOR,
    "/feeds": Role.VIEWER,
    "/notices": Role.VIEWER,
    "/docs/api": Role.VIEWER,
    "/tokens": Role.VIEWER,
    "/webhooks": Role.ADMINISTRATOR,
    "/people/": Role.ADMINISTRATOR,
    "/admin/": Role.ADMINISTRATOR,
    "/admin/avatars/avatar/": Role.ADMINISTRATOR,
    "/admin/avatars/event/": Role.ADMINISTRATOR,
    "/admin/avatars/consent/": Role.ADMINISTRATOR,
    "/admin/avatars/policy/": Role.ADMINISTRATOR,
    "/admin/avatars/token/": Role.ADMINISTRATOR,
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", PLACES)
def test_a_role_opens_what_it_is_for_and_no_more(
    client_of: ClientOf, path: str, role: Role
) -> None:
    steps = list(Role)
    status = client_of(role).get(path).status_code
    if steps.index(role) >= steps.index(PLACES[path]):
        assert status == 200
    else:
        assert status in (302, 403)  # Django's admin redirects whoever may not enter


@pytest.mark.django_db
def test_somebody_without_a_role_sees_nothing(client_of: ClientOf, accepted: MakeAvatar) -> None:
    nobody = client_of(None)
    avatar = accepted()
    for path in (
        "/",
        "/upload",
        "/review",
        "/status",
        "/tokens",
        "/feeds",
        "/notices",
        avatar.get_absolute_url(),
    ):
        assert nobody.get(path).status_code == 403
    assert nobody.get(f"/avatars/{avatar.pk}/still").status_code == 403
    assert nobody.get(avatar.thumbnail_url(96)).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, Role.VIEWER])
def test_who_may_not_make_avatars_can_not_send_a_photo_either(
    client_of: ClientOf, role: Role | None
) -> None:
    assert client_of(role).post("/upload", {"display_name": "Anna"}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "role"), [("review", Role.REVIEWER), ("choose", Role.ADMINISTRATOR)]
)
def test_buttons_are_closed_below_their_role(
    client_of: ClientOf, ready_avatar: MakeAvatar, action: str, role: Role
) -> None:
    steps = list(Role)
    address = f"/avatars/{ready_avatar().pk}/{action}"
    for lower in steps[: steps.index(role)]:
        assert client_of(lower).post(address).status_code == 403
    assert client_of(role).get(address).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.HELD, State.REFUSED])
def test_only_its_maker_or_an_administrator_sends_an_avatar_again(
    client_of: ClientOf, avatar: MakeAvatar, state: State
) -> None:
    found = avatar(state=state)
    address = f"/avatars/{found.pk}/again"
    for role in (Role.VIEWER, Role.CREATOR, Role.REVIEWER):
        assert client_of(role).post(address).status_code == 403
    found.refresh_from_db()
    assert found.state == state
    assert client_of(found.owner).post(address).status_code == 302
    found.refresh_from_db()
    assert found.state == State.QUEUED


@pytest.mark.django_db
def test_a_form_from_another_site_is_refused(client_of: ClientOf, ready_avatar: MakeAvatar) -> None:
    browser = client_of(Role.ADMINISTRATOR)
    browser.handler.enforce_csrf_checks = True
    address = f"/avatars/{ready_avatar().pk}/review"
    form = {"decision": "approved", "version": 0}
    assert browser.post(address, form).status_code == 403
