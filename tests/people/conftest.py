"""People to test with."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from dashboard.people.models import User
from dashboard.people.roles import Role, give

PASSWORD = "a-lamp-by-the-mirror-4"

MakePerson = Callable[..., User]
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def nobody_was_throttled_before() -> Iterator[None]:
    """Failed sign-ins are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def person(db: None) -> MakePerson:
    def make(name: str = "Ada", role: Role | None = Role.VIEWER) -> User:
        user = User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name)
        if role:
            give(user, role)
        return user

    return make


@pytest.fixture
def administrator(person: MakePerson) -> User:
    return person("Grace", Role.ADMINISTRATOR)


@pytest.fixture
def sign_in() -> SignIn:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
