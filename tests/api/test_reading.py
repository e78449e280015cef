"""List, get, rename and delete: from our own rows, as Anam would answer."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from avatars.models import Avatar, Errand, Event, Kind, State
from avatars.tasks import run_errands
from tests.api.conftest import Program
from tests.conftest import MakeAvatar, ScriptAnam
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db

LINK = "https://videos.r2.cloudflarestorage.com/clip.webm?X-Amz-Date={}&X-Amz-Expires=3600&n={}"


def link(number: int, age: timedelta = timedelta(0)) -> str:
    return LINK.format((timezone.now() - age).strftime("%Y%m%dT%H%M%SZ"), number)


def kept(ready_avatar: MakeAvatar, video: str, **fields: Any) -> Avatar:
    upstream_id = str(uuid4())
    said = described(id=upstream_id, videoUrl=video)
    more = {"upstream": said, "video_url": video, "upstream_id": upstream_id, "rehearsal": False}
    return ready_avatar(**{**more, **fields})


@pytest.fixture
def live(anam: ScriptAnam) -> list[str]:
    """An Anam with a new link for each reading; the paths that were asked for."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        upstream_id = request.url.path.rpartition("/")[2]
        return httpx.Response(200, json=described(id=upstream_id, videoUrl=link(len(asked))))

    anam(answer)
    return asked


def test_a_link_that_lives_is_given_as_it_is(
    program: Program, ready_avatar: MakeAvatar, live: list[str]
) -> None:
    video = link(0)
    avatar = kept(ready_avatar, video)
    assert program.get(f"avatars/{avatar.upstream_id}").json()["videoUrl"] == video
    assert live == []


def test_a_link_that_ends_soon_is_read_anew_first(
    program: Program, ready_avatar: MakeAvatar, live: list[str]
) -> None:
    avatar = kept(ready_avatar, link(0, age=timedelta(minutes=55)))
    assert program.get(f"avatars/{avatar.upstream_id}").json()["videoUrl"] == link(1)
    assert live == [f"/v1/avatars/{avatar.upstream_id}"]


def test_a_list_never_gives_a_dead_link_and_asks_anam_for_nothing(
    program: Program, ready_avatar: MakeAvatar, live: list[str]
) -> None:
    kept(ready_avatar, link(0, age=timedelta(hours=3)))
    (item,) = program.get("avatars").json()["data"]
    assert live == []
    assert item["videoUrl"].startswith("http://testserver/links/")
    answer = Client().get(item["videoUrl"])
    assert (answer.status_code, answer["Location"]) == (302, link(1))


def test_a_pass_opens_nothing_but_what_it_is_for(
    program: Program, ready_avatar: MakeAvatar, live: list[str]
) -> None:
    kept(ready_avatar, link(0, age=timedelta(hours=3)))
    (item,) = program.get("avatars").json()["data"]
    assert Client().get(item["videoUrl"] + "x").status_code == 404
    assert Client().get("/links/nonsense").status_code == 404


def test_an_erased_face_is_behind_no_pass(
    program: Program, ready_avatar: MakeAvatar, live: list[str]
) -> None:
    avatar = kept(ready_avatar, link(0, age=timedelta(hours=3)))
    (item,) = program.get("avatars").json()["data"]
    Avatar.objects.filter(pk=avatar.pk).update(erased_at=timezone.now())
    assert Client().get(item["videoUrl"]).status_code == 404


def test_a_removed_avatar_is_behind_no_pass_either(
    program: Program, ready_avatar: MakeAvatar, live: list[str]
) -> None:
    kept(ready_avatar, link(0, age=timedelta(hours=3)))
    (item,) = program.get("avatars").json()["data"]
    Avatar.objects.update(state=State.REMOVED)
    assert Client().get(item["videoUrl"]).status_code == 404


