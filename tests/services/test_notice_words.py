"""What a notice says to its reader."""

from typing import Any

import pytest
from pytest_django import Settings

from avatars.models import (
    CIRCLES,
    Approval,
    Avatar,
    Event,
    Kind,
    Notice,
    Policy,
    Reason,
    ReviewTime,
    Right,
    Standing,
    State,
    Subject,
)
from avatars.services import changing, credentials, erasing, record
from avatars.services.notice_sentences import FORMS
from avatars.services.notice_words import NoticeWords, words_of
from avatars.services.review import Verdict, decide, resubmit
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia")


@pytest.fixture
def rita(person: MakePerson) -> User:
    return person(role=Role.REVIEWER, name="Rita")


@pytest.fixture
def anna(ready_avatar: MakeAvatar, mia: User) -> Avatar:
    return ready_avatar(owner=mia, display_name="Anna")


def said_to(reader: User) -> NoticeWords:
    """The words of their latest notice."""
    notice = Notice.objects.of(reader).with_events()[0]
    return words_of(notice, reader, Policy.current())


def happens(anna: Avatar, kind: Kind, **fields: Any) -> NoticeWords:
    event = Event.objects.create(avatar=anna, kind=kind, **fields)
    assert anna.owner
    Notice.objects.tell(event, [anna.owner])
    return said_to(anna.owner)


def test_everything_that_somebody_is_told_of_has_words() -> None:
    assert set(FORMS) == set(CIRCLES)


@pytest.mark.parametrize("kind", Kind)
def test_no_words_have_holes(anna: Avatar, rita: User, kind: Kind) -> None:
    for event in ({"actor": rita}, {}, {"visitor": "Anna Berg"}):
        words = happens(anna, kind, **event)
        text = f"{words.sentence} {words.next}"
        assert words.title
        assert not set("{}") & set(text)
        assert "None" not in text
        assert not words.title.endswith(".")


def decided(anna: Avatar, reviewer: User, approval: Approval, **words: Any) -> NoticeWords:
    anna.refresh_from_db()
    assert decide(anna.pk, Verdict(approval, anna.version, **words), reviewer)
    assert anna.owner
    return said_to(anna.owner)


def test_a_request_for_changes_says_by_whom_of_which_what_and_what_to_do(
    anna: Avatar, rita: User
) -> None:
    words = decided(anna, rita, Approval.CHANGES, note="The light comes from below.")
    assert words.sentence == "Rita asks for changes to Anna: The light comes from below."
    assert "ask for another review" in words.next
    assert words.path == f"/avatars/{anna.pk}"


def test_a_reason_is_said_in_words(anna: Avatar, rita: User) -> None:
    words = decided(anna, rita, Approval.REJECTED, reason=Reason.DUPLICATE, note="See Ada.")
    assert words.title == "Anna was rejected by Rita"
    assert words.body == "We have this one already.\nSee Ada."


def test_an_approval_says_what_comes_next(anna: Avatar, rita: User, mia: User) -> None:
    words = decided(anna, rita, Approval.APPROVED)
    assert (words.sentence, words.next) == ("Anna was approved by Rita.", "It may be used now.")
    Avatar.objects.update(state=State.QUEUED)
    assert "You hear again when it is ready" in said_to(mia).next


def test_what_was_decided_otherwise_since_asks_for_nothing(
    anna: Avatar, rita: User, mia: User
) -> None:
    decided(anna, rita, Approval.CHANGES, note="lighter")
    Avatar.objects.update(approval=Approval.APPROVED)
    assert said_to(mia).next == "It has moved on since: approved."


def test_a_reviewer_is_asked_to_look_again_with_the_makers_answer(
    anna: Avatar, rita: User, mia: User
) -> None:
    decided(anna, rita, Approval.CHANGES, note="lighter")
    anna.refresh_from_db()
    assert resubmit(anna, mia, "It is lighter now.")
    assert said_to(rita).sentence == "Mia asks you to look at Anna again: It is lighter now."


def test_a_refusal_says_why_and_what_would_help(anna: Avatar) -> None:
    words = happens(anna, Kind.REFUSED, detail={"cause": "unprocessable", "said": "No face."})
    assert words.title == "Anam said no to Anna"
    assert words.body.endswith("Anam says: “No face.”")
    assert "Try another one" in words.next


def test_what_is_ready_says_whether_it_is_looked_at_once_more(anna: Avatar, mia: User) -> None:
    Avatar.objects.update(review=ReviewTime.BOTH, approval=Approval.WAITING)
    anna.refresh_from_db()
    assert "A reviewer looks at it once more" in happens(anna, Kind.CREATED).next
    Avatar.objects.update(approval=Approval.APPROVED)
    assert said_to(mia).next == "Have a look at the preview."


