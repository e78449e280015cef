"""Passkeys in a real Chromium with a built-in authenticator, under the content policy."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from avatars.models import Event, Kind
from dashboard.people.models import User
from tests.people.conftest import PASSWORD, MakePerson

# Playwright's loop runs in the thread that also asks the database for test rows.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def context(the_browser: Browser) -> Iterator[BrowserContext]:
    context = the_browser.new_context()
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def ada(transactional_db: None, person: MakePerson) -> User:
    return person("Ada")


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the console says; a broken policy or script lands here."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    assert heard == []


@pytest.fixture
def authenticator(context: BrowserContext, page: Page) -> None:
    """A fingerprint reader in the machine that always says yes."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in_by_password(page: Page, house: str) -> None:
    page.goto(f"{house}/accounts/login/")
    page.fill("[name=login]", "ada@example.com")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_added_and_opens_the_door_alone_and_as_second_factor(
    page: Page,
    context: BrowserContext,
    live_server: LiveServer,
    ada: User,
    authenticator: None,
    complaints: list[str],
) -> None:
    house = live_server.url
    sign_in_by_password(page, house)
    page.goto(f"{house}/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.check("[name=passwordless]")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/")

    context.clear_cookies()
    page.goto(f"{house}/accounts/login/?next=/account")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{house}/account")

    context.clear_cookies()
    sign_in_by_password(page, house)
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(f"{house}/")

    said = [(event.kind, event.detail) for event in Event.objects.order_by("id")]
    assert said == [
        (Kind.SIGNED_IN, {"with": "password"}),
        (Kind.FACTOR_ADDED, {"factor": "security key"}),
        (Kind.CODES_MADE, {}),
        (Kind.SIGNED_IN, {"with": "passkey"}),
        (Kind.SIGNED_IN, {"with": "password and security key"}),
    ]


def test_a_passkey_that_fails_is_said_on_the_page(
    page: Page, live_server: LiveServer, ada: User, complaints: list[str]
) -> None:
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new Error('no'))")
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("The passkey did not work").wait_for()


def test_without_scripts_the_door_offers_the_password_alone(
    the_browser: Browser, live_server: LiveServer, ada: User
) -> None:
    context = the_browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in_by_password(page, live_server.url)
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/account")
    assert page.get_by_role("heading", name="Your account").is_visible()
    context.close()
