"""Consent to a photo: who says what, and what it does to every avatar of that photo."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connections
from django.utils import timezone

from avatars.models import (
    Approval,
    Avatar,
    Consent,
    Delivery,
    How,
    Kind,
    Mail,
    Notice,
    Policy,
    Standing,
    State,
    Topic,
    Wording,
    is_usable,
)
from avatars.services import accept, consents, erasing, strays
from avatars.services.accept import Way
from avatars.services.consents import OtherTerms, SaidNo, Terms, TooLate
from avatars.services.release import recall_due, release_due
from avatars.services.webhooks import add as add_webhook
from avatars.tasks import watch_consents
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, at_once, files_in
from tests.faults import count_writes, failing_at, killed
from tests.services.told import kinds

pytestmark = pytest.mark.django_db
ANNA = Terms("Anna Berg", "Welcome films on the intranet", email="anna@example.com")
PHOTO = "a" * 64


@pytest.fixture
def mia(person: MakePerson, wording: Wording) -> User:
    return person(role=Role.CREATOR, name="Mia Maker")


@pytest.fixture
def usable(ready_avatar: MakeAvatar, mia: User) -> MakeAvatar:
    """One that programs are given."""

    def make(**fields: Any) -> Avatar:
        defaults = {"owner": mia, "approval": Approval.APPROVED, "photo_sha256": PHOTO}
        return ready_avatar(photo="photos/a.jpg", **{**defaults, **fields})

    return make


def again(avatar: Avatar) -> Avatar:
    return Avatar.objects.get(pk=avatar.pk)


def yes(consent: Consent, **more: Any) -> bool:
    return consents.answer(consent, yes=True, who="Anna Berg", **more)


def no(consent: Consent, **more: Any) -> bool:
    return consents.answer(consent, yes=False, who="Anna Berg", **more)


def together(*calls: Callable[[], object]) -> list[object]:
    """What they give or raise, called at the same moment."""
    waiting = list(calls)

    def one() -> object:
        call = waiting.pop()
        return call()

    return at_once(one, times=len(calls))


# Asking and answering -----------------------------------------------------------------------------
def test_a_question_has_a_link_of_seven_days_and_the_wording_of_the_day(
    usable: MakeAvatar, mia: User
) -> None:
    asked = consents.ask(usable(), ANNA, mia)
    assert asked.link_until
    assert timedelta(days=6.9) < asked.link_until - timezone.now() < timedelta(days=7.1)
    assert (asked.how, asked.standing, asked.wording) == (How.LINK, "asked", Wording.current())
    assert Consent.objects.by_code(asked.code).get() == asked
    Wording.objects.create(number=2, text="Other words")
    assert Consent.objects.get().wording.number == 1


def test_a_question_is_asked_of_every_avatar_of_the_photo_and_takes_none_out_of_use(
    usable: MakeAvatar, mia: User
) -> None:
    avatar, twin, other = usable(), usable(), usable(photo_sha256="b" * 64)
    consents.ask(avatar, ANNA, mia)
    assert [again(a).consent for a in (avatar, twin, other)] == ["asked", "asked", "none"]
    assert is_usable(again(avatar))
    assert kinds(avatar) == kinds(twin) == [Kind.CONSENT_ASKED]
    assert kinds(other) == []


def test_a_yes_is_a_yes_to_this_photo_until_the_day_they_name(
    usable: MakeAvatar, mia: User
) -> None:
    avatar, twin = usable(), usable()
    asked = consents.ask(avatar, ANNA, mia)
    until = timezone.now() + timedelta(days=90)
    assert consents.answer(asked, yes=True, who="Anna B.", valid_until=until)
    for each in map(again, (avatar, twin)):
        assert (each.consent, each.consent_until) == (Standing.GIVEN, until)
    kept = Consent.objects.get()
    assert (kept.who, kept.valid_until, kept.draft) == ("Anna B.", until, {})
    assert Consent.objects.by_withdrawal_code(kept.withdrawal_code).get() == kept
    event = avatar.events.get(kind=Kind.CONSENT_GIVEN)
    assert (event.actor, event.visitor) == (None, "Anna B.")


def test_a_no_takes_the_face_out_of_use(usable: MakeAvatar, mia: User) -> None:
    avatar = usable()
    asked = consents.ask(avatar, ANNA, mia)
    assert no(asked, wants_erasure=True)
    assert again(avatar).consent == Standing.DENIED
    assert not is_usable(again(avatar))
    kept = Consent.objects.get()
    assert kept.wants_erasure
    assert kinds(avatar)[-2:] == [Kind.CONSENT_DENIED, Kind.ERASURE_WISHED]


def test_a_yes_wants_nothing_erased(usable: MakeAvatar, mia: User) -> None:
    asked = consents.ask(usable(), ANNA, mia)
    assert yes(asked, wants_erasure=True)
    assert not Consent.objects.get().wants_erasure


@pytest.mark.parametrize("first", [yes, no])
def test_only_the_first_answer_counts(usable: MakeAvatar, mia: User, first: Any) -> None:
    avatar = usable()
    asked = consents.ask(avatar, ANNA, mia)
    assert first(asked)
    before = Consent.objects.values().get()
    assert not yes(asked)
    assert not no(asked)
    assert not consents.cancel(asked, mia)
    assert Consent.objects.values().get() == before


def test_a_question_that_is_over_takes_no_answer(usable: MakeAvatar, mia: User) -> None:
    asked = consents.ask(usable(), ANNA, mia)
    Consent.objects.update(link_until=timezone.now())
    assert not yes(asked)
    assert not Consent.objects.keep_draft(asked, {"who": "Anna"}, timezone.now())


def test_a_question_that_was_taken_back_takes_no_answer(usable: MakeAvatar, mia: User) -> None:
    avatar = usable()
    asked = consents.ask(avatar, ANNA, mia)
    assert consents.cancel(asked, mia)
    assert not consents.cancel(asked, mia)
    assert not yes(asked)
    assert again(avatar).consent == Standing.NONE
    assert kinds(avatar) == [Kind.CONSENT_ASKED, Kind.CONSENT_CANCELLED]


def test_opening_the_link_is_on_the_record_once(usable: MakeAvatar, mia: User) -> None:
    avatar = usable()
    asked = consents.ask(avatar, ANNA, mia)
    consents.see(asked)
    consents.see(Consent.objects.get())
    assert kinds(avatar).count(Kind.CONSENT_SEEN) == 1
    assert Consent.objects.get().seen_at


def test_a_draft_agrees_to_nothing(usable: MakeAvatar, mia: User) -> None:
    avatar = usable()
    asked = consents.ask(avatar, ANNA, mia)
    assert Consent.objects.keep_draft(asked, {"who": "Anna"}, timezone.now())
    assert again(avatar).consent == Standing.ASKED
    assert kinds(avatar) == [Kind.CONSENT_ASKED]


def test_both_sides_are_told(usable: MakeAvatar, mia: User, person: MakePerson) -> None:
    asker, administrator = person(role=Role.REVIEWER), person(role=Role.ADMINISTRATOR)
    asked = consents.ask(usable(), ANNA, asker)
    Notice.objects.all().delete()
    assert yes(asked)
    assert set(Notice.objects.values_list("person", flat=True)) == {mia.pk, asker.pk}
    Notice.objects.all().delete()
    assert consents.withdraw(Consent.objects.get())
    assert set(Notice.objects.values_list("person", flat=True)) == {
        mia.pk,
        asker.pk,
        administrator.pk,
    }


# Other ways ---------------------------------------------------------------------------------------
def test_somebodys_own_face_counts_at_once(usable: MakeAvatar, mia: User) -> None:
    avatar = usable(needs_consent=True)
    assert not is_usable(avatar)
    kept = consents.state_own(avatar, Terms("Mia Maker", "Everything"), mia)
    assert (kept.how, kept.standing, kept.asked_by) == (How.OWN, Standing.GIVEN, mia)
    assert is_usable(again(avatar))
    assert [(e.kind, e.actor) for e in avatar.events.all()] == [(Kind.CONSENT_GIVEN, mia)]


def test_a_signed_form_is_kept_with_its_bytes(usable: MakeAvatar, mia: User, rooms: Path) -> None:
    avatar = usable()
    kept = consents.put_on_file(avatar, ANNA, mia, data=b"%PDF-", extension=".pdf")
    assert str(kept.file).startswith(f"consents/{kept.pk}")
    assert [path.read_bytes() for path in files_in(rooms / "media")] == [b"%PDF-"]
    assert again(avatar).consent == Standing.GIVEN
    assert kinds(avatar) == [Kind.CONSENT_FILED]


def test_the_same_form_sent_twice_is_kept_once(usable: MakeAvatar, mia: User, rooms: Path) -> None:
    avatar = usable()
    for wish in ("w-1", "w-1", "w-2"):
        consents.ask(avatar, ANNA, mia, wish=wish)
        consents.state_own(avatar, ANNA, mia, wish=wish)
        consents.put_on_file(avatar, ANNA, mia, data=b"signed", extension=".pdf", wish=wish)
    assert Consent.objects.count() == 6
    assert len(files_in(rooms / "media")) == 2
    for row in Consent.objects.filter(how=How.FILE):
        assert default_storage.exists(str(row.file))


def test_the_same_form_with_other_words_or_another_file_is_told_apart(
    usable: MakeAvatar, mia: User, rooms: Path
) -> None:
    avatar, other = usable(), Terms("Berta Klee", "Films")
    consents.ask(avatar, ANNA, mia, wish="w")
    consents.state_own(avatar, ANNA, mia, wish="w")
    file = partial(consents.put_on_file, avatar, by=mia, extension=".pdf", wish="w")
    file(terms=ANNA, data=b"signed")
    others: list[Callable[[], object]] = [
        lambda: consents.ask(avatar, other, mia, wish="w"),
        lambda: consents.state_own(avatar, other, mia, wish="w"),
        lambda: file(terms=other, data=b"signed"),
        lambda: file(terms=ANNA, data=b"of Berta"),
    ]
    for send in others:
        with pytest.raises(OtherTerms):
            send()
    assert [path.read_bytes() for path in files_in(rooms / "media")] == [b"signed"]
    assert set(Consent.objects.values_list("who", flat=True)) == {"Anna Berg"}


def test_a_question_that_was_answered_under_another_name_is_the_same_question(
    usable: MakeAvatar, mia: User
) -> None:
    avatar = usable()
    asked = consents.ask(avatar, ANNA, mia, wish="w")
    consents.answer(asked, yes=True, who="Anna B.", valid_until=timezone.now() + timedelta(days=9))
    assert consents.ask(avatar, ANNA, mia, wish="w") == asked


def test_what_somebody_began_to_fill_in_goes_with_the_question(
    usable: MakeAvatar, mia: User
) -> None:
    avatar, now = usable(), timezone.now()
    cancelled, late, open_one = (consents.ask(avatar, ANNA, mia) for _ in range(3))
    for asked in (cancelled, late, open_one):
        assert Consent.objects.keep_draft(asked, {"who": "Anna"}, now)
    consents.cancel(cancelled, mia)
    Consent.objects.filter(pk=late.pk).update(link_until=now)
    watch_consents()
    drafts = dict(Consent.objects.values_list("pk", "draft"))
    assert drafts == {cancelled.pk: {}, late.pk: {}, open_one.pk: {"who": "Anna"}}


def test_a_mail_that_nobody_sent_within_a_quarter_of_an_hour_has_failed(
    usable: MakeAvatar, mia: User
) -> None:
    avatar = usable()
    lost, young, sent = (consents.ask(avatar, ANNA, mia) for _ in range(3))
    Consent.objects.update(mail=Mail.PLANNED)
    Consent.objects.filter(pk=sent.pk).update(mail=Mail.SENT)
    old = Consent.objects.exclude(pk=young.pk)
    old.update(asked_at=timezone.now() - timedelta(minutes=16))
    watch_consents()
    mails = dict(Consent.objects.values_list("pk", "mail"))
    assert mails == {lost.pk: Mail.FAILED, young.pk: Mail.PLANNED, sent.pk: Mail.SENT}


def test_a_wish_for_one_avatar_is_none_for_another(usable: MakeAvatar, mia: User) -> None:
    avatar, twin = usable(), usable()
    assert consents.ask(avatar, ANNA, mia, wish="w") != consents.ask(twin, ANNA, mia, wish="w")


@pytest.mark.parametrize("ended", ["denied", "withdrawn"])
def test_after_a_no_nobody_can_say_that_it_is_their_own_face(
    usable: MakeAvatar, mia: User, ended: str
) -> None:
    avatar = usable()
    asked = consents.ask(avatar, ANNA, mia)
    if ended == "denied":
        no(asked)
    else:
        yes(asked)
        consents.withdraw(asked)
    with pytest.raises(SaidNo):
        consents.state_own(avatar, Terms("Mia Maker"), mia)
    assert again(avatar).consent == ended
    # Their signature, or another answer of theirs, does.
    consents.put_on_file(avatar, ANNA, mia, data=b"signed", extension=".pdf")
    assert again(avatar).consent == Standing.GIVEN


def test_terms_may_name_the_wording_that_was_signed(usable: MakeAvatar, mia: User) -> None:
    first = Wording.current()
    Wording.objects.create(number=2, text="Other words")
    terms = Terms("Anna", wording=first)
    kept = consents.put_on_file(usable(), terms, mia, data=b"signed", extension=".pdf")
    assert kept.wording == first


# Taking it back -----------------------------------------------------------------------------------
def test_a_withdrawal_ends_every_yes_to_the_photo(usable: MakeAvatar, mia: User) -> None:
    avatar, twin = usable(), usable()
    given = consents.state_own(avatar, ANNA, mia)
    consents.put_on_file(twin, ANNA, mia, data=b"signed", extension=".pdf")
    assert is_usable(again(twin))
    assert consents.withdraw(given)
    assert not consents.withdraw(given)
    assert {row.standing for row in Consent.objects.all()} == {Standing.WITHDRAWN}
    for each in map(again, (avatar, twin)):
        assert each.consent == Standing.WITHDRAWN
        assert not is_usable(each)
    assert avatar.events.last().visitor == "Anna Berg"  # type: ignore[union-attr]


def test_a_no_ends_every_yes_to_the_photo(usable: MakeAvatar, mia: User) -> None:
    avatar = usable()
    given = consents.state_own(avatar, ANNA, mia)
    assert no(consents.ask(avatar, ANNA, mia))
    given.refresh_from_db()
    assert given.standing == Standing.WITHDRAWN
    assert again(avatar).is_blocked


def test_the_team_writes_down_what_it_was_told(
    usable: MakeAvatar, mia: User, person: MakePerson
) -> None:
    avatar, reviewer = usable(), person(role=Role.REVIEWER)
    given = consents.state_own(avatar, ANNA, mia)
    assert consents.withdraw(given, by=reviewer, wants_erasure=True)
    given.refresh_from_db()
    assert (given.withdrawn_by, given.wants_erasure) == (reviewer, True)
    latest = [(e.kind, e.actor, e.visitor) for e in avatar.events.all()][-2:]
    assert latest == [
        (Kind.CONSENT_WITHDRAWN, reviewer, ""),
        (Kind.ERASURE_WISHED, reviewer, ""),
    ]


def test_who_withdrew_can_still_ask_to_be_erased_once(usable: MakeAvatar, mia: User) -> None:
    avatar = usable()
    given = consents.state_own(avatar, ANNA, mia)
    assert not consents.wish_erasure(given)
    consents.withdraw(given)
    assert [consents.wish_erasure(given) for _ in range(2)] == [True, False]
    assert kinds(avatar)[-1] == Kind.ERASURE_WISHED


def test_a_new_yes_brings_it_back(usable: MakeAvatar, mia: User) -> None:
    avatar = usable()
    consents.withdraw(consents.state_own(avatar, ANNA, mia))
    assert yes(consents.ask(again(avatar), ANNA, mia))
    assert again(avatar).consent == Standing.GIVEN
    assert is_usable(again(avatar))


def test_webhooks_hear_that_an_approved_one_goes_out_of_use_and_comes_back(
    usable: MakeAvatar, mia: User
) -> None:
    add_webhook("https://hooks.example.com/x", [Topic.APPROVED, Topic.WITHDRAWN], mia)
    avatar, waiting = usable(), usable(approval=Approval.WAITING)
    given = consents.state_own(avatar, ANNA, mia)
    assert not Delivery.objects.exists()  # it was in use before
    consents.withdraw(given)
    yes(consents.ask(avatar, ANNA, mia))
    told = [(d.topic, d.avatar_id) for d in Delivery.objects.order_by("happened_at", "pk")]
    assert told == [(Topic.WITHDRAWN, avatar.pk), (Topic.APPROVED, avatar.pk)]
    assert waiting.pk not in {pk for _, pk in told}


# What is sent to Anam -----------------------------------------------------------------------------
@pytest.mark.parametrize("state", [State.QUEUED, State.HELD])
def test_who_takes_it_back_takes_the_photo_out_of_the_line_for_anam(
    avatar: MakeAvatar, mia: User, state: State
) -> None:
    now = timezone.now()
    found = avatar(owner=mia, photo_sha256=PHOTO, photo="p", state=state, retry_at=now)
    given = consents.state_own(found, ANNA, mia)
    assert Avatar.objects.due(timezone.now()).exists()
    consents.withdraw(given)
    assert not Avatar.objects.due(timezone.now()).exists()
    assert again(found).state == State.REVIEW
    assert kinds(found)[-2:] == [Kind.CONSENT_WITHDRAWN, Kind.RECALLED]
    assert yes(consents.ask(found, ANNA, mia))
    assert again(found).state == State.QUEUED
    assert kinds(found)[-1] == Kind.RELEASED


def test_what_comes_back_into_the_line_without_consent_is_taken_out_again(
    avatar: MakeAvatar, mia: User
) -> None:
    """As what was refused and is tried once more, or removed and brought back."""
    blocked = avatar(owner=mia, photo_sha256=PHOTO, consent=Standing.WITHDRAWN)
    lacking = avatar(owner=mia, needs_consent=True, consent=Standing.ASKED)
    ended = avatar(owner=mia, consent=Standing.GIVEN, consent_until=timezone.now())
    free = avatar(owner=mia, consent=Standing.GIVEN, needs_consent=True)
    assert list(Avatar.objects.due(timezone.now())) == [free]
    assert recall_due() == 3
    states = {each.pk: each.state for each in Avatar.objects.all()}
    assert [states[a.pk] for a in (blocked, lacking, ended)] == [State.REVIEW] * 3
    assert [kinds(a) for a in (blocked, lacking, ended)] == [[Kind.RECALLED]] * 3
    assert kinds(free) == []
    assert release_due() == recall_due() == 0


def test_what_waits_for_consent_alone_goes_on_with_the_yes(accepted: MakeAvatar, mia: User) -> None:
    Policy.objects.update(consent=True)
    found = accepted(owner=mia)
    assert (found.state, found.needs_consent) == (State.REVIEW, True)
    assert yes(consents.ask(found, ANNA, mia))
    assert again(found).state == State.QUEUED


def test_a_photo_that_agreed_before_needs_not_be_asked_again(
    accepted: MakeAvatar, mia: User
) -> None:
    Policy.objects.update(consent=True)
    until = timezone.now() + timedelta(days=3)
    consents.state_own(accepted(owner=mia), Terms("Mia", valid_until=until), mia)
    second = accepted(owner=mia)
    assert (second.consent, second.consent_until) == (Standing.GIVEN, until)
    assert second.state == State.QUEUED


def test_a_photo_that_said_no_stays_out_of_the_line_whatever_the_policy(
    accepted: MakeAvatar, mia: User
) -> None:
    consents.withdraw(consents.state_own(accepted(owner=mia), Terms("Mia"), mia))
    second = accepted(owner=mia)
    assert (second.consent, second.state) == (Standing.WITHDRAWN, State.REVIEW)


# Erasing ------------------------------------------------------------------------------------------
def personal(consent: Consent) -> dict[str, Any]:
    names = ("who", "email", "scope", "draft", "file", "photo_sha256", "digest", "link_until")
    return {name: value for name, value in vars(consent).items() if name in names}


def test_erasing_leaves_nothing_of_a_consent_but_that_there_was_one(
    accepted: MakeAvatar, mia: User, rooms: Path
) -> None:
    found = accepted(owner=mia)
    asked = consents.ask(found, ANNA, mia)
    Consent.objects.keep_draft(asked, {"who": "Anna"}, timezone.now())
    consents.put_on_file(found, ANNA, mia, data=b"signed by Anna", extension=".pdf")
    assert erasing.erase(found, mia)
    assert files_in(rooms / "media") == []
    for row in Consent.objects.all():
        assert not any(personal(row).values()), personal(row)
    assert {row.standing for row in Consent.objects.all()} == {Standing.ASKED, Standing.GIVEN}


def test_links_of_an_erased_face_open_nothing_also_in_a_page_that_is_open(
    accepted: MakeAvatar, mia: User
) -> None:
    found = accepted(owner=mia)
    asked, given = consents.ask(found, ANNA, mia), consents.state_own(found, ANNA, mia)
    erasing.erase(found, mia)
    assert not Consent.objects.by_code(asked.code).exists()
    assert not Consent.objects.by_withdrawal_code(given.withdrawal_code).exists()
    assert not Consent.objects.keep_draft(asked, {"who": "Anna Berg"}, timezone.now())
    assert not yes(asked)
    assert not consents.withdraw(given)
    assert not consents.wish_erasure(given)
    assert "Anna" not in repr(list(Consent.objects.values()))


def test_nothing_is_written_down_about_a_face_that_is_being_erased(
    accepted: MakeAvatar, mia: User, rooms: Path
) -> None:
    found = accepted(owner=mia)
    stale = again(found)
    erasing.erase(found, mia)
    with pytest.raises(TooLate):
        consents.ask(stale, ANNA, mia)
    with pytest.raises(TooLate):
        consents.state_own(stale, ANNA, mia)
    with pytest.raises(TooLate):
        consents.put_on_file(stale, ANNA, mia, data=b"signed", extension=".pdf")
    assert not Consent.objects.exists()
    assert files_in(rooms / "media") == []


def test_consent_goes_on_with_another_avatar_of_the_photo(
    accepted: MakeAvatar, mia: User, rooms: Path
) -> None:
    first, second = accepted(owner=mia), accepted(owner=mia)
    given = consents.put_on_file(first, ANNA, mia, data=b"signed by Anna", extension=".pdf")
    erasing.erase(first, mia)
    given.refresh_from_db()
    assert (given.avatar, given.who) == (second, "Anna Berg")
    assert default_storage.exists(str(given.file))
    assert again(second).consent == Standing.GIVEN
    assert erasing.erase(second, mia)
    assert files_in(rooms / "media") == []
    assert "Anna" not in repr(list(Consent.objects.values()))


def test_two_avatars_of_one_photo_that_are_both_being_erased_leave_nothing(
    accepted: MakeAvatar, mia: User, rooms: Path
) -> None:
    """As when the first one's process dies between its promise and its files."""
    first, second = accepted(owner=mia), accepted(owner=mia)
    consents.put_on_file(first, ANNA, mia, data=b"signed by Anna", extension=".pdf")
    Avatar.objects.begin_erasure(first.pk, timezone.now(), by=mia)
    assert erasing.erase(second, mia)
    assert erasing.erase_here(again(first))
    assert files_in(rooms / "media") == []
    assert "Anna" not in repr(list(Consent.objects.values()))