def test_an_end_of_consent_names_the_day(anna: Avatar, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    detail = {"days": 7, "until": "2027-05-03T23:30:00+00:00"}
    words = happens(anna, Kind.CONSENT_ENDING, detail=detail)
    assert words.sentence == "Consent for Anna ends soon: the last day is 4 May 2027."


def test_what_is_blocked_says_so_until_it_is_not(anna: Avatar, mia: User) -> None:
    Avatar.objects.update(consent=Standing.WITHDRAWN)
    anna.refresh_from_db()
    words = happens(anna, Kind.CONSENT_WITHDRAWN, visitor="Anna Berg")
    assert words.title == "Consent for Anna was withdrawn by Anna Berg"
    assert "out of use" in words.next
    Avatar.objects.update(consent=Standing.GIVEN)
    assert said_to(mia).next == "It has moved on since: consent given."


def test_a_visitor_whose_name_is_forgotten_is_somebody(anna: Avatar) -> None:
    assert happens(anna, Kind.CONSENT_GIVEN).title == "Somebody agreed to be shown as Anna"


def test_what_was_removed_since_says_so(anna: Avatar, rita: User, mia: User) -> None:
    decided(anna, rita, Approval.CHANGES, note="lighter")
    anna.refresh_from_db()
    changing.remove(anna, mia)
    assert said_to(mia).next == "It was removed since."


@pytest.mark.parametrize("kind", sorted(CIRCLES))
def test_nothing_is_said_of_an_erased_avatar_but_that_it_was_one(
    anna: Avatar, rita: User, kind: Kind
) -> None:
    happens(anna, kind, actor=rita, note="Anna is blurred", detail={"said": "Anna is ugly"})
    assert erasing.erase(anna, anna.owner)
    said = [
        words_of(notice, anna.owner, Policy.current())
        for notice in Notice.objects.of(anna.owner).with_events()
    ]
    assert said
    for words in said:
        assert "Anna" not in f"{words.sentence} {words.next}"


def test_an_erasure_that_the_disk_puts_off_is_silent_already(
    anna: Avatar, rita: User, mia: User
) -> None:
    decided(anna, rita, Approval.CHANGES, note="Anna is blurred")
    Avatar.objects.update(errand="erase")
    words = said_to(mia)
    assert words.title == "Rita asks for changes to an erased avatar"
    assert "Anna" not in f"{words.sentence} {words.next}"
    anna.refresh_from_db()
    assert happens(anna, Kind.APPROVED, actor=rita).title == "An erased avatar was approved by Rita"


def test_an_avatar_that_became_private_is_not_named(
    anna: Avatar, rita: User, person: MakePerson, settings: Settings
) -> None:
    viktor = person(name="Viktor")
    Notice.objects.tell(
        Event.objects.create(avatar=anna, kind=Kind.RENAMED, actor=rita, note="Anna"), [viktor]
    )
    assert "Anna" in said_to(viktor).title
    settings.POLICY = {"private": True}
    words = said_to(viktor)
    assert words == NoticeWords("Something happened to an avatar that you may not see any more")


def test_names_can_not_end_a_line_or_turn_one_around(anna: Avatar, rita: User, mia: User) -> None:
    Avatar.objects.update(display_name="Anna\r\nBcc: all@example.com")
    User.objects.filter(pk=rita.pk).update(name="Rita\u202e\n\x00{name}".replace("\x00", ""))
    decided(anna, User.objects.get(pk=rita.pk), Approval.CHANGES, note="lighter")
    title = "Rita {name} asks for changes to Anna Bcc: all@example.com"
    assert said_to(mia).title == title


def test_what_happens_to_accounts_and_tokens_leads_to_their_pages(rita: User, mia: User) -> None:
    change = {"before": {"role": "viewer"}, "after": {"role": "creator"}}
    about = (Subject.PERSON, mia.pk, "Mia")
    record.write(Kind.ROLE_CHANGED, about, actor=rita, detail=change)
    assert said_to(mia).sentence == "Your role was changed by Rita: it is “creator” now."
    assert said_to(mia).path == "/account"
    record.write(Kind.PASSWORD_CHANGED, about)
    assert said_to(mia).title == "Your password was changed"
    record.write(Kind.TOKEN_REVOKED, (Subject.TOKEN, 1, "Kiosk"), actor=rita, tell=[mia])
    assert said_to(mia).title == "Your token “Kiosk” was revoked by Rita"
    assert said_to(mia).path == "/tokens"


def test_a_program_that_decided_is_named_with_its_person(anna: Avatar, rita: User) -> None:
    token, _ = credentials.make(rita, "Kiosk", [Right.REVIEW])
    words = happens(anna, Kind.APPROVED, actor=rita, token=token)
    assert words.title == "Anna was approved by Rita (by the token “Kiosk”)"
