"""Consent withdrawn: out of use everywhere with the very request; erased: no copy is left."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image

from avatars.models import (
    Approval,
    Avatar,
    Consent,
    Conversation,
    Event,
    How,
    Kind,
    Policy,
    Standing,
)
from avatars.photos.inspect import inspect
from avatars.photos.likeness import likeness, looks, nearest
from avatars.photos.prepare import prepare
from avatars.services import consents, erasing, feeds, passes
from avatars.services.consents import Terms
from avatars.services.errands import run_next
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.api.conftest import MakeToken, Program
from tests.api.conftest import make_token as make_token  # a fixture, as the next one
from tests.api.conftest import program as program
from tests.conftest import ClientOf, MakeAvatar, MakePerson, ScriptAnam, files_in, prepared
from tests.photos import pictures
from tests.services.test_previews import signed
from tests.services.told import holding, send
from tests.upstream.answers import described
from tests.views.outside import stranger, text_of, way_back
from tests.views.test_consent_page import PDF
from tests.views.test_media import whole

pytestmark = pytest.mark.django_db
SIGNED = PDF + b"Annabel Zweig, with her own hand"
WHO = Terms("Annabel Zweig", "Films for Annabel", email="annabel@example.com")


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia Maker")


@pytest.fixture
def anna(accepted: MakeAvatar, mia: User) -> Avatar:
    """Made, approved, agreed to, and in use."""
    found = accepted(owner=mia, display_name="Annabel", purpose="For Annabel")
    send(found)
    Avatar.objects.filter(pk=found.pk).update(approval=Approval.APPROVED)
    found.refresh_from_db()
    feeds.open_feed("front-desk", found, "cara-4", mia)
    asked = consents.ask(found, WHO, mia)
    consents.answer(asked, yes=True, who="Annabel Zweig")
    return found


def withdraw(avatar: Avatar) -> None:
    """As the depicted person does it, in one request."""
    given = avatar.consents.get(standing=Standing.GIVEN, how=How.LINK)
    assert stranger().post(way_back(given)).status_code == 302


def pictures_of(avatar: Avatar) -> list[str]:
    still, video = f"/avatars/{avatar.pk}/still", f"/avatars/{avatar.pk}/video"
    return [still, video, *(avatar.thumbnail_url(width) for width in (96, 320, 640))]


# Out of use ---------------------------------------------------------------------------------------
def test_with_that_request_it_is_out_of_the_feed(anna: Avatar, program: Program) -> None:
    before = program.get("feed/front-desk")
    assert before.json()["avatarId"] == anna.upstream_id
    withdraw(anna)
    after = program.get("feed/front-desk", headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, "may not be used" in after.json()["message"]) == (404, True)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CREATOR])
def test_with_that_request_its_pictures_are_closed_to_all_but_reviewers(
    client_of: ClientOf, anna: Avatar, mia: User, role: Role
) -> None:
    others, owner = client_of(role), client_of(mia)
    for browser in (others, owner):
        for address in pictures_of(anna):
            response = browser.get(address)
            assert response.status_code in (200, 302), address
            if response.streaming:
                whole(response)
    withdraw(anna)
    for browser in (others, owner):
        assert {browser.get(address).status_code for address in pictures_of(anna)} == {403}


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_whoever_puts_it_in_order_still_sees_it(
    client_of: ClientOf, anna: Avatar, role: Role
) -> None:
    withdraw(anna)
    browser = client_of(role)
    for address in pictures_of(anna):
        response = browser.get(address)
        assert response.status_code == (302 if address.endswith("video") else 200)
        if response.streaming:
            whole(response)
    assert anna.thumbnail_url_320 in text_of(browser.get("/"))


def test_the_gallery_marks_it_and_shows_a_silhouette(client_of: ClientOf, anna: Avatar) -> None:
    withdraw(anna)
    text = text_of(client_of(Role.VIEWER).get("/"))
    assert "Annabel" in text
    assert "Consent withdrawn" in text
    assert "thumbnails" not in text
    assert "data-video" not in text
    assert "Consent withdrawn" in text_of(client_of(Role.REVIEWER).get("/"))


def test_its_page_and_the_feeds_show_a_silhouette_and_say_why(
    client_of: ClientOf, anna: Avatar, mia: User
) -> None:
    withdraw(anna)
    for browser in (client_of(Role.VIEWER), client_of(mia)):
        for address in (anna.get_absolute_url(), f"{anna.get_absolute_url()}/progress"):
            text = text_of(browser.get(address))
            assert "Consent withdrawn: out of use" in text
            for shown in ("thumbnails", "<video", "/still"):
                assert shown not in text
        assert "thumbnails" not in text_of(browser.get("/feeds"))
        assert "thumbnails" not in text_of(browser.get(f"/avatars/{anna.pk}/consent"))
        facts = browser.get(anna.get_absolute_url(), headers={"Accept": "application/json"}).json()
        assert (facts["still_url"], facts["video_url"]) == (None, None)


def test_passes_that_were_given_before_open_nothing(anna: Avatar) -> None:
    links = [f"/links/{passes.pass_for(anna, field)}" for field in ("videoUrl", "imageUrl")]
    for link in links:
        assert stranger().get(link).status_code == 200
    withdraw(anna)
    for link in links:
        assert stranger().get(link).status_code == 403


def test_the_gateway_names_it_without_any_link(
    anna: Avatar, program: Program, make_token: MakeToken
) -> None:
    def links() -> list[Any]:
        said = [program.get(f"avatars/{anna.upstream_id}").json()]
        said += program.get("avatars").json()["data"]
        return [v for each in said for name, v in each.items() if name.endswith("Url")]

    assert all(links())
    withdraw(anna)
    assert links()
    assert not any(links())


def test_no_conversation_begins_with_it_and_none_that_was_promised(
    anna: Avatar, program: Program
) -> None:
    wanted = {"personaConfig": {"avatarId": anna.upstream_id}}
    session = program.post("auth/session-token", wanted).json()["sessionToken"]
    assert Conversation.objects.exists()
    withdraw(anna)
    assert program.post("auth/session-token", wanted).status_code == 403
    assert Program(session).post("engine/session", {}).status_code == 401


ENDS: dict[str, dict[str, Any]] = {
    "denied": {"consent": Standing.DENIED},
    "withdrawn": {"consent": Standing.WITHDRAWN},
    "expired": {"consent": Standing.EXPIRED},
    "ended a moment ago": {
        "consent": Standing.GIVEN,
        "consent_until": timezone.now() - timedelta(seconds=1),
    },
}


@pytest.mark.parametrize("how", ENDS)
def test_every_end_of_consent_closes_the_same_doors(
    client_of: ClientOf, anna: Avatar, program: Program, how: str
) -> None:
    Avatar.objects.update(**ENDS[how])
    viewer = client_of(Role.VIEWER)
    assert {viewer.get(address).status_code for address in pictures_of(anna)} == {403}
    assert program.get("feed/front-desk").status_code == 404
    assert program.get(f"avatars/{anna.upstream_id}").json()["videoUrl"] is None


@pytest.mark.parametrize("standing", [Standing.NONE, Standing.ASKED])
def test_where_nobody_said_no_nothing_is_closed(
    client_of: ClientOf, anna: Avatar, standing: Standing
) -> None:
    Avatar.objects.update(consent=standing, consent_until=None)
    assert client_of(Role.VIEWER).get(f"/avatars/{anna.pk}/video").status_code == 302


def test_reviewers_find_what_has_to_be_put_in_order(
    client_of: ClientOf, anna: Avatar, ready_avatar: MakeAvatar
) -> None:
    other = ready_avatar(display_name="Somebody else")
    withdraw(anna)
    text = text_of(client_of(Role.REVIEWER).get("/", {"consent": "withdrawn"}))
    assert anna.display_name in text
    assert other.display_name not in text
    viewer = client_of(Role.VIEWER)
    assert 'name="consent"' not in text_of(viewer.get("/"))
    assert other.display_name in text_of(viewer.get("/", {"consent": "withdrawn"}))


# Withdrawn while Anam takes its time --------------------------------------------------------------
@pytest.fixture
def live(ready_avatar: MakeAvatar, mia: User) -> Avatar:
    """At Anam, in use, and with links that are over."""
    upstream_id = str(uuid4())
    found = ready_avatar(
        owner=mia,
        rehearsal=False,
        approval=Approval.APPROVED,
        photo="photos/a.jpg",
        photo_sha256="a" * 64,
        upstream_id=upstream_id,
        upstream=described(id=upstream_id, videoUrl=signed(7200), landscapeImageUrl=signed(7200)),
        video_url=signed(7200),
        refreshed_at=timezone.now() - timedelta(hours=2),
    )
    consents.answer(consents.ask(found, WHO, mia), yes=True, who="Annabel Zweig")
    return found


@pytest.fixture
def slow(anam: ScriptAnam, live: Avatar) -> list[str]:
    """An Anam that answers everything; the paths during which the consent was withdrawn."""
    during: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path in during:
            withdraw(live)
        if path.endswith("/session-token"):
            return httpx.Response(200, json={"sessionToken": "header.session.signature"})
        if path.endswith("/session"):
            return httpx.Response(200, json={"sessionId": "s"})
        new = described(id=live.upstream_id, videoUrl=signed(0), landscapeImageUrl=signed(0))
        return httpx.Response(200, json=new)

    anam(answer)
    return during


def test_no_link_is_given_when_it_was_withdrawn_while_anam_made_one(
    client_of: ClientOf, live: Avatar, mia: User, slow: list[str]
) -> None:
    slow.append(f"/v1/avatars/{live.upstream_id}")
    response = client_of(mia).get(f"/avatars/{live.pk}/video")
    assert (response.status_code, "Location" in response) == (403, False)


def test_no_pass_opens_when_it_was_withdrawn_while_anam_made_the_link(
    live: Avatar, slow: list[str]
) -> None:
    slow.append(f"/v1/avatars/{live.upstream_id}")
    response = stranger().get(f"/links/{passes.pass_for(live, 'videoUrl')}")
    assert (response.status_code, "Location" in response) == (403, False)


def test_no_program_gets_a_link_when_it_was_withdrawn_while_anam_did_not_answer(
    anam: ScriptAnam, live: Avatar, program: Program
) -> None:
    live.upstream["imageUrl"] = "https://api.anam.ai/stills/1.jpg"
    live.save(update_fields=["upstream"])

    def answer(request: httpx.Request) -> httpx.Response:
        withdraw(live)
        raise httpx.ConnectError("nobody there", request=request)

    anam(answer)
    said = program.get(f"avatars/{live.upstream_id}").json()
    assert [v for name, v in said.items() if name.endswith("Url") and v] == []


def test_no_cut_is_given_when_it_was_erased_while_anam_made_the_link(
    anam: ScriptAnam, client_of: ClientOf, live: Avatar, mia: User
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert erasing.erase(live, mia)
        raise httpx.ConnectError("nobody there", request=request)

    anam(answer)
    response = client_of(Role.REVIEWER).get(f"/avatars/{live.pk}/crops/landscape")
    assert response.status_code == 404


def test_no_talk_begins_when_it_was_withdrawn_while_anam_prepared_it(
    client_of: ClientOf, live: Avatar, mia: User, slow: list[str]
) -> None:
    slow.append("/v1/auth/session-token")
    response = client_of(mia).post(f"/avatars/{live.pk}/talk")
    assert (response.status_code, "sessionToken" in response.json()) == (403, False)
    assert not Conversation.objects.exists()  # and the try is given back


def test_no_program_gets_a_session_when_it_was_withdrawn_while_anam_prepared_it(
    live: Avatar, program: Program, slow: list[str]
) -> None:
    slow.append("/v1/auth/session-token")
    wanted = {"personaConfig": {"avatarId": live.upstream_id}}
    assert program.post("auth/session-token", wanted).status_code == 403
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("bearer", ["a session token", "a token of ours"])
def test_no_conversation_opens_when_it_was_withdrawn_while_anam_opened_it(
    live: Avatar, program: Program, slow: list[str], bearer: str
) -> None:
    wanted = {"personaConfig": {"avatarId": live.upstream_id}}
    opener = program
    if bearer == "a session token":
        opener = Program(program.post("auth/session-token", wanted).json()["sessionToken"])
    slow.append("/v1/engine/session")
    response = opener.post("engine/session", wanted)
    assert (response.status_code, "sessionId" in response.json()) == (403, False)


# Erased -------------------------------------------------------------------------------------------
def cells() -> Iterator[tuple[str, str]]:
    """Every value in every table of the database, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((f"{table}.{n}", plain(v)) for n, v in zip(names, row, strict=True))


def plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1") + base64.b64encode(bytes(value)).decode()
    return json.dumps(value, default=str) if isinstance(value, dict | list) else str(value)


def traces_of(data: bytes) -> set[str]:
    """Pieces of the bytes, however a column might hold them."""
    piece = data[len(data) // 2 :][:90]
    return {piece.hex(), base64.b64encode(piece).decode()[4:-4], piece.decode("latin-1")}


def lookalikes(folder: Path, of: str) -> list[Path]:
    """Pictures that look like it, whatever their names and sizes."""
    found = []
    for path in files_in(folder):
        try:
            with Image.open(path) as picture:
                found_looks = looks(likeness(picture.convert("RGB")))
        except OSError:
            continue
        if nearest(found_looks, looks(of)) is not None:
            found.append(path)
    return found


def test_erasing_leaves_no_copy_by_hash_by_likeness_or_by_name(
    client_of: ClientOf, anna: Avatar, mia: User, accepted: MakeAvatar, rooms: Path
) -> None:
    twin = accepted(owner=mia, display_name="Annabel again")
    consents.put_on_file(twin, WHO, mia, data=SIGNED, extension=".pdf")
    photo = prepared()
    secrets = {photo.sha256, photo.sha256[:12], photo.likeness, "Annabel", "annabel", "Zweig"}
    secrets |= traces_of(photo.data) | traces_of(SIGNED)
    for picture in photo.thumbnails.values():
        secrets |= traces_of(picture)
    withdraw(anna)
    told = {secret for _, text in cells() for secret in secrets if secret in text}
    assert {photo.sha256, photo.likeness, "Annabel", "annabel", "Zweig"} <= told
    assert len(lookalikes(rooms, photo.likeness)) >= 9  # both photos, six thumbnails, the sandbox

    page = text_of(client_of(mia).get(f"/avatars/{anna.pk}/erase"))
    assert 'name="others" value="yes" checked' in page
    form = {"display_name": "Annabel", "others": "yes"}
    assert client_of(mia).post(f"/avatars/{anna.pk}/erase", form).status_code == 302
    while run_next():
        pass

    assert [(where, text[:90]) for where, text in cells() if any(s in text for s in secrets)] == []
    assert [p for p in files_in(rooms) if sha256(p.read_bytes()).hexdigest() == photo.sha256] == []
    assert holding(photo.data, rooms) == []
    assert holding(SIGNED, rooms) == []
    assert lookalikes(rooms, photo.likeness) == []
    assert files_in(rooms / "media") == []
    assert Consent.objects.count() == 2  # that there were some stays


def test_whose_face_it_was_is_told_nowhere_while_the_disk_keeps_a_file(
    client_of: ClientOf, anna: Avatar, mia: User, rooms: Path
) -> None:
    Event.objects.create(avatar=anna, kind=Kind.APPROVED, note="Annabel smiles", visitor="Annabel")
    anna.refresh_from_db()
    browser, desk = client_of(Role.ADMINISTRATOR), f"/review/{anna.pk}"
    version = anna.version
    (rooms / "media" / "thumbnails" / str(anna.pk) / "stuck").mkdir()  # which can't be deleted
    assert erasing.erase(anna, mia)
    anna.refresh_from_db()
    assert (anna.erased_at, anna.is_erased) == (None, True)
    told = [
        browser.get(place, follow=True)
        for place in (
            "/?state=removed",
            "/feeds",
            "/review",
            desk,
            "/record",
            "/record.json",
            anna.get_absolute_url(),
            "/admin/avatars/event/",
            "/admin/avatars/avatar/",
            "/admin/avatars/consent/",
            f"/admin/avatars/avatar/{anna.pk}/change/",
        )
    ]
    told.append(browser.post(desk, {"decision": "approved", "version": version}))
    assert [response.status_code for response in told] == [200] * 11 + [409]
    pages = [whole(response).decode() for response in told]
    assert [told[at].request["PATH_INFO"] for at, p in enumerate(pages) if "nnabel" in p] == []
    assert "Erased avatar" in pages[0]
    assert not browser.get("/?q=annabel").context["cards"]


def test_the_search_for_copies_finds_one_where_there_is_one(anna: Avatar, rooms: Path) -> None:
    """Saved again, smaller, under another name and as another kind of file."""
    (rooms / "forgotten").mkdir()
    with Image.open(anna.photo.path) as picture:
        picture.convert("RGB").resize((180, 180)).save(
            rooms / "forgotten" / "x", "WEBP", quality=60
        )
    before = set(lookalikes(rooms, anna.photo_likeness))
    assert rooms / "forgotten" / "x" in before


# The other avatars of the photo -------------------------------------------------------------------
@pytest.fixture
def twins(anna: Avatar, accepted: MakeAvatar, person: MakePerson, mia: User) -> list[Avatar]:
    """One of the same maker, one of a colleague."""
    return [accepted(owner=mia), accepted(owner=person(role=Role.CREATOR))]


def erased() -> set[UUID]:
    return {avatar.pk for avatar in Avatar.objects.all() if avatar.is_erased}


def test_a_maker_erases_theirs_of_the_photo_and_reads_that_others_stay(
    client_of: ClientOf, anna: Avatar, mia: User, twins: list[Avatar]
) -> None:
    browser = client_of(mia)
    text = text_of(browser.get(f"/avatars/{anna.pk}/erase"))
    assert twins[0].display_name in text
    assert twins[1].display_name not in text
    assert "1 other avatar of this very photo stays" in text
    form = {"display_name": "Annabel", "others": "yes"}
    text = text_of(browser.post(f"/avatars/{anna.pk}/erase", form, follow=True))
    assert "So is one more of the same photo" in text
    assert erased() == {anna.pk, twins[0].pk}


def test_an_administrator_erases_them_all(
    client_of: ClientOf, anna: Avatar, twins: list[Avatar]
) -> None:
    browser = client_of(Role.ADMINISTRATOR)
    form = {"display_name": "Annabel", "others": "yes"}
    text = text_of(browser.post(f"/avatars/{anna.pk}/erase", form, follow=True))
    assert "So are 2 more of the same photo" in text
    assert erased() == {anna.pk, *(twin.pk for twin in twins)}


def test_without_the_tick_the_others_stay_and_so_does_their_consent(
    client_of: ClientOf, anna: Avatar, mia: User, twins: list[Avatar]
) -> None:
    browser = client_of(mia)
    page = text_of(browser.get(f"/avatars/{anna.pk}/erase"))
    assert 'name="others" value="yes" aria' in page  # consent counts, so nothing is ticked
    assert browser.post(f"/avatars/{anna.pk}/erase", {"display_name": "Annabel"}).status_code == 302
    assert erased() == {anna.pk}
    assert {twin.consents.exists() for twin in twins} == {True, False}


def test_a_wrong_name_erases_none_and_keeps_the_tick(
    client_of: ClientOf, anna: Avatar, mia: User, twins: list[Avatar]
) -> None:
    form = {"display_name": "Anna", "others": "yes"}
    response = client_of(mia).post(f"/avatars/{anna.pk}/erase", form)
    assert (response.status_code, 'value="yes" checked' in text_of(response)) == (422, True)
    assert erased() == set()


def test_one_that_looks_alike_is_named_to_whoever_may_know_of_it(
    client_of: ClientOf, anna: Avatar, accepted: MakeAvatar, person: MakePerson, mia: User
) -> None:
    again = inspect(pictures.portrait_jpeg(600, 600, quality=60)).photo
    assert again
    other = accepted(owner=person(role=Role.CREATOR), prepared=prepare(again))
    assert other.photo_sha256 != anna.photo_sha256
    assert f"{other.display_name}</bdi>" in text_of(client_of(mia).get(f"/avatars/{anna.pk}/erase"))
    Policy.objects.update(private=True)
    assert other.display_name not in text_of(client_of(mia).get(f"/avatars/{anna.pk}/erase"))
