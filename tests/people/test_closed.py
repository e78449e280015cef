"""Every address of people and of allauth is closed, but for the doors named here."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from tests.people.conftest import MakePerson, SignIn

OPEN = {
    "setup",
    "invitation",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
EXAMPLES = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": "1",
    "slug": "code",
    "key": "1-a",
    "uidb36": "1",
}


def arguments(pattern: object) -> dict[str, str]:
    if isinstance(pattern, RegexPattern):
        return {name: EXAMPLES[name] for name in pattern.regex.groupindex}
    kinds = re.findall(r"<(\w+):(\w+)>", str(pattern))
    return {name: EXAMPLES[kind] for kind, name in kinds}


def addresses(resolver: URLResolver, **above: str) -> Iterator[tuple[str, str]]:
    """Name and path of everything under `resolver`."""
    for entry in resolver.url_patterns:
        known = above | arguments(entry.pattern)
        if isinstance(entry, URLPattern):
            assert entry.name, entry
            yield entry.name, reverse(entry.name, kwargs=known)
        else:
            yield from addresses(entry, **known)


ALL = [
    *addresses(get_resolver("dashboard.people.urls")),
    *addresses(get_resolver("allauth.urls")),
]


def leads_to_sign_in(client: Client, method: str, path: str) -> bool:
    response = client.generic(method, path)
    return response.status_code == 302 and response["Location"].startswith("/accounts/login/?next=")


def test_the_list_of_open_doors_names_doors_that_exist() -> None:
    assert {name for name, _ in ALL} >= OPEN
    assert len(ALL) > 30


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("name", "path"), ALL)
def test_a_stranger_reaches_the_open_doors_and_no_other(
    client: Client, name: str, path: str, method: str
) -> None:
    assert leads_to_sign_in(client, method, path) is (name not in OPEN)


@pytest.mark.parametrize(("name", "path"), ALL)
def test_no_page_carries_script_or_style_that_the_policy_forbids(
    person: MakePerson, sign_in: SignIn, name: str, path: str
) -> None:
    for visitor in (Client(), sign_in(person())):
        page = visitor.get(path, follow=True).content.decode()
        assert not re.search(r'\sstyle="|<style|javascript:|src="data:|\son\w+="', page)
        for script in re.findall(r"<script\b([^>]*)>", page):
            assert "src=" in script or 'type="application/json"' in script


def test_after_a_form_whose_session_was_over_people_come_back_to_its_page(client: Client) -> None:
    page = "http://testserver/avatars/1?tab=2"
    answer = client.post("/status/look", headers={"referer": page})
    assert answer.headers["Location"].endswith("?next=/avatars/1%3Ftab%3D2")
    for elsewhere in ("https://evil.example/", ""):
        answer = client.post("/status/look", headers={"referer": elsewhere})
        assert answer.headers["Location"].endswith("?next=/")
