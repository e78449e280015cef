"""Programs with tokens, and the calls they make."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from avatars import tokens
from avatars.api.waiting import LOOKOUT
from avatars.models import Right, Token
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakePerson
from tests.photos import pictures

ALL = tuple(Right)
MakeToken = Callable[..., tuple[Token, str]]


@pytest.fixture(autouse=True)
def lookout_at_rest() -> Iterator[None]:
    """Its thread closes its own connection, which the test's database must outlive."""
    yield
    give_up = time.monotonic() + 5
    while LOOKOUT.is_awake and time.monotonic() < give_up:
        time.sleep(0.02)


class Program:
    """A client of Anam's that was pointed at Greenroom."""

    def __init__(self, text: str, token: Token | None = None) -> None:
        self.token = token
        self.http = Client(headers={"Authorization": f"Bearer {text}"} if text else {})

    @property
    def person(self) -> User:
        assert self.token
        person: User = self.token.owner
        return person

    def create(self, name: str = "Anna Berg", *, headers: Any = None, **fields: Any) -> Any:
        form = {"displayName": name, "imageFile": photo(), **fields}
        kept = {field: value for field, value in form.items() if value is not None}
        return self.http.post("/v1/avatars", kept, headers=headers)

    def create_from(self, url: str, name: str = "Anna Berg", **fields: Any) -> Any:
        return self.post("avatars", {"displayName": name, "imageUrl": url, **fields})

    def get(self, path: str, **options: Any) -> Any:
        return self.http.get(f"/v1/{path}", **options)

    def post(self, path: str, body: Any, **options: Any) -> Any:
        return self.http.post(f"/v1/{path}", body, content_type="application/json", **options)

    def put(self, path: str, body: Any) -> Any:
        return self.http.put(f"/v1/{path}", body, content_type="application/json")

    def delete(self, path: str) -> Any:
        return self.http.delete(f"/v1/{path}")


def photo(data: bytes | None = None, kind: str = "image/jpeg") -> SimpleUploadedFile:
    data = pictures.portrait_jpeg(400, 400) if data is None else data
    return SimpleUploadedFile("anna.jpg", data, content_type=kind)


@pytest.fixture
def make_token(person: MakePerson) -> MakeToken:
    def make(*rights: Right, owner: User | None = None, **fields: Any) -> tuple[Token, str]:
        text = tokens.new_token()
        defaults = {
            "name": "A program",
            "rate": 10_000,
            "expires_at": timezone.now() + timedelta(days=1),
        }
        token = Token.objects.create(
            owner=owner or person(role=Role.REVIEWER),
            rights=list(rights or ALL),
            digest=tokens.digest(text),
            hint=text[: tokens.HINT],
            **{**defaults, **fields},
        )
        return token, text

    return make


@pytest.fixture
def program(make_token: MakeToken) -> Program:
    """One with every right, of somebody who makes avatars and reviews them."""
    token, text = make_token()
    return Program(text, token)
