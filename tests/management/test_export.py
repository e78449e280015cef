"""`manage.py avatars export`: everything but secrets, whole or not at all."""

import csv
import json
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from avatars import spreadsheets, tokens
from avatars.harmless import harmless
from avatars.models import Approval, Avatar, Event, Kind, State, Token
from avatars.services import changing, erasing, review
from avatars.tasks import send_due
from dashboard.people.models import User
from tests.conftest import MakeAvatar, ScriptAnam, files_in, prepared
from tests.faults import Writes, count_writes, counted, failing_at
from tests.hostile import TEXTS, stored
from tests.management.conftest import avatars
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db
CANARY = "canary-7f3a91c2-key"
SIGNED = "https://media.r2.cloudflarestorage.com/a.mp4?X-Amz-Expires=3600&X-Amz-Signature=5ec2e7"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "exports" / "today"


def facts_in(place: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((place / "avatars.json").read_text("utf-8"))
    return found


def rows_in(place: Path) -> list[dict[str, str]]:
    with (place / "avatars.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# What is in it -----------------------------------------------------------------------------------
def test_all_facts_and_events_of_all_avatars_are_there(
    mia: User, accepted: MakeAvatar, ready_avatar: MakeAvatar, place: Path
) -> None:
    first, second = accepted(owner=mia, display_name="Jürgen 李"), ready_avatar()
    Avatar.objects.create(display_name="Ada", stock=True, rehearsal=True, state=State.READY)
    changing.remove(second, mia)
    printed = avatars("export", place)
    assert (printed.status, printed.out) == (0, f"3 avatars exported to {place}.\n")
    one, two, three = facts_in(place)
    assert {**json.loads(avatars("show", first.pk, "--json").out), "photo": None} == one
    assert [event["kind"] for event in two["events"]] == ["removed"]
    assert (three["stock"], three["owner"]) == (True, "Anam")
    assert datetime.fromisoformat(one["events"][0]["at"]).tzinfo == UTC
    assert [row["id"] for row in rows_in(place)] == [item["id"] for item in (one, two, three)]
    assert rows_in(place)[0]["display_name"] == "Jürgen 李"
    assert datetime.fromisoformat(rows_in(place)[0]["created_at"]) == first.created_at


def test_without_any_avatar_it_is_empty_and_still_readable(place: Path) -> None:
    assert avatars("export", place).out == f"0 avatars exported to {place}.\n"
    assert (facts_in(place), rows_in(place)) == ([], [])


def test_photos_come_along_when_asked_for(accepted: MakeAvatar, place: Path) -> None:
    made = accepted()
    assert avatars("export", place, "--photos", "--json-only").status == 0
    photo = place / "photos" / f"{made.pk}.jpg"
    assert files_in(place) == [place / "avatars.json", photo]
    assert photo.read_bytes() == prepared().data
    assert facts_in(place)[0]["photo"] == f"photos/{made.pk}.jpg"


def test_a_photo_that_is_not_there_keeps_nothing_else_out(
    accepted: MakeAvatar, place: Path
) -> None:
    made, lost = accepted(), accepted()
    default_storage.delete(str(lost.photo))
    printed = avatars("export", place, "--photos")
    assert (printed.status, str(lost.pk) in printed.error) == (1, True)
    assert [item["photo"] for item in facts_in(place)] == [f"photos/{made.pk}.jpg", None]


def test_of_an_erased_one_there_is_a_tombstone(
    mia: User, accepted: MakeAvatar, place: Path
) -> None:
    made = accepted(owner=mia, display_name="Secret Name")
    Avatar.objects.filter(pk=made.pk).update(state=State.READY)
    review.decide(made.pk, review.Verdict(Approval.CHANGES, 0, "Secret note"), mia)
    avatars("export", place, "--photos")
    assert b"Secret" in (place / "avatars.json").read_bytes()
    erasing.erase(made, mia)
    printed = avatars("export", place, "--force")
    assert (printed.status, files_in(place)) == (0, [place / "avatars.csv", place / "avatars.json"])
    for path in files_in(place):
        assert b"Secret" not in path.read_bytes()
    (tombstone,) = facts_in(place)
    assert (tombstone["erased_by"], tombstone["photo"]) == ("Mia Berg", None)
    assert [event["kind"] for event in tombstone["events"]][-2:] == ["erasure", "erased"]
    assert rows_in(place)[0]["state_words"] == "Erased"


def test_one_that_is_being_erased_shows_no_more(
    mia: User, accepted: MakeAvatar, place: Path
) -> None:
    made = accepted(owner=mia, display_name="Secret Name")
    changing.rename(made, "Other Secret", mia)
    Avatar.objects.begin_erasure(made.pk, timezone.now(), by=mia)  # and its process died
    avatars("export", place, "--photos")
    assert files_in(place / "photos") == []
    assert [p for p in files_in(place) if b"Secret" in p.read_bytes()] == []


# What is not -------------------------------------------------------------------------------------
def test_no_secret_leaves(
    mia: User, accepted: MakeAvatar, anam: ScriptAnam, settings: Settings, place: Path
) -> None:
    anam(lambda _: httpx.Response(201, json=described(echo=CANARY, videoUrl=SIGNED)))
    settings.ANAM_API_KEY = CANARY
    made, text = accepted(owner=mia), tokens.new_token()
    send_due.call()
    made.refresh_from_db()
    assert (made.state, made.video_url) == (State.READY, SIGNED)
    token = Token.objects.create(
        owner=mia,
        name="robot",
        digest=tokens.digest(text),
        hint=text[: tokens.HINT],
        rate=1,
        expires_at=timezone.now(),
    )
    note = f"Look at {SIGNED} with {text}, please"
    Event.objects.create(
        avatar=made, actor=mia, token=token, kind=Kind.CHANGES, note=note, detail={"at": [SIGNED]}
    )
    Avatar.objects.filter(pk=made.pk).update(review_note=note)
    for arguments in ((), ("--photos", "--force")):
        assert avatars("export", place, *arguments).status == 0
    written = b"".join(path.read_bytes() for path in files_in(place))
    for secret in (CANARY, text, token.digest, "X-Amz", "5ec2e7", settings.SECRET_KEY):
        assert secret.encode() not in written, secret
    harmless = "Look at https://media.r2.cloudflarestorage.com/a.mp4 with (a token), please"
    assert facts_in(place)[0]["review_note"] == harmless
    assert b"robot" in written


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '" =1', "Mia;=1+1", "＝1+1"]


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_is_a_live_formula(mia: User, avatar: MakeAvatar, place: Path, name: str) -> None:
    User.objects.filter(pk=mia.pk).update(name=name)
    avatar(owner=mia, display_name=name, review_note=f"see\n{name}")
    avatars("export", place)
    (row,) = rows_in(place)
    for cell in row.values():
        assert not cell.startswith(("\t", "\r"))
        # As other languages' spreadsheets would split it.
        parts = [part.lstrip(' "') for part in re.split("[;|\t\r\n]", cell)]
        assert [part for part in parts if part.startswith(tuple("=+-@＝＋－＠"))] == []
    assert row["display_name"].replace("'", "") == name
    assert facts_in(place)[0]["display_name"] == name  # a program wants it as it is


def test_of_the_whole_table_no_cell_is_live_and_all_of_it_reads_back(
    mia: User, avatar: MakeAvatar, place: Path
) -> None:
    names = {}
    for text in TEXTS:
        name, note = stored(text)[:50], stored(text)
        pk = avatar(owner=mia, display_name=name, review_note=note).pk
        names[str(pk)] = harmless(name)  # an address loses who signs in there
    avatars("export", place)
    assert {item["id"]: item["display_name"] for item in facts_in(place)} == names
    rows = rows_in(place)
    assert {row["id"]: row["display_name"] for row in rows} == {
        pk: spreadsheets.cell(name) for pk, name in names.items()
    }
    written = [text.lstrip() for row in rows for text in row.values()]
    assert [text for text in written if text.startswith(tuple("=+-@＝＋－＠"))] == []


def test_an_everyday_cell_stays_as_it_is(avatar: MakeAvatar, place: Path) -> None:
    note = 'A "good" one, at 10:00; really - yes.\nSecond line: 2 + 2 = 4'
    avatar(display_name="Anna-Lena O'Neil", review_note=note)
    avatars("export", place)
    (row,) = rows_in(place)
    assert (row["display_name"], row["review_note"]) == ("Anna-Lena O'Neil", note)


# Whole or not at all -----------------------------------------------------------------------------
def test_a_folder_with_something_in_it_is_left_alone(avatar: MakeAvatar, place: Path) -> None:
    avatar()
    place.mkdir(parents=True)
    (place / "mine.txt").write_text("mine")
    printed = avatars("export", place)
    assert "is not empty. Nothing was exported." in printed.error
    assert (printed.status, files_in(place)) == (1, [place / "mine.txt"])
    assert avatars("export", place, "--force").status == 0
    assert (place / "mine.txt").read_text() == "mine"
    assert "is a file, not a folder" in avatars("export", place / "mine.txt").error


def test_json_alone_leaves_no_table_that_is_not_true_any_more(
    avatar: MakeAvatar, place: Path
) -> None:
    avatar()
    avatars("export", place)
    assert avatars("export", place, "--json-only", "--force").status == 0
    assert files_in(place) == [place / "avatars.json"]


def test_nobody_else_on_the_machine_reads_it(accepted: MakeAvatar, place: Path) -> None:
    accepted()
    avatars("export", place, "--photos")
    assert {path.stat().st_mode & 0o777 for path in files_in(place)} == {0o600}


def whole(place: Path) -> bool:
    """Whether a whole export is there; otherwise there must be nothing at all."""
    if not (place / "avatars.json").exists():
        assert files_in(place) == []
        return False
    assert len(facts_in(place)) == len(rows_in(place)) == len(files_in(place / "photos")) == 2
    return True


class CtrlC(Writes):
    def _is_next_to_fail(self, what: str) -> bool:
        if super()._is_next_to_fail(what):
            signal.raise_signal(signal.SIGINT)
        return False


@pytest.mark.parametrize("how", [Writes, CtrlC])
def test_whenever_it_fails_nothing_half_stays(
    accepted: MakeAvatar, tmp_path: Path, how: Callable[..., Writes]
) -> None:
    accepted(), accepted()
    writes = count_writes(lambda: avatars("export", tmp_path / "0", "--photos"))
    failed = 0
    for n in range(1, writes + 1):
        place = tmp_path / "exports" / str(n)
        with counted(how(failing_at=n)) as counting:
            printed = avatars("export", place, "--photos")
        assert counting.failed
        failed += bool(printed.status)
        if printed.status:
            assert "The export was given up." in printed.error
        moved_up = any("rename" in what or "replace" in what for what in counting.seen[: n - 1])
        assert moved_up or whole(place) is not bool(printed.status)
    assert failed > writes / 2 > 5


def test_an_earlier_export_stays_when_a_later_one_fails(accepted: MakeAvatar, place: Path) -> None:
    accepted()
    avatars("export", place, "--photos")
    before = {path: path.read_bytes() for path in files_in(place)}
    accepted()
    with failing_at(4, for_good=True):
        printed = avatars("export", place, "--photos", "--force")
    assert (printed.status, "No space left on device" in printed.error) == (1, True)
    kept = {path: path.read_bytes() for path in files_in(place) if ".part" not in str(path)}
    assert kept == before


def test_many_cost_no_more_questions_than_a_few(
    accepted: MakeAvatar, ready_avatar: MakeAvatar, mia: User, tmp_path: Path
) -> None:
    asked = []
    for number in range(2):
        for _ in range(4):
            accepted()
            erasing.erase(ready_avatar(owner=mia), mia)
        with CaptureQueriesContext(connection) as queries:
            avatars("export", tmp_path / str(number), "--photos")
        asked.append(len(queries))
    assert asked == [2, 2]
