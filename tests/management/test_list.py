"""`manage.py avatars list`: a table for people, JSON for programs."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from avatars.models import Approval, Avatar, State
from avatars.services import changing
from dashboard.people.models import User
from tests.conftest import MakeAvatar, MakePerson
from tests.hostile import TEXTS, faults, stored
from tests.management.conftest import avatars

pytestmark = pytest.mark.django_db


def listed(*arguments: object) -> list[str]:
    """The names, in their order."""
    printed = avatars("list", *arguments, "--json")
    assert printed.status == 0, printed
    return [facts["display_name"] for facts in json.loads(printed.out)]


def test_a_table_has_its_columns_under_each_other(
    mia: User, ready_avatar: MakeAvatar, avatar: MakeAvatar
) -> None:
    made = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    old = made - timedelta(days=1)
    ready_avatar(owner=mia, display_name="李小龍 q\u0303", created_at=made, ready_at=old)
    avatar(owner=mia, display_name="Bo", created_at=old, approval=Approval.APPROVED)
    head, first, second = avatars("list").out.splitlines()
    assert head.split() == ["ID", "NAME", "STATE", "APPROVAL", "OWNER", "MADE"]
    first_id, second_id = Avatar.objects.values_list("pk", flat=True)
    # Three characters take two cells each, and an accent none.
    assert first == f"{first_id}  李小龍 q\u0303  Ready               Waiting for review" + (
        "  Mia Berg  2026-03-01 12:30"
    )
    assert second == f"{second_id}  Bo        Waiting to be sent  Approved          " + (
        "  Mia Berg  2026-02-28 12:30"
    )


def test_filters_choose(
    mia: User, person: MakePerson, avatar: MakeAvatar, ready_avatar: MakeAvatar
) -> None:
    now = timezone.now()
    ready_avatar(owner=mia, display_name="Anna Berg", created_at=now - timedelta(hours=1))
    avatar(owner=mia, display_name="Berta", created_at=now - timedelta(hours=2))
    gone = avatar(display_name="Gone", created_at=now - timedelta(hours=3))
    changing.remove(gone, mia)
    stock = {"owner": None, "display_name": "Stock", "model": "", "state": State.READY}
    Avatar.objects.create(**stock, stock=True, rehearsal=True)
    Avatar.objects.create(**stock, stock=True, rehearsal=False)
    assert listed() == ["Anna Berg", "Berta"]
    assert listed("--state", "ready") == ["Anna Berg"]
    assert listed("--state", "removed") == ["Gone"]
    assert listed("--owner", mia.email.upper()) == ["Anna Berg", "Berta"]
    assert listed("--owner", person().email) == []
    assert listed("--search", "berg") == ["Anna Berg"]
    assert listed("--stock") == ["Stock"]
    assert listed("--limit", "1") == ["Anna Berg"]


def test_json_holds_the_same_facts_as_the_page(ready_avatar: MakeAvatar) -> None:
    made = ready_avatar(upstream={"activeVersion": "cara-4"})
    (facts,) = json.loads(avatars("list", "--json").out)
    again = json.loads(json.dumps(made.facts(), default=_as_iso))
    assert facts == again
    assert datetime.fromisoformat(facts["created_at"]).tzinfo == UTC


def test_nothing_is_an_empty_array_and_a_sentence() -> None:
    assert json.loads(avatars("list", "--json").out) == []
    printed = avatars("list")
    assert (printed.out, printed.err, printed.status) == ("", "No avatar is like that.\n", 0)


@pytest.mark.parametrize("how", [(), ("--json",)])
def test_many_cost_no_more_questions_than_a_few(
    avatar: MakeAvatar, ready_avatar: MakeAvatar, how: tuple[str, ...]
) -> None:
    asked = []
    for _ in range(2):
        for _ in range(6):
            avatar()
            ready_avatar(erased_at=timezone.now(), removed_by=User.objects.first())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            avatars("list", *how)
        asked.append(len(queries))
    assert asked == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--state", "lost"], "invalid choice: 'lost'"),
        (["--limit", "0"], "0 is no number from 1 on"),
        (["--limit", "many"], "many is no number from 1 on"),
        (["--owner", "nobody@example.com"], "Nobody has the e-mail address nobody@example.com."),
    ],
)
def test_nonsense_is_refused_in_words(arguments: list[str], words: str) -> None:
    printed = avatars("list", *arguments)
    assert words in printed.error
    assert printed.status


def test_nothing_in_the_whole_table_moves_a_terminal(avatar: MakeAvatar) -> None:
    for text in TEXTS:
        last = avatar(display_name=stored(text)[:50], review_note=stored(text))
    lists = avatars("list").out, avatars("list", "--json").out, avatars("show", last.pk).out
    assert [line for printed in lists for line in printed.split("\n") if faults(line)] == []
    assert len(lists[0].splitlines()) == len(TEXTS) + 1
    assert len(json.loads(lists[1])) == len(TEXTS)


def test_a_name_from_elsewhere_can_move_no_terminal(avatar: MakeAvatar) -> None:
    avatar(display_name="Mia\x1b[31m\nBerg")
    printed = avatars("list").out
    assert ("\x1b" in printed, len(printed.splitlines())) == (False, 2)


def _as_iso(value: Any) -> str:
    assert isinstance(value, datetime)
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
