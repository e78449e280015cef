"""Authenticator apps, recovery codes and passkeys, as far as a server sees them."""

import base64
import hmac
import re
import struct
import time
from xml.etree import ElementTree

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponseBase
from django.test import Client

from dashboard.people.models import User
from tests.people.conftest import PASSWORD, MakePerson

LOGIN = {"login": "ada@example.com", "password": PASSWORD}


@pytest.fixture
def ada(person: MakePerson) -> User:
    return person("Ada")


@pytest.fixture
def client(ada: User) -> Client:
    """Signed in, and the password given once more: changing factors asks for that."""
    client = Client()
    client.force_login(ada)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def app_code(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    mac = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def enrol(client: Client) -> str:
    """Switch the authenticator app on; its secret."""
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r'id="authenticator_secret"[^>]* value="(\w+)"', page)
    assert found
    assert answer(client, "/accounts/2fa/totp/activate/", found[1]).status_code == 302
    return found[1]


def answer(client: Client, path: str, secret: str) -> HttpResponseBase:
    """Post the app's code; twice, since one from the end of its half minute may arrive late."""
    response = client.post(path, {"code": app_code(secret)})
    if response.status_code != 302:
        response = client.post(path, {"code": app_code(secret)})
    return response


def test_the_code_of_the_app_switches_it_on_with_recovery_codes(client: Client, ada: User) -> None:
    enrol(client)
    kinds = set(Authenticator.objects.filter(user=ada).values_list("type", flat=True))
    assert kinds == {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    codes = client.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    assert len(codes) == 10
    assert all(code in page for code in codes)


def test_a_wrong_code_switches_nothing_on(client: Client) -> None:
    client.get("/accounts/2fa/totp/activate/")
    response = client.post("/accounts/2fa/totp/activate/", {"code": "nonsense"})
    assert "Incorrect code" in response.content.decode()
    assert not Authenticator.objects.exists()


def test_the_picture_to_scan_is_a_drawing_in_the_page(client: Client) -> None:
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    drawing = re.search(r"<svg[^>]*viewBox.*?</svg>", page)
    assert drawing
    assert ElementTree.fromstring(drawing[0]).find("{*}path") is not None
    assert "data:image" not in page
    assert "<?xml" not in page


def test_the_password_alone_no_longer_opens(client: Client) -> None:
    secret, fresh = enrol(client), Client()
    response = fresh.post("/accounts/login/", LOGIN | {"next": "/account"})
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert fresh.get(response["Location"]).status_code == 200
    assert fresh.get("/account").status_code == 302
    wrong = fresh.post("/accounts/2fa/authenticate/", {"code": "000"})
    assert "Incorrect code" in wrong.content.decode()
    assert fresh.get("/account").status_code == 302
    assert answer(fresh, "/accounts/2fa/authenticate/", secret)["Location"] == "/account"
    assert fresh.get("/account").status_code == 200


def test_a_recovery_code_opens_once(client: Client) -> None:
    enrol(client)
    codes = client.get("/accounts/2fa/recovery-codes/download/").content.decode().split()
    for expected in (302, 200):
        fresh = Client()
        fresh.post("/accounts/login/", LOGIN)
        answer = fresh.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert answer.status_code == expected


def test_factors_change_only_after_a_fresh_password(ada: User) -> None:
    stale = Client()
    stale.force_login(ada)
    for path in ("totp/activate/", "webauthn/add/"):
        response = stale.get(f"/accounts/2fa/{path}")
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/reauthenticate/")
    assert "Confirm" in stale.get("/accounts/reauthenticate/").content.decode()


def test_the_pages_of_passkeys_hold_what_their_scripts_want(client: Client) -> None:
    page = client.get("/accounts/2fa/webauthn/add/").content.decode()
    for wanted in ("mfa_webauthn_add", "id_credential", "id_passwordless", "js_data"):
        assert f'id="{wanted}"' in page
    front = Client().get("/accounts/login/").content.decode()
    for wanted in ("passkey_login", "mfa_login", "mfa_credential"):
        assert f'id="{wanted}"' in front


def test_a_stranger_may_begin_to_sign_in_by_passkey(db: None) -> None:
    answer = Client().get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["request_options"]["publicKey"]["challenge"]


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "not JSON",
        "1",
        '"words"',
        "[]",
        "{}",
        '{"id": "nonsense"}',
        '{"id": "bm9uc2Vuc2U", "rawId": "bm9uc2Vuc2U", "type": "public-key", "response": {}}',
        '{"id": "bm9uc2Vuc2U", "rawId": "bm9uc2Vuc2U", "type": "public-key", "response": 4}',
        '{"rawId": "bm9uc2Vuc2U", "type": "public-key", "response": {"clientDataJSON": "e30",'
        ' "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"}}',
    ],
)
def test_a_credential_that_is_nonsense_is_refused(db: None, nonsense: str) -> None:
    stranger = Client()
    stranger.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    response = stranger.post("/accounts/2fa/webauthn/login/", {"credential": nonsense})
    assert response["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in stranger.session


def test_every_page_of_factors_wears_our_look(client: Client) -> None:
    enrol(client)
    for path in (
        "",
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "webauthn/",
        "webauthn/add/",
        "reauthenticate/",
    ):
        response = client.get(f"/accounts/2fa/{path}")
        assert response.status_code == 200, path
        assert 'class="button' in response.content.decode(), path
