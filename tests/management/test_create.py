"""`manage.py avatars create`: what is good comes in, what is not is told, and nothing twice."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from avatars.models import Avatar, Event, Kind, Pulse, State, Wish
from avatars.photos.inspect import inspect
from avatars.photos.kinds import KINDS
from avatars.services import changing, erasing
from avatars.services.accept import Wanted, accept
from avatars.services.presence import our_token
from avatars.services.wishes import forget_old
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakePerson, files_in, prepared, time_passes, wipe
from tests.faults import Writes, counted, failing_at
from tests.management.conftest import Fill, Terminal, avatars
from tests.photos import pictures

pytestmark = pytest.mark.django_db
FIVE = {"ada.jpg": 400, "berta.jpg": 401, "carl.jpg": 402, "dora.jpg": 403, "emil.jpg": 404}


class WhileBertaIsTakenIn(Writes):
    """The first change of the database fails after one avatar is there."""

    def statement(self, what: str) -> None:
        if "UPDATE" in what and Avatar.objects.count() == 1:
            raise OperationalError("disk full")

    def file(self, what: str) -> None:
        pass


def names() -> list[str]:
    return sorted(Avatar.objects.values_list("display_name", flat=True))


# What comes in -----------------------------------------------------------------------------------
def test_a_photo_comes_in_like_on_the_page(mia: User, folder: Fill, rooms: Path) -> None:
    photo = folder(**{"mia.jpg": pictures.talkative_jpeg()}) / "mia.jpg"
    printed = avatars("create", photo, "--owner", mia.email, "--name", "Mia", "--model", "cara-3")
    made = Avatar.objects.get()
    assert (made.display_name, made.model, made.owner) == ("Mia", "cara-3", mia)
    assert (made.state, made.rehearsal, made.token) == (State.QUEUED, True, None)
    (event,) = made.events.all()
    assert (event.kind, event.actor) == (Kind.UPLOADED, mia)
    assert [p for p in files_in(rooms / "media") if pictures.GPS_WORDS in p.read_bytes()] == []
    assert (printed.status, str(made.pk) in printed.out) == (0, True)
    assert DBTaskResult.objects.filter(task_path="avatars.tasks.send_due").count() == 1


def test_a_folder_comes_in_but_for_the_photo_that_will_not_do(mia: User, folder: Fill) -> None:
    given = folder(**FIVE, **{"bad.jpg": b"GIF89a no face in here"})
    printed = avatars("create", given, "--owner", mia.email)
    assert names() == ["Ada", "Berta", "Carl", "Dora", "Emil"]
    assert (printed.status, printed.error) == (
        1,
        "1 of 6 photos was not taken in; all others are safe.",
    )
    assert "bad.jpg: not taken in.\n  This file is not a photo we can use: " in printed.out
    assert f"Wanted: a photo saved as {KINDS}." in printed.out
    assert printed.out.count(": taken in as “") == 5
    assert DBTaskResult.objects.count() == 5


def test_advice_lets_a_photo_pass_and_is_told(mia: User, folder: Fill) -> None:
    printed = avatars("create", folder(**{"mia.jpg": 300}), "--owner", mia.email)
    advice = Avatar.objects.get().advice
    assert (printed.status, bool(advice)) == (0, True)
    assert f"  Advice: {advice[0]['title']}" in printed.out


def test_all_that_was_found_is_kept_and_what_was_fixed_is_told_in_short(
    mia: User, folder: Fill
) -> None:
    photo = pictures.phone_jpeg(6, 600, 900)
    printed = avatars("create", folder(**{"mia.jpg": photo}), "--owner", mia.email)
    avatar = Avatar.objects.get()
    assert avatar.advice == [finding.as_dict() for finding in inspect(photo).findings]
    assert [tip["code"] for tip in avatar.tips] == ["small", "not-square"]
    assert [fix["code"] for fix in avatar.fixes] == ["sideways", "metadata"]
    assert "  Fixed: Hidden data is left out: place, camera.\n" in printed.out
    shown = avatars("show", str(avatar.pk))
    assert "Hidden data is left out: place, camera" in shown.out


def test_a_folder_is_read_one_level_deep_in_order_and_without_other_files(
    mia: User, folder: Fill
) -> None:
    given = folder(**{"b.JPG": 400, "a.jpg": 401, ".hidden.jpg": 402, "notes.txt": b"words"})
    folder("photos/deeper", **{"c.jpg": 403})
    printed = avatars("create", given, "--owner", mia.email, "--name", "Mia")
    by_time = Avatar.objects.order_by("created_at").values_list("display_name", flat=True)
    assert list(by_time) == ["Mia", "Mia 2"]
    first = printed.out.splitlines()[0]
    assert (printed.status, "a.jpg: taken in as “Mia”" in first) == (0, True)
    assert "notes.txt was left out: by its name it is no picture." in printed.err
    assert "hidden" not in printed.out + printed.err


def test_what_is_named_twice_comes_in_once(mia: User, folder: Fill) -> None:
    given = folder(**{"mia.jpg": 400})
    avatars("create", given, given / "mia.jpg", given / ".." / "photos", "--owner", mia.email)
    assert names() == ["Mia"]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("mia_berg-2.jpg", "Mia Berg 2"),
        ("IMG_2041.jpg", "IMG 2041"),
        ("müller  &   söhne.jpg", "Müller & Söhne"),
        ("a name so long that nobody would ever want to read that to its end.jpg", None),
        ("a\u202eb\ncd.jpg", "Ab Cd"),
    ],
)
def test_a_name_is_made_from_that_of_the_file(
    mia: User, folder: Fill, file: str, name: str | None
) -> None:
    printed = avatars("create", folder(**{file: 400}), "--owner", mia.email)
    (made,) = names()
    assert made == name or (name is None and len(made) == 50)
    assert (printed.status, len(printed.out.splitlines())) == (0, 1 + printed.out.count("Advice"))


def test_a_file_with_too_short_a_name_says_what_to_do(mia: User, folder: Fill) -> None:
    printed = avatars("create", folder(**{"a.jpg": 400}), "--owner", mia.email)
    assert "The name is too short: 1 character." in printed.out
    assert (printed.status, names()) == (1, [])


# Twice -------------------------------------------------------------------------------------------
def test_the_same_again_makes_nothing_and_says_so(
    mia: User, folder: Fill, rooms: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = folder(**FIVE)
    avatars("create", given, "--owner", mia.email)
    before = files_in(rooms / "media")
    monkeypatch.chdir(given)
    again = avatars("create", ".", "--owner", mia.email)
    assert again.out.count(": taken in earlier as “") == 5
    assert "Nothing new. State: Waiting to be sent." in again.out
    assert (again.status, Avatar.objects.count()) == (0, 5)
    assert Event.objects.count() == 5
    assert files_in(rooms / "media") == before


def test_what_is_new_in_the_folder_comes_in_when_it_is_said_again(mia: User, folder: Fill) -> None:
    given = folder(**{"ada.jpg": 400, "bad.jpg": b"nothing"})
    avatars("create", given, "--owner", mia.email)
    folder(**{"bad.jpg": 402, "carl.jpg": 403})
    again = avatars("create", given, "--owner", mia.email)
    assert (again.status, again.out.count("earlier")) == (0, 1)
    assert names() == ["Ada", "Bad", "Carl"]


def test_after_a_day_it_is_another_wish(mia: User, folder: Fill) -> None:
    given = folder(**{"mia.jpg": 400})
    avatars("create", given, "--owner", mia.email)
    Avatar.objects.update(state=State.READY)
    time_passes(25 * 3600)
    forget_old(timezone.now())
    assert avatars("create", given, "--owner", mia.email).status == 0
    assert names() == ["Mia", "Mia"]


def test_the_same_photo_of_somebody_else_is_another_wish(
    mia: User, person: MakePerson, folder: Fill
) -> None:
    given, other = folder(**{"mia.jpg": 400}), person(role=Role.CREATOR)
    for owner in (mia, other):
        assert avatars("create", given, "--owner", owner.email).status == 0
    assert set(Avatar.objects.values_list("owner", flat=True)) == {mia.pk, other.pk}


def test_the_same_file_under_another_name_is_not_made_silently(mia: User, folder: Fill) -> None:
    given = folder(**{"mia.jpg": 400})
    avatars("create", given, "--owner", mia.email)
    other = avatars("create", given, "--owner", mia.email, "--name", "Someone")
    assert "This very file has made another avatar in the last 24 hours: “Mia” (" in other.out
    assert (other.status, names()) == (1, ["Mia"])


def test_one_that_was_removed_meanwhile_is_told_as_that(mia: User, folder: Fill) -> None:
    given = folder(**{"mia.jpg": 400})
    avatars("create", given, "--owner", mia.email)
    changing.remove(Avatar.objects.get(), mia)
    assert "Nothing new. State: Removed." in avatars("create", given, "--owner", mia.email).out
    erasing.erase(Avatar.objects.get(), mia)
    erased = avatars("create", given, "--owner", mia.email)
    assert (erased.status, "“Erased avatar”" in erased.out) == (1, True)
    assert Avatar.objects.count() == 1


def test_a_wish_whose_process_died_is_gone_on_with(mia: User, folder: Fill) -> None:
    given = folder(**{"mia.jpg": 400})
    avatars("create", given, "--owner", mia.email)
    key = Wish.objects.get().key
    wipe(Avatar.objects.all())
    Wish.objects.update(done_at=None, claimed_by=our_token())
    assert avatars("create", given, "--owner", mia.email).status == 0
    assert (names(), Wish.objects.get().key) == (["Mia"], key)


# What is said ------------------------------------------------------------------------------------
def test_json_holds_everything_and_nothing_else_is_printed(mia: User, folder: Fill) -> None:
    given = folder(**{"ada.jpg": 400, "bad.jpg": b"nothing"})
    printed = avatars("create", given, "--owner", mia.email, "--json")
    ada, bad = json.loads(printed.out)
    assert (ada["accepted"], ada["earlier"], ada["path"]) == (True, False, str(given / "ada.jpg"))
    assert ada["avatar"]["id"] == str(Avatar.objects.get().pk)
    assert (bad["accepted"], bad["avatar"]) == (False, None)
    assert bad["findings"][0]["code"] == "not-a-photo"
    assert printed.err.splitlines()[:2] == ["1/2 ada.jpg", "2/2 bad.jpg"]
    assert printed.status == 1
    (again, _) = json.loads(avatars("create", given, "--owner", mia.email, "--json").out)
    assert again["earlier"] is True


def test_a_terminal_shows_a_bar_that_is_gone_in_the_end(mia: User, folder: Fill) -> None:
    terminal = Terminal()
    given = folder(**{"ada.jpg": 400, "berta.jpg": 401})
    printed = avatars("create", given, "--owner", mia.email, err=terminal)
    steps = terminal.getvalue().split("\r\x1b[2K")
    assert [step for step in steps if "/2" in step] == [
        f"{'░' * 24} 1/2 ada.jpg",
        f"{'█' * 12}{'░' * 12} 2/2 berta.jpg",
    ]
    assert steps[-1].startswith("No worker seems to run.")
    assert "\x1b" not in printed.out


def test_without_a_worker_it_says_that_nothing_is_sent_yet(mia: User, folder: Fill) -> None:
    given = folder(**{"mia.jpg": 400})
    assert "No worker seems to run." in avatars("create", given, "--owner", mia.email).err
    Pulse.beat("sweep")
    assert avatars("create", given, "--owner", mia.email).err == ""
    Pulse.objects.update(at=timezone.now() - timedelta(minutes=5))
    assert "No worker seems to run." in avatars("create", given, "--owner", mia.email).err


def test_a_file_name_can_move_no_terminal(mia: User, folder: Fill) -> None:
    printed = avatars("create", folder(**{"mia\x1b[2J.jpg": 400}), "--owner", mia.email)
    assert (printed.status, "\x1b" in printed.out) == (0, False)


# What is refused ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--name", "M"], "The name is too short: 1 character."),
        (["--name", "M" * 49], "The name is too long: 51 characters."),
        (["--name", "\u200b"], "The name is too short: no name."),
        (["--model", "m" * 61], "No model has a name this long"),
    ],
)
def test_what_is_wrong_with_all_is_said_before_anything_is_made(
    mia: User, folder: Fill, more: list[str], words: str
) -> None:
    given = folder(**{"ada.jpg": 400, "berta.jpg": 401})
    printed = avatars("create", given, "--owner", mia.email, *more)
    assert printed.error.startswith(words)
    assert printed.error.endswith("Nothing was taken in.")
    assert names() == []


def test_nothing_is_made_when_a_path_is_wrong(mia: User, folder: Fill) -> None:
    given = folder(**{"mia.jpg": 400})
    printed = avatars("create", given, given / "mai.jpg", "--owner", mia.email)
    assert f"There is no file or folder {given / 'mai.jpg'}." in printed.error
    assert "There is no photo in" in avatars("create", folder("e"), "--owner", mia.email).error
    assert names() == []


def test_only_somebody_who_makes_avatars_owns_new_ones(person: MakePerson, folder: Fill) -> None:
    given, viewer, gone = folder(**{"mia.jpg": 400}), person(), person(role=Role.CREATOR)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert "may not make avatars" in avatars("create", given, "--owner", viewer.email).error
    assert "was deactivated" in avatars("create", given, "--owner", gone.email).error
    nobody = avatars("create", given, "--owner", "nobody@example.com").error
    assert "Nobody has the e-mail address nobody@example.com." in nobody
    assert names() == []


def test_what_can_never_be_a_photo_is_not_read_into_memory(mia: User, folder: Fill) -> None:
    given = folder(**{"mia.jpg": 400, "vast.jpg": b"\xff\xd8\xff"})
    os.truncate(given / "vast.jpg", 3_000_000_000)
    printed = avatars("create", given, "--owner", mia.email)
    assert "The file is too big: 3000.0 MB. Wanted: at most 10.0 MB." in printed.out
    assert names() == ["Mia"]


def test_what_is_in_the_hands_of_another_command_is_left_to_it(
    mia: User, folder: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatars.services.wishes.TWIN_SECONDS", 0.2)
    given = folder(**{"mia.jpg": 400})
    avatars("create", given, "--owner", mia.email)
    Wish.objects.update(done_at=None, claimed_by="of another machine")
    printed = avatars("create", given, "--owner", mia.email)
    assert "Another command takes in this photo at the moment" in printed.out
    assert (printed.status, Avatar.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_fails_half_way_is_told_and_the_rest_comes_later(
    mia: User, folder: Fill
) -> None:
    given = folder(**{"ada.jpg": 256, "berta.jpg": 257})
    command = ("create", given, "--owner", mia.email, "--json")
    with counted(WhileBertaIsTakenIn(failing_at=1)):
        printed = avatars(*command)
    assert printed.error.startswith("The database does not answer as it should: disk full. ")
    assert [item["path"] for item in json.loads(printed.out)] == [str(given / "ada.jpg")]
    assert (avatars(*command).status, names()) == (0, ["Ada", "Berta"])


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told_for_each_photo(mia: User, folder: Fill) -> None:
    given = folder(**{"ada.jpg": 256})
    with failing_at(12, for_good=True):
        printed = avatars("create", given, "--owner", mia.email)
    assert "The photo could not be stored: No space left on device." in printed.out
    assert avatars("create", given, "--owner", mia.email).status == 0
    assert names() == ["Ada"]


def test_a_wish_of_the_page_and_one_of_the_command_do_not_meet(mia: User, folder: Fill) -> None:
    accept(owner=mia, wanted=[Wanted("Mia", "cara-4", prepared())], key="of-the-page")
    assert avatars("create", folder(**{"mia.jpg": 400}), "--owner", mia.email).status == 0
    assert names() == ["Mia", "Mia"]
