"""`manage.py avatars show`: one avatar and its history."""

import json
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from avatars.models import Approval, Avatar, Event, Kind, State, Token
from avatars.services import changing, erasing, review
from dashboard.people.models import User
from tests.conftest import MakeAvatar
from tests.management.conftest import avatars

pytestmark = pytest.mark.django_db


def test_it_is_found_by_its_id_here_and_at_anam(ready_avatar: MakeAvatar) -> None:
    made = ready_avatar(display_name="Mia", upstream_id=str(uuid4()))
    for text in (made.pk, str(made.pk).upper(), made.upstream_id):
        assert "Name        Mia\n" in avatars("show", text).out


def test_who_looks_for_none_is_told_where_to_look() -> None:
    for text in ("none", uuid4()):
        printed = avatars("show", text)
        assert f"There is no avatar with the id {text}" in printed.error
        assert printed.status == 1


def test_facts_and_history_are_in_words(
    mia: User, office: User, accepted: MakeAvatar, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://greenroom.example.com"
    made = accepted(owner=mia, display_name="Mia")
    changing.rename(made, "Mia Berg", mia)
    Avatar.objects.filter(pk=made.pk).update(state=State.READY)
    review.decide(made.pk, review.Verdict(Approval.CHANGES, 1, "Look\nup"), office)
    printed = avatars("show", made.pk)
    lines = printed.out.splitlines()
    assert lines[:3] == ["Name        Mia Berg", f"ID          {made.pk}", "At Anam     not there"]
    assert "State       Ready" in lines
    assert "Approval    Changes asked for" in lines
    assert "Owner       Mia Berg" in lines
    assert f"Page        https://greenroom.example.com/avatars/{made.pk}" in lines
    history = lines[lines.index("History") + 1 :]
    assert [line.split("UTC  ")[1] for line in history] == [
        "Mia Berg uploaded the photo",
        "Mia Berg renamed the avatar",
        "Ada Office asked for changes: Look up",
    ]


def test_what_holds_it_is_told(avatar: MakeAvatar) -> None:
    made = avatar(state="held", cause="quota", said="You have 3 of 3", retry_at=timezone.now())
    printed = avatars("show", made.pk).out
    assert "State       No free avatar slot at Anam" in printed
    assert "Anam says: “You have 3 of 3.”" in printed


def test_json_holds_the_facts_and_the_history(mia: User, accepted: MakeAvatar) -> None:
    made = accepted(owner=mia)
    token = Token.objects.create(
        owner=mia, name="robot", digest="d" * 64, hint="grn_1234", rate=1,
        expires_at=timezone.now(),
    )  # fmt: skip
    Event.objects.create(avatar=made, actor=mia, token=token, kind=Kind.RENAMED, detail={"to": "M"})
    record = json.loads(avatars("show", made.pk, "--json").out)
    assert record["id"] == str(made.pk)
    assert [event["kind"] for event in record["events"]] == ["uploaded", "renamed"]
    assert record["events"][1]["actor"] == "Mia Berg (by the token “robot”)"
    assert record["events"][1]["detail"] == {"to": "M"}


def test_of_an_erased_one_nothing_but_that_is_left(mia: User, accepted: MakeAvatar) -> None:
    made = accepted(owner=mia, display_name="Secret Name")
    changing.rename(made, "Other Secret", mia)
    erasing.erase(made, mia)
    for how in ((), ("--json",)):
        printed = avatars("show", made.pk, *how)
        assert (printed.status, "Secret" in printed.out) == (0, False)
        assert "Erased" in printed.out
