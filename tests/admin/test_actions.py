"""What operators do to several avatars at once goes through the services, one by one."""

from collections.abc import Iterable
from typing import Any

import httpx
import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from avatars.models import Approval, Avatar, Event, Kind, ReviewTime, Standing, State
from dashboard.people.models import User
from tests.conftest import ClientOf, MakeAvatar, MakePerson, ScriptAnam, files_in
from tests.faults import Writes, counted, failing_at
from tests.services.lab import Lab, row_of

from .conftest import asked, done, list_of, operates_only, page_of

pytestmark = pytest.mark.django_db


def kinds(avatar: Avatar, actor: User | None) -> list[str]:
    return list(Event.objects.filter(avatar=avatar, actor=actor).values_list("kind", flat=True))


def states(avatars: Iterable[Avatar]) -> list[str]:
    return [Avatar.objects.get(pk=avatar.pk).state for avatar in avatars]


def woken() -> set[str]:
    paths = DBTaskResult.objects.values_list("task_path", flat=True)
    return {path.rpartition(".")[2] for path in paths}


def test_trying_again_sends_what_is_held_or_refused(
    office: Client, operator: User, avatar: MakeAvatar
) -> None:
    held, refused, ready = (avatar(state=state) for state in ("held", "refused", "ready"))
    said = done(office, "try_again", [held, refused, ready])
    assert states([held, refused, ready]) == ["queued", "queued", "ready"]
    assert kinds(held, operator) == kinds(refused, operator) == [Kind.AGAIN]
    assert kinds(ready, operator) == []
    assert "send_due" in woken()
    assert f"Not tried again: {ready}. It is neither on hold nor refused" in said
    assert f"In line for Anam again: {refused}, {held}." in said


def test_removing_takes_fifty_and_says_which_it_could_not(
    office: Client, operator: User, ready_avatar: MakeAvatar, avatar: MakeAvatar
) -> None:
    good = [ready_avatar() for _ in range(46)]
    moving = [avatar(display_name=f"Moving {n}", state=State.SENDING) for n in (1, 2)]
    gone = avatar(display_name="Gone", state=State.REMOVED)
    stock = ready_avatar(display_name="Stock", stock=True)
    said = done(office, "remove", [*good, *moving, gone, stock])
    assert states(good) == ["removed"] * 46
    assert states([*moving, gone, stock]) == ["sending", "sending", "removed", "ready"]
    for removed in good:
        assert kinds(removed, operator) == [Kind.REMOVED]
        assert removed.display_name in said
    assert "Not removed: Moving 2, Moving 1. While Anam makes it" in said
    assert "Not removed: Gone. It is removed already." in said
    assert "Not removed: Stock. Anam made it for everybody" in said
    assert not Event.objects.filter(avatar__in=[*moving, gone, stock]).exists()
    assert "run_errands" in woken()


def test_a_question_comes_first_and_changes_nothing(
    office: Client, ready_avatar: MakeAvatar, avatar: MakeAvatar
) -> None:
    found, moving = ready_avatar(), avatar(state=State.SENDING)
    for action in ("try_again", "look_at_anam", "let_go", "remove", "erase"):
        answer = asked(office, action, [found, moving])
        assert answer.status_code == 200
    assert states([found, moving]) == ["ready", "sending"]
    assert not Event.objects.exists()
    page = asked(office, "remove", [found, moving]).content.decode()
    assert "While Anam makes it" in page
    assert f'value="{found.pk}"' in page
    assert f'value="{moving.pk}"' not in page


def test_erasing_wants_the_number_of_them(
    office: Client, operator: User, accepted: MakeAvatar, rooms: Any
) -> None:
    avatars = [accepted(), accepted()]
    media = rooms / "media"
    assert files_in(media)
    for number in ("", "1", "many"):
        answer = asked(office, "erase", avatars, confirmed="yes", number=number)
        assert answer.status_code == 422
        assert "Type 2" in answer.content.decode()
    assert states(avatars) == ["queued", "queued"]
    assert "Erased for good: 2." in done(office, "erase", avatars, number="2")
    for erased in avatars:
        assert kinds(erased, operator) == [Kind.ERASURE, Kind.ERASED]
        erased.refresh_from_db()
        assert erased.is_erased
    assert files_in(media) == []


def test_letting_go_sends_only_what_nothing_keeps(
    office: Client, operator: User, avatar: MakeAvatar
) -> None:
    before = {"state": State.REVIEW, "review": ReviewTime.BEFORE}
    free = avatar(display_name="Free", approval=Approval.APPROVED, **before)
    waiting = avatar(display_name="Waiting", **before)
    unasked = avatar(
        display_name="Unasked", approval=Approval.APPROVED, needs_consent=True, **before
    )
    said = done(office, "let_go", [free, waiting, unasked])
    assert states([free, waiting, unasked]) == ["queued", "review", "review"]
    assert kinds(free, operator) == [Kind.RELEASED]
    assert "Not let go: Waiting. No reviewer has approved it." in said
    assert "Not let go: Unasked. The consent of whoever is shown is missing" in said
    assert "send_due" in woken()


def test_looking_at_anam_reads_each_avatar_there(office: Client, anam: ScriptAnam) -> None:
    lab = Lab()
    anam(lab.answer)
    rows = [row_of(lab.add(f"Face {n}")) for n in range(3)]
    for row in rows:
        row.save()
    lab.avatars[rows[0].upstream_id or ""]["videoUrl"] = "https://api.anam.ai/clip.mp4"
    del lab.avatars[rows[1].upstream_id or ""]
    said = done(office, "look_at_anam", rows)
    assert len(lab.calls) == 3
    assert "Read at Anam: " in said
    assert "Not read: Face 1. Anam does not know it (any more)." in said
    assert Avatar.objects.get(pk=rows[0].pk).has_video
    assert kinds(rows[0], None) == [Kind.PREVIEW]


