"""The document against the doors: thousands of calls, good and bad, and no answer that it lacks.

schemathesis makes them up from the document: its examples, the edges of every field, and at random.
"""

from collections import Counter
from functools import cache
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from hypothesis import strategies as st
from pytest_django import Settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from avatars.api.catalogue import known
from avatars.api.gateway import schema
from avatars.models import Approval, Avatar, Feed, State
from avatars.services import conversations
from avatars.tasks import send_due
from dashboard.people.models import User
from dashboard.wsgi import application
from tests.api.conftest import Program
from tests.conftest import time_passes
from tests.photos import pictures

pytestmark = pytest.mark.django_db(transaction=True)

OPERATIONS = sorted(
    details["operationId"] for methods in schema()["paths"].values() for details in methods.values()
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
    allow_header_conformance,
]
# What answers say is not fed back into the calls: it has another id in every run.
ALONE = {"extra-data-sources": {"responses": False}}
CONFIG: dict[str, Any] = {
    "seed": 20_261_124,
    "suppress-health-check": ["all"],
    "generation": {"deterministic": True, "database": "none", "max-examples": 160, "mode": "all"},
    "phases": {
        "examples": ALONE,
        "coverage": ALONE,
        "fuzzing": {**ALONE, "error-feedback": {"enabled": False}},
    },
}
AnyCase = Case[Any]
Operation = APIOperation[Any, Any, Any, Any]
PHOTOS = [pictures.portrait_jpeg(side, side) for side in (400, 410, 200)]
schemathesis.openapi.media_type("image/jpeg", st.sampled_from(PHOTOS))
_answers: Counter[tuple[str, int]] = Counter()


@pytest.fixture
def house(program: Program, settings: Settings) -> Program:
    settings.API_SECONDS = 1
    settings.FETCH_RESOLVER = lambda *_: []  # the names that are made up lead nowhere
    return program


def colleague() -> User:
    """No token decides about what its own person made."""
    found = User.objects.filter(email="colleague@example.com").first()
    return found or User.objects.create_user("colleague@example.com")


class Caller:
    """Makes the calls of one operation. Half of them are about something that is there."""

    def __init__(self, operation: str, house: Program) -> None:
        self.operation, self.house = operation, house
        self.face = self.furnish()

    def furnish(self) -> Avatar:
        """An approved avatar, on a feed."""
        clear_the_line()
        assert self.house.create().status_code == 201
        face = Avatar.objects.latest("created_at")
        owner = colleague() if self.operation == "decideReview" else face.owner
        Avatar.objects.filter(pk=face.pk).update(approval=Approval.APPROVED, owner=owner)
        Feed.objects.update_or_create(slug="support-de", defaults={"avatar": face})
        return face

    def __call__(self, case: AnyCase) -> None:
        if not known().filter(pk=self.face.pk, approval=Approval.APPROVED).exists():
            self.face = self.furnish()
        if self.operation == "createAvatar":
            clear_the_line()
        if crc32(repr([case.path_parameters, case.query, case.body]).encode()) % 2:
            self.make_it_hit(case)
        answer = case.call_and_validate(headers=self.headers(case), checks=checks(case))
        _answers[self.operation, answer.status_code] += 1

    def make_it_hit(self, case: AnyCase) -> None:
        if is_good(case, ParameterLocation.PATH):
            case.path_parameters = self.places(case)
        if is_good(case, ParameterLocation.BODY) and isinstance(case.body, dict):
            case.body = {**case.body, **self.facts(case.body)}

    def facts(self, body: dict[str, Any]) -> dict[str, Any]:
        avatar_id = str(self.face.upstream_id)
        facts = {
            "personaConfig": {**(body.get("personaConfig") or {}), "avatarId": avatar_id},
            "version": Avatar.objects.get(pk=self.face.pk).version,
        }
        return {name: facts[name] for name in body if name in facts}

    def places(self, case: AnyCase) -> dict[str, str]:
        there = {
            "avatar_id": str(self.face.upstream_id),
            "creation_id": str(self.face.pk),
            "slug": "support-de",
        }
        return {name: there[name] for name in case.path_parameters}

    def headers(self, case: AnyCase) -> dict[str, str]:
        """A token, unless it is the point that there is none."""
        if not is_good(case, ParameterLocation.HEADER):
            return {}
        text: str = self.house.http.defaults["HTTP_AUTHORIZATION"]
        return {"Authorization": self.session() if self.wants_session(case) else text}

    def wants_session(self, case: AnyCase) -> bool:
        has_persona = isinstance(case.body, dict) and "personaConfig" in case.body
        return self.operation == "startEngineSession" and not has_persona

    def session(self) -> str:
        wanted = {"personaConfig": {"avatarId": self.face.upstream_id}}
        said = conversations.begin(self.face, self.house.person, wanted=wanted, seconds_max=60)
        return f"Bearer {said['sessionToken']}"


def clear_the_line() -> None:
    """What a worker does: who did not wait is sent, and the next one need not wait for them."""
    for _ in range(Avatar.objects.filter(state=State.QUEUED).count()):
        time_passes(1)
        send_due.call()
    time_passes(1)


def is_good(case: AnyCase, part: ParameterLocation) -> bool:
    """Whether this part of the call is as the document wants it."""
    if case.meta is None or case.meta.generation.mode.is_positive:
        return True
    spoilt = case.meta.components.get(part)
    edge = getattr(case.meta.phase.data, "parameter_location", None)
    return edge != part and (spoilt is None or spoilt.mode.is_positive)


def checks(case: AnyCase) -> list[Any]:
    """A real photo is no text, so schemathesis takes a body with one for a bad one."""
    with_photo = isinstance(case.body, dict) and "imageFile" in case.body
    return [check for check in CHECKS if check != negative_data_rejection or not with_photo]


@cache
def operations() -> dict[str, Operation]:
    config = SchemathesisConfig.from_dict(CONFIG)
    document = schemathesis.openapi.from_wsgi("/v1/openapi.json", application, config=config)
    results = list(document.get_all_operations())
    assert all(isinstance(result, Ok) for result in results)
    found = [result.ok() for result in results if isinstance(result, Ok)]
    return {operation.definition.raw["operationId"]: operation for operation in found}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_stands_in_the_document(house: Program, name: str) -> None:
    operation, caller = operations()[name], Caller(name, house)

    def call(case: AnyCase) -> None:
        caller(case)

    build_operation_test(
        config=operation.schema.config,
        operation=operation,
        test_func=call,
        given_kwargs={},
        feedback=NO_FEEDBACK,
    )()


def test_there_were_enough_calls_and_all_succeed_sometimes() -> None:
    if {name for name, _ in _answers} < set(OPERATIONS):
        pytest.skip("only some of the operations were run")
    assert _answers.total() >= 2_000
    assert {name for name, status in _answers if status in (200, 201)} == set(OPERATIONS)
