"""The team's word on an avatar, read and given by programs."""

from uuid import uuid4

import pytest

from avatars.models import Approval, Avatar, Event, Kind
from dashboard.people.roles import Role
from tests.api.conftest import MakeToken, Program
from tests.conftest import MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def face(ready_avatar: MakeAvatar) -> Avatar:
    return ready_avatar(upstream_id=str(uuid4()))


def test_a_decision_counts_and_says_by_which_token(program: Program, face: Avatar) -> None:
    place = f"avatars/{face.upstream_id}/review"
    seen = program.get(place).json()
    assert seen == {"approval": "waiting", "reason": None, "note": "", "version": 0}
    answer = program.post(place, {"decision": "approved", "version": 0})
    assert answer.json() == {"approval": "approved", "reason": None, "note": "", "version": 1}
    event = Event.objects.get(kind=Kind.APPROVED)
    assert (event.actor, event.token) == (program.person, program.token)
    assert event.detail == {"before": "waiting", "after": "approved"}


def test_a_decision_on_what_has_changed_since_is_refused(program: Program, face: Avatar) -> None:
    place = f"avatars/{face.upstream_id}/review"
    program.post(place, {"decision": "approved", "version": 0})
    late = program.post(place, {"decision": "rejected", "note": "No.", "version": 0})
    assert late.status_code == 409
    face.refresh_from_db()
    assert face.approval == Approval.APPROVED


@pytest.mark.parametrize(
    "verdict",
    [
        {"decision": "rejected", "version": 0},
        {"decision": "changes", "note": "  ", "version": 0},
        {"decision": "maybe", "version": 0},
        {"decision": "approved"},
        {"decision": "approved", "version": -1},
        {"decision": "approved", "version": 10**20},
    ],
)
def test_a_decision_that_is_none_is_a_bad_request(
    program: Program, face: Avatar, verdict: dict[str, object]
) -> None:
    assert program.post(f"avatars/{face.upstream_id}/review", verdict).status_code == 400


def test_who_may_not_review_may_not_with_a_token_either(
    make_token: MakeToken, person: MakePerson, face: Avatar
) -> None:
    maker = Program(make_token(owner=person(role=Role.CREATOR))[1])
    answer = maker.post(
        f"avatars/{face.upstream_id}/review", {"decision": "approved", "version": 0}
    )
    assert answer.status_code == 403
