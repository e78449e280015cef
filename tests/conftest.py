"""What every test may use: rooms of its own for files, people, avatars, and an Anam to script."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.db.models import DateTimeField, F, QuerySet
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django import Settings

from avatars.models import Avatar, Delivery, State, Weather, Webhook, Wish, Wording
from avatars.photos.inspect import inspect
from avatars.photos.prepare import Prepared, prepare
from avatars.services.accept import Wanted, accept
from dashboard.people.models import User
from dashboard.people.roles import Role, give
from tests.browser.chromium import chromium, place_of_chromium
from tests.photos import pictures

KEY = "key-under-test"

Handler = Callable[[httpx.Request], httpx.Response]
ScriptAnam = Callable[[Handler], None]
MakePerson = Callable[..., User]
ClientOf = Callable[..., Client]
MakeAvatar = Callable[..., Avatar]
_numbers = count(1)


@pytest.hookimpl(tryfirst=True)  # before -m chooses among them
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks the database: all else is no different on PostgreSQL."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if (
            "db" in fixtures
            or "transactional_db" in fixtures
            or item.get_closest_marker("django_db")
        ):
            item.add_marker("database")


@pytest.fixture(autouse=True)
def rooms(settings: Settings, tmp_path: Path) -> Path:
    """A data folder for each test: photos, the sandbox and everything else."""
    media = tmp_path / "media"
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": media}}
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = media
    settings.STORAGES = {**settings.STORAGES, "default": default}
    cache.clear()
    return tmp_path


@pytest.fixture
def anam(settings: Settings) -> ScriptAnam:
    """Go live, with an Anam that answers what the test's own function says."""

    def scripted(handler: Handler) -> None:
        settings.ANAM_API_KEY = KEY
        settings.REHEARSAL = False
        settings.ANAM_TRANSPORT = httpx.MockTransport(handler)

    return scripted


@pytest.fixture
def person(db: None) -> MakePerson:
    def make(role: Role | None = Role.VIEWER, name: str = "") -> User:
        name = name or f"Person {next(_numbers)}"
        address = f"{name.lower().replace(' ', '.')}@example.com"
        user = User.objects.create_user(address, name=name)
        if role:
            give(user, role)
        return user

    return make


@pytest.fixture
def client_of(person: MakePerson) -> ClientOf:
    """A browser in which somebody with the role, or the very person, is signed in."""

    def signed_in(who: Role | User) -> Client:
        client = Client()
        client.force_login(who if isinstance(who, User) else person(role=who))
        return client

    return signed_in


@pytest.fixture
def avatar(person: MakePerson) -> MakeAvatar:
    """A row alone, without files: in the sandbox and waiting to be sent, unless told otherwise."""

    def make(**fields: Any) -> Avatar:
        fields.setdefault("owner", None)
        owner = fields.pop("owner") or person(role=Role.CREATOR)
        defaults = {"display_name": f"Face {next(_numbers)}", "model": "cara-4", "rehearsal": True}
        return Avatar.objects.create(owner=owner, **{**defaults, **fields})

    return make


@pytest.fixture
def ready_avatar(avatar: MakeAvatar) -> MakeAvatar:
    """One that Anam has made."""

    def make(**fields: Any) -> Avatar:
        now = timezone.now()
        defaults = {
            "state": State.READY,
            "upstream_id": f"upstream-{next(_numbers)}",
            "ready_at": now,
            "refreshed_at": now,
        }
        return avatar(**{**defaults, **fields})

    return make


@pytest.fixture
def accepted(person: MakePerson) -> MakeAvatar:
    """A photo that has gone the whole way in: on disk, and a queued row."""

    def make(**fields: Any) -> Avatar:
        fields.setdefault("owner", None)
        owner = fields.pop("owner") or person(role=Role.CREATOR)
        name = f"Face {next(_numbers)}"
        defaults = {"display_name": name, "model": "cara-4", "prepared": prepared()}
        (made,) = accept(owner=owner, wanted=[Wanted(**{**defaults, **fields})])
        return made

    return make


@pytest.fixture
def wording(db: None) -> Wording:
    """What a migration brings, and a test with transactions of its own takes away."""
    return Wording.objects.get_or_create(number=1, defaults={"text": "I agree."})[0]


@lru_cache(maxsize=1)
def prepared() -> Prepared:
    """A small portrait, ready to be kept and sent."""
    photo = inspect(pictures.portrait_jpeg(400, 400)).photo
    assert photo
    return prepare(photo)


def at_once(work: Callable[[], object], times: int) -> list[object]:
    """Call `work` in that many threads that start together; its results or exceptions."""
    results: list[object] = []
    start = threading.Barrier(times)

    def run() -> None:
        start.wait()
        try:
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def time_passes(seconds: float) -> None:
    """Every moment in the rows lies that much further back."""
    for model in (Avatar, Weather, Wish, Webhook, Delivery):
        moments = [f.name for f in model._meta.fields if isinstance(f, DateTimeField)]
        model._base_manager.update(**{m: F(m) - timedelta(seconds=seconds) for m in moments})


def wipe(rows: QuerySet[Avatar]) -> None:
    """Take them out of the database with their history, which nothing in Greenroom can do."""
    keys = rows.values_list("pk", flat=True)
    ids = [pk.hex if connection.vendor == "sqlite" else pk for pk in keys]
    events = "select id from avatars_event where avatar_id = %s"
    with connection.cursor() as cursor:
        for pk in ids:
            cursor.execute(f"delete from avatars_notice where event_id in ({events})", [pk])
            for table in ("event", "look", "consent"):
                cursor.execute(f"delete from avatars_{table} where avatar_id = %s", [pk])
            cursor.execute("delete from avatars_avatar where id = %s", [pk])


def wipe_record() -> None:
    """Take out all events, which nothing in Greenroom can do: nobody in it can be deleted."""
    with connection.cursor() as cursor:
        for table in ("notice", "event"):
            cursor.execute(f"delete from avatars_{table}")


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# Not for the whole session: while Playwright's loop lives in this thread, no second one can begin
# and Django takes every database call in it for a mistake.
@pytest.fixture(scope="module")
def the_browser() -> Iterator[Browser]:
    place = place_of_chromium()
    if place is None:
        reason = "there is no Chromium on this machine (CHROMIUM may name one)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and in CI there must be")
        pytest.skip(reason)
    with chromium(place) as browser:
        yield browser
