"""A Greenroom with something behind each door, and people of every role in front of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from avatars import tokens
from avatars.models import (
    Approval,
    Avatar,
    Delivery,
    DeliveryState,
    Difference,
    Draft,
    Feed,
    Right,
    State,
    Token,
    Topic,
    Webhook,
)
from avatars.services import drafts, feeds
from avatars.services.accept import Wanted, accept
from avatars.upstream.client import REHEARSAL_PATH, connect
from dashboard.people import invitations
from dashboard.people.models import Invitation, User
from dashboard.people.roles import Role, give
from tests.conftest import KEY, files_in, prepared
from tests.photos import pictures
from tests.upstream.answers import described, listed

from .papers import Papers, papers_of

PASSWORD = "a-lamp-by-the-mirror-4"
_A_DAY = timedelta(days=1)


class Who(StrEnum):
    """The columns. Whoever has an account may also come to something of their own."""

    STRANGER = "stranger"
    DEACTIVATED = "deactivated"
    NO_ROLE = "no role"
    VIEWER = "viewer"
    CREATOR = "creator"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


# The deactivated one was an administrator: whoever is out has lost the most.
_ROLES = {
    Who.DEACTIVATED: Role.ADMINISTRATOR,
    Who.VIEWER: Role.VIEWER,
    Who.CREATOR: Role.CREATOR,
    Who.REVIEWER: Role.REVIEWER,
    Who.ADMINISTRATOR: Role.ADMINISTRATOR,
}


@dataclass
class House:
    """Rows of somebody else's, to be handed over to whoever comes to something of their own.

    `session_of_old`: a viewer's, whose password was given long ago.
    """

    folder: Path
    other: User
    people: dict[Who, User]
    avatar: Avatar
    second: Avatar
    feed: Feed
    webhook: Webhook
    delivery: Delivery
    difference: Difference
    token: Token
    key: Authenticator
    invitation: Invitation
    invitation_code: str
    picture: str
    papers: Papers
    draft: Draft
    session_of_old: str = ""
    client: Client = field(default_factory=Client)
    sessions: dict[Who, str] = field(default_factory=dict)
    tokens: dict[Who, str] = field(default_factory=dict)
    files: dict[Path, bytes] = field(default_factory=dict)

    def belongs_to(self, owner: User) -> None:
        """From now on the avatar is theirs, and so are the photo call and what lies on the desk."""
        Draft.objects.filter(pk=self.draft.pk).update(owner=owner)
        Avatar.objects.filter(pk=self.avatar.pk).update(owner=owner)
        self.papers.belong_to(owner)

    def put_back(self) -> None:
        """The files, which no rollback brings back."""
        for path in files_in(settings.MEDIA_ROOT):
            if path not in self.files:
                path.unlink()
        for path, data in self.files.items():
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)


@contextmanager
def open_house(arrange: Callable[["House"], object]) -> Iterator[House]:
    """Live, with an Anam that answers everything, once `arrange` has had it.

    Nothing of it outlives the block.
    """
    with (
        TemporaryDirectory(prefix="house-") as folder,
        override_settings(**_live(Path(folder))),
        transaction.atomic(),
    ):
        house = _furnished(Path(folder))
        arrange(house)
        house.files = {path: path.read_bytes() for path in files_in(settings.MEDIA_ROOT)}
        cache.clear()
        yield house
        transaction.set_rollback(True)


def _live(folder: Path) -> dict[str, Any]:
    media = folder / "media"
    storages: dict[str, Any] = settings.STORAGES
    place = {**storages["default"], "OPTIONS": {"location": media}}
    return {
        "DATA_DIR": folder,
        "MEDIA_ROOT": media,
        "STORAGES": {**storages, "default": place},
        "ANAM_API_KEY": KEY,
        "REHEARSAL": False,
        "ANAM_TRANSPORT": httpx.MockTransport(_anam),
        # Everybody has just given their password, however slow the machine is.
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 86_400,
    }


def _anam(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if path.endswith("/session-token"):
        return httpx.Response(200, json={"sessionToken": "header.a-session.signature"})
    if path.endswith("/engine/session"):
        return httpx.Response(200, json={"sessionId": "s"})
    if path.endswith("/avatars"):
        return listed()
    return httpx.Response(200, json=described(id=path.rsplit("/", maxsplit=1)[-1]))


def _furnished(folder: Path) -> House:
    people = {who: _person(str(who), _ROLES.get(who)) for who in list(Who)[1:]}
    other = _person("somebody else", Role.CREATOR)
    administrator = people[Who.ADMINISTRATOR]
    avatar, second = _face(other, "Anna Berg"), _face(other, "Mia Blum")
    invitation, code = invitations.invite(administrator, Role.VIEWER, email="", days=1)
    webhook = Webhook.objects.create(url="https://www.example.com/hook", topics=list(Topic))
    house = House(
        folder=folder,
        other=other,
        people=people,
        avatar=avatar,
        second=second,
        feed=_feed(avatar, second, administrator),
        webhook=webhook,
        delivery=Delivery.objects.create(
            webhook=webhook,
            topic=Topic.READY,
            avatar=avatar,
            happened_at=timezone.now(),
            state=DeliveryState.FAILED,
        ),
        difference=Difference.objects.create(
            rehearsal=False,
            kind=Difference.Kind.ONLY_THERE,
            upstream_id="44444444-4444-4444-8444-444444444444",
            detail={"upstream": {"displayName": "Only there"}},
        ),
        token=_token(other)[0],
        key=Authenticator.objects.create(
            user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "Key 1", "credential": {}}
        ),
        invitation=invitation,
        invitation_code=code,
        picture=connect(rehearsal=True)
        .list(custom_only=False)
        .avatars[0]
        .image_url.removeprefix(f"{REHEARSAL_PATH}/media/"),
        papers=papers_of(avatar, other, people.values()),
        draft=drafts.put(other, "k", "clara.png", pictures.noise_png(300)),
    )
    _bring_in(house)
    return house


def _person(name: str, role: Role | None) -> User:
    address = f"{name.replace(' ', '.')}@example.com"
    person = User.objects.create_user(address, PASSWORD, name=name.capitalize())
    if role:
        give(person, role)
    return person


def _face(owner: User, name: str) -> Avatar:
    """Made, approved, and with everything to look at."""
    (avatar,) = accept(owner=owner, wanted=[Wanted(name, "cara-4", prepared())])
    now = timezone.now()
    Avatar.objects.filter(pk=avatar.pk).update(
        state=State.READY,
        approval=Approval.APPROVED,
        upstream_id=str(avatar.pk),
        upstream={"displayName": name},
        video_url="https://media.anam.ai/preview.mp4",
        ready_at=now,
        refreshed_at=now,
    )
    avatar.refresh_from_db()
    return avatar


def _feed(first: Avatar, then: Avatar, by: User) -> Feed:
    """With something to undo."""
    feed = feeds.open_feed("support", first, "", by)
    feed.refresh_from_db()
    feeds.swap(feed, then, "", by)
    feed.refresh_from_db()
    return feed


def _token(owner: User) -> tuple[Token, str]:
    text = tokens.new_token()
    row = Token.objects.create(
        owner=owner,
        name="A program",
        rights=list(Right),
        rate=10_000,
        digest=tokens.digest(text),
        hint=text[: tokens.HINT],
        expires_at=timezone.now() + _A_DAY,
    )
    return row, text


def _bring_in(house: House) -> None:
    """A session of a moment ago and a token with every right for each, then one is put out."""
    for who, person in house.people.items():
        browser = Client()
        browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
        house.sessions[who] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        house.tokens[who] = _token(person)[1]
    out = house.people[Who.DEACTIVATED]
    User.objects.filter(pk=out.pk).update(is_active=False)
    browser = Client()
    browser.force_login(house.people[Who.VIEWER])
    house.session_of_old = browser.cookies[settings.SESSION_COOKIE_NAME].value