def test_looking_at_anam_stops_when_it_is_away(office: Client, anam: ScriptAnam) -> None:
    calls: list[str] = []

    def away(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        return httpx.Response(503)

    anam(away)
    lab = Lab()
    rows = [row_of(lab.add(f"Face {n}")) for n in range(3)]
    for row in rows:
        row.save()
    said = done(office, "look_at_anam", rows)
    assert len(set(calls)) == 1
    assert said.count("Not read: ") == 2
    assert "It was not tried any more after that." in said
    assert all(row.display_name in said for row in rows)


def test_what_somebody_reads_at_this_moment_is_said_to_be_read(
    office: Client, anam: ScriptAnam
) -> None:
    lab = Lab()
    anam(lab.answer)
    row = row_of(lab.add())
    row.lease_until = row.refreshed_at and row.refreshed_at.replace(year=2200)
    row.save()
    assert "It is being read, or was a moment ago." in done(office, "look_at_anam", [row])
    assert lab.calls == []


def test_consent_that_is_withdrawn_keeps_it_from_being_let_go(
    office: Client, avatar: MakeAvatar
) -> None:
    found = avatar(state=State.REVIEW, review=ReviewTime.NEVER, consent=Standing.WITHDRAWN)
    assert "missing, or over" in done(office, "let_go", [found])
    assert states([found]) == ["review"]


def test_rights_are_asked_for_each_one(
    client_of: ClientOf, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    """Who operates and nothing more removes and erases no avatars of others."""
    found = ready_avatar(display_name="Not theirs")
    narrow = client_of(operates_only(person()))
    for action in ("remove", "erase"):
        said = done(narrow, action, [found], number="1")
        assert "Not theirs. Only its maker or an administrator can do that." in said
    assert states([found]) == ["ready"]
    assert not Event.objects.exists()


def test_a_fault_at_one_of_them_stops_no_other(
    office: Client, operator: User, ready_avatar: MakeAvatar
) -> None:
    rows = [ready_avatar(display_name=f"Face {n}") for n in range(3)]
    with counted(Writes()) as writes:
        done(office, "remove", [ready_avatar()])
    first = next(n for n, what in enumerate(writes.seen, 1) if 'UPDATE "avatars_avatar"' in what)
    with failing_at(first):
        said = done(office, "remove", rows)
    assert sorted(states(rows)) == ["ready", "removed", "removed"]
    left = next(row for row in rows if states([row]) == ["ready"])
    assert f"Not removed: {left}. The server's disk or database failed at it." in said
    assert kinds(left, operator) == []


def test_too_many_at_once_are_refused(office: Client, ready_avatar: MakeAvatar) -> None:
    rows = [ready_avatar() for _ in range(21)]
    answer = asked(office, "look_at_anam", rows)
    page = office.get(answer["Location"])
    assert "21 are too many at once" in page.content.decode()


def test_all_that_a_filter_finds_can_be_chosen(office: Client, ready_avatar: MakeAvatar) -> None:
    rows = [ready_avatar(display_name=f"Group {n}") for n in range(3)]
    ready_avatar(display_name="Other")
    form = {"action": "remove", "select_across": "1", "_selected_action": str(rows[0].pk)}
    answer = office.post(f"{list_of(Avatar)}?q=Group", {**form, "index": "0"})
    assert {row.display_name for row in answer.context["ready"]} == {
        "Group 0",
        "Group 1",
        "Group 2",
    }
    assert answer.context["back"].endswith("?q=Group")


def test_on_its_own_page_an_action_asks_first_and_leads_back(
    office: Client, ready_avatar: MakeAvatar
) -> None:
    """Django opens a transaction around that page, so nothing may be done there."""
    found = ready_avatar()
    form = {"CHANGE_FORM-action": "remove", "_selected_action": str(found.pk), "confirmed": "yes"}
    answer = office.post(page_of(found), form)
    assert answer.status_code == 200
    assert states([found]) == ["ready"]
    back = answer.context["back"]
    assert back == page_of(found)
    sent = asked(office, "remove", [found], confirmed="yes", back=back)
    assert sent["Location"] == page_of(found)
    assert states([found]) == ["removed"]


def test_an_answer_leads_nowhere_else(office: Client, ready_avatar: MakeAvatar) -> None:
    for back in ("https://evil.example/", "//evil.example/", "/admin/people/user/"):
        sent = asked(office, "remove", [ready_avatar()], confirmed="yes", back=back)
        assert sent["Location"] == list_of(Avatar)


def test_programs_that_use_it_are_named_before_it_goes(office: Client, furnished: Avatar) -> None:
    for action in ("remove", "erase"):
        page = asked(office, action, [furnished]).content.decode()
        assert "Programs use it through museum." in page


def test_approving_is_not_among_the_actions(office: Client, ready_avatar: MakeAvatar) -> None:
    found = ready_avatar()
    page = office.get(list_of(Avatar))
    offered = [value for value, _ in page.context["action_form"].fields["action"].choices]
    assert offered == ["", "try_again", "look_at_anam", "let_go", "remove", "erase"]
    assert "Approving is not among the actions" in page.content.decode()
    answer = asked(office, "approve", [found], confirmed="yes")
    assert answer.status_code == 302
    assert Avatar.objects.get(pk=found.pk).approval == Approval.WAITING
