"""What an upload costs the person who waits for it, against the photo work that can't be saved."""

import time
from collections.abc import Iterator
from functools import partial

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from avatars.models import Draft
from avatars.photos.inspect import inspect
from avatars.photos.prepare import prepare
from dashboard.people.roles import Role, give
from tests.photos.pictures import portrait_jpeg

from .stopwatch import milliseconds

DRAFTS = 20
SIDES = {"1.4 MP": (1200, 1200), "12 MP": (4000, 3000)}


def measure() -> Iterator[str]:
    maker = get_user_model().objects.create_user("maker@example.com", "a-bench-in-the-park-9")
    give(maker, Role.CREATOR)
    client = Client()
    client.force_login(maker)
    for name, (width, height) in SIDES.items():
        data = portrait_jpeg(width=width, height=height)
        floor = milliseconds(partial(_photo_work, data), runs=5)
        whole = milliseconds(partial(_post, client, data), runs=5)
        yield f"photo work, {name:18s} {floor:8.1f} ms   1.00 x"
        yield f"upload until the answer        {whole:8.1f} ms   {whole / floor:.2f} x"
        card = milliseconds(partial(_put, client, data), runs=5)
        yield f"put on the desk until its card {card:8.1f} ms   {card / floor:.2f} x"
        made = _made_from_the_desk(client, data)
        yield f"made from the desk, each of {DRAFTS} {made:8.1f} ms   {made / floor:.2f} x"


def _photo_work(data: bytes) -> None:
    photo = inspect(data).photo
    assert photo
    prepare(photo)


def _put(client: Client, data: bytes) -> None:
    file = SimpleUploadedFile("portrait.jpg", data, "image/jpeg")
    answer = client.post("/desk/put", {"image_file": file}, headers={"Accept": "application/json"})
    assert answer.status_code == 201


def _made_from_the_desk(client: Client, data: bytes) -> float:
    """Milliseconds for each of those that one press makes."""
    Draft.objects.all().delete()
    for _ in range(DRAFTS):
        _put(client, data)
    Draft.objects.update(keeps_both=True)
    ids = [str(pk) for pk in Draft.objects.values_list("pk", flat=True)]
    begun = time.perf_counter()
    answer = client.post("/upload", {"draft": ids, "avatar_model": "cara-4"})
    assert answer.status_code == 302
    return (time.perf_counter() - begun) * 1000 / DRAFTS


def _post(client: Client, data: bytes) -> None:
    file = SimpleUploadedFile("portrait.jpg", data, "image/jpeg")
    form = {"display_name": "Mia Vale", "image_file": file}
    answer = client.post("/upload", form, headers={"Accept": "application/json"})
    assert answer.status_code == 202
