"""Programs that bring names and notes that mean harm: harmless, or refused in words."""

import re
from urllib.parse import quote
from uuid import uuid4

import pytest

from avatars.forms import judge_name
from avatars.models import Avatar
from avatars.names import tidy_name, tidy_text
from tests.api.conftest import Program, photo
from tests.conftest import MakeAvatar
from tests.hostile import FAMILIES, TEXTS, faults, first, stored, typed
from tests.photos import pictures

pytestmark = pytest.mark.django_db
HALF = re.compile("[\ud800-\udfff]")
every_family = pytest.mark.parametrize("family", FAMILIES)


@pytest.fixture
def face(ready_avatar: MakeAvatar, program: Program) -> Avatar:
    return ready_avatar(upstream_id=str(uuid4()), owner=program.person)


def test_a_new_avatar_has_a_harmless_name_or_is_refused_in_words(program: Program) -> None:
    small = pictures.portrait_jpeg(300, 300)
    assert len(first(10)) >= 200
    for text in map(typed, first(10)):
        name = tidy_name(text)
        headers = {"Prefer": "respond-async"}
        answer = program.create(text, imageFile=photo(small), headers=headers)
        if judge_name(name):
            assert answer.status_code == 400, ascii(text)
            assert answer.json()["details"][0]["path"] == "displayName"
        else:
            assert answer.status_code == 202, ascii(text)
            assert answer.json()["displayName"] == name
    kept = Avatar.objects.values_list("display_name", flat=True)
    assert len(kept) > 150
    assert [name for name in kept if faults(name)] == []


@every_family
def test_a_new_name_is_harmless_or_refused_in_words(
    program: Program, face: Avatar, family: str
) -> None:
    for text in FAMILIES[family]:
        answer = program.put(f"avatars/{face.upstream_id}", {"displayName": text})
        name, before = tidy_name(text), face.display_name
        face.refresh_from_db()
        if answer.status_code == 400:
            assert answer.json()["details"][0]["path"] == "displayName"
            assert judge_name(name) or HALF.search(text), ascii(text)
            assert face.display_name == before
        else:
            assert answer.json()["displayName"] == face.display_name == name, ascii(text)
            assert faults(name) == []


@every_family
def test_a_note_is_harmless_or_refused_in_words(
    program: Program, ready_avatar: MakeAvatar, family: str
) -> None:
    face = ready_avatar(upstream_id=str(uuid4()))  # of somebody else: no token judges its own
    place = f"avatars/{face.upstream_id}/review"
    for text in FAMILIES[family]:
        verdict = {"decision": "changes", "note": text, "version": face.version}
        answer, note = program.post(place, verdict), tidy_text(text)
        face.refresh_from_db()
        if answer.status_code == 400:
            assert answer.json()["details"][0]["path"] == "note"
            assert not note or len(text) > 2000 or "\0" in text or HALF.search(text), ascii(text)
        else:
            assert answer.json()["note"] == face.review_note == note, ascii(text)
            assert faults(note, lines=True) == []


def test_a_list_of_them_reads_back_and_any_of_them_may_be_looked_for(
    program: Program, ready_avatar: MakeAvatar
) -> None:
    for text in TEXTS:
        said = {"description": stored(text), "displayTags": [stored(text)]}
        name = tidy_name(text)[:50] or "Mia"
        ready_avatar(display_name=name, upstream_id=str(uuid4()), upstream=said)
    items = [
        item
        for page in range(1, 5)
        for item in program.get(f"avatars?perPage=100&page={page}").json()["data"]
    ]
    assert len(items) == len(TEXTS)
    assert {item["description"] for item in items} == set(map(stored, TEXTS))
    for text in map(typed, TEXTS):
        found = program.get(f"avatars?search={quote(text[:200])}")
        assert found.status_code in (200, 400), ascii(text)
