"""What people and Greenroom do in a drill, in the process at hand."""

import time
from functools import cache
from secrets import token_hex

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.management.commands.db_worker import Worker

from avatars.models import Avatar, State
from avatars.photos.inspect import inspect
from avatars.photos.prepare import Prepared, prepare
from avatars.services.accept import Wanted
from avatars.tasks import sweep
from dashboard.people.models import User
from dashboard.people.roles import Role, give
from tests.photos import pictures


@cache
def photo() -> bytes:
    return pictures.portrait_jpeg(280, 280)


@cache
def prepared() -> Prepared:
    found = inspect(photo()).photo
    assert found
    return prepare(found)


def wanted(name: str) -> Wanted:
    return Wanted(display_name=name, model="cara-4", prepared=prepared())


def maker(name: str) -> User:
    """Somebody new who may make avatars."""
    address = f"{name.lower().replace(' ', '.')}@example.com"
    user = User.objects.create_user(address, name=name)
    give(user, Role.ADMINISTRATOR)
    return user


def session_of(user: User) -> str:
    """The cookie of a browser in which they are signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def press_the_button(session: str, name: str, wish: str) -> int:
    """Send the form as scripts do, which are not asked about a known photo; the status."""
    client = Client(SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    file = SimpleUploadedFile("portrait.jpg", photo(), "image/jpeg")
    form = {"display_name": name, "avatar_model": "cara-4", "image_file": file, "wish": wish}
    return client.post("/upload", form, headers={"Accept": "application/json"}).status_code


def work_off_the_queue() -> None:
    """As the worker does, until no task is left that is to be done now."""
    Worker(
        queue_names=["creates", "default"],
        interval=0.0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=token_hex(16),
        excluded_queue_names=[],
    ).run()


def sweep_until_calm(seconds: float) -> None:
    """Sweep and work until every avatar is ready, at most that long."""
    give_up = time.monotonic() + seconds
    while True:
        sweep()
        work_off_the_queue()
        if not Avatar.objects.exclude(state=State.READY).exists() or time.monotonic() > give_up:
            return
        time.sleep(0.1)
