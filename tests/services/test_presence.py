"""Who of us is alive."""

from pathlib import Path

from avatars.services import presence
from tests.conftest import files_in
from tests.services.processes import token_of_the_dead


def test_we_are_not_gone() -> None:
    assert presence.our_token() == presence.our_token()
    assert not presence.is_gone(presence.our_token())


def test_the_dead_are_known_at_once() -> None:
    assert presence.is_gone(token_of_the_dead())


def test_of_another_machines_process_nothing_is_known() -> None:
    assert not presence.is_gone("0123456789abcdef01234567")
    assert not presence.is_gone("")


def test_a_disk_that_takes_no_lock_gives_no_token(rooms: Path) -> None:
    (rooms / "processes").write_text("a file where a folder should be")
    assert presence.our_token() == ""


def test_locks_of_the_dead_are_cleared_away_when_no_claim_names_them(rooms: Path) -> None:
    named, forgotten, ours = token_of_the_dead(), token_of_the_dead(), presence.our_token()
    presence.forget_the_gone({named})
    assert {path.name for path in files_in(rooms / "processes")} == {named, ours}
    assert forgotten not in (named, ours)