def test_what_anam_says_is_passed_on_with_our_name_for_it(
    program: Program, ready_avatar: MakeAvatar, live: list[str]
) -> None:
    avatar = kept(ready_avatar, link(0), display_name="Our name")
    Avatar.objects.update(upstream={**avatar.upstream, "brandNew": [1, {"a": None}]})
    answer = program.get(f"avatars/{avatar.upstream_id}")
    assert answer.json()["brandNew"] == [1, {"a": None}]
    assert answer.json()["displayName"] == "Our name"
    assert answer["Greenroom-Id"] == str(avatar.pk)
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "fields",
    [
        {"state": State.REMOVED},
        {"cause": "gone"},
        {"state": State.QUEUED, "upstream_id": None},
        {"rehearsal": True},
    ],
)
def test_what_anam_would_not_show_is_not_shown(
    program: Program, ready_avatar: MakeAvatar, live: list[str], fields: dict[str, Any]
) -> None:
    avatar = kept(ready_avatar, link(0), **fields)
    assert program.get("avatars").json()["data"] == []
    assert program.get(f"avatars/{avatar.upstream_id}").status_code in (400, 404)


def test_a_list_can_be_asked_for_approved_ones(program: Program, ready_avatar: MakeAvatar) -> None:
    ready_avatar(display_name="Waiting face")
    ready_avatar(display_name="Approved face", approval="approved")
    names = [
        item["displayName"] for item in program.get("avatars?approval=approved").json()["data"]
    ]
    assert names == ["Approved face"]


def test_tags_are_found_in_every_script(program: Program, ready_avatar: MakeAvatar) -> None:
    for name, tags in (("Élodie", ["café", "Straße"]), ("Someone", ["cafe"])):
        ready_avatar(display_name=name, upstream={"displayTags": tags})
    found = program.get("avatars", data={"tags": "café"}).json()["data"]
    assert [item["displayName"] for item in found] == ["Élodie"]


@pytest.mark.parametrize("query", ["search=%00", "tags=%00", "page=-1", "perPage=1e3", "page=1.5"])
def test_what_can_not_be_meant_is_a_bad_request(program: Program, query: str) -> None:
    response = program.get(f"avatars?{query}")
    assert response.status_code == 400
    assert response.json()["details"][0]["path"] == query.partition("=")[0]


def test_a_list_of_many_costs_as_many_queries_as_one_of_few(
    program: Program, ready_avatar: MakeAvatar, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        ready_avatar()
    with django_assert_max_num_queries(8):
        assert len(program.get("avatars?perPage=100").json()["data"]) == 30


def test_a_new_name_counts_at_once_and_anam_hears_of_it(program: Program) -> None:
    made = program.create().json()["id"]
    answer = program.put(f"avatars/{made}", {"displayName": "  Berta  Cole "})
    avatar = Avatar.objects.get()
    assert (answer.status_code, answer.json()["displayName"]) == (200, "Berta Cole")
    assert (avatar.display_name, avatar.errand) == ("Berta Cole", Errand.RENAME)
    event = Event.objects.get(kind=Kind.RENAMED)
    assert (event.actor, event.token) == (program.person, program.token)


@pytest.mark.parametrize("body", [{}, {"displayName": 5}, {"displayName": "A"}, [], "text"])
def test_a_name_that_is_none_changes_nothing(program: Program, body: Any) -> None:
    made = program.create().json()["id"]
    assert program.put(f"avatars/{made}", body).status_code == 400
    assert Avatar.objects.get().display_name == "Anna Berg"


def test_what_a_program_deletes_leaves_anam_without_delay(program: Program) -> None:
    made = program.create().json()["id"]
    assert program.delete(f"avatars/{made}").status_code == 200
    run_errands.call()
    avatar = Avatar.objects.get()
    assert (avatar.state, avatar.errand) == (State.REMOVED, "")
    assert Event.objects.filter(avatar=avatar, kind=Kind.REMOVAL_TOLD).exists()


def test_deleting_one_makes_room_for_another(program: Program, settings: Any) -> None:
    settings.SANDBOX_QUOTA = 1
    first = program.create("First face").json()["id"]
    full = program.create("Second face")
    assert full.status_code == 403
    assert "maximum" in full.json()["message"]
    program.delete(f"avatars/{first}")
    run_errands.call()
    assert program.create("Second face").status_code == 201


def test_erasing_leaves_no_copy_of_the_photo(program: Program, rooms: Any) -> None:
    made = program.create().json()["id"]
    assert program.delete(f"avatars/{made}?hard=true").status_code == 200
    assert Avatar.objects.get().is_erased
    assert not list((rooms / "media" / "photos").iterdir())
