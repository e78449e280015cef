"""The five calls: what leaves us, and what each answer becomes."""

import json
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Any

import httpx
import pytest
from pytest_django import Settings

from avatars.upstream.client import Upstream, connect
from avatars.upstream.connection import ANSWER_BYTES_MAX
from avatars.upstream.errors import (
    Cause,
    Held,
    Missing,
    NotSent,
    OutcomeUnknown,
    Refused,
    Unintelligible,
)
from tests.conftest import KEY
from tests.photos import pictures
from tests.upstream.answers import create, described, listed, upstream


class Recorder:
    """Answers every request alike and remembers what came."""

    def __init__(self, answer: Callable[[], httpx.Response]) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return self._answer()

    @property
    def only(self) -> httpx.Request:
        (request,) = self.requests
        return request


def made(**fields: Any) -> Callable[[], httpx.Response]:
    return lambda: httpx.Response(201, json=described(**fields))


def parts_of(request: httpx.Request) -> dict[str, Message]:
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + request.content).get_payload()
    assert isinstance(parts, list)
    named = [part for part in parts if isinstance(part, Message)]
    return {str(part.get_param("name", header="Content-Disposition")): part for part in named}


def test_a_create_carries_the_exact_bytes_with_their_name_and_type() -> None:
    photo = pictures.portrait_png(300, 300)
    seen = Recorder(made())
    create(upstream(seen), photo=photo, content_type="image/png", filename="portrait.png")
    file = parts_of(seen.only)["imageFile"]
    assert file.get_payload(decode=True) == photo
    assert file.get_content_type() == "image/png"
    assert file.get_filename() == "portrait.png"


def test_a_create_says_name_and_model() -> None:
    seen = Recorder(made())
    create(upstream(seen), display_name="Zoë — 李", model="cara-3")
    parts = parts_of(seen.only)
    assert set(parts) == {"displayName", "avatarModel", "imageFile"}
    assert parts["displayName"].get_payload(decode=True) == "Zoë — 李".encode()
    assert parts["avatarModel"].get_payload(decode=True) == b"cara-3"
    assert (seen.only.method, str(seen.only.url)) == ("POST", "https://anam.test/v1/avatars")


def test_without_a_model_the_field_is_left_out() -> None:
    seen = Recorder(made())
    create(upstream(seen), model="")
    assert set(parts_of(seen.only)) == {"displayName", "imageFile"}


def test_the_key_goes_into_the_authorization_header_alone() -> None:
    seen = Recorder(made())
    create(upstream(seen))
    headers = {name: value for name, value in seen.only.headers.items() if KEY in value}
    assert headers == {"authorization": f"Bearer {KEY}"}
    assert KEY not in str(seen.only.url)
    assert KEY.encode() not in seen.only.content


def test_a_created_avatar_is_read_from_the_answer() -> None:
    answer = create(upstream(Recorder(made(id="a-1", name="Anna Berg"))))
    assert (answer.id, answer.display_name) == ("a-1", "Anna Berg")


@pytest.mark.parametrize(
    "body", [b"", b"<html>Checking your browser</html>", b'{"ok": true}', b"7"]
)
def test_a_success_that_can_not_be_read_is_in_doubt(body: bytes) -> None:
    with pytest.raises(Unintelligible) as caught:
        create(upstream(lambda _: httpx.Response(201, content=body)))
    assert isinstance(caught.value, OutcomeUnknown)


def test_a_missing_endpoint_is_a_fault_of_the_address() -> None:
    with pytest.raises(Held) as caught:
        create(upstream(lambda _: httpx.Response(404, json={"message": "Not found"})))
    assert caught.value.cause == Cause.ADDRESS


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_not_even_by_a_read(status: int) -> None:
    target = {"Location": "https://evil.example/v1/avatars"}
    for call in (create, lambda anam: anam.get("a-1")):
        seen = Recorder(lambda: httpx.Response(status, headers=target))
        with pytest.raises(Held) as caught:
            call(upstream(seen))
        assert caught.value.cause == Cause.ADDRESS
        assert seen.only.url.host == "anam.test"


