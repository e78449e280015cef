"""The reviewing desk: one face with everything about it, the decision, and what comes next."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from avatars.models import Approval, Avatar, Event, Kind, Look, Policy, Reply, Standing, State
from avatars.services import consents
from avatars.services.changing import rename
from avatars.services.erasing import erase
from avatars.services.review import Verdict, decide, resubmit
from avatars.upstream.errors import Cause
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(person: MakePerson) -> User:
    return person(role=Role.REVIEWER, name="Rita")


@pytest.fixture
def desk(client_of: ClientOf, rita: User) -> Client:
    return client_of(rita)


@pytest.fixture
def beforehand(avatar: MakeAvatar) -> MakeAvatar:
    """One of which nothing was sent yet."""

    def make(**fields: Any) -> Avatar:
        return avatar(**{"state": State.REVIEW, "review": "before", **fields})

    return make


def page_of(desk: Client, avatar: Avatar) -> str:
    response = desk.get(f"/review/{avatar.pk}")
    assert response.status_code == 200
    return str(response.content.decode()).replace("\xa0", " ")


def says(desk: Client, avatar: Avatar, decision: str = "approved", **more: Any) -> Any:
    """Press a button on the page that shows the avatar as it is in `avatar`."""
    form = {"decision": decision, "version": avatar.version, "note": "", "reason": "", **more}
    return desk.post(f"/review/{avatar.pk}", form)


def is_now(avatar: Avatar) -> tuple[str, int]:
    avatar.refresh_from_db()
    return avatar.approval, avatar.version


def by_others(person: MakePerson, avatar: Avatar, decision: Approval, name: str = "Leo") -> User:
    other = person(role=Role.REVIEWER, name=name)
    assert decide(avatar.pk, Verdict(decision, avatar.version, "No"), other)
    return other


# What lies there ----------------------------------------------------------------------------------
def test_the_desk_tells_who_asks_why_and_what_was_found(
    desk: Client, beforehand: MakeAvatar
) -> None:
    finding = dict.fromkeys(("title", "measured", "wanted", "how_to_fix"), "Too <small>")
    found = beforehand(
        purpose="Greets <visitors>",
        advice=[{**finding, "severity": "advice"}],
        asked_at=timezone.now() - timedelta(hours=2),
    )
    page = page_of(desk, found)
    for words in (
        found.display_name,
        f"<bdi>{found.owner_name}</bdi> asks",
        "2 hours ago",
        "Greets &lt;visitors&gt;",
        "Too &lt;small&gt;",
        "Before anything is sent",
    ):
        assert words in page
    assert "Made by Anam" not in page


def test_a_place_in_the_queue_is_told(desk: Client, ready_avatar: MakeAvatar) -> None:
    began = timezone.now() - timedelta(hours=9)
    avatars = [ready_avatar(asked_at=began + timedelta(hours=i)) for i in range(3)]
    for number, avatar in enumerate(avatars, start=1):
        assert f"{number} of about 3" in page_of(desk, avatar)


def test_the_picture_is_sharp_where_the_screen_is(desk: Client, accepted: MakeAvatar) -> None:
    Policy.objects.filter(pk=1).update(review="before")
    small = accepted()
    assert f'src="{small.thumbnail_url_640}"' in page_of(desk, small)
    assert "srcset" not in page_of(desk, small)
    Avatar.objects.filter(pk=small.pk).update(photo_width=1200, photo_height=900)
    still = f"/avatars/{small.pk}/still"
    assert f'srcset="{small.thumbnail_url_640} 640w, {still} 900w"' in page_of(desk, small)


def test_the_next_picture_is_named_ahead_of_time(desk: Client, accepted: MakeAvatar) -> None:
    Policy.objects.filter(pk=1).update(review="before")
    first, second = accepted(), accepted()
    assert f'data-next="{second.thumbnail_url_640}"' in page_of(desk, first)


def test_a_video_takes_the_place_of_the_photo(desk: Client, ready_avatar: MakeAvatar) -> None:
    found = ready_avatar(video_url="https://x.anam.ai/v?X-Amz-Signature=secret")
    page = page_of(desk, found)
    assert f'<video class="stage-face" data-player="stage" src="/avatars/{found.pk}/video"' in page
    assert "X-Amz" not in page
    assert "Made by Anam" in page


def test_what_it_replaces_and_what_its_maker_answered_lie_beside_it(
    desk: Client, rita: User, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    maker = person(role=Role.CREATOR)
    before = ready_avatar(owner=maker, display_name="Anna, first try")
    decide(before.pk, Verdict(Approval.CHANGES, 0, "Too <dark>", "quality"), rita)
    found = ready_avatar(owner=maker, replaces=before)
    page = page_of(desk, found)
    assert "Takes the place of" in page
    assert "Anna, first try" in page
    assert "Too &lt;dark&gt;" in page
    before.refresh_from_db()
    resubmit(before, maker, "Now by the <window>")
    page = page_of(desk, before)
    assert "Handed in again, just now" in page
    assert "Now by the &lt;window&gt;" in page
    assert "asked for changes" in page


def test_consent_is_summed_up(desk: Client, rita: User, accepted: MakeAvatar) -> None:
    Policy.objects.filter(pk=1).update(review="before", consent=True)
    found = accepted()
    assert "nobody has asked the person shown yet" in page_of(desk, found)
    until = timezone.now() + timedelta(days=30)
    terms = consents.Terms("Ada <Lovelace>", "Product <tours>", until)
    consents.state_own(found, terms, rita)
    page = page_of(desk, found)
    for words in ("Consent given", "Ada &lt;Lovelace&gt;", "Product &lt;tours&gt;", "Version 1"):
        assert words in page
    assert f"{until:%-d %B %Y}" in page


def test_consent_to_the_very_photo_counts_whichever_avatar_it_was_given_for(
    desk: Client, rita: User, accepted: MakeAvatar
) -> None:
    Policy.objects.filter(pk=1).update(review="before")
    consents.state_own(accepted(), consents.Terms("Ada Lovelace"), rita)
    assert "Ada Lovelace" in page_of(desk, accepted())


def test_other_avatars_of_the_same_photo_lie_beside_it(desk: Client, accepted: MakeAvatar) -> None:
    Policy.objects.filter(pk=1).update(review="before")
    found, twin = accepted(), accepted(display_name="The twin")
    page = page_of(desk, found)
    assert "The twin" in page
    assert "The very same photo" in page
    Avatar.objects.filter(pk=twin.pk).update(state=State.REMOVED)
    assert "The twin" not in page_of(desk, found)


def test_replies_are_offered_until_they_are_retired(desk: Client, ready_avatar: MakeAvatar) -> None:
    found = ready_avatar()
    Reply.objects.create(name="Hats <off>", decision="changes", reason="framing", text="Off & away")
    page = page_of(desk, found)
    assert "Hats &lt;off&gt;" in page
    assert 'data-text="Off &amp; away"' in page
    Reply.objects.retire(Reply.objects.get(name="Hats <off>").pk, timezone.now())
    assert "Hats" not in page_of(desk, found)


def test_the_desk_asks_a_fixed_number_of_questions(
    desk: Client, rita: User, accepted: MakeAvatar, ready_avatar: MakeAvatar
) -> None:
    Policy.objects.filter(pk=1).update(review="before")
    found, _, _ = accepted(), accepted(), ready_avatar()
    page_of(desk, found)
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            page_of(desk, found)
        costs.append(len(queries))
        for _ in range(8):
            accepted()
            ready_avatar()
        for _ in range(3):
            found.refresh_from_db()
            decide(found.pk, Verdict(Approval.CHANGES, found.version, "No"), rita)
            found.refresh_from_db()
            resubmit(found, found.owner)
        Avatar.objects.filter(pk=found.pk).update(asked_at=found.created_at)
        consents.state_own(found, consents.Terms("Ada"), rita)
    assert costs[0] == costs[1] <= 24


def test_what_can_not_be_decided_about_is_shown_on_its_own_page(
    desk: Client, avatar: MakeAvatar
) -> None:
    for state in (State.QUEUED, State.HELD, State.REMOVED):
        found = avatar(state=state)
        response = desk.get(f"/review/{found.pk}")
        assert response["Location"] == found.get_absolute_url()
        assert not Look.objects.exists()


def test_what_is_anams_own_is_not_found(desk: Client, ready_avatar: MakeAvatar) -> None:
    found = ready_avatar(stock=True)
    assert desk.get(f"/review/{found.pk}").status_code == 404
    assert says(desk, found).status_code == 404
    assert desk.post(f"/review/{found.pk}/here").status_code == 404


def test_what_was_erased_while_its_desk_was_open_is_told_like_a_decision(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    found, following = ready_avatar(display_name="Never to be read again"), ready_avatar()
    page_of(desk, found)
    assert erase(found, person(name="Carl"))
    told = desk.post(f"/review/{found.pk}/here", {"version": 0}).json()
    assert told["over"] == "Carl asked to erase the avatar, just now."
    response = says(desk, found, "rejected", note="My words")
    page = response.content.decode()
    assert response.status_code == 409
    assert "Carl asked to erase the avatar, just now." in page
    assert "My words" in page
    assert f"/review/{following.pk}?show=decide" in page
    assert "Never to be read again" not in page
    now = desk.get(f"/review/{found.pk}", follow=True)
    assert "There is nothing to decide about here." in now.content.decode()
    assert now.redirect_chain == [(found.get_absolute_url(), 302)]


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.CREATOR])
def test_the_desk_is_for_reviewers(
    client_of: ClientOf, ready_avatar: MakeAvatar, role: Role | None
) -> None:
    found, browser = ready_avatar(), client_of(role)
    assert browser.get(f"/review/{found.pk}").status_code == 403
    assert says(browser, found).status_code == 403
    assert browser.post(f"/review/{found.pk}/here").status_code == 403
    assert is_now(found) == ("waiting", 0)


# The decision -------------------------------------------------------------------------------------
def test_a_decision_counts_and_the_next_one_opens(desk: Client, ready_avatar: MakeAvatar) -> None:
    now = timezone.now()
    last, first, middle = (ready_avatar(asked_at=now - timedelta(hours=h)) for h in (1, 3, 2))
    for avatar, following in ((middle, last), (last, first)):
        assert says(desk, avatar)["Location"] == f"/review/{following.pk}?show=decide"
        assert is_now(avatar) == ("approved", 1)
    assert says(desk, first)["Location"] == "/review/done?show=decide"


def test_the_next_one_is_none_that_somebody_else_is_looking_at(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    now = timezone.now()
    first, taken, free = (ready_avatar(asked_at=now - timedelta(hours=h)) for h in (3, 2, 1))
    Look.objects.take(taken.pk, person(role=Role.REVIEWER), 0, now)
    assert says(desk, first)["Location"].startswith(f"/review/{free.pk}")


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ("approved", "Approved "),
        ("changes", "Asked for changes to "),
        ("rejected", "Rejected "),
    ],
)
def test_the_next_page_says_what_was_decided_and_how_to_change_it(
    desk: Client, ready_avatar: MakeAvatar, decision: str, words: str
) -> None:
    found, _ = ready_avatar(display_name="Face <A>"), ready_avatar()
    answer = says(desk, found, decision, note="Because", reason="quality")
    page = desk.get(answer["Location"]).content.decode()
    assert f'{words}<a href="{found.get_absolute_url()}">Face &lt;A&gt;</a>.' in page
    assert f'<a href="/review/{found.pk}" data-key="u"' in page
    (event,) = found.events.all()
    assert (event.kind, event.note, event.detail["reason"]) == (decision, "Because", "quality")


def test_a_decision_can_be_changed_at_the_desk(
    desk: Client, rita: User, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar()
    says(desk, found)
    found.refresh_from_db()
    page = page_of(desk, found)
    assert "You approved the avatar, just now." in page
    assert "1 of about" not in page
    says(desk, found, "rejected", note="A second look")
    assert is_now(found) == ("rejected", 2)


@pytest.mark.parametrize("decision", ["changes", "rejected"])
def test_a_no_needs_a_note_and_what_was_picked_stays(
    desk: Client, ready_avatar: MakeAvatar, decision: str
) -> None:
    found = ready_avatar()
    response = says(desk, found, decision, reason="framing", note="  ")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Write a sentence" in page
    assert '<option value="framing" selected>' in page
    assert is_now(found) == ("waiting", 0)


def test_without_scripts_a_reply_fills_what_is_missing(
    desk: Client, ready_avatar: MakeAvatar
) -> None:
    reply = Reply.objects.get(name="Sharper photo")
    found = ready_avatar()
    says(desk, found, "changes", reply=reply.pk)
    found.refresh_from_db()
    assert (found.review_note, found.review_reason) == (reply.text, "quality")
    other = ready_avatar()
    says(desk, other, "rejected", reply=reply.pk, note="My own words", reason="person")
    other.refresh_from_db()
    assert (other.review_note, other.review_reason) == ("My own words", "person")


@pytest.mark.parametrize("reply", ["x", "999999", "retired"])
def test_a_reply_that_is_not_offered_decides_nothing(
    desk: Client, ready_avatar: MakeAvatar, reply: str
) -> None:
    found, first = ready_avatar(), Reply.objects.all()[0]
    Reply.objects.retire(first.pk, timezone.now())
    answer = says(desk, found, "changes", reply=first.pk if reply == "retired" else reply)
    assert answer.status_code == 422
    assert is_now(found) == ("waiting", 0)


def test_a_yes_takes_nothing_from_a_reply(desk: Client, ready_avatar: MakeAvatar) -> None:
    found = ready_avatar()
    says(desk, found, reply=Reply.objects.all()[0].pk)
    assert is_now(found) == ("approved", 1)
    assert (found.review_note, found.review_reason) == ("", "")


def test_what_lacks_consent_has_no_yes_but_can_be_sent_back(
    desk: Client, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar(needs_consent=True, consent=Standing.ASKED)
    page = page_of(desk, found)
    assert re.search(r'value="approved"[^>]* disabled aria-describedby="no-yes"', page)
    assert "has not answered yet" in page
    response = says(desk, found)
    assert response.status_code == 403
    assert "has not answered yet" in response.content.decode()
    assert is_now(found) == ("waiting", 0)
    says(desk, found, "changes", note="Ask them once more")
    assert is_now(found) == ("changes", 1)


def test_with_four_eyes_nobody_decides_about_their_own_nor_keeps_it_from_others(
    desk: Client, rita: User, ready_avatar: MakeAvatar
) -> None:
    Policy.objects.filter(pk=1).update(four_eyes=True)
    own = ready_avatar(owner=rita)
    page = page_of(desk, own)
    assert "the policy wants four eyes" in page
    assert 'name="decision"' not in page
    assert not Look.objects.exists()
    response = says(desk, own)
    assert response.status_code == 403
    assert "the policy wants four eyes" in response.content.decode()
    assert is_now(own) == ("waiting", 0)
    Policy.objects.filter(pk=1).update(four_eyes=False)
    says(desk, own)
    assert is_now(own) == ("approved", 1)


def test_a_yes_before_sending_lets_it_go_on_and_wakes_a_worker(
    desk: Client, beforehand: MakeAvatar, ready_avatar: MakeAvatar
) -> None:
    wake_ups = DBTaskResult.objects.filter(task_path="avatars.tasks.send_due")
    says(desk, ready_avatar())
    says(desk, beforehand(), "rejected", note="No")
    assert not wake_ups.exists()
    desk.get("/review/done")  # which tells what was decided
    found = beforehand()
    page = desk.get(says(desk, found)["Location"]).content.decode()
    found.refresh_from_db()
    assert (found.state, wake_ups.count()) == (State.QUEUED, 1)
    assert "on its way to Anam" in page
    assert "Change it" not in page  # it is being sent: there is nothing to change any more


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"decision": "waiting", "version": 0},
        {"decision": "approved"},
        {"decision": "approved", "version": "x"},
        {"decision": "approved", "version": -1},
        {"decision": "approved", "version": 0, "reason": "mood"},
    ],
)
def test_half_a_form_decides_nothing(
    desk: Client, ready_avatar: MakeAvatar, form: dict[str, Any]
) -> None:
    found = ready_avatar()
    assert desk.post(f"/review/{found.pk}", form).status_code == 422
    assert is_now(found) == ("waiting", 0)


# Somebody was first -------------------------------------------------------------------------------
def test_a_stale_click_is_told_who_decided_what_and_when_and_how_to_go_on(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    found, following = ready_avatar(), ready_avatar()
    by_others(person, found, Approval.CHANGES, "Leo <L>")
    response = says(desk, found, "rejected", note="My <words>", version=0)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Leo &lt;L&gt; asked for changes, just now." in page
    assert "My &lt;words&gt;" in page
    assert f"/review/{following.pk}?show=decide" in page
    assert f"/review/{found.pk}?show=decide" in page
    assert is_now(found) == ("changes", 1)
    assert found.events.count() == 1


def test_a_click_after_a_removal_or_an_answer_is_told_so_as_well(
    desk: Client, rita: User, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    gone, answered = ready_avatar(), ready_avatar()
    Avatar.objects.filter(pk=gone.pk).update(state=State.REMOVED)
    Event.objects.create(avatar=gone, actor=person(name="Mia"), kind=Kind.REMOVED)
    response = says(desk, gone)
    assert (response.status_code, is_now(gone)) == (409, ("waiting", 0))
    assert "Mia removed the avatar" in response.content.decode()
    by_others(person, answered, Approval.CHANGES)
    answered.refresh_from_db()
    resubmit(answered, person(name="Ines"))
    response = says(desk, answered, version=1)
    assert (response.status_code, is_now(answered)) == (409, ("waiting", 2))
    assert "Ines asked for another review" in response.content.decode()


def test_a_click_on_the_former_one_is_told_that_it_is_made_anew(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    photo = {"photo": "photos/1.jpg", "photo_sha256": "ab" * 32}
    found = ready_avatar(cause=Cause.GONE, review="before", **photo)
    assert Avatar.objects.create_again(found.pk, timezone.now(), former_ids=[])
    again = {"kind": Kind.AGAIN, "detail": {"before": Cause.GONE}}
    Event.objects.create(avatar=found, actor=person(name="Mia"), **again)
    response = says(desk, found, version=0)
    assert (response.status_code, is_now(found)) == (409, ("waiting", 1))
    assert "Mia asked for another try, just now." in response.content.decode()


def test_a_click_after_a_new_name_is_told_so_and_the_desk_goes_on_naming_the_decision(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar()
    by_others(person, found, Approval.REJECTED)
    mia = person(name="Mia")
    assert rename(found, "The Chancellor", mia)
    response = says(desk, found, version=1)
    assert (response.status_code, is_now(found)) == (409, ("rejected", 2))
    assert "Mia renamed the avatar, just now." in response.content.decode()
    page = page_of(desk, found)
    assert "Leo rejected the avatar, just now." in page
    assert "Mia renamed the avatar, just now." not in page
    assert says(desk, found).status_code == 302
    assert rename(found, "The Mayor", mia)  # which is no new decision about an approved one
    assert "You approved the avatar" in says(desk, found, version=0).content.decode()


def test_whoever_loses_the_race_itself_is_told_the_same(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    """Between looking at the row and the UPDATE: the version that was read is the old one."""
    found = ready_avatar()
    with just_before_the_update(lambda: by_others(person, found, Approval.REJECTED)):
        response = says(desk, found)
    assert response.status_code == 409
    assert "Leo rejected the avatar" in response.content.decode()
    assert is_now(found) == ("rejected", 1)


@contextmanager
def just_before_the_update(act: Callable[[], object]) -> Iterator[None]:
    """Do something once, before the next UPDATE of an avatar's approval."""
    acts = [act]

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if acts and sql.startswith("UPDATE") and '"approval" =' in sql:
            acts.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert not acts


