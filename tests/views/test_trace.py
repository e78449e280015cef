"""One id leads through a page, the worker that goes on with it, Anam, the record and the log."""

import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from avatars import trace
from avatars.models import Avatar, Event, Kind, State
from avatars.tasks import run_errands, send_due
from avatars.trace import HEADER
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, ScriptAnam
from tests.photos import pictures
from tests.tracing import Calls, ids, line_with, listening, log_lines
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db
GIVEN = "given-by-a-proxy-1"


@pytest.fixture
def log() -> Iterator[StringIO]:
    with log_lines() as lines:
        yield lines


@pytest.fixture
def heard(anam: ScriptAnam) -> Calls:
    return listening(anam)


def send(desk: Client, **headers: str) -> Any:
    photo = SimpleUploadedFile("anna.jpg", pictures.portrait_jpeg(400, 400))
    form = {"display_name": "Anna Berg", "image_file": photo}
    return desk.post("/upload", form, headers=headers)


def test_a_create_has_one_id_from_the_upload_to_the_end(
    client_of: ClientOf, heard: Calls, log: StringIO
) -> None:
    upload = send(client_of(Role.CREATOR))[HEADER]
    assert len(upload) == 32
    avatar = Avatar.objects.get()
    send_due.call()  # by a worker, which knows of no request
    assert heard == [("POST", upload)]
    assert ids(avatar, Kind.UPLOADED, Kind.SENDING, Kind.REFUSED) == {upload}
    assert f"[{upload}]" in line_with(log, "was not created")
    assert trace.current() == ""


def test_another_try_goes_on_under_its_own_id(client_of: ClientOf, heard: Calls) -> None:
    first = send(client_of(Role.CREATOR))[HEADER]
    avatar = Avatar.objects.get()
    send_due.call()
    again = client_of(avatar.owner).post(f"/avatars/{avatar.pk}/again")[HEADER]
    send_due.call()
    assert [trace for _, trace in heard] == [first, again]
    assert ids(avatar, Kind.AGAIN, Kind.CREATED) == {again} != {first}


def test_a_rename_has_one_id_from_the_form_to_anam(
    client_of: ClientOf, ready_avatar: MakeAvatar, anam: ScriptAnam
) -> None:
    heard: Calls = []

    def answer(request: httpx.Request) -> httpx.Response:
        heard.append((request.method, request.headers.get(HEADER, "")))
        return httpx.Response(200, json=described("Bea", id="at-anam"))

    anam(answer)
    avatar = ready_avatar(rehearsal=False, upstream_id="at-anam")
    office = client_of(Role.ADMINISTRATOR)
    rename = office.post(f"/avatars/{avatar.pk}/rename", {"display_name": "Bea"})[HEADER]
    run_errands.call()
    assert heard == [("PUT", rename)]
    assert ids(avatar, Kind.RENAMED, Kind.RENAME_TOLD) == {rename}


@pytest.mark.parametrize("given", [GIVEN, "0" * 32, "a.b-c_d8"])
def test_an_id_from_a_proxy_is_kept_when_it_looks_like_one(client: Client, given: str) -> None:
    assert client.get("/healthz", headers={HEADER: given})[HEADER] == given


@pytest.mark.parametrize(
    "given",
    ["", "short", "x" * 33, "with blanks in it", "<script>alert(1)", "a;b;c;d;e;f", "ü" * 9],
)
def test_what_is_no_id_is_replaced_by_one(client_of: ClientOf, given: str) -> None:
    response = send(client_of(Role.CREATOR), **{HEADER: given})
    assert response[HEADER] != given
    assert len(response[HEADER]) == 32
    assert ids(Avatar.objects.get(), Kind.UPLOADED) == {response[HEADER]}


@pytest.mark.parametrize("path", ["/", "/nowhere", "/accounts/login/", "/v1/avatars", "/readyz"])
def test_every_answer_has_an_id_and_each_its_own(client: Client, path: str) -> None:
    first, second = client.get(path)[HEADER], client.get(path)[HEADER]
    assert len(first) == len(second) == 32
    assert first != second


def test_a_line_of_no_request_has_none(log: StringIO) -> None:
    logging.getLogger("avatars").warning("by itself")
    assert "[-]: by itself" in log.getvalue()


def test_what_greenroom_does_by_itself_with_an_avatar_has_the_id_that_set_it_on(
    ready_avatar: MakeAvatar,
) -> None:
    avatar = ready_avatar(trace=GIVEN, state=State.READY)
    Event.objects.create(avatar=avatar, kind=Kind.GONE)
    with trace.under("another-request"):
        Event.objects.create(avatar=avatar, kind=Kind.BACK)
    assert ids(avatar, Kind.GONE) == {GIVEN}
    assert ids(avatar, Kind.BACK) == {"another-request"}
    assert ids(avatar, Kind.GONE, Kind.BACK) == {GIVEN, "another-request"}
