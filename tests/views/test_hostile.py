"""Names and notes that mean harm come in as text, or not at all, and stay text on every page."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import batched
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from avatars.forms import NAME_MAX, judge_name
from avatars.models import Approval, Avatar, Difference, Kind, State, Weather
from avatars.names import tidy_name, tidy_text
from avatars.services import feeds, review
from avatars.services.changing import rename
from avatars.services.create import send_next
from avatars.services.errands import run_next
from avatars.services.settling import settle_unknown
from avatars.services.stock_take import take_stock
from avatars.upstream.errors import Cause
from avatars.upstream.wire import headline_from, sentence_from
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson, ScriptAnam
from tests.hostile import FAMILIES, TEXTS, faults, first, stored, typed
from tests.photos import pictures
from tests.services.lab import Lab
from tests.upstream.answers import described
from tests.views.test_upload import photo, send
from tests.views.tree import Tree, tree_of

pytestmark = pytest.mark.django_db
every_family = pytest.mark.parametrize("family", FAMILIES)
JSON = {"Accept": "application/json"}
PLAIN = "Ada Plain"
FEW, MANY = first(2), first(10)
LONG_AGO = "2026-01-01T00:00:00Z"
Import = Callable[[Iterable[str]], list[Avatar]]


class Refusing:
    """An Anam that says no, with whatever message it is given."""

    def __init__(self) -> None:
        self.status, self.message = 400, ""

    def answer(self, _: httpx.Request) -> httpx.Response:
        return httpx.Response(self.status, content=json.dumps({"message": self.message}))


@pytest.fixture
def administrator(person: MakePerson) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def office(client_of: ClientOf, administrator: User) -> Client:
    return client_of(administrator)


@pytest.fixture
def lab(anam: ScriptAnam) -> Lab:
    lab = Lab()
    anam(lab.answer)
    return lab


@pytest.fixture
def refusing(anam: ScriptAnam) -> Refusing:
    refusing = Refusing()
    anam(refusing.answer)
    return refusing


@pytest.fixture
def import_all(lab: Lab, office: Client) -> Import:
    """Avatars with the texts wherever Anam has words of its own, taken over from there.

    Their notes are made of what Anam sees, as a reviewer would copy it.
    """

    def taken(texts: Iterable[str]) -> list[Avatar]:
        for text in texts:
            lab.add(text, **said_of(text))
        assert take_stock(False, pause=lambda _: None)
        office.post("/stocktake/all", {"do": "import"}, follow=True)
        for one in Avatar.objects.all():
            note = tidy_text(one.upstream["description"])
            assert review.decide(one.pk, review.Verdict(Approval.CHANGES, 0, note), one.owner)
        return list(Avatar.objects.order_by("pk"))

    return taken


def said_of(text: str) -> dict[str, Any]:
    """All that Anam may say of an avatar besides its name."""
    return {
        "id": str(uuid4()),
        "description": f"Sees {text}",
        "displayTags": [f"tag {text}"],
        "availableVersions": [f"for {text}", "cara-4"],
        "activeVersion": f"for {text}",
        "variantName": text,
        "imageUrl": f"{text}.jpg",
    }


def make_plain(*avatars: Avatar) -> None:
    """These, or all of them, mean no harm any more, and everything is still there."""
    rows = Avatar.objects.filter(pk__in=[one.pk for one in avatars]) if avatars else Avatar.objects
    said = described(**said_of("it"))
    rows.update(display_name=PLAIN, upstream=said, review_note="Sees it")


def same(hostile: Tree, plain: Tree) -> bool:
    return (hostile.elements, hostile.strange) == (plain.elements, plain.strange)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def door(avatar: Avatar, name: str) -> str:
    return f"/avatars/{avatar.pk}/{name}"


def another_photo() -> SimpleUploadedFile:
    """Of one that is known the desk asks first."""
    return photo(pictures.saved(Image.effect_noise((256, 256), 120), "JPEG"))


# In: by people -----------------------------------------------------------------------------------
def test_the_desk_takes_a_name_harmless_or_refuses_it_in_words(client_of: ClientOf) -> None:
    desk = client_of(Role.CREATOR)
    refused = tree_of(send(desk, another_photo(), display_name="x"))
    assert len(MANY) >= 200
    for text in map(typed, MANY):
        answer, name = send(desk, another_photo(), display_name=text), tidy_name(text)
        if finding := judge_name(name):
            tree = tree_of(answer)
            assert (answer.status_code, finding.title in tree.words) == (422, True), ascii(text)
            assert same(tree, refused), ascii(text)
        else:
            made = Avatar.objects.latest("created_at", "id")
            assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
            assert (made.display_name, faults(made.display_name)) == (name, []), ascii(text)


@every_family
def test_a_new_name_is_harmless_or_refused_in_words(
    office: Client, ready_avatar: MakeAvatar, family: str
) -> None:
    plain = renamed(office, ready_avatar(), "x")[0]
    for text in map(typed, FAMILIES[family]):
        face, name = ready_avatar(display_name=PLAIN), tidy_name(text)
        if finding := judge_name(name):
            office.get("/account")  # what was done before is told there
            tree, status = renamed(office, face, text)
            assert (status, finding.title in tree.words) == (422, True), ascii(text)
            assert (face.display_name, same(tree, plain)) == (PLAIN, True), ascii(text)
        else:
            answer = office.post(door(face, "rename"), {"display_name": text})
            face.refresh_from_db()
            assert (answer.status_code, face.display_name) == (302, name), ascii(text)


def test_a_new_name_is_told_as_text(office: Client, ready_avatar: MakeAvatar) -> None:
    plain = renamed(office, ready_avatar(), PLAIN)[0]
    for text in map(typed, FEW):
        tree, _ = renamed(office, ready_avatar(), text)
        if not judge_name(name := tidy_name(text)):
            assert f"Its name is {name} now." in tree.words
            assert same(tree, plain), ascii(text)


def renamed(office: Client, face: Avatar, name: str) -> tuple[Tree, int]:
    """The page that comes of it, and its status."""
    answer = office.post(door(face, "rename"), {"display_name": name}, follow=True)
    face.refresh_from_db()
    return tree_of(answer), answer.status_code


@every_family
def test_a_note_is_harmless_or_refused_in_words(
    office: Client, ready_avatar: MakeAvatar, family: str
) -> None:
    for text in map(typed, FAMILIES[family]):
        face, note = ready_avatar(), tidy_text(text)
        form = {"decision": "changes", "version": "0", "note": text}
        if 0 < len(note) <= 2000:
            answer = office.post(door(face, "review"), form)
            face.refresh_from_db()
            assert (answer.status_code, face.review_note) == (302, note), ascii(text)
            assert face.events.get().note == note
            assert faults(note, lines=True) == [], ascii(text)
        else:
            office.get("/account")  # what was done before is told there
            long_or_none = {**form, "note": "x" * 2001 if note else ""}
            answers = [office.post(door(face, "review"), each) for each in (form, long_or_none)]
            assert [answer.status_code for answer in answers] == [422, 422], ascii(text)
            assert same(*map(tree_of, answers)), ascii(text)


@pytest.mark.parametrize(("place", "field"), [("/upload", "display_name"), ("/", "q")])
def test_what_an_address_brings_stands_on_the_page_as_text(
    office: Client, ready_avatar: MakeAvatar, place: str, field: str
) -> None:
    ready_avatar()
    # A search that is none, or fits, makes another page than one that nobody fits.
    plain = [tree_of(office.get(place, {field: search})) for search in ("zzz", "Face", "")]
    for text in map(typed, FEW):
        tree = tree_of(office.get(place, {field: text}))
        assert any(same(tree, page) for page in plain), ascii(text)


# In: by Anam -------------------------------------------------------------------------------------
def test_names_at_anam_are_harmless_in_the_list_of_what_is_only_there(
    lab: Lab, office: Client
) -> None:
    def pages() -> Iterator[Tree]:
        take_stock(False, pause=lambda _: None)
        while some := list(Difference.objects.open(rehearsal=False)[:50]):
            tree = tree_of(office.get("/stocktake"))
            assert [
                one.name for one in some if one.name not in tree.words or faults(one.name)
            ] == []
            Difference.objects.filter(pk__in=[one.pk for one in some]).delete()
            yield tree

    for _ in TEXTS:
        lab.add(PLAIN)
    plain = list(pages())
    lab.avatars.clear()
    for text in TEXTS:
        lab.add(text, **said_of(text))
    for tree, other in zip(pages(), plain, strict=True):
        assert same(tree, other)


def test_another_name_at_anam_is_harmless_before_and_after_it_is_taken(
    lab: Lab, office: Client, ready_avatar: MakeAvatar
) -> None:
    for text in TEXTS:
        ready_avatar(rehearsal=False, display_name="Anna", upstream_id=lab.add(text)["id"])
    Avatar.objects.update(changed_at=LONG_AGO, ready_at=LONG_AGO)
    take_stock(False, pause=lambda _: None)
    found = list(Difference.objects.filter(kind=Difference.Kind.RENAMED))
    assert len(found) == len([text for text in TEXTS if tidy_name(stored(text))])
    shown = tree_of(office.get("/stocktake"))
    for one in found[:50]:
        assert f"Take “{one.detail['theirs']}”" in shown.words
    for one in found:
        assert faults(one.detail["theirs"]) == []
        office.post(f"/stocktake/{one.pk}", {"do": "theirs"})
    taken = Avatar.objects.exclude(display_name="Anna").values_list("display_name", flat=True)
    assert sorted(taken) == sorted(one.detail["theirs"] for one in found)


@every_family
def test_after_a_refused_new_name_the_one_at_anam_comes_back_harmless(
    refusing: Refusing, ready_avatar: MakeAvatar, family: str
) -> None:
    for text in FAMILIES[family]:
        there = {"displayName": stored(text)}
        face = ready_avatar(rehearsal=False, display_name="Anna", upstream=there)
        assert rename(face, "Berta", face.owner)
        assert run_next()
        face.refresh_from_db()
        assert face.display_name == (tidy_name(stored(text))[:NAME_MAX] or "Berta"), ascii(text)


@every_family
def test_what_anam_says_of_a_refusal_is_harmless_text(
    refusing: Refusing, office: Client, accepted: MakeAvatar, family: str
) -> None:
    def page(text: str) -> Tree:
        refusing.message = f"Says {text}"
        face = accepted()
        Avatar.objects.filter(pk=face.pk).update(rehearsal=False)
        assert send_next() == face
        face.refresh_from_db()
        assert (face.state, face.said) == (State.REFUSED, tidy_name(refusing.message)[:300])
        assert faults(face.said) == []
        tree = tree_of(office.get(face.get_absolute_url()))
        assert face.said.rstrip(".") in tree.words
        return tree

    plain = page("it")
    for text in FAMILIES[family][:4]:
        assert same(page(text), plain), ascii(text)


def test_what_keeps_everybody_waiting_is_told_in_harmless_words(
    refusing: Refusing, office: Client, accepted: MakeAvatar
) -> None:
    def page(text: str) -> Tree:
        Avatar.objects.update(state=State.QUEUED, rehearsal=False, retry_at=None)
        Weather.objects.all().delete()
        refusing.status, refusing.message = 403, f"maximum, says {text}"
        assert send_next() == face
        said = Weather.at(rehearsal=False).said
        assert (said, faults(said)) == (tidy_name(refusing.message)[:300], [])
        tree = tree_of(office.get("/status"))
        assert said.rstrip(".") in tree.words
        return tree

    face = accepted()
    plain = page("it")
    for text in FEW:
        assert same(page(text), plain), ascii(text)


@every_family
def test_every_sentence_of_anams_is_harmless_before_it_is_kept(family: str) -> None:
    for text in FAMILIES[family]:
        body = json.dumps({"message": text, "error": text, "details": [{"message": text}]})
        for said in (sentence_from(body.encode()), headline_from(body.encode())):
            assert faults(said) == [], ascii(text)


def test_avatars_to_choose_from_are_shown_as_text(
    lab: Lab, office: Client, accepted: MakeAvatar
) -> None:
    lost = accepted()
    Avatar.objects.update(
        state=State.UNKNOWN,
        cause=Cause.NO_ANSWER,
        rehearsal=False,
        claimed_at=LONG_AGO,
        lost_at=LONG_AGO,
    )
    for text in TEXTS:
        lab.add(text, createdAt=LONG_AGO)
    settle_unknown()
    lost.refresh_from_db()
    shown = tree_of(office.get(lost.get_absolute_url()))
    there = [candidate["display_name"] for candidate in lost.candidates]
    assert there == [tidy_name(stored(text)) for text in TEXTS]
    assert [name for name in there if faults(name) or name not in shown.words] == []
    plain = [{**candidate, "display_name": PLAIN} for candidate in lost.candidates]
    Avatar.objects.update(candidates=plain)
    assert same(shown, tree_of(office.get(lost.get_absolute_url())))


def test_an_id_is_plain_or_none_and_writes_no_line_of_the_log(
    anam: ScriptAnam, accepted: MakeAvatar, caplog: pytest.LogCaptureFixture
) -> None:
    said: dict[str, Any] = {}
    anam(lambda _: httpx.Response(201, content=json.dumps(described(**said))))
    made = accepted()
    for text in TEXTS:
        Avatar.objects.filter(pk=made.pk).update(
            state=State.QUEUED, rehearsal=False, upstream_id=None, cause="", retry_at=None
        )
        Weather.objects.all().delete()
        said["id"] = text
        send_next()
        made.refresh_from_db()
        assert faults(made.upstream_id or "") == []
    assert len(caplog.records) > 100
    assert [line for line in caplog.messages if faults(line)] == []


# Out: on pages -----------------------------------------------------------------------------------
@every_family
def test_on_an_avatars_page_all_of_it_is_text(
    import_all: Import, office: Client, family: str
) -> None:
    avatars = import_all([*FAMILIES[family][:4], PLAIN])
    plain = tree_of(office.get(Avatar.objects.get(display_name=PLAIN).get_absolute_url()))
    for one in avatars:
        tree = tree_of(office.get(one.get_absolute_url()))
        assert same(tree, plain), ascii(one.display_name)
        for shown in (one.display_name, one.description, one.review_note, *one.tags):
            assert squeezed(shown) in squeezed(tree.words), ascii(shown)
        lines = (one.display_name, one.model_name, *one.tags, *one.versions)
        assert [line for line in lines if faults(line)] == []
        assert [
            text for text in (one.description, one.review_note) if faults(text, lines=True)
        ] == []


def test_in_the_gallery_all_of_it_is_text(import_all: Import, office: Client) -> None:
    def pages() -> list[Tree]:
        addresses, found = ["/"], []
        while addresses:
            answer = office.get(addresses.pop())
            found.append(tree_of(answer))
            addresses += filter(None, [answer.context["older_url"]])
        return found

    names = [one.display_name for one in import_all(TEXTS)]
    hostile = pages()
    make_plain()
    for tree, plain in zip(hostile, pages(), strict=True):
        assert same(tree, plain)
    words = "".join(tree.words for tree in hostile)
    assert [name for name in names if name not in words] == []


def test_in_the_review_all_of_it_is_text(import_all: Import, office: Client) -> None:
    def trees(some: Sequence[Avatar]) -> Iterator[Tree]:
        rows = Avatar.objects.filter(pk__in=[one.pk for one in some])
        for approval in (Approval.WAITING, Approval.REJECTED):
            rows.update(state=State.READY, approval=approval)
            yield tree_of(office.get("/review"))
        rows.update(state=State.REMOVED)

    avatars = import_all([*TEXTS, *[PLAIN] * (-len(TEXTS) % 10)])
    Avatar.objects.update(state=State.REMOVED)
    hostile = [list(trees(some)) for some in batched(avatars, 10)]
    make_plain()
    plain = list(trees(avatars[:10]))
    for found in hostile:
        assert [same(*pair) for pair in zip(found, plain, strict=True)] == [True, True]
    words = "".join(tree.words for found in hostile for tree in found)
    assert [one for one in avatars if one.display_name not in words] == []


def test_in_the_lists_of_the_records_all_of_it_is_text(import_all: Import, office: Client) -> None:
    avatars = import_all(first(4))
    places = [f"/admin/avatars/{model}/?all=" for model in ("avatar", "event")]
    hostile = [tree_of(office.get(place)) for place in places]
    make_plain()
    for tree, place in zip(hostile, places, strict=True):
        assert same(tree, tree_of(office.get(place)))
        words = squeezed(tree.words)
        assert [one for one in avatars if squeezed(one.display_name) not in words] == []


def test_in_the_record_of_each_all_of_it_is_text(import_all: Import, office: Client) -> None:
    def trees(one: Avatar) -> list[Tree]:
        event = one.events.get(kind=Kind.CHANGES)
        records = (f"avatar/{one.pk}", f"event/{event.pk}")
        return [tree_of(office.get(f"/admin/avatars/{path}/change/")) for path in records]

    avatars = import_all([*FEW, PLAIN])
    plain = trees(Avatar.objects.get(display_name=PLAIN))
    for one in avatars:
        for tree, other in zip(trees(one), plain, strict=True):
            assert same(tree, other), ascii(one.display_name)
            assert squeezed(one.review_note) in squeezed(tree.words)


def test_on_a_feed_and_before_an_erasure_all_of_it_is_text(
    import_all: Import, office: Client, administrator: User
) -> None:
    import_all([*FEW, PLAIN])
    Avatar.objects.update(approval=Approval.APPROVED)
    plain = Avatar.objects.get(display_name=PLAIN)
    feed = feeds.open_feed("in-use", plain, "", administrator)
    asked = tree_of(office.get(door(plain, "erase")))
    for one in Avatar.objects.exclude(pk=plain.pk):
        feed.refresh_from_db()
        assert feeds.swap(feed, one, "", administrator)
        tree = tree_of(office.get(door(one, "erase")))
        assert same(tree, asked), ascii(one.display_name)
        assert f"Type “{one.display_name}” to erase it" in tree.words
    shown = tree_of(office.get("/feeds"))
    make_plain()
    assert same(shown, tree_of(office.get("/feeds")))


def test_as_json_all_of_it_reads_back(import_all: Import, office: Client) -> None:
    for one in import_all(FEW):
        facts = json.loads(office.get(one.get_absolute_url(), headers=JSON).content)
        assert facts["display_name"] == one.display_name
        assert facts["review_note"] == one.review_note
        assert facts["versions"] == one.versions
