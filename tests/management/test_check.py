"""`manage.py avatars check`: the list of checks for files, and nothing is made."""

import json
from pathlib import Path

import pytest

from avatars.management.files import read
from avatars.models import Avatar, Event
from avatars.photos.checklist import checklist
from avatars.photos.finding import Finding
from avatars.photos.inspect import inspect
from tests.conftest import files_in
from tests.management.conftest import Fill, avatars
from tests.photos import pictures

pytestmark = pytest.mark.django_db


def test_a_good_photo_is_told_line_by_line(folder: Fill, rooms: Path) -> None:
    photo = folder(**{"ada.jpg": 1200}) / "ada.jpg"
    printed = avatars("check", photo)
    assert (printed.status, printed.error) == (0, "")
    first, *lines = printed.out.splitlines()
    assert first == f"{photo}: good."
    checks = checklist(inspect(photo.read_bytes()))
    assert len(lines) == len(checks)
    for line, check in zip(lines, checks, strict=True):
        assert f"{check.title}: {check.measured}." in line
    assert not Avatar.objects.exists()
    assert not Event.objects.exists()
    assert files_in(rooms / "media") == []


def test_one_that_would_be_refused_ends_with_a_no(folder: Fill) -> None:
    given = folder(**{"ada.jpg": 1200, "berta.gif": pictures.portrait_gif()})
    printed = avatars("check", given)
    assert (printed.status, printed.error) == (1, "1 of 2 photos would be refused.")
    assert "ada.jpg: good." in printed.out
    assert "berta.gif: would be refused." in printed.out
    assert "  refused    This file is not a photo we can use: a GIF picture." in printed.out


def test_advice_and_what_is_fixed_is_no_refusal(folder: Fill) -> None:
    printed = avatars("check", folder(**{"ada.jpg": pictures.phone_jpeg(6, 900, 1200)}))
    assert printed.status == 0
    assert "  advice     " in printed.out
    assert "  by itself  " in printed.out
    assert pictures.GPS_WORDS.decode() not in printed.out


def test_a_file_that_would_fill_the_memory_is_not_even_read(folder: Fill) -> None:
    given = folder(**{"huge.jpg": b""})
    with (given / "huge.jpg").open("r+b") as stream:
        stream.truncate(2_000_000_000)
    printed = avatars("check", given)
    assert printed.status == 1
    assert "  refused    The file is too big: 2000.0 MB." in printed.out
    assert len(printed.out.splitlines()) == 2


def test_a_file_that_vanishes_meanwhile_is_told(tmp_path: Path) -> None:
    finding = read(tmp_path / "gone.jpg")
    assert isinstance(finding, Finding)
    assert (finding.code, finding.measured) == ("not-readable", "No such file or directory")


def test_what_is_no_picture_by_its_name_is_left_out(folder: Fill) -> None:
    printed = avatars("check", folder(**{"ada.jpg": 1200, "notes.txt": b"x"}))
    assert printed.status == 0
    assert "notes.txt was left out" in printed.err


def test_programs_read_the_same_as_json(folder: Fill) -> None:
    photo = folder(**{"ada.jpg": 200}) / "ada.jpg"
    printed = avatars("check", photo, "--json")
    inspection = inspect(photo.read_bytes())
    assert printed.status == 1
    assert json.loads(printed.out) == [
        {
            "path": str(photo),
            "ok": False,
            "findings": [finding.as_dict() for finding in inspection.findings],
            "checks": [check.as_dict() for check in checklist(inspection)],
        }
    ]