# What fails ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_whatever_fails_while_a_form_is_kept_there_is_all_of_it_or_nothing(
    usable: MakeAvatar, mia: User, rooms: Path
) -> None:
    def keep(avatar: Avatar) -> None:
        consents.put_on_file(avatar, ANNA, mia, data=b"signed", extension=".pdf")

    keep(usable())  # not the first of its process: the folder is there
    for n in range(1, count_writes(partial(keep, usable(photo_sha256="b" * 64))) + 1):
        avatar = usable(photo_sha256=uuid4().hex * 2)
        with failing_at(n) as failing, suppress(OSError, OperationalError):
            keep(avatar)
        assert failing.failed
        assert again(avatar).consent == ("given" if avatar.consents.exists() else "none")
        named = set(Consent.objects.values_list("file", flat=True))
        lying = {f"consents/{path.name}" for path in files_in(rooms / "media")}
        assert named == lying, failing.seen


@pytest.mark.django_db(transaction=True)
def test_a_form_whose_process_is_killed_is_kept_whole_or_swept_away(
    usable: MakeAvatar, mia: User, rooms: Path, accepted: MakeAvatar
) -> None:
    accepted()  # strays are looked for where the files belong to the database
    strays.delete_stray_files(timezone.now())
    kept = len(files_in(rooms / "media"))
    avatar = usable()

    def put_on_file() -> None:
        consents.put_on_file(avatar, ANNA, mia, data=b"signed", extension=".pdf")

    strayed = 0
    for _ in killed(put_on_file):
        assert not Consent.objects.exists()
        strayed += len(files_in(rooms / "media")) > kept
        strays.delete_stray_files(timezone.now() + timedelta(seconds=1))
        assert len(files_in(rooms / "media")) == kept
    assert Consent.objects.count() == 1
    assert strayed > 3
    strays.delete_stray_files(timezone.now() + timedelta(seconds=1))
    assert len(files_in(rooms / "media")) == kept + 1


