"""What is not about one avatar is on the record too, without anything that opens a door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from avatars.harmless import harmless
from avatars.models import (
    Approval,
    Avatar,
    Event,
    Feed,
    Kind,
    Notice,
    Right,
    State,
    Subject,
    Token,
    Webhook,
)
from avatars.services import changing, credentials, erasing, feeds, record, review, webhooks
from avatars.services.event_words import Change, Words, words_of
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson
from tests.faults import failing_at

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.example.com/team/s3cret-path"


@pytest.fixture
def grace(person: MakePerson) -> User:
    return person(Role.ADMINISTRATOR, name="Grace")


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(Role.CREATOR, name="Mia")


@pytest.fixture
def webhook(grace: User) -> Webhook:
    return webhooks.add(HOOK, ["avatar.ready"], grace)


def the(kind: Kind) -> Event:
    return Event.objects.get(kind=kind)


def said() -> list[str]:
    return [f"{event.actor_name} {event.sentence}" for event in Event.objects.all()]


def changes_of(event: Event) -> list[Change]:
    return words_of(event).changes


# Tokens ------------------------------------------------------------------------------------------
def test_a_token_is_told_when_it_is_made_and_when_it_is_revoked(mia: User, grace: User) -> None:
    token, text = credentials.make(mia, "Build server", [Right.READ], by=mia, days=7)
    assert credentials.revoke(token.pk, grace)
    assert not credentials.revoke(token.pk, grace)
    assert said() == [
        "Mia made the token “Build server”",
        "Grace revoked the token “Build server”",
    ]
    made = the(Kind.TOKEN_MADE)
    assert (made.subject, made.subject_id) == (Subject.TOKEN, str(token.pk))
    assert ("Rights", "Read avatars") in words_of(made).facts
    assert ("In the name of", "Mia") in words_of(made).facts
    kept = str([vars(event) for event in Event.objects.all()])
    assert [part for part in (text, text[:8], token.digest) if part in kept] == []


def test_a_token_of_the_command_line_is_told_and_its_person_hears_of_it(mia: User) -> None:
    token, _ = credentials.make(mia, "Script", [Right.READ])
    credentials.revoke(token.pk, None)
    assert said() == [
        "Somebody at the command line made the token “Script”",
        "Somebody at the command line revoked the token “Script”",
    ]
    assert [notice.person for notice in Notice.objects.all()] == [mia, mia]


def test_nobody_is_told_of_what_they_did_themselves(mia: User) -> None:
    token, _ = credentials.make(mia, "Mine", [Right.READ], by=mia)
    credentials.revoke(token.pk, mia)
    assert not Notice.objects.exists()


def test_a_form_that_is_sent_twice_makes_one_token_and_one_event(mia: User) -> None:
    for _ in range(2):
        credentials.make(mia, "Once", [Right.READ], by=mia, wish="one form")
    assert said() == ["Mia made the token “Once”"]


# Feeds -------------------------------------------------------------------------------------------
def test_a_feed_is_told_by_its_name_and_so_is_its_avatar(
    grace: User, ready_avatar: MakeAvatar
) -> None:
    feeds.open_feed("support-de", ready_avatar(approval=Approval.APPROVED), "", grace)
    assert said() == [
        "Grace opened the feed support-de",
        "Grace put the avatar on the feed support-de",
    ]
    opened = the(Kind.FEED_OPENED)
    assert (opened.subject_id, opened.avatar) == (str(Feed.objects.get().pk), None)


def test_a_name_that_is_taken_opens_nothing_on_the_record_either(
    grace: User, ready_avatar: MakeAvatar
) -> None:
    face = ready_avatar(approval=Approval.APPROVED)
    feeds.open_feed("support-de", face, "", grace)
    with pytest.raises(feeds.Taken):
        feeds.open_feed("support-de", face, "", grace)
    assert Event.objects.filter(kind=Kind.FEED_OPENED).count() == 1


# Webhooks ----------------------------------------------------------------------------------------
def test_a_webhook_is_told_from_its_beginning_to_its_end(webhook: Webhook, grace: User) -> None:
    webhooks.change(webhook, HOOK, ["avatar.ready", "avatar.removed"], grace)
    for act in (webhooks.pause, webhooks.pause, webhooks.resume, webhooks.remove, webhooks.remove):
        act(webhook, grace)
    where = "the webhook https://hooks.example.com"
    assert said() == [
        f"Grace added {where}",
        *[f"Grace changed {where}"] * 3,
        f"Grace removed {where}",
    ]
    topics, paused, resumed = map(
        changes_of, Event.objects.filter(kind=Kind.WEBHOOK_CHANGED).order_by("id")
    )
    ready, removed = "Anam has made the avatar", "It was removed or erased"
    assert topics == [Change("Topics", ready, f"{ready}, {removed}")]
    assert paused == [Change("Paused", "no", "yes")]
    assert resumed == [Change("Paused", "yes", "no")]


def test_saving_a_webhook_as_it_is_is_no_event(webhook: Webhook, grace: User) -> None:
    assert webhooks.change(webhook, HOOK, ["avatar.ready"], grace)
    assert not Event.objects.filter(kind=Kind.WEBHOOK_CHANGED).exists()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://other.example.com/x", "https://other.example.com"),
        (f"{HOOK}?key=s3cret", "https://hooks.example.com (another path)"),
        ("https://me:s3cret@hooks.example.com:8443/", "https://hooks.example.com:8443"),
    ],
)
def test_of_an_address_nothing_is_kept_that_could_be_a_password(
    webhook: Webhook, grace: User, url: str, shown: str
) -> None:
    webhooks.change(webhook, url, ["avatar.ready"], grace)
    changed = the(Kind.WEBHOOK_CHANGED)
    assert changes_of(changed) == [Change("Address", "https://hooks.example.com", shown)]
    kept = str([vars(event) for event in Event.objects.all()])
    assert "s3cret" not in kept
    assert webhook.salt.hex not in kept


# All or nothing ----------------------------------------------------------------------------------
def _acts(grace: User, face: Avatar) -> dict[str, tuple[Callable[[], object], Callable[[], Any]]]:
    """Name -> what is done, and what tells whether it was."""
    hook = webhooks.add(HOOK, ["avatar.ready"], grace)
    token, _ = credentials.make(grace, "Old", [Right.READ], by=grace)

    def stored() -> Webhook:
        return Webhook.objects.get(pk=hook.pk)

    return {
        "make": (
            lambda: credentials.make(grace, "New", [Right.READ], by=grace),
            Token.objects.count,
        ),
        "revoke": (
            lambda: credentials.revoke(token.pk, grace),
            lambda: Token.objects.get(pk=token.pk).revoked_at,
        ),
        "open": (lambda: feeds.open_feed("new", face, "", grace), Feed.objects.count),
        "add": (lambda: webhooks.add(HOOK, [], grace), Webhook.objects.count),
        "change": (lambda: webhooks.change(hook, HOOK, [], grace), lambda: stored().topics),
        "pause": (lambda: webhooks.pause(hook, grace), lambda: stored().is_active),
        "remove": (lambda: webhooks.remove(hook, grace), lambda: stored().deleted_at),
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["make", "revoke", "open", "add", "change", "pause", "remove"])
def test_it_is_on_the_record_exactly_when_it_is_true(
    grace: User, ready_avatar: MakeAvatar, name: str
) -> None:
    """Each of its writes fails in turn: the change and its event are both there, or neither is."""
    act, state = _acts(grace, ready_avatar(approval=Approval.APPROVED))[name]
    n = 0
    while True:
        n += 1
        before, events = state(), Event.objects.count()
        with failing_at(n) as writes:
            try:
                act()
            except OperationalError:
                assert writes.failed
        assert (state() != before) == (Event.objects.count() > events), writes.seen
        if not writes.failed:
            break
    assert n > 3
    assert state() != before


# In words ----------------------------------------------------------------------------------------
def told(kind: Kind, **fields: Any) -> Words:
    return words_of(Event(kind=kind, **fields))


def test_a_decision_says_from_what_to_what_and_why(
    ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    face = ready_avatar()
    verdict = review.Verdict(Approval.REJECTED, 0, "Not her", "person")
    review.decide(face.pk, verdict, person(Role.REVIEWER))
    words = words_of(the(Kind.REJECTED))
    assert words.changes == [Change("", "Waiting for review", "Rejected")]
    assert words.facts == [("Reason", "It is not who it should be")]
    assert words.note == "Not her"


def test_a_rename_says_both_names(ready_avatar: MakeAvatar) -> None:
    face = ready_avatar(display_name="Anna")
    changing.rename(face, "ready", face.owner)
    assert changes_of(the(Kind.RENAMED)) == [Change("", "Anna", "ready")]


@pytest.mark.parametrize(
    ("detail", "changes", "facts"),
    [
        ({"before": "none", "after": "given"}, [("", "No consent on record", "Consent given")], []),
        ({"before": "gone"}, [("", "Gone at Anam", "")], []),
        ({"after": "ready"}, [("", "", "Ready")], []),
        (
            {"before": {"four_eyes": False}, "after": {"four_eyes": True}},
            [("Four eyes", "no", "yes")],
            [],
        ),
        (
            {"before": {"month_limit": None}, "after": {"month_limit": 5}},
            [("Avatars a month", "nothing", "5")],
            [],
        ),
        (
            {"before": {"review": "after"}, "after": {"review": "both"}},
            [("When avatars are reviewed", "Once Anam has made the avatar", "Before and after")],
            [],
        ),
        (
            {"before": {"role": ""}, "after": {"role": "viewer"}},
            [("Role", "nothing", "Viewer")],
            [],
        ),
        ({"cause": "rate", "said": "Slow down"}, [], [("Why", "Anam asks for patience")]),
        ({"until": "2026-06-01T12:00:00+00:00"}, [], [("Until", "1 June 2026, 12:00")]),
        ({"feed": "support-de"}, [], []),
        ({"ids": ["a", "b"]}, [], [("At Anam", "a, b")]),
        ({"odd_one": {"deep": True}}, [], [("Odd one", "Deep: yes")]),
    ],
)
def test_details_are_put_into_words(
    detail: dict[str, Any], changes: list[tuple[str, str, str]], facts: list[tuple[str, str]]
) -> None:
    words = told(Kind.RENAMED, detail=detail)
    assert words.changes == [Change(*change) for change in changes]
    assert words.facts[: len(facts)] == facts
    assert bool(words.facts) == bool(facts)


def test_of_a_face_that_is_being_erased_no_word_is_told_though_it_is_still_there(
    ready_avatar: MakeAvatar,
) -> None:
    face = ready_avatar(display_name="Vera", state=State.REMOVED, errand="erase")
    words = told(
        Kind.CONSENT_DENIED, avatar=face, visitor="Vera", note="Not me", detail={"name": "Vera"}
    )
    assert "Vera" not in str(words)
    assert (words.who, words.sentence) == ("Somebody", "said no to being shown")
    assert (words.name, words.note, words.detail) == ("Being erased", "", {})


def test_erasing_takes_words_from_the_record_and_leaves_what_happened(
    accepted: MakeAvatar, person: MakePerson
) -> None:
    face = accepted(display_name="Vera")
    reviewer = person(Role.REVIEWER)
    Event.objects.create(avatar=face, actor=reviewer, kind=Kind.CHANGES, note="Vera, smile")
    Event.objects.create(avatar=face, visitor="Vera", kind=Kind.CONSENT_SEEN)
    before = list(face.events.values_list("id", "kind", "at", "actor", "trace"))
    assert erasing.erase(face, face.owner)
    kept = list(face.events.values_list("id", "kind", "at", "actor", "trace"))
    assert kept[: len(before)] == before
    assert [event.kind for event in face.events.all()][-2:] == [Kind.ERASURE, Kind.ERASED]
    assert "Vera" not in str([vars(event) for event in face.events.all()])


# What may leave the server -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "see https://a.example/v.mp4?X-Amz-Signature=5ec2e7 now",
            "see https://a.example/v.mp4 now",
        ),
        ("https://me:pass@a.example/x", "https://a.example/x"),
        (f"grn_{'a' * 36} is mine", "(a token) is mine"),
        (f"https://green.example/consent/{'c' * 43}", "https://green.example/consent/…"),
        (f"/links/eyJ{'a' * 30}:1abc:{'s' * 43}", "/links/…"),
        (f"https://green.example/Consent/ {'c' * 43}", "https://green.example/Consent/ …"),
        (f"https://green.example/withdraws/{'c' * 43}", "https://green.example/withdraws/…"),
        ("mail me@a.example about /links/ and 1:30", "mail me@a.example about /links/ and 1:30"),
    ],
)
def test_what_opens_doors_is_taken_out_and_nothing_else(text: str, left: str) -> None:
    assert harmless({"note": [text], "n": 1}) == {"note": [left], "n": 1}


def test_a_name_that_is_too_long_for_the_column_is_cut() -> None:
    record.write(Kind.TOKEN_MADE, (Subject.TOKEN, 1, "x" * 300), actor="A visitor")
    event = the(Kind.TOKEN_MADE)
    assert (len(event.subject_name), event.visitor) == (200, "A visitor")
    assert event.at <= timezone.now()
