"""`POST /v1/avatars` does what Anam does, and leaves the record that the page leaves."""

import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Avatar, Event, Kind, Right, State, Wish
from avatars.services import wishes
from avatars.tasks import send_due
from tests.api.conftest import MakeToken, Program, photo
from tests.conftest import MakeAvatar, ScriptAnam, at_once
from tests.photos import pictures
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db

# Anam's reference of April 2026.
FIELDS = {
    "id",
    "displayName",
    "variantName",
    "imageUrl",
    "videoUrl",
    "createdAt",
    "updatedAt",
    "createdByOrganizationId",
    "availableVersions",
    "activeVersion",
}


def test_a_file_becomes_an_avatar_with_all_of_the_vendors_fields(program: Program) -> None:
    response = program.create(avatarModel="cara-3")
    avatar = Avatar.objects.get()
    assert response.status_code == 201
    assert set(response.json()) >= FIELDS
    assert response.json()["id"] == avatar.upstream_id
    assert response.json()["displayName"] == "Anna Berg"
    assert (avatar.state, avatar.model, avatar.owner) == (State.READY, "cara-3", program.person)


def test_the_record_says_by_which_token_it_came(program: Program) -> None:
    program.create()
    event = Event.objects.get(kind=Kind.UPLOADED)
    assert (event.actor, event.token) == (program.person, program.token)
    assert event.actor_name == f"{program.person} (by the token “A program”)"


def test_fields_that_nobody_knows_are_passed_on(program: Program, anam: ScriptAnam) -> None:
    said = described(newThing={"a": [1]}, displayName="Anna Berg")
    anam(lambda _: httpx.Response(201, json=said))
    answer = program.create().json()
    assert answer == said


def test_the_photo_is_sent_as_a_file_without_its_metadata(
    program: Program, anam: ScriptAnam
) -> None:
    bodies: list[bytes] = []

    def take(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(201, json=described())

    anam(take)
    program.create(imageFile=photo(pictures.portrait_jpeg(400, 400) + b"tail"))
    (body,) = bodies
    assert b'name="imageFile"; filename="portrait.jpg"' in body
    assert b"tail" not in body


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": "An"}, "displayName"),
        ({"name": "A" * 51}, "displayName"),
        ({"name": None}, "displayName"),
        ({"imageFile": None}, "imageFile"),
        ({"imageUrl": "https://example.com/a.jpg"}, "imageFile"),
        ({"imageFile": "text"}, "imageFile"),
        ({"avatarModel": "m" * 61}, "avatarModel"),
    ],
)
def test_what_is_wrong_is_named(program: Program, fields: dict[str, Any], path: str) -> None:
    response = program.create(**fields)
    body = response.json()
    assert response.status_code == 400
    assert [item["path"] for item in body["details"]] == [path]
    assert body["error"]
    assert path in body["message"]
    assert not Avatar.objects.exists()


def test_everything_that_is_wrong_is_named_at_once(program: Program) -> None:
    details = program.create("A", imageFile=None, avatarModel="m" * 61).json()["details"]
    assert {item["path"] for item in details} == {"displayName", "imageFile", "avatarModel"}


