"""`create --wait`: until each is ready, or only people can bring it further."""

import json
import signal
from io import StringIO

import httpx
import pytest

from avatars.models import Avatar, State
from dashboard.people.models import User
from tests.conftest import ScriptAnam
from tests.management.conftest import Fill, avatars
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_waits_until_all_are_ready(mia: User, folder: Fill, worker: None) -> None:
    given = folder(**{"ada.jpg": 256, "berta.jpg": 257})
    printed = avatars("create", given, "--owner", mia.email, "--wait")
    assert set(Avatar.objects.values_list("state", flat=True)) == {State.READY}
    assert printed.status == 0
    ends = printed.out.splitlines()[-2:]
    assert [end.partition(" (")[0] for end in ends] == ["Ada", "Berta"]
    assert all(end.endswith((": Preview coming.", ": Ready.")) for end in ends)
    assert "Ada: " in printed.err
    assert "No worker" not in printed.err


def test_json_is_printed_once_at_the_end(mia: User, folder: Fill, worker: None) -> None:
    given = folder(**{"ada.jpg": 256, "bad.jpg": b"nothing"})
    printed = avatars("create", given, "--owner", mia.email, "--wait", "--json")
    ada, bad = json.loads(printed.out)
    assert (ada["avatar"]["state"], bad["avatar"]) == (State.READY, None)
    assert printed.status == 1


def test_a_no_of_anams_is_an_end(mia: User, folder: Fill, anam: ScriptAnam, worker: None) -> None:
    anam(lambda _: httpx.Response(422, json={"message": "no face found"}))
    printed = avatars("create", folder(**{"ada.jpg": 256}), "--owner", mia.email, "--wait")
    assert "Anam can't use this photo." in printed.out
    assert (printed.status, printed.error) == (1, "1 of 1 avatars did not become ready.")


def test_what_only_an_administrator_can_end_is_not_waited_for(
    mia: User, folder: Fill, anam: ScriptAnam, worker: None
) -> None:
    anam(lambda _: httpx.Response(401, json={"error": "Invalid API key"}))
    given = folder(**{"ada.jpg": 256, "berta.jpg": 257})
    printed = avatars("create", given, "--owner", mia.email, "--wait")
    assert printed.status == 1
    assert printed.out.count("An administrator must check ANAM_API_KEY.") == 2


def test_what_passes_by_itself_is_waited_for(
    mia: User, folder: Fill, anam: ScriptAnam, worker: None
) -> None:
    answers = [
        httpx.Response(429, headers={"Retry-After": "1"}, json={"message": "slowly"}),
        httpx.Response(201, json=described("Ada")),
    ]
    anam(lambda request: answers.pop(0) if request.method == "POST" else httpx.Response(404))
    printed = avatars("create", folder(**{"ada.jpg": 256}), "--owner", mia.email, "--wait")
    assert "Ada: Anam asks for patience" in printed.err
    assert (printed.status, Avatar.objects.get().state) == (0, State.READY)


class WhoGivesUp(StringIO):
    """Somebody who types Ctrl-C on reading that there is no worker."""

    def write(self, text: str) -> int:
        written = super().write(text)
        if "No worker seems to run." in text:
            signal.raise_signal(signal.SIGINT)
        return written


def test_waiting_can_be_stopped_and_nothing_is_lost(mia: User, folder: Fill) -> None:
    given = folder(**{"ada.jpg": 256})
    printed = avatars("create", given, "--owner", mia.email, "--wait", err=WhoGivesUp())
    assert printed.error.startswith("Stopped waiting. Nothing is lost")
    assert (printed.status, Avatar.objects.get().state) == (130, State.QUEUED)
