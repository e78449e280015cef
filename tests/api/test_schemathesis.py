"""The document against the doors: thousands of calls, good and bad, and no answer that it lacks."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as how
from hypothesis import strategies as st
from pytest_django import Settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from avatars.api.gateway import schema
from avatars.models import Approval, Avatar, Feed
from avatars.services import conversations
from dashboard.wsgi import application
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db(transaction=True)

CASES = 100  # for each operation, good and bad apart
OPERATIONS = sorted(
    details["operationId"] for methods in schema()["paths"].values() for details in methods.values()
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_run: Counter[str] = Counter()


@pytest.fixture
def house(program: Program, settings: Settings) -> Program:
    """An avatar that the calls may hit, on a feed, and a conversation with it."""
    settings.API_SECONDS = 1
    settings.FETCH_RESOLVER = lambda *_: []  # the names that are made up lead nowhere
    assert program.create().status_code == 201
    Avatar.objects.update(approval=Approval.APPROVED)
    Feed.objects.create(slug="support-de", avatar=Avatar.objects.get())
    return program


def places(made_up: dict[str, Any], face: Avatar) -> st.SearchStrategy[dict[str, Any]]:
    """Half of the time something that is there."""
    there = {"avatar_id": face.upstream_id, "creation_id": str(face.pk), "slug": "support-de"}
    found = {name: there[name] for name in made_up if name in there}
    return st.sampled_from([made_up, {**made_up, **found}])


def operations() -> Iterator[Any]:
    document = schemathesis.openapi.from_wsgi("/v1/openapi.json", application)
    for result in document.get_all_operations():
        assert isinstance(result, Ok)
        yield result.ok()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_stands_in_the_document(
    house: Program, name: str, mode: GenerationMode
) -> None:
    (operation,) = [found for found in operations() if found.definition.raw["operationId"] == name]
    face = Avatar.objects.get()
    bearer = bearer_for(name, house, face)

    @seed(20_261_124)
    @how(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if case.path_parameters:
            case.path_parameters = data.draw(places(dict(case.path_parameters), face))
        _run[name] += 1
        case.call_and_validate(headers={"Authorization": bearer}, checks=CHECKS)

    run()


def bearer_for(name: str, house: Program, face: Avatar) -> str:
    text: str = house.http.defaults["HTTP_AUTHORIZATION"]
    if name != "startEngineSession":
        return text
    wanted = {"personaConfig": {"avatarId": face.upstream_id}}
    answer = conversations.begin(face, house.person, wanted=wanted, seconds_max=60)
    return f"Bearer {answer['sessionToken']}"


def test_there_were_enough_calls() -> None:
    if len(_run) < len(OPERATIONS):
        pytest.skip("only some of the operations were run")
    assert _run.total() >= 2_000