def test_a_button_pressed_twice_is_one_decision(desk: Client, ready_avatar: MakeAvatar) -> None:
    found, following = ready_avatar(), ready_avatar()
    first, second = says(desk, found, version=0), says(desk, found, version=0)
    assert first["Location"] == second["Location"] == f"/review/{following.pk}?show=decide"
    assert is_now(found) == ("approved", 1)
    assert found.events.count() == 1
    assert says(desk, found, "rejected", note="No", version=0).status_code == 409


# Who is here --------------------------------------------------------------------------------------
def test_opening_one_says_so_to_others_and_lets_go_of_the_one_before(
    desk: Client, client_of: ClientOf, rita: User, ready_avatar: MakeAvatar
) -> None:
    first, second = ready_avatar(version=4), ready_avatar()
    page_of(desk, first)
    other = client_of(Role.REVIEWER)
    assert "Rita is looking at it" in page_of(other, first)
    assert "Rita is looking at it" not in page_of(other, second)
    page_of(desk, second)
    assert "Rita is looking at it" not in page_of(other, first)
    seen = Look.objects.get(avatar=first, reviewer=rita)
    assert (seen.seen_at, seen.version) == (None, 4)


def test_an_open_page_stays_there_by_saying_so(
    desk: Client, client_of: ClientOf, ready_avatar: MakeAvatar
) -> None:
    found, other = ready_avatar(), client_of(Role.REVIEWER)
    page_of(desk, found)
    Look.objects.update(seen_at=timezone.now() - timedelta(seconds=46))
    assert "Rita" not in page_of(other, found)
    told = desk.post(f"/review/{found.pk}/here", {"version": 0}).json()
    assert told["over"] == ""
    assert "is looking at it" in told["here"]  # the other one
    assert "Rita is looking at it" in page_of(other, found)


