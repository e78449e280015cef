"""Programs go by the policy too: they are told where to ask, and never decide about their own."""

from typing import Any

import httpx
import pytest

from avatars.api.waiting import LOOKOUT
from avatars.models import Approval, Avatar, Event, Kind, Right, State
from avatars.services import consents
from avatars.services.consents import Terms
from avatars.services.review import Verdict, decide
from avatars.tasks import send_due, sweep
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.api.conftest import MakeToken, Program
from tests.conftest import MakeAvatar, MakePerson, ScriptAnam
from tests.rules import settle
from tests.upstream.answers import described

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(anam: ScriptAnam) -> list[str]:
    """Everything that Anam is asked for."""
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.path}")
        return httpx.Response(201, json=described(videoUrl="https://x.r2.cloudflarestorage.com/v"))

    anam(handler)
    return seen


@pytest.fixture
def reviewer(person: MakePerson) -> User:
    return person(role=Role.REVIEWER)


def say(reviewer: User, approval: Approval, note: str = "") -> bool:
    avatar = Avatar.objects.get()
    return decide(avatar.pk, Verdict(approval, avatar.version, note), reviewer)


# Waiting for people ------------------------------------------------------------------------------
@pytest.mark.parametrize("prefer", ["", "respond-async", "wait=200", "respond-async, wait=200"])
def test_what_a_reviewer_must_see_first_is_a_202_at_once(
    program: Program, calls: list[str], prefer: str
) -> None:
    settle(review="before")
    response = program.create(headers={"Prefer": prefer} if prefer else None)
    assert not LOOKOUT.is_awake  # nobody waited
    avatar, body = Avatar.objects.get(), response.json()
    assert (response.status_code, body["state"], body["approval"]) == (202, "review", "waiting")
    assert response["Location"] == body["url"]
    assert response["Location"].endswith(f"/v1/creations/{avatar.pk}")
    assert int(response["Retry-After"]) >= 30
    assert "A reviewer looks at it first" in body["message"]
    assert body["avatarId"] is None
    send_due.call()
    assert calls == []


def test_the_same_call_again_joins_what_waits(program: Program, calls: list[str]) -> None:
    settle(review="before")
    first, second = program.create(), program.create()
    assert first.json()["id"] == second.json()["id"]
    assert Avatar.objects.count() == 1


def test_after_the_yes_it_is_made_and_the_place_to_ask_tells_so(
    program: Program, calls: list[str], reviewer: User
) -> None:
    settle(review="before")
    place = program.create().json()["url"].partition("/v1/")[2]
    say(reviewer, Approval.APPROVED)
    sweep()
    send_due.call()
    told = program.get(place).json()
    assert (told["state"], told["approval"]) == ("ready", "approved")
    assert told["avatarId"] == Avatar.objects.get().upstream_id
    assert calls == ["POST /v1/avatars"]


@pytest.mark.parametrize("approval", [Approval.CHANGES, Approval.REJECTED])
def test_a_no_is_told_with_the_reviewers_words(
    program: Program, calls: list[str], reviewer: User, approval: Approval
) -> None:
    settle(review="before")
    place = program.create().json()["url"].partition("/v1/")[2]
    say(reviewer, approval, "The light comes from below")
    told = program.get(place).json()
    assert (told["state"], told["approval"]) == ("review", approval)
    assert "The light comes from below" in told["message"]
    send_due.call()
    assert calls == []


def test_what_waits_for_consent_is_a_202_and_goes_on_by_itself(
    program: Program, calls: list[str]
) -> None:
    settle(consent=True)
    response = program.create()
    assert (response.status_code, response.json()["state"]) == (202, "review")
    assert "The person shown must agree first" in response.json()["message"]
    avatar = Avatar.objects.get()
    consents.state_own(avatar, Terms("Anna Berg"), avatar.owner)
    send_due.call()
    assert calls == ["POST /v1/avatars"]


def test_with_never_it_is_approved_as_soon_as_it_is_made(program: Program) -> None:
    settle(review="never")
    response = program.create()
    assert (response.status_code, response["Greenroom-Approval"]) == (201, "approved")
    event = Event.objects.get(kind=Kind.APPROVED)
    assert (event.actor, event.token) == (None, None)


# Limits ------------------------------------------------------------------------------------------
def test_the_month_of_the_person_counts_for_all_their_programs(make_token: MakeToken) -> None:
    settle(month_limit=2)
    first_token, first = make_token(Right.CREATE)
    second = make_token(Right.CREATE, owner=first_token.owner)[1]
    assert [Program(text).create().status_code for text in (first, second)] == [201, 201]
    refused = Program(first).create("Third face")
    assert refused.status_code == 403
    assert "This token's person has made the maximum of 2" in refused.json()["message"]
    assert Avatar.objects.count() == 2


