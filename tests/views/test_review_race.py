"""Two reviewers in two processes press at the same moment, two hundred times."""

import multiprocessing
from collections import Counter
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connection, connections
from django.test import Client

from avatars.models import Avatar, Event, Kind
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS = 200
Answers = dict[str, tuple[int, bool]]


def test_of_every_pair_one_decides_and_the_other_is_told_who_was_first(
    person: MakePerson, client_of: ClientOf, ready_avatar: MakeAvatar
) -> None:
    mia, leo = person(Role.REVIEWER, "Mia"), person(Role.REVIEWER, "Leo")
    maker = person(Role.CREATOR)
    ids = [str(ready_avatar(owner=maker).pk) for _ in range(PAIRS)]
    approving, rejecting = both(
        (client_of(mia), "approved", "Leo rejected the avatar"),
        (client_of(leo), "rejected", "Mia approved the avatar"),
        ids,
    )
    decisions = Counter(Avatar.objects.values_list("approval", "version"))
    assert decisions["approved", 1] + decisions["rejected", 1] == PAIRS
    assert Event.objects.count() == PAIRS
    for pk in ids:
        (event,) = Event.objects.filter(avatar_id=pk)
        assert event.kind == Avatar.objects.get(pk=pk).approval
        first, second = approving[pk], rejecting[pk]
        won, lost = (first, second) if event.kind == Kind.APPROVED else (second, first)
        assert (won, lost) == ((302, False), (409, True))


def both(
    one: tuple[Client, str, str], other: tuple[Client, str, str], ids: list[str]
) -> list[Answers]:
    """What each of two processes was answered, by id."""
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(2)
    connection.close()  # no two processes may share one
    ends, processes = [], []
    for reviewer in (one, other):
        here, there = fork.Pipe()
        process = fork.Process(target=_decide_about_all, args=(*reviewer, ids, start, there))
        process.start()
        ends.append(here)
        processes.append(process)
    answers = [end.recv() if end.poll(400) else {} for end in ends]
    for process in processes:
        process.join(10)
        process.kill()
    return answers


def _decide_about_all(
    browser: Client, decision: str, words: str, ids: list[str], start: Barrier, there: Connection
) -> None:
    answers: Answers = {}
    form = {"decision": decision, "version": 0, "note": "Because"}
    for pk in ids:
        start.wait(30)
        response = browser.post(f"/review/{pk}", form)
        told = "Somebody was first" in response.content.decode()
        answers[pk] = (response.status_code, told and words in response.content.decode())
    there.send(answers)
    connections.close_all()
