"""Does the gallery stay as fast when there are many avatars?"""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from avatars.models import Avatar, State
from avatars.views.place import Place
from dashboard.people.models import User
from dashboard.people.roles import Role, give

from .stopwatch import milliseconds

FEW, MANY = 24, 100_000


def measure() -> Iterator[str]:
    owner = User.objects.create_user("bench@example.com", "a-bench-in-the-park-9")
    give(owner, Role.VIEWER)
    client = Client()
    client.force_login(owner)
    _fill(owner, FEW)
    few = milliseconds(lambda: client.get("/"))
    _fill(owner, MANY - FEW)
    many = milliseconds(lambda: client.get("/"))
    place = Place.of(Avatar.objects.order_by("created_at", "id")[100]).text
    deep = milliseconds(lambda: client.get("/", {"before": place}))
    state = milliseconds(lambda: client.get("/", {"state": "ready"}))
    search = milliseconds(lambda: client.get("/", {"q": "nobody has this name"}), runs=3)
    yield f"gallery, {FEW} avatars          {few:8.1f} ms   1.00 x"
    for name, value in (
        (f"gallery, {MANY} avatars", many),
        ("  its last page", deep),
        ("  filtered by state", state),
        ("  a search without a hit", search),
    ):
        yield f"{name:30s} {value:8.1f} ms   {value / few:.2f} x"


def _fill(owner: User, count: int) -> None:
    now = timezone.now()
    Avatar.objects.bulk_create(
        (
            Avatar(
                owner=owner,
                display_name=f"Person {number}",
                model="cara-4",
                rehearsal=True,
                state=State.READY,
                photo="photos/none.jpg",
                photo_sha256=uuid.uuid4().hex * 2,
                created_at=now - timedelta(seconds=number),
                upstream_id=str(uuid.uuid4()),
            )
            for number in range(count)
        ),
        batch_size=2000,
    )