# At once ------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(usable: MakeAvatar, mia: User) -> None:
    for _ in range(6):
        avatar = usable(photo_sha256=uuid4().hex * 2)
        asked = consents.ask(avatar, ANNA, mia)
        answers = together(partial(yes, asked), partial(no, asked))
        assert sorted(map(bool, answers)) == [False, True], answers
        said = Consent.objects.get(pk=asked.pk).standing
        assert again(avatar).consent == said
        assert len(kinds(avatar)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_withdrawal_of_another_yes_at_once_end_in_what_came_last(
    usable: MakeAvatar, mia: User
) -> None:
    for _ in range(6):
        avatar = usable(photo_sha256=uuid4().hex * 2)
        given = consents.state_own(avatar, ANNA, mia)
        asked = consents.ask(avatar, ANNA, mia)
        calls = [partial(consents.withdraw, given), partial(yes, asked)]
        assert together(*calls) == [True, True]
        # Either the withdrawal ended both, or the yes came after it; nothing in between.
        rows = Consent.objects.filter(avatar=avatar)
        standings = {row.how: row.standing for row in rows}
        assert standings[How.OWN] == Standing.WITHDRAWN
        assert again(avatar).consent == standings[How.LINK]
        latest = [k for k in kinds(avatar) if k in (Kind.CONSENT_GIVEN, Kind.CONSENT_WITHDRAWN)][-1]
        assert latest == f"consent-{standings[How.LINK]}"


@pytest.mark.django_db(transaction=True)
def test_two_noes_at_once_both_count(usable: MakeAvatar, mia: User) -> None:
    """Each wants to end what the other one is: nobody may wait for ever."""
    for _ in range(6):
        avatar = usable(photo_sha256=uuid4().hex * 2)
        consents.state_own(avatar, ANNA, mia)
        questions = [consents.ask(avatar, ANNA, mia) for _ in range(4)]
        assert together(*(partial(no, question) for question in questions)) == [True] * 4
        assert again(avatar).is_blocked


@pytest.mark.django_db(transaction=True)
def test_a_photo_that_comes_in_while_it_is_taken_back_is_never_in_use(
    accepted: MakeAvatar, mia: User
) -> None:
    first = accepted(owner=mia)
    for _ in range(6):
        given = consents.put_on_file(first, ANNA, mia, data=b"signed", extension=".pdf")
        answers = together(partial(consents.withdraw, given), partial(accepted, owner=mia))
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
        told = set(Avatar.objects.values_list("consent", flat=True))
        assert told == {Standing.WITHDRAWN}
        assert not Avatar.objects.due(timezone.now()).exists()


@pytest.mark.django_db(transaction=True)
def test_a_twin_that_came_in_while_the_withdrawal_waited_has_it_on_its_record(
    accepted: MakeAvatar, mia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = consents.state_own(accepted(owner=mia), ANNA, mia)
    written = accept._write_rows

    def written_while_somebody_waits(avatars: list[Avatar], way: Way) -> None:
        withdrawing.start()
        withdrawing.join(0.5)  # it waits for the photo's avatars, which this transaction holds
        written(avatars, way)

    def withdraw() -> None:
        consents.withdraw(given)
        connections.close_all()

    withdrawing = Thread(target=withdraw)
    monkeypatch.setattr(accept, "_write_rows", written_while_somebody_waits)
    twin = accepted(owner=mia)
    withdrawing.join()
    assert again(twin).consent == Standing.WITHDRAWN
    assert Kind.CONSENT_WITHDRAWN in kinds(twin)


@pytest.mark.django_db(transaction=True)
def test_a_consent_and_an_erasure_at_once_leave_no_name(accepted: MakeAvatar, mia: User) -> None:
    for _ in range(6):
        found = accepted(owner=mia)
        asked = consents.ask(found, ANNA, mia)
        stale = again(found)
        answers = together(
            partial(erasing.erase, found, mia),
            partial(consents.state_own, stale, ANNA, mia),
            partial(yes, asked),
        )
        wrong = [a for a in answers if isinstance(a, Exception) and not isinstance(a, TooLate)]
        assert not wrong, wrong
        assert "Anna" not in repr(list(Consent.objects.values()))
        assert "Anna" not in repr(list(found.events.values()))