def test_an_endless_answer_is_given_up() -> None:
    body = b"x" * (ANSWER_BYTES_MAX + 1)
    with pytest.raises(OutcomeUnknown):
        upstream(lambda _: httpx.Response(200, content=body)).list()


def test_an_error_page_is_never_quoted() -> None:
    page = b"<html><body><h1>403 Forbidden</h1><script>alert(1)</script></body></html>"
    with pytest.raises(Refused) as caught:
        create(upstream(lambda _: httpx.Response(413, content=page)))
    assert (caught.value.cause, caught.value.said) == (Cause.TOO_LARGE, "")


def test_an_id_can_not_lead_to_another_address() -> None:
    seen = Recorder(lambda: httpx.Response(200, json=described()))
    upstream(seen).get("../personas?x=1#y")
    assert seen.only.url.raw_path == b"/v1/avatars/..%2Fpersonas%3Fx%3D1%23y"


def test_an_unknown_avatar_is_missing() -> None:
    with pytest.raises(Missing):
        upstream(lambda _: httpx.Response(404, json={"error": "Avatar not found"})).get("a-1")


def test_a_list_asks_for_custom_avatars_by_name() -> None:
    seen = Recorder(lambda: listed(described("Anna Berg"), following=3))
    page = upstream(seen).list(page=2, search="Anna Berg")
    assert dict(seen.only.url.params) == {
        "page": "2",
        "perPage": "100",
        "search": "Anna Berg",
        "onlyOneShot": "true",
    }
    assert [avatar.display_name for avatar in page.avatars] == ["Anna Berg"]
    assert page.next == 3


def test_an_empty_list_may_be_a_404() -> None:
    page = upstream(lambda _: httpx.Response(404, json={"message": "No avatars"})).list()
    assert (page.avatars, page.next) == ((), None)


def test_a_rename_sends_the_name_alone() -> None:
    seen = Recorder(lambda: httpx.Response(200, json=described("Anna")))
    assert upstream(seen).rename("a-1", "Anna").display_name == "Anna"
    assert (seen.only.method, json.loads(seen.only.content)) == ("PUT", {"displayName": "Anna"})


@pytest.mark.parametrize(("hard", "query"), [(False, {}), (True, {"hard": "true"})])
def test_a_delete_is_soft_unless_told_otherwise(hard: bool, query: dict[str, str]) -> None:
    seen = Recorder(lambda: httpx.Response(200, json={"message": "deleted"}))
    upstream(seen).delete("a-1", hard=hard)
    assert (seen.only.method, dict(seen.only.url.params)) == ("DELETE", query)


@pytest.mark.parametrize("address", ["ftp://anam.test", "anam.test"])
def test_an_address_that_is_none_sends_nothing(address: str) -> None:
    with pytest.raises(NotSent) as caught:
        create(Upstream(address, KEY, None))
    assert caught.value.cause == Cause.ADDRESS


def test_a_real_avatar_without_a_key_is_held(settings: Settings) -> None:
    settings.ANAM_API_KEY = ""
    with pytest.raises(Held) as caught:
        connect(rehearsal=False)
    assert caught.value.cause == Cause.KEY


@pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_what_fails_before_the_first_byte_was_not_sent(failure: type[Exception]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise failure("no")

    with pytest.raises(NotSent):
        create(upstream(fail))


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.ReadError,
        httpx.WriteError,
        httpx.CloseError,
        httpx.RemoteProtocolError,
        httpx.LocalProtocolError,
        httpx.DecodingError,
    ],
)
def test_what_fails_later_is_in_doubt(failure: type[Exception]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise failure("no")

    with pytest.raises(OutcomeUnknown):
        create(upstream(fail))


@pytest.mark.parametrize(
    "spelling",
    ["sk/canary+x==", r"sk\/canary+x==", r"\u0073k/canary\u002Bx==", r"sk\u002fcanary+x=="],
)
def test_a_key_that_the_upstream_echoes_is_hidden_however_it_is_written(spelling: str) -> None:
    body = f'{{"error": "your key is {spelling}"}}'.encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(401, content=body))
    with pytest.raises(Held) as caught:
        Upstream("https://api.anam.ai", "sk/canary+x==", transport).get("a-1")
    assert caught.value.said == "your key is [key]"
