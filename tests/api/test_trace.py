"""A program's call can be followed by one id, its own if it brought one."""

import pytest

from avatars.models import Avatar, Kind
from avatars.trace import HEADER
from tests.api.conftest import Program
from tests.conftest import ScriptAnam
from tests.tracing import ids, line_with, listening, log_lines

pytestmark = pytest.mark.django_db
GIVEN = "given-by-a-proxy-1"


def test_a_create_has_one_id_from_the_call_to_anam_and_into_the_record(
    program: Program, anam: ScriptAnam
) -> None:
    heard = listening(anam)
    with log_lines() as log:
        response = program.create(headers={HEADER: GIVEN})
    assert response[HEADER] == GIVEN
    assert heard == [("POST", GIVEN)]
    avatar = Avatar.objects.get()
    assert ids(avatar, Kind.UPLOADED, Kind.SENDING, Kind.REFUSED) == {GIVEN}
    assert f"[{GIVEN}]" in line_with(log, "was not created")


def test_each_call_has_an_id_of_its_own(program: Program) -> None:
    first, second = (program.get("avatars")[HEADER] for _ in range(2))
    assert len(first) == len(second) == 32
    assert first != second