def test_an_open_page_hears_at_once_that_somebody_decided(
    desk: Client, person: MakePerson, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar()
    page_of(desk, found)
    by_others(person, found, Approval.APPROVED)
    told = desk.post(f"/review/{found.pk}/here", {"version": 0}).json()
    assert told["over"] == "Leo approved the avatar, just now."


def test_an_open_page_hears_that_consent_came_or_went(
    desk: Client, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar()
    place, sign = f"/review/{found.pk}/here", {"version": 0, "consent": "none"}
    assert 'data-consent="none"' in page_of(desk, found)
    assert desk.post(place, sign).json() == {"here": "", "over": ""}
    Avatar.objects.filter(pk=found.pk).update(consent=Standing.GIVEN)
    words = "Consent given meanwhile: load this page again to decide by that"
    assert desk.post(place, sign).json() == {"here": words, "over": ""}


def test_an_open_page_hears_that_its_reader_reviews_no_more(
    client_of: ClientOf, ready_avatar: MakeAvatar
) -> None:
    response = client_of(Role.CREATOR).post(f"/review/{ready_avatar().pk}/here", {"version": 0})
    assert response.status_code == 403
    assert "Your role has changed" in response.json()["over"]


def test_who_has_no_say_about_it_hears_what_becomes_of_it_as_well(
    desk: Client, rita: User, ready_avatar: MakeAvatar
) -> None:
    Policy.objects.filter(pk=1).update(four_eyes=True)
    found = ready_avatar(owner=rita, version=3)
    page = page_of(desk, found)
    assert "You can't decide about this one" in page
    assert 'data-version="3"' in page
    assert "Your decision would not count any more" not in page
    assert desk.post(f"/review/{found.pk}/here", {"version": 3}).json()["over"] == ""


def test_a_page_that_stays_open_has_not_seen_what_came_later(
    desk: Client, rita: User, ready_avatar: MakeAvatar
) -> None:
    found = ready_avatar()
    page_of(desk, found)
    Avatar.objects.filter(pk=found.pk).update(version=1)
    told = desk.post(f"/review/{found.pk}/here", {"version": 0}).json()
    assert told["over"] == "It has moved on meanwhile."
    assert Look.objects.get(reviewer=rita).version == 0


def test_signs_of_an_open_page_need_the_pages_own_mark(
    client_of: ClientOf, ready_avatar: MakeAvatar
) -> None:
    browser = client_of(Role.REVIEWER)
    browser.handler.enforce_csrf_checks = True
    assert browser.post(f"/review/{ready_avatar().pk}/here").status_code == 403