def test_whom_the_policy_lets_make_none_neither_does_their_program(
    make_token: MakeToken, person: MakePerson
) -> None:
    settle(creators="reviewers")
    program = Program(make_token(Right.CREATE, owner=person(role=Role.CREATOR))[1])
    refused = program.create()
    assert refused.status_code == 403
    assert "leaves making avatars to others" in refused.json()["message"]
    assert "right" not in refused.json()
    assert not Avatar.objects.exists()
    allowed = Program(make_token(Right.CREATE, owner=person(role=Role.REVIEWER))[1])
    assert allowed.create().status_code == 201


# Deciding ----------------------------------------------------------------------------------------
YES = {"decision": "approved", "version": 0}


@pytest.fixture
def waiting(ready_avatar: MakeAvatar) -> MakeAvatar:
    """Its id is one of Anam's."""

    def make(**fields: Any) -> Avatar:
        return ready_avatar(upstream_id="0e5b9a72-1111-4222-8333-444455556666", **fields)

    return make


def decision(program: Program, avatar: Avatar) -> Any:
    return program.post(f"avatars/{avatar.upstream_id}/review", YES)


@pytest.mark.parametrize("four_eyes", [False, True])
def test_no_token_approves_what_its_person_or_its_maker_made(
    make_token: MakeToken, waiting: MakeAvatar, person: MakePerson, four_eyes: bool
) -> None:
    settle(four_eyes=four_eyes)
    ada, bob = person(role=Role.ADMINISTRATOR), person(role=Role.REVIEWER)
    avatar = waiting(owner=bob)
    own = Program(make_token(Right.REVIEW, owner=bob)[1])
    made = Program(make_token(Right.REVIEW, owner=ada, created_by=bob)[1])
    for program in (own, made):
        refused = decision(program, avatar)
        assert refused.status_code == 403
        assert "somebody else does" in refused.json()["message"]
    avatar.refresh_from_db()
    assert avatar.approval == Approval.WAITING
    assert decision(Program(make_token(Right.REVIEW, owner=ada)[1]), avatar).status_code == 200


def test_nothing_is_approved_without_the_consent_it_needs(
    program: Program, waiting: MakeAvatar
) -> None:
    avatar = waiting(needs_consent=True)
    refused = decision(program, avatar)
    assert (refused.status_code, refused.json()["error"]) == (409, "Consent missing")
    no = {**YES, "decision": "rejected", "note": "No consent"}
    assert program.post(f"avatars/{avatar.upstream_id}/review", no).status_code == 200


# Private until approved --------------------------------------------------------------------------
def test_what_is_private_is_not_there_for_others_programs(
    make_token: MakeToken, waiting: MakeAvatar, person: MakePerson
) -> None:
    settle(private=True)
    avatar = waiting()
    others = Program(make_token(owner=person(role=Role.CREATOR))[1])
    theirs = Program(make_token(owner=avatar.owner)[1])
    colleagues = Program(make_token(owner=person(role=Role.REVIEWER))[1])
    path = f"avatars/{avatar.upstream_id}"
    for program, there in ((others, False), (theirs, True), (colleagues, True)):
        assert program.get("avatars").json()["meta"]["total"] == there
        answers = [program.get(path), program.get(f"creations/{avatar.pk}")]
        assert [answer.status_code for answer in answers] == [200 if there else 404] * 2
    assert others.put(path, {"displayName": "Mine now"}).status_code == 404
    for query in ("", "?hard=true"):
        assert others.delete(f"{path}{query}").status_code == 404
    assert colleagues.get(f"{path}/review").status_code == 200
    assert decision(colleagues, avatar).status_code == 200
    assert others.get(path).status_code == 200
    assert others.get("avatars").json()["meta"]["total"] == 1


def test_who_may_not_see_it_learns_nothing_from_the_doors_that_need_more(
    make_token: MakeToken, waiting: MakeAvatar, person: MakePerson
) -> None:
    settle(private=True)
    avatar = waiting()
    others = Program(make_token(owner=person(role=Role.CREATOR))[1])
    unknown = "0e5b9a72-9999-4222-8333-444455556666"

    def session(upstream_id: object) -> Any:
        asked = {"personaConfig": {"avatarId": str(upstream_id)}}
        answer = others.post("auth/session-token", asked)
        return answer.status_code, answer.json()

    assert session(avatar.upstream_id) == session(unknown)
    assert session(unknown)[0] == 403


def test_a_state_of_review_is_no_avatar_yet_in_the_list(program: Program) -> None:
    settle(review="before")
    program.create()
    assert program.get("avatars").json()["meta"]["total"] == 0
    assert Avatar.objects.get().state == State.REVIEW


# What it is for ----------------------------------------------------------------------------------
def test_a_program_may_say_what_it_is_for(program: Program) -> None:
    program.create(purpose="For the lobby\u200b\n")
    assert Avatar.objects.get().purpose == "For the lobby"
    assert Event.objects.get(kind=Kind.UPLOADED).note == "For the lobby"


@pytest.mark.parametrize("purpose", ["w" * 501, 5, ["lobby"]])
def test_a_purpose_that_is_none_is_named(program: Program, purpose: Any) -> None:
    answer = program.create_from("https://example.com/a.jpg", purpose=purpose)
    assert answer.status_code == 400
    assert [item["path"] for item in answer.json()["details"]] == ["purpose"]
