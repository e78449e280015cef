"""`POST /v1/photos/check` tells what a create would say of a photo, and nothing else happens."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from avatars.models import Avatar, Event, Right, Wish
from avatars.photos.checklist import checklist
from avatars.photos.finding import Finding
from avatars.photos.inspect import inspect
from avatars.photos.rules import RULES
from dashboard.people.roles import Role
from tests.api.conftest import MakeToken, Program, photo
from tests.conftest import ClientOf, MakePerson, ScriptAnam, files_in
from tests.photos import pictures

pytestmark = pytest.mark.django_db
SIX = {"code", "severity", "title", "measured", "wanted", "how_to_fix"}
PHOTOS: dict[str, Callable[[], bytes]] = {
    "a good one": lambda: pictures.portrait_jpeg(1200, 1200),
    "a small one": lambda: pictures.portrait_jpeg(400, 400),
    "one that talks": pictures.talkative_jpeg,
    "a tiny one": lambda: pictures.portrait_png(64, 64),
    "a strip": pictures.strip_png,
    "a GIF": pictures.portrait_gif,
    "a web page": lambda: pictures.SCRIPT,
    "an animation": pictures.moving_webp,
    "a bomb": pictures.png_bomb,
    "half of one": lambda: pictures.portrait_jpeg(400, 400)[:9000],
    "eleven megabytes": lambda: pictures.portrait_jpeg(400, 400) + bytes(11_000_000),
    "nothing": lambda: b"",
}


def checked(program: Program, data: bytes, **fields: Any) -> Any:
    return program.http.post("/v1/photos/check", {"imageFile": photo(data), **fields})


def with_help(finding: Finding) -> dict[str, str]:
    return {**finding.as_dict(), "help": f"http://testserver/help/photos/{finding.code}"}


@pytest.mark.parametrize("name", PHOTOS)
def test_it_says_what_the_checks_say(program: Program, name: str) -> None:
    data = PHOTOS[name]()
    answer, inspection = checked(program, data), inspect(data)
    assert answer.status_code == 200
    assert answer.json() == {
        "ok": inspection.photo is not None,
        "findings": [with_help(finding) for finding in inspection.findings],
        "checks": [line.as_dict() for line in checklist(inspection)],
    }


def test_nothing_is_kept_sent_or_spent(program: Program, anam: ScriptAnam, rooms: Path) -> None:
    anam(lambda request: pytest.fail(f"{request.url} was asked"))
    for make in PHOTOS.values():
        checked(program, make())
    assert not Avatar.objects.exists()
    assert not Event.objects.exists()
    assert not Wish.objects.exists()
    assert files_in(rooms / "media") == []


@pytest.mark.parametrize("name", PHOTOS)
def test_a_create_takes_what_is_ok_and_refuses_the_rest(program: Program, name: str) -> None:
    data = PHOTOS[name]()
    ok = checked(program, data).json()["ok"]
    created = program.create(imageFile=photo(data), headers={"Prefer": "respond-async"})
    assert ok == (created.status_code in (201, 202))


def test_the_refusal_of_a_create_has_the_same_findings(program: Program) -> None:
    data = pictures.portrait_png(200, 40)
    details = program.create(imageFile=photo(data)).json()["details"]
    errors = [f for f in checked(program, data).json()["findings"] if f["severity"] == "error"]
    told = [{name: detail[name] for name in SIX | {"help"}} for detail in details]
    assert len(errors) > 1
    assert told == errors


def test_the_help_is_a_page_for_people(program: Program, client_of: ClientOf) -> None:
    for finding in checked(program, pictures.talkative_jpeg()).json()["findings"]:
        page = client_of(Role.VIEWER).get(finding["help"].removeprefix("http://testserver"))
        assert page.status_code == 200
        assert RULES[finding["code"]].title in page.content.decode()


def test_what_a_create_needs_besides_is_passed_over(program: Program) -> None:
    answer = checked(program, pictures.portrait_jpeg(400, 400), displayName="A", avatarModel="?")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)


def test_a_body_without_a_photo_is_none(program: Program) -> None:
    for answer in (
        program.http.post("/v1/photos/check", {}),
        program.http.post("/v1/photos/check", {"imageFile": "text"}),
        program.http.post("/v1/photos/check", b"x", content_type="image/jpeg"),
        program.post("photos/check", {}),
        program.post("photos/check", []),
        program.post("photos/check", {"imageUrl": 7}),
        program.post("photos/check", {"imageUrl": "http://127.0.0.1/"}),
        checked(program, pictures.portrait_jpeg(400, 400), imageUrl="https://example.com/a.jpg"),
        program.http.post("/v1/photos/check", {"imageFile": photo(kind="text/html")}),
    ):
        assert answer.status_code == 400
        assert set(answer.json()) >= {"error", "message"}


def test_it_is_for_programs_that_may_create(
    make_token: MakeToken, person: MakePerson, client: Client
) -> None:
    data = pictures.portrait_jpeg(400, 400)
    others = [right for right in Right if right != Right.CREATE]
    assert checked(Program(make_token(*others)[1]), data).status_code == 403
    viewer = make_token(Right.CREATE, owner=person(role=Role.VIEWER))[1]
    assert checked(Program(viewer), data).status_code == 403
    assert checked(Program(make_token(Right.CREATE)[1]), data).status_code == 200
    assert client.post("/v1/photos/check", {"imageFile": photo(data)}).status_code == 401


def test_it_waits_for_a_seat_like_every_other_work(program: Program, settings: Any) -> None:
    settings.API_WAITERS = 0
    answer = checked(program, pictures.portrait_jpeg(400, 400))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
