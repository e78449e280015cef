"""What a create through `/v1` costs, against what can't be saved: parse, decode, forward."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from io import BytesIO
from itertools import count

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import override_settings
from django.utils import timezone
from PIL import Image

from avatars import tokens
from avatars.models import Right, Token
from avatars.upstream.client import connect
from dashboard.people.roles import Role, give
from tests.drills.slow_anam import slow_anam
from tests.photos.pictures import portrait_jpeg

from .stopwatch import milliseconds

SIDES = (1633, 1225)  # 2 megapixels
_numbers = count(1)


def measure() -> Iterator[str]:
    data = portrait_jpeg(*SIDES)
    with ExitStack() as stack:
        anam = stack.enter_context(slow_anam(0.0))
        live = {"ANAM_API_URL": anam.settings["ANAM_API_URL"], "ANAM_API_KEY": "a-key"}
        stack.enter_context(override_settings(REHEARSAL=False, **live))
        program = Client(headers={"Authorization": f"Bearer {_token()}"})
        floor = milliseconds(partial(_floor, data))
        whole = milliseconds(partial(_create, program, data))
    yield f"parse, decode, forward, 2 MP   {floor:8.1f} ms   1.00 x"
    yield f"create through /v1             {whole:8.1f} ms   {whole / floor:.2f} x"


def _token() -> str:
    owner = get_user_model().objects.create_user("program@example.com", "a-bench-in-the-park-9")
    give(owner, Role.CREATOR)
    text = tokens.new_token()
    Token.objects.create(
        owner=owner,
        name="Bench",
        digest=tokens.digest(text),
        hint=text[: tokens.HINT],
        rights=[Right.CREATE],
        rate=settings.TOKEN_RATE,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return text


def _floor(data: bytes) -> None:
    body = encode_multipart(BOUNDARY, _form(data))
    meta = {"CONTENT_TYPE": MULTIPART_CONTENT, "CONTENT_LENGTH": str(len(body))}
    fields, files = MultiPartParser(meta, BytesIO(body), [MemoryFileUploadHandler()]).parse()
    photo = files.getlist("imageFile")[0].read()
    Image.open(BytesIO(photo), formats=["JPEG"]).load()
    connect(rehearsal=False).create(
        display_name=fields.getlist("displayName")[0],
        model="cara-4",
        photo=photo,
        content_type="image/jpeg",
        filename="portrait.jpg",
    )


def _create(program: Client, data: bytes) -> None:
    answer = program.post("/v1/avatars", _form(data))
    assert answer.status_code == 201, answer.content


def _form(data: bytes) -> dict[str, object]:
    photo = SimpleUploadedFile("portrait.jpg", data, "image/jpeg")
    return {"displayName": f"Face {next(_numbers)}", "imageFile": photo}
