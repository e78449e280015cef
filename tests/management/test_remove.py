"""`manage.py avatars remove`: as the buttons on the page do it, with a person on the record."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult

from avatars.models import Avatar, Kind, State
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import MakeAvatar, MakePerson, files_in
from tests.management.conftest import avatars

pytestmark = pytest.mark.django_db
Answer = Callable[[str], None]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Somebody at a terminal, who will type this."""

    def typed(text: str) -> None:
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", lambda question: text)

    return typed


def state_of(avatar: Avatar) -> str:
    avatar.refresh_from_db()
    return avatar.state


def test_it_is_removed_in_somebodys_name(mia: User, ready_avatar: MakeAvatar) -> None:
    made = ready_avatar(owner=mia)
    printed = avatars("remove", made.pk, "--by", mia.email, "--yes")
    assert (printed.status, state_of(made)) == (0, State.REMOVED)
    assert printed.out.startswith("It is removed. Until ")
    assert printed.out.endswith(" its page can undo that.\n")
    (event,) = made.events.all()
    assert (event.kind, event.actor) == (Kind.REMOVED, mia)
    (task,) = DBTaskResult.objects.filter(task_path="avatars.tasks.run_errands")
    assert task.run_after == made.errand_at


def test_it_is_erased_with_its_photo(mia: User, accepted: MakeAvatar, rooms: Path) -> None:
    made = accepted(owner=mia)
    printed = avatars("remove", made.pk, "--by", mia.email, "--erase", "--yes")
    made.refresh_from_db()
    assert (printed.out, made.is_erased) == ("It is erased.\n", True)
    assert files_in(rooms / "media") == []
    assert [event.kind for event in made.events.all()][-2:] == [Kind.ERASURE, Kind.ERASED]
    assert DBTaskResult.objects.filter(task_path="avatars.tasks.run_errands").exists()


def test_twice_is_no_mistake(mia: User, ready_avatar: MakeAvatar) -> None:
    made = ready_avatar(owner=mia)
    for _ in range(2):
        assert avatars("remove", made.upstream_id, "--by", mia.email, "--yes").status == 0
    for _ in range(2):
        assert avatars("remove", made.pk, "--by", mia.email, "--yes", "--erase").status == 0
    kinds = [event.kind for event in made.events.all()]
    assert kinds == [Kind.REMOVED, Kind.ERASURE, Kind.ERASED]


def test_a_terminal_is_asked(mia: User, ready_avatar: MakeAvatar, answer: Answer) -> None:
    made = ready_avatar(owner=mia)
    for text in ("", "n", "no", "yesterday"):
        answer(text)
        printed = avatars("remove", made.pk, "--by", mia.email)
        assert (printed.error, printed.status) == ("Nothing was changed.", 1)
    assert state_of(made) == State.READY
    answer(" Yes ")
    assert avatars("remove", made.pk, "--by", mia.email).status == 0
    assert state_of(made) == State.REMOVED


def test_where_nobody_can_be_asked_nothing_is_done(mia: User, ready_avatar: MakeAvatar) -> None:
    made = ready_avatar(owner=mia)
    printed = avatars("remove", made.pk, "--by", mia.email)
    assert "Say --yes where nobody can be asked." in printed.error
    assert state_of(made) == State.READY


@pytest.mark.parametrize("erase", [[], ["--erase"]])
def test_only_its_maker_or_an_administrator_may(
    person: MakePerson, office: User, ready_avatar: MakeAvatar, erase: list[str]
) -> None:
    made, other = ready_avatar(), person(role=Role.REVIEWER)
    printed = avatars("remove", made.pk, "--by", other.email, "--yes", *erase)
    assert "only its maker or an administrator can" in printed.error
    assert state_of(made) == State.READY
    assert avatars("remove", made.pk, "--by", office.email, "--yes", *erase).status == 0


def test_somebody_must_answer_for_it(ready_avatar: MakeAvatar) -> None:
    made = ready_avatar()
    assert "--by" in avatars("remove", made.pk, "--yes").error
    nobody = avatars("remove", made.pk, "--by", "nobody@example.com", "--yes")
    assert "Nobody has the e-mail address" in nobody.error
    assert state_of(made) == State.READY


@pytest.mark.parametrize("erase", [[], ["--erase"]])
@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_one_in_the_making_is_left_alone(
    mia: User, avatar: MakeAvatar, state: State, erase: list[str]
) -> None:
    made = avatar(owner=mia, state=state)
    printed = avatars("remove", made.pk, "--by", mia.email, "--yes", *erase)
    assert "While Anam makes it, it can't be renamed or removed" in printed.error
    assert (printed.status, state_of(made)) == (1, state)


def test_anams_own_ones_stay(office: User) -> None:
    made = Avatar.objects.create(display_name="Ada", stock=True, rehearsal=True, state=State.READY)
    printed = avatars("remove", made.pk, "--by", office.email, "--yes", "--erase")
    assert "one of Anam's own avatars" in printed.error
    assert state_of(made) == State.READY