def test_the_type_of_the_part_must_be_that_of_an_image(program: Program) -> None:
    assert program.create(imageFile=photo(kind="text/plain")).status_code == 400
    untold = photo(kind="application/octet-stream")  # as curl sends a WebP
    assert program.create(imageFile=untold).status_code == 201


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"GIF89a not a photo", 400, "not-a-photo"),
        (pictures.portrait_jpeg(200, 200), 422, "too-few-pixels"),
        (pictures.portrait_jpeg(400, 400)[:-2000], 422, "damaged"),
        (b"\xff\xd8" + bytes(10_000_001), 413, "too-many-bytes"),
    ],
)
def test_a_photo_that_will_not_do_is_refused_with_our_findings(
    program: Program, data: bytes, status: int, code: str
) -> None:
    response = program.create(imageFile=photo(data))
    finding = response.json()["details"][0]
    assert (response.status_code, finding["code"], finding["path"]) == (status, code, "imageFile")
    assert finding["measured"]
    assert finding["wanted"]
    assert finding["how_to_fix"]
    assert not Avatar.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", '"a"', "", "[" * 100_000])
def test_what_is_no_object_is_a_bad_request(program: Program, body: str) -> None:
    response = program.post("avatars", body)
    assert response.status_code == 400
    assert set(response.json()) == {"error", "message"}


def test_another_kind_of_body_is_a_bad_request(program: Program) -> None:
    response = program.http.post("/v1/avatars", "a=b", content_type="text/plain")
    assert response.status_code == 400
    assert "multipart/form-data" in response.json()["message"]


REFUSALS = [
    (400, {"error": "no"}, 400),
    (401, {"message": "Invalid API key"}, 502),
    (403, {"error": "You have reached the maximum of one-shot avatars"}, 403),
    (403, {"message": "The model cara-9-latest is not enabled"}, 403),
    (403, {"message": "missing permission"}, 502),
    (404, {}, 502),
    (413, {}, 413),
    (422, {"error": "The image could not be processed"}, 422),
    (422, {"error": "celebrity"}, 422),
    (429, {"error": "Too many requests"}, 429),
]


@pytest.mark.parametrize(("theirs", "body", "ours"), REFUSALS)
def test_the_vendors_no_keeps_its_status_where_it_is_the_callers_business(
    program: Program, anam: ScriptAnam, theirs: int, body: dict[str, str], ours: int
) -> None:
    anam(lambda _: httpx.Response(theirs, json=body))
    response = program.create()
    assert response.status_code == ours
    assert set(response.json()) >= {"error", "message"}
    cause = Avatar.objects.get().cause
    assert response.json()["help"] == f"http://testserver/help/refusals/{cause}"


@pytest.mark.parametrize("ending", [httpx.ConnectError("no"), httpx.ReadError("cut")])
def test_an_outage_is_a_504_after_the_patience_and_the_photo_is_kept(
    program: Program, anam: ScriptAnam, settings: Settings, ending: Exception
) -> None:
    settings.API_SECONDS = 0

    def fail(_: httpx.Request) -> httpx.Response:
        raise ending

    anam(fail)
    response = program.create(headers={"Prefer": "wait=1"})
    settings.API_SECONDS = 1
    avatar = Avatar.objects.get()
    assert response.status_code == 504
    assert response.json()["creation"]["id"] == str(avatar.pk)
    assert avatar.state in (State.QUEUED, State.HELD, State.UNKNOWN)


def test_a_429_says_when_to_come_back(program: Program, anam: ScriptAnam) -> None:
    anam(lambda _: httpx.Response(429, headers={"Retry-After": "70"}))
    response = program.create()
    assert response.status_code == 429
    assert 65 <= int(response["Retry-After"]) <= 70


def test_before_a_way_that_is_closed_nobody_waits(program: Program, anam: ScriptAnam) -> None:
    anam(lambda _: httpx.Response(401))
    assert program.create("First face").status_code == 502
    assert program.create("Second face").status_code == 502
    assert Avatar.objects.filter(state=State.QUEUED, display_name="Second face").exists()


def test_who_does_not_want_to_wait_gets_a_place_to_ask(program: Program) -> None:
    response = program.create(headers={"Prefer": "respond-async"})
    avatar = Avatar.objects.get()
    assert (response.status_code, avatar.state) == (202, State.QUEUED)
    assert response["Location"] == f"http://testserver/v1/creations/{avatar.pk}"
    assert response.json()["avatarId"] is None
    send_due.call()
    told = program.get(f"creations/{avatar.pk}").json()
    avatar.refresh_from_db()
    assert (told["state"], told["avatarId"]) == ("ready", avatar.upstream_id)


def test_an_avatar_that_must_be_reviewed_first_is_a_202(
    program: Program, accepted: MakeAvatar
) -> None:
    headers = {"Idempotency-Key": "once"}
    program.create(headers={"Prefer": "respond-async", **headers})
    Avatar.objects.update(state=State.REVIEW)
    response = program.create(headers=headers)
    assert (response.status_code, response.json()["state"]) == (202, "review")


def test_the_same_key_makes_one_avatar(program: Program) -> None:
    headers = {"Idempotency-Key": "once"}
    first, second = program.create(headers=headers), program.create(headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert Avatar.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(program: Program) -> None:
    headers = {"Idempotency-Key": "once"}
    program.create(headers=headers)
    response = program.create("Somebody else", headers=headers)
    assert response.status_code == 422
    assert response.json()["creation"]["displayName"] == "Anna Berg"


def test_a_key_that_is_none_is_refused(program: Program) -> None:
    assert program.create(headers={"Idempotency-Key": "a b"}).status_code == 400


def test_trying_again_while_it_goes_on_joins_the_first_try(
    program: Program, anam: ScriptAnam
) -> None:
    anam(lambda _: httpx.Response(429, headers={"Retry-After": "70"}))
    first, second = program.create(), program.create()
    assert first.json()["creation"]["id"] == second.json()["creation"]["id"]
    assert Avatar.objects.count() == 1


def test_the_same_photo_once_more_is_another_avatar_when_the_first_is_made(
    program: Program,
) -> None:
    first, second = program.create(), program.create()
    assert first.json()["id"] != second.json()["id"]


def test_a_token_makes_no_more_than_its_month_allows(make_token: MakeToken) -> None:
    program = Program(make_token(Right.CREATE, month_limit=2)[1])
    statuses = [program.create(f"Face {number}").status_code for number in range(3)]
    assert statuses == [201, 201, 403]
    assert Avatar.objects.count() == 2


def test_its_thumbnails_are_made_by_the_worker(program: Program) -> None:
    from_task = program.create(), Avatar.objects.get()
    assert from_task[0].status_code == 201
    page = Avatar.objects.get()
    assert page.thumbnail_url_320


@pytest.mark.django_db(transaction=True)
def test_equal_calls_at_the_same_moment_make_one(program: Program, anam: ScriptAnam) -> None:
    sent: list[int] = []

    def refuse(_: httpx.Request) -> httpx.Response:
        sent.append(1)
        time.sleep(1)  # until all of them have come
        return httpx.Response(422, json={"message": "no face"})

    anam(refuse)
    answers = at_once(lambda: program.create().status_code, times=6)
    assert answers == [422] * 6
    assert (len(sent), Avatar.objects.count()) == (1, 1)


def test_a_wish_that_waits_for_days_is_joined_all_the_same(
    program: Program, anam: ScriptAnam
) -> None:
    anam(lambda _: httpx.Response(429, headers={"Retry-After": "3000"}))
    first = program.create().json()["creation"]["id"]
    Wish.objects.update(claimed_at=timezone.now() - timedelta(days=3))
    assert wishes.forget_old(timezone.now()) == 0
    assert program.create().json()["creation"]["id"] == first
    Avatar.objects.update(state=State.REFUSED, cause="age")
    assert wishes.forget_old(timezone.now()) == 1


def test_no_key_of_a_program_can_pass_for_one_of_ours(program: Program) -> None:
    program.create()
    key = Wish.objects.get().key
    assert program.create(headers={"Idempotency-Key": f"{key[:-1]}x"}).status_code == 201
    assert program.create().status_code == 201


def test_of_an_erased_face_not_even_the_derived_key_stays(program: Program) -> None:
    made = program.create().json()["id"]
    fingerprint = Wish.objects.get().fingerprint
    program.delete(f"avatars/{made}?hard=true")
    assert fingerprint not in str(Wish.objects.values_list())


@pytest.mark.parametrize("charset", ["base64", "idna", "nonsense"])
def test_a_charset_that_is_none_is_a_bad_request(program: Program, charset: str) -> None:
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    body = b'--x\r\nContent-Disposition: form-data; name="displayName"\r\n\r\nAnna\r\n--x--\r\n'
    assert program.http.generic("POST", "/v1/avatars", body, kind).status_code == 400
