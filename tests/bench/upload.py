"""What an upload costs the person who waits for it, against the photo work that can't be saved."""

from collections.abc import Iterator
from functools import partial

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from avatars.photos.inspect import inspect
from avatars.photos.prepare import prepare
from dashboard.people.roles import Role, give
from tests.photos.pictures import portrait_jpeg

from .stopwatch import milliseconds

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


def _photo_work(data: bytes) -> None:
    photo = inspect(data).photo
    assert photo
    prepare(photo)


def _post(client: Client, data: bytes) -> None:
    file = SimpleUploadedFile("portrait.jpg", data, "image/jpeg")
    answer = client.post("/upload", {"display_name": "Mia Vale", "image_file": file})
    assert answer.status_code == 302
